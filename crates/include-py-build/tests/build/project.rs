//! A directory of sources that a test creates, builds and inspects.
//!
//! `Project::new(&[("app/__init__.py", "x = 1")]).build(|bundle| bundle.optimize(1))`

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use include_py_build::{Bundle, Environment, Error, Output, Stdlib};

/// It is removed, with everything in it, at the end of the test.
pub(crate) struct Project {
    dir: tempfile::TempDir,
    python: PathBuf,
}

impl Project {
    /// Creates these files in the project's directory `python`.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let project = Self { dir, python: PYTHON.clone() };
        std::fs::create_dir(project.source()).unwrap();
        for (path, content) in files {
            project.write(&format!("python/{path}"), content);
        }
        project
    }

    pub(crate) fn with(self, python: impl Into<PathBuf>) -> Self {
        Self { python: python.into(), ..self }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn source(&self) -> PathBuf {
        self.path("python")
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn environment(&self) -> Environment {
        Environment::new(self.path("out")).python(&self.python)
    }

    /// Builds a bundle of `python` after `change`.
    pub(crate) fn build(&self, change: impl FnOnce(Bundle) -> Bundle) -> Result<Output, Error> {
        change(Bundle::new("app").source(self.source())).build(&self.environment())
    }

    /// Builds a bundle of `python`, which must be the same as one built from nothing.
    #[track_caller]
    pub(crate) fn check_against_fresh(&self, what: &str) {
        self.build(|bundle| bundle).unwrap();
        let fresh = self.path("fresh");
        let bundle = Bundle::new("app").source(self.source()).out_dir(&fresh);
        bundle.build(&self.environment()).unwrap();
        assert!(std::fs::read(fresh.join("app.bundle")).unwrap() == self.bundle(), "{what}");
        std::fs::remove_dir_all(fresh).unwrap();
    }

    /// The report of a failing build, with `<dir>` for the project's directory.
    pub(crate) fn report(&self, change: impl FnOnce(Bundle) -> Bundle) -> String {
        self.shown(&self.build(change).unwrap_err().to_string())
    }

    pub(crate) fn shown(&self, text: &str) -> String {
        let text = text.replace(self.dir.path().to_str().unwrap(), "<dir>");
        text.replace(library(&self.python).to_str().unwrap(), "<stdlib>")
    }

    /// The warnings of a successful build, with `<dir>` for the project's directory.
    pub(crate) fn warnings(&self, output: &Output) -> Vec<String> {
        output.warnings().map(|warning| self.shown(warning)).collect()
    }

    pub(crate) fn bundle(&self) -> Vec<u8> {
        std::fs::read(self.path("out/app.bundle")).unwrap()
    }
}

/// The interpreter that `python3` starts. `python3` itself may be a script, such as pyenv's, which
/// takes ten times as long.
pub(crate) static PYTHON: LazyLock<PathBuf> =
    LazyLock::new(|| asked(Path::new("python3"), "sys.executable"));

/// The interpreters to test with. They are printed, so that the output shows what was tested.
pub(crate) fn interpreters() -> Vec<PathBuf> {
    let mut found = vec![PYTHON.clone()];
    let pyenv = Path::new(&std::env::var_os("HOME").unwrap_or_default()).join(".pyenv/versions");
    for version in ["3.11.7", "3.12.1", "3.13.0"] {
        let interpreter = pyenv.join(version).join("bin/python3");
        if !interpreter.exists() {
            testbed::not_covered(&format!("there is no {}", interpreter.display()));
        } else if !found.contains(&interpreter) {
            found.push(interpreter);
        }
    }
    println!("tested with: {found:?}");
    found
}

/// The directory of its standard library.
pub(crate) fn library(python: &Path) -> PathBuf {
    asked(python, "sys._stdlib_dir")
}

/// The version of the interpreter that the projects are built for, e.g. `3.13`.
pub(crate) fn target_version() -> String {
    let version = asked(&PYTHON, "'%d.%d' % sys.version_info[:2]");
    version.to_str().unwrap().to_owned()
}

fn asked(python: &Path, what: &str) -> PathBuf {
    let script = format!("import sys; print({what})");
    // Isolated, since a test sets variables that misdirect an interpreter.
    let output = std::process::Command::new(python).args(["-I", "-c", &script]).output();
    let output = output.expect("these tests need `python3`, or the Python that was found");
    String::from_utf8(output.stdout).unwrap().trim().into()
}

/// Creates a shell script in the project.
pub(crate) fn executable(project: &Project, name: &str, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    project.write(name, script);
    let path = project.path(name);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// A standard library of three modules, which compiles at once.
pub(crate) fn small_library(project: &Project) -> Stdlib {
    for path in ["os.py", "dataclasses.py", "json/__init__.py"] {
        project.write(&format!("lib/{path}"), "");
    }
    Stdlib::from_dir(project.path("lib"))
}

/// `python3`, which runs this Python code before worker.py.
pub(crate) fn patched(project: &Project, patch: &str) -> PathBuf {
    project.write("patch.py", patch);
    // The last argument is the text of worker.py.
    let script = format!(
        "#!/bin/sh\nfor last; do :; done\nexec {} -I -S -B -X utf8 -c \"exec(open('{}').read())\n$last\"\n",
        PYTHON.display(),
        project.path("patch.py").display()
    );
    executable(project, "patched", &script)
}
