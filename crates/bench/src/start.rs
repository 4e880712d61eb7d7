//! `cargo xtask bench start`: compares programs of one file with files and with `PyInstaller`.
//!
//! ```text
//! program  way                    size MB   CPU s  wall s  cold s  peak MB  kept MB
//! hello    files                       -    0.012   0.013   0.051      11        11
//! pandas   one file                157.4    0.411   0.420   0.903      93        91
//! ```
//!
//! The packages are installed from `start/requirements.txt` into `target/bench/start`, once.

use std::path::Path;
use std::process::Command;

use testbed::project::{self, Project};
use testbed::pythons::Python;

const MAIN: &str = r#"use pyo3::prelude::*;

include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    include_py::run(&APP, |py| py.import("app")?.call_method0("main").map(drop))
}
"#;

const APP: &str = include_str!("start/app.py");
const SCRIPT: &str = include_str!("start/measure.py");
const REQUIREMENTS: &str = include_str!("start/requirements.txt");

/// The programs: their names, and the calls in the build script after the source.
const PROGRAMS: &[(&str, &str)] = &[
    ("hello-one-file", ".one_file()"),
    ("hello-shared", ".stdlib()"),
    ("pandas-one-file", r#".site_packages("../site").one_file()"#),
    ("pandas-compressed", r#".site_packages("../site").one_file().compress_machine_code()"#),
];

/// Builds the programs, and measures each `runs` times.
pub(super) fn run(python: &Python, runs: usize, root: &Path) -> Result<(), String> {
    let directory = root.join("target/bench/start").join(python.version().minor().to_string());
    install(python, &directory)?;
    for (name, options) in PROGRAMS {
        let build = format!(
            "fn main() {{\n    include_py_build::Bundle::new(\"app\").source(\"../python\"){options}.compile();\n}}\n"
        );
        let project = Project::new(root, &directory.join(name), name, &build, MAIN)?;
        project.build(python, &directory.join("target"))?;
    }
    let script = directory.join("measure.py");
    project::write(&script, SCRIPT.as_bytes())?;
    let status = Command::new(python.path())
        .arg(&script)
        .arg(&directory)
        .arg(runs.to_string())
        .status()
        .map_err(|error| format!("`{}` could not be started: {error}", python.path().display()))?;
    if status.success() { Ok(()) } else { Err(format!("`measure.py` ended with {status}")) }
}

/// Writes the application, and installs its packages and `PyInstaller`, unless the last run has
/// done so.
fn install(python: &Python, directory: &Path) -> Result<(), String> {
    project::write(&directory.join("python/app.py"), APP.as_bytes())?;
    let (tools, packages) =
        REQUIREMENTS.split_once("# == packages\n").ok_or("the requirements have no `packages`")?;
    for (place, requirements) in [("tools", tools), ("site", packages)] {
        let (site, file) = (directory.join(place), directory.join(format!("{place}.txt")));
        if std::fs::read_to_string(&file).is_ok_and(|installed| installed == requirements) {
            continue;
        }
        if site.exists() {
            std::fs::remove_dir_all(&site).map_err(|error| error.to_string())?;
        }
        let wanted = directory.join("wanted.txt");
        project::write(&wanted, requirements.as_bytes())?;
        project::pip_install(python, &wanted, &site)?;
        // Renamed last: the file shows that everything is installed.
        std::fs::rename(&wanted, &file).map_err(|error| error.to_string())?;
    }
    Ok(())
}
