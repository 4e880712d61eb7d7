//! Uses real packages from `PyPI` from a binary that contains them and the whole standard library.
//!
//! ```text
//! version   package     files   modules
//! 3.13.0    requests    -           213  ok
//! 3.13.0    boto3       served      322  ok
//! 3.13.0    tzdata      unpacked    187  ok
//! ```
//!
//! The guide's tables list which packages were tried, and which of them need served or unpacked
//! files. They are compared with the list here. A package that is said to need served files must
//! fail without them.

mod guide;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use testbed::project::{self, Project};
use testbed::pythons::Python;

use super::limited;

/// The packages, and how each `smoke/use_*.py` is run.
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
    ("coverage", Files::Served),
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
    ("certifi", Files::Unpacked),
    ("tzdata", Files::Unpacked),
    ("pip", Files::Unpacked),
];

/// What the program does so that the package finds its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Files {
    /// It calls `Host::serve_files`, since the package opens files beside `__file__`.
    Served,
    Unserved,
    /// Its bundle unpacks the package.
    Unpacked,
}

const BUILD: &str = r#"fn main() {
    include_py_build::Bundle::new("app")
        .source("smoke")
        .site_packages("site")
        .stdlib()
        // Import hooks compile the source differently.
        .include_source(true)
        .compile();
    let unpacked = include_py_build::Bundle::new("unpacked").source("smoke").stdlib();
    ["certifi", "tzdata", "pip"]
        .into_iter()
        .fold(unpacked, |bundle, name| {
            bundle
                .package(name, format!("site/{name}"))
                // pip starts one of its own scripts by its path.
                .options_for(name, include_py_build::Options::new().unpacked().with_source())
        })
        .compile();
}
"#;

const MAIN: &str = r#"use pyo3::prelude::*;

include_py::include_py!(APP = "app"; UNPACKED = "unpacked");

fn main() -> std::process::ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (name, files) = (arguments.next().unwrap(), arguments.next().unwrap());
    let host = include_py::Host::new(if files == "unpacked" { &UNPACKED } else { &APP });
    let host = if files == "served" { host.serve_files() } else { host };
    host.run(|py| py.import("smoke.run")?.call_method1("run", (name,)).map(drop))
}
"#;

/// Runs every smoke test with every interpreter, and prints a row for each.
pub(super) fn run(pythons: &[Python], wanted: &[&str], root: &Path) -> Result<bool, String> {
    println!("version   package     files     modules");
    let mut good = guide::agrees(root)?;
    for python in pythons {
        let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
        let program = build(python, directory.path(), root)?;
        for (name, files) in SMOKES {
            if wanted.is_empty() || wanted.contains(name) {
                let expected = from_files(python, directory.path(), name)?;
                good &= smoke(python, &program, name, *files, &expected)?;
                if *files == Files::Served && fares(&program, name, Files::Unserved)? == expected {
                    eprintln!("{name} is said to need served files, and works without them");
                    good = false;
                }
            }
        }
    }
    Ok(good)
}

fn build(python: &Python, directory: &Path, root: &Path) -> Result<PathBuf, String> {
    let sources = root.join("crates/conformance/src/packages");
    project::pip_install(python, &sources.join("requirements.txt"), &directory.join("site"))?;
    project::copy_tree(&sources.join("smoke"), &directory.join("smoke"))?;
    let target = root.join("target/packages").join(python.version().minor().to_string());
    Project::new(root, directory, "smoke", BUILD, MAIN)?.build(python, &target)
}

/// The result of the test with CPython and files. Processes that it starts get the same path
/// through a variable.
fn from_files(python: &Python, directory: &Path, name: &str) -> Result<String, String> {
    let code = format!(
        "import os, sys; paths = [{:?}, {:?}]; sys.path[:0] = paths; \
         os.environ['PYTHONPATH'] = os.pathsep.join(paths); \
         import smoke.run; smoke.run.show({name:?})",
        directory.join("smoke").display().to_string(),
        directory.join("site").display().to_string()
    );
    let output =
        run_alone(Command::new(python.path()).args(["-s", "-B", "-X", "utf8", "-c", &code]))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "the test of {name} fails with {} and files: {reason}",
            python.version()
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned())
}

/// Runs a test from the program. It prints its result, and then the number of modules.
fn smoke(
    python: &Python,
    program: &Path,
    name: &str,
    files: Files,
    expected: &str,
) -> Result<bool, String> {
    let files = files.word();
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

/// The result of a test; `None` if it fails or doesn't end.
fn fares(program: &Path, name: &str, files: Files) -> Result<String, String> {
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command
        .args([name, files.word()])
        .current_dir(directory.path())
        .env_clear()
        .env("INCLUDE_PY_CACHE", directory.path().join("cache"));
    let output = limited::output(&mut command)?.filter(|output| output.status.success());
    let found = output.map(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().rev().nth(1).unwrap_or_default().to_owned()
    });
    Ok(found.unwrap_or_default())
}

impl Files {
    /// The word for the program's argument and in the table.
    const fn word(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::Unserved => "-",
            Self::Unpacked => "unpacked",
        }
    }
}

/// Runs a command in an empty directory without environment variables. Unpacked files go to the
/// directory, too.
fn run_alone(command: &mut Command) -> Result<Output, String> {
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .current_dir(directory.path())
        .env_clear()
        .env("INCLUDE_PY_CACHE", directory.path().join("cache"))
        .output()
        .map_err(|error| format!("`{program}` could not be started: {error}"))
}
