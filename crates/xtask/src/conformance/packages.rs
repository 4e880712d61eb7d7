//! Real packages from `PyPI`, used from a binary that holds them and the whole standard library.
//!
//! ```text
//! version   package     files   modules
//! 3.13.0    requests    -           213  ok
//! 3.13.0    boto3       served      322  ok
//! ```

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::project::{self, Project};
use crate::pythons::Python;

/// The package, and how its `smoke/use_*.py` is run.
const SMOKES: &[(&str, Files)] = &[
    ("requests", Files::Unserved),
    ("rich", Files::Unserved),
    ("click", Files::Unserved),
    ("jinja2", Files::Served),
    ("django", Files::Served),
    ("sqlalchemy", Files::Unserved),
    ("boto3", Files::Served),
    ("pydantic", Files::Unserved),
    ("attrs", Files::Unserved),
    ("pytest", Files::Unserved),
    ("beartype", Files::Unserved),
    ("jaxtyping", Files::Unserved),
    ("typeguard", Files::Unserved),
    ("alembic", Files::Served),
    ("celery", Files::Unserved),
    ("flask", Files::Served),
    ("babel", Files::Served),
    ("pyphen", Files::Unserved),
    ("cloudpickle", Files::Unserved),
    ("docutils", Files::Served),
    ("lark", Files::Served),
    ("mako", Files::Served),
    ("sphinx", Files::Served),
    ("joblib", Files::Unserved),
];

/// Whether the program calls `Host::serve_files`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Files {
    /// The package opens files beside `__file__`.
    Served,
    Unserved,
}

const BUILD: &str = r#"fn main() {
    include_py_build::Bundle::new("app")
        .source("smoke")
        .site_packages("site")
        .stdlib()
        // Import hooks make other code of it.
        .include_source(true)
        .compile();
}
"#;

const MAIN: &str = r#"use pyo3::prelude::*;

include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (name, files) = (arguments.next().unwrap(), arguments.next().unwrap());
    let host = include_py::Host::new(&APP);
    let host = if files == "served" { host.serve_files() } else { host };
    host.run(|py| py.import("smoke.run")?.call_method1("run", (name,)).map(drop))
}
"#;

/// Runs every smoke test with every interpreter, and prints a row for each.
pub(super) fn run(pythons: &[Python], wanted: &[&str], root: &Path) -> Result<bool, String> {
    println!("version   package     files     modules");
    let mut good = true;
    for python in pythons {
        let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
        let program = build(python, directory.path(), root)?;
        for (name, files) in SMOKES {
            if wanted.is_empty() || wanted.contains(name) {
                let expected = from_files(python, directory.path(), name)?;
                good &= smoke(python, &program, name, *files, &expected)?;
            }
        }
    }
    Ok(good)
}

fn build(python: &Python, directory: &Path, root: &Path) -> Result<PathBuf, String> {
    let sources = root.join("crates/xtask/src/conformance/packages");
    project::pip_install(python, &sources.join("requirements.txt"), &directory.join("site"))?;
    project::copy_tree(&sources.join("smoke"), &directory.join("smoke"))?;
    let target = root.join("target/packages").join(python.version().minor().to_string());
    Project::new(root, directory, "smoke", BUILD, MAIN)?.build(python, &target)
}

/// What the test finds with CPython and files.
fn from_files(python: &Python, directory: &Path, name: &str) -> Result<String, String> {
    let code = format!(
        "import sys; sys.path[:0] = [{:?}, {:?}]; import smoke.run; smoke.run.show({name:?})",
        directory.display().to_string(),
        directory.join("site").display().to_string()
    );
    let output =
        run_alone(Command::new(python.path()).args(["-I", "-B", "-X", "utf8", "-c", &code]))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "the test of {name} fails with {} and files: {reason}",
            python.version()
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned())
}

/// Runs one test from the program. It prints what it has found, then how many modules there are.
fn smoke(
    python: &Python,
    program: &Path,
    name: &str,
    files: Files,
    expected: &str,
) -> Result<bool, String> {
    let files = if files == Files::Served { "served" } else { "-" };
    let output = run_alone(Command::new(program).args([name, files]))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let mut lines = stdout.lines().rev();
    let modules = lines.next().unwrap_or_default();
    let found = lines.next().unwrap_or_default();
    let good = output.status.success() && found == expected;
    let verdict = if good { "ok" } else { "FAILED" };
    println!("{:8}  {name:10}  {files:8}  {modules:>7}  {verdict}", python.version().to_string());
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    } else if !good {
        eprintln!("from files: {expected}\nfrom the bundle: {found}");
    }
    Ok(good)
}

/// Runs a command in an empty directory and without an environment.
fn run_alone(command: &mut Command) -> Result<Output, String> {
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .current_dir(directory.path())
        .env_clear()
        .output()
        .map_err(|error| format!("`{program}` could not be started: {error}"))
}
