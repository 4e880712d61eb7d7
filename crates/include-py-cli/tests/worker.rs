//! The command as a build script's compiler: it gives the same bundle and the same messages.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use include_py_build::{Backend, Bundle, Environment, Error, Output};

/// A directory with `python/`, and a command that leaves a mark before it runs its script.
struct Project(tempfile::TempDir);

impl Project {
    /// With enough source that starting another process pays off.
    fn new() -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        let mut text = String::from("'''Text.'''\nimport app\n");
        for number in 0..100 {
            writeln!(text, "def f{number}(x, *, y={number}):\n    return [x, y, 'é']").unwrap();
        }
        // A text that is cheap to compile, for a test that compiles it often.
        text.push_str(
            &"# A comment of no interest to anybody, not even to a compiler.\n".repeat(3000),
        );
        project.write("python/app/__init__.py", "import app.large\n");
        project.write("python/app/large.py", &text);
        project.write("python/app/warned.py", "x = 1 is 2\n");
        project.write("python/app/latin.py", "# -*- coding: latin-1 -*-\nx = 'a'\n");
        project
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A command with this script. It leaves its mark first.
    fn command(&self, script: &str) -> PathBuf {
        let text = format!("#!/bin/sh\necho >> '{}'\n{script}\n", self.path("mark").display());
        self.write("bin/include-py", &text);
        let path = self.path("bin/include-py");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn build(&self, out: &str, command: Option<&Path>) -> Result<Output, Error> {
        let environment = Environment::new(self.path(out)).python_version(3, 13);
        let environment = match command {
            Some(command) => environment.command(command),
            None => environment,
        };
        let bundle = Bundle::new("app").source(self.path("python"));
        bundle.backend(Backend::Compiler).build(&environment)
    }

    /// Whether the command was started since the last call of this.
    fn was_started(&self) -> bool {
        std::fs::remove_file(self.path("mark")).is_ok()
    }
}

#[test]
fn the_bundle_and_the_messages_are_the_same() {
    let project = Project::new();
    let installed = env!("CARGO_BIN_EXE_include-py");
    let commands = [
        format!("exec '{installed}' \"$@\""),
        // The command dies, hangs up, is of another version or isn't this command at all. `head`
        // would keep the greeting, and the shell must close its output: otherwise both would take a
        // minute.
        format!("exec 3<&0; '{installed}' \"$@\" <&3 | dd bs=1 count=200 & exec >&-; wait"),
        "exit 1".to_owned(),
        "kill $$".to_owned(),
        "echo include-py 0.0.1; cat > /dev/null".to_owned(),
        "printf 'ipw1\\041\\0\\0\\0\\005\\0\\0\\0ready\\012\\0\\0\\0include-py\\001\\0\\0\\0x\\001\\0\\0\\0y'".to_owned(),
    ];
    let alone = project.build("alone", None).unwrap();
    assert!(!project.was_started());
    let warnings: Vec<String> = alone.warnings().map(str::to_owned).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    for (number, script) in commands.iter().enumerate() {
        let command = project.command(script);
        let output = project.build(&format!("out{number}"), Some(&command)).unwrap();
        assert_eq!(project.was_started(), cfg!(debug_assertions), "{script}");
        assert!(output.warnings().eq(alone.warnings()), "{script}");
        let [ours, theirs] = [&alone, &output].map(|one| std::fs::read(one.bundle()).unwrap());
        assert!(ours == theirs, "{script}");
        // The results of another backend are reused.
        let again = project.build(&format!("out{number}"), None).unwrap();
        assert_eq!((again.compiled(), again.reused()), (0, output.modules()), "{script}");
    }
    project.write("python/app/bad.py", "def f(:\n    pass\n");
    let command = project.command(&commands[0]);
    let [ours, theirs] = [None, Some(command.as_path())]
        .map(|command| project.build("failed", command).unwrap_err().to_string());
    assert!(project.was_started() || !cfg!(debug_assertions));
    assert!(ours.contains("bad.py:1:7: "), "{ours}");
    assert_eq!(ours, theirs);
}

#[test]
fn a_small_edit_starts_nothing() {
    let project = Project::new();
    std::fs::remove_file(project.path("python/app/large.py")).unwrap();
    project.write("python/app/__init__.py", "");
    let command = project.command("exit 1");
    project.build("out", Some(&command)).unwrap();
    assert!(!project.was_started());
}
