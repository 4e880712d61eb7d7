//! `cargo xtask gen-unicode`: generates pyc-compiler's tables of characters from CPython.
//!
//! ```text
//! 3.15.2   crates/pyc-compiler/src/unicode/names.bin unchanged
//! 3.15.2   crates/pyc-compiler/src/unicode/identifiers.bin unchanged
//! ```

use std::path::PathBuf;
use std::process::Command;

use testbed::pythons::Python;

use crate::generate::{Files, Generator};

const HELP: &str = "\
Generate the tables of characters in crates/pyc-compiler.

Usage: cargo xtask gen-unicode [--check]

Options:
  --check   Write nothing; fail if a table isn't what the interpreter says

The interpreter is the one that PYO3_PYTHON names: CPython 3.15. It takes a minute. Aliases of names
can't be listed, only asked for: those of the table are, and those of the file that ALIASES names,
like the Unicode database's NameAliases.txt.
";

const SCRIPT: &str = include_str!("gen_unicode/tables.py");
const NAMES: &str = "crates/pyc-compiler/src/unicode/names.bin";
const IDENTIFIERS: &str = "crates/pyc-compiler/src/unicode/identifiers.bin";

pub(crate) const GENERATOR: Generator =
    Generator { name: "gen-unicode", help: HELP, run: generate };

/// Whether all files were up to date, or could be written.
fn generate(files: &Files<'_>) -> Result<bool, String> {
    let python = Python::default_for_pyo3()?;
    let interpreter = python.path().display();
    if python.version().minor() != pyc_code::Minor::PY315 {
        return Err(format!("`{interpreter}` isn't CPython 3.15"));
    }
    let scratch =
        tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let made = [NAMES, IDENTIFIERS].map(|file| scratch.path().join(file.replace('/', "-")));
    let status = Command::new(python.path())
        .args(["-c", SCRIPT])
        .args(&made)
        .arg(testbed::root().join(NAMES))
        .args(std::env::var_os("ALIASES").map(PathBuf::from))
        .status()
        .map_err(|error| format!("{interpreter}: {error}"))?;
    if !status.success() {
        return Err(format!("{interpreter}: {status}"));
    }
    let version = python.version().to_string();
    let mut good = true;
    for (file, made) in [NAMES, IDENTIFIERS].into_iter().zip(&made) {
        let content = std::fs::read(made).map_err(|error| format!("{file}: {error}"))?;
        good &= files.put(file, &version, &content)?;
    }
    Ok(good)
}
