//! The Python package, built as a wheel, installed and tested.

use std::fs;
use std::path::Path;
use std::process::Command;

use testbed::pythons::Python;

/// The package's module, which replaces CPython's.
pub(super) const MODULE: &str = include_str!("module.py");

/// Replaces CPython's `py_compile`, which stays beside it, by the package's.
pub(super) fn replace_py_compile(library: &Path) -> Result<(), String> {
    let place = library.join("py_compile.py");
    let failed = |error: std::io::Error| format!("{}: {error}", place.display());
    fs::rename(&place, library.join("_their_py_compile.py")).map_err(failed)?;
    fs::write(&place, include_str!("module_py_compile.py")).map_err(failed)
}

/// Builds the wheel, installs it into `library`, and runs the package's own tests there.
pub(super) fn install(
    python: &Python,
    copy: &Path,
    library: &Path,
    root: &Path,
) -> Result<(), String> {
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let tools = home.path().join("tools");
    let package = root.join("crates/include-py-python");
    run(Command::new(python.path()).args(["-m", "venv"]).arg(&tools))?;
    run(Command::new(tools.join("bin/pip")).args(["install", "--quiet", "maturin>=1.7,<2"]))?;
    let mut maturin = Command::new(tools.join("bin/maturin"));
    maturin.args(["build", "--quiet", "--release", "--interpreter"]).arg(python.path());
    run(maturin.arg("--out").arg(home.path()).current_dir(&package))?;
    let wheel = walkdir::WalkDir::new(home.path())
        .max_depth(1)
        .into_iter()
        .filter_map(Result::ok)
        .find(|entry| entry.path().extension().is_some_and(|end| end == "whl"))
        .ok_or("maturin has made no wheel")?;
    let mut pip = Command::new(tools.join("bin/pip"));
    run(pip.args(["install", "--quiet", "--no-deps", "--target"]).arg(library).arg(wheel.path()))?;
    run(Command::new(copy)
        .args(["-m", "unittest", "--quiet", "test_package"])
        .current_dir(package.join("tests")))
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} fails: {status}")) }
}
