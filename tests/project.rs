//! A user's Cargo project in a temporary directory, built by a real `cargo`.
//!
//! ```no_run
//! use include_py_tests::Project;
//!
//! let project = Project::new("hello").python("app.py", "print('hello')\n");
//! assert_eq!(project.built().run(), "hello\n");
//! ```

use std::{
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// The `build.rs` of most projects.
const BUILD: &str = r#"include_py_build::Bundle::new("app").source("python")"#;

/// The `main` of most projects: it runs the module `app`.
const MAIN: &str = r#"
include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    include_py::run(&APP, |py| py.import("app").map(drop))
}
"#;

/// The workspace's manifest.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");

/// A Cargo project. Its files are removed with it.
pub struct Project {
    directory: TempDir,
    name: String,
    target_dir: PathBuf,
}

impl Project {
    /// A project with the usual `build.rs` and `main.rs` and an empty source tree `python/`.
    ///
    /// `name` must be unique among all tests and packages: the target directory is the workspace's.
    /// Nothing that the workspace has compiled is compiled again: the profile is the same, and to
    /// Cargo, which distinguishes packages by their paths in the workspace, our crates below the
    /// link `crates` are the same. A project that is built for another Python or with other flags
    /// has to be [`Project::apart`].
    pub fn new(name: &str) -> Self {
        let (directory, target_dir) = (TempDir::new().unwrap(), workspace_target_dir());
        forget(&target_dir, name);
        let project = Self { directory, name: name.to_owned(), target_dir };
        symlink(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates"), project.path("crates")).unwrap();
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n\
             {}[workspace]\n{}",
            dependencies(""),
            workspace()
        );
        // The workspace's own lock file: this needs no network, and PyO3 is compiled once for all
        // projects.
        let lock = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
        fs::write(project.path("Cargo.lock"), lock).unwrap();
        fs::create_dir(project.path("python")).unwrap();
        project.file("Cargo.toml", &manifest).build_script(BUILD).file("src/main.rs", MAIN)
    }

    /// The same project with another target directory, which projects can share.
    pub fn apart(self, directory: &str) -> Self {
        let target_dir = workspace_target_dir().join("tmp").join(directory);
        forget(&target_dir, &self.name);
        Self { target_dir, ..self }
    }

    /// A path in the project.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.directory.path().join(path)
    }

    /// Writes a file, and creates its directories.
    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    /// Writes a file of the source tree.
    pub fn python(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.file(&format!("python/{path}"), text)
    }

    /// Sets what the build script builds: an expression of type `Bundle`.
    ///
    /// In each run the script appends the number of modules that it compiled to `runs.log`.
    pub fn build_script(self, bundle: &str) -> Self {
        self.set_build_script(bundle);
        self
    }

    /// The same, for a project that may have been built.
    pub fn set_build_script(&self, bundle: &str) {
        let log = self.path("runs.log");
        let script = format!(
            "use std::io::Write;\n\
             fn main() {{\n\
             let mut log = std::fs::OpenOptions::new().create(true).append(true)\n\
             .open(\"{log}\").unwrap();\n\
             match ({bundle}).try_compile() {{\n\
             Ok(output) => writeln!(log, \"{{}}\", output.compiled()).unwrap(),\n\
             Err(error) => {{ writeln!(log, \"failed\").unwrap(); eprintln!(\"{{error}}\");\n\
             std::process::exit(1) }}\n\
             }}\n}}\n",
            log = log.display(),
        );
        self.write("build.rs", script);
    }

    /// Writes a file, and creates its directories.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Cargo's target directory for the project.
    pub fn target_dir(&self) -> &Path {
        &self.target_dir
    }

    /// `cargo build`, which can be changed before it runs.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--offline", "--quiet"])
            .current_dir(self.directory.path())
            .env("CARGO_TARGET_DIR", &self.target_dir);
        cargo
    }

    /// `cargo build`, which must succeed.
    #[track_caller]
    pub fn built(&self) -> &Self {
        let output = self.cargo().output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        self
    }

    /// The program, with an empty environment.
    pub fn program(&self) -> Command {
        let mut program = Command::new(self.target_dir.join("debug").join(&self.name));
        program.env_clear();
        program
    }

    /// Runs the program, which must succeed. Returns its output.
    #[track_caller]
    pub fn run(&self) -> String {
        let output = self.program().output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What the build script logged in each of its runs: the number of modules that it compiled, or
    /// `failed`.
    pub fn runs(&self) -> Vec<String> {
        let log = fs::read_to_string(self.path("runs.log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    /// The directory with the latest output of the build script.
    pub fn out_dir(&self) -> PathBuf {
        let prefix = format!("{}-", self.name);
        let mut candidates: Vec<PathBuf> = fs::read_dir(self.target_dir.join("debug/build"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&prefix))
            .map(|path| path.join("out"))
            .filter(|out| out.join("app.bundle").exists())
            .collect();
        candidates
            .sort_by_key(|out| fs::metadata(out.join("app.bundle")).unwrap().modified().unwrap());
        candidates.pop().expect("no bundle was written")
    }

    /// The files that the build script has created for the linker.
    pub fn archives(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.out_dir()).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|suffix| suffix == "a")).collect()
    }

    /// `text` with the project's directory replaced by `<project>`.
    pub fn anonymous(&self, text: &str) -> String {
        let directory = fs::canonicalize(self.directory.path()).unwrap();
        text.replace(directory.to_str().unwrap(), "<project>")
            .replace(self.directory.path().to_str().unwrap(), "<project>")
    }
}

/// The target directory of the running test.
fn workspace_target_dir() -> PathBuf {
    let test = env::current_exe().unwrap();
    // target/debug/deps/test-0123456789abcdef
    test.ancestors().nth(3).expect("a test lies in Cargo's target directory").to_owned()
}

/// The dependencies of a package that uses include-py, in `root`: the way to the project's
/// directory, with a slash at its end.
pub fn dependencies(root: &str) -> String {
    format!(
        "include-py = {{ path = \"{root}crates/include-py\" }}\npyo3 = \"0.30\"\n\
         [build-dependencies]\ninclude-py-build = {{ path = \"{root}crates/include-py-build\" }}\n"
    )
}

/// What our crates inherit, and the profiles: the workspace's manifest without its members.
pub fn workspace() -> String {
    let manifest = fs::read_to_string(WORKSPACE).unwrap();
    let start = manifest.find("[workspace.package]").unwrap();
    manifest[start..].to_owned()
}

/// UTF-8 output as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Removes files of the project from an earlier run of the tests. Cargo would reuse its
/// directories: their names depend only on the package's name and its place in the workspace, which
/// are the same.
fn forget(target_dir: &Path, name: &str) {
    for part in ["build", ".fingerprint"] {
        let Ok(entries) = fs::read_dir(target_dir.join("debug").join(part)) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let file_name = entry.file_name();
            let hash = file_name.to_str().and_then(|one| one.strip_prefix(name)?.strip_prefix('-'));
            if hash.is_some_and(|hash| !hash.contains('-')) {
                fs::remove_dir_all(entry.path()).unwrap();
            }
        }
    }
}
