//! `cargo xtask bench embed`: measures the rebuild of a program whose large bundle has changed.
//!
//! ```text
//!  MB  profile  by         cargo build     rustc    peak
//! 200  release  assembler       6.10 s    0.60 s   436 MB
//! 200  release  rustc          14.00 s   11.70 s  2804 MB
//! ```
//!
//! The columns are the processor time in total and of rustc with its linker, and the peak memory of
//! the largest of these processes.

use std::path::Path;
use std::process::Command;

use testbed::project::{self, Project};
use testbed::pythons::Python;

const BUILD: &str = r#"fn main() {
    include_py_build::Bundle::new("app").source("python").compile();
}
"#;

const MAIN: &str = r#"include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    include_py::run(&APP, |py| pyo3::types::PyAnyMethods::getattr(&*py.import("app")?, "X").map(drop))
}
"#;

const SCRIPT: &str = include_str!("embed.py");

/// What changes between two builds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edited {
    /// The bundle, which has data of the sizes.
    Bundle,
    /// One Python module of a program with extension modules of the sizes.
    Module,
}

/// Measures a build after an edit, for each of the sizes in MB.
pub(super) fn run(
    python: &Python,
    edited: Edited,
    sizes: &[f64],
    root: &Path,
) -> Result<(), String> {
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    Project::new(root, directory.path(), "measured", BUILD, MAIN)?;
    project::write(&directory.path().join("python/app/__init__.py"), b"X = 1\n")?;
    let script = directory.path().join("embed.py");
    project::write(&script, SCRIPT.as_bytes())?;
    let status = Command::new(python.path())
        .arg(&script)
        .arg(directory.path())
        .arg(env!("CARGO"))
        .arg(root.join("target/bench/embed"))
        .args((edited == Edited::Module).then_some("--edit"))
        .args(sizes.iter().map(f64::to_string))
        .env("PYO3_PYTHON", python.path())
        .status()
        .map_err(|error| format!("`{}` could not be started: {error}", python.path().display()))?;
    if status.success() { Ok(()) } else { Err(format!("`embed.py` ended with {status}")) }
}
