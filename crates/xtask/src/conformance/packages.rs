//! Real packages from `PyPI`, used from a binary that holds them and the whole standard library.
//!
//! ```text
//! version   package     files   modules
//! 3.13.0    requests    -           213  ok
//! 3.13.0    boto3       served      322  ok
//! ```

use std::path::{Path, PathBuf};
use std::process::Command;

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
                good &= smoke(python, &program, name, *files)?;
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

/// Runs one test in an empty directory and without an environment.
fn smoke(python: &Python, program: &Path, name: &str, files: Files) -> Result<bool, String> {
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let files = if files == Files::Served { "served" } else { "-" };
    let output = Command::new(program)
        .args([name, files])
        .current_dir(directory.path())
        .env_clear()
        .output()
        .map_err(|error| format!("`{}` could not be started: {error}", program.display()))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let modules = stdout.lines().last().unwrap_or_default();
    let good = output.status.success();
    let verdict = if good { "ok" } else { "FAILED" };
    println!("{:8}  {name:10}  {files:8}  {modules:>7}  {verdict}", python.version().to_string());
    if !good {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(good)
}
