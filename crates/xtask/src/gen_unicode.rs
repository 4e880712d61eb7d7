//! `cargo xtask gen-unicode`: what CPython knows of characters, as tables of pyc-compiler.
//!
//! ```text
//! 3.13.0   crates/pyc-compiler/src/parse/tokens/printable.bin unchanged
//! ```

use std::process::Command;

use crate::generate::{Files, Generator};
use crate::pythons::Python;

const HELP: &str = "\
Generate the tables of characters in crates/pyc-compiler.

Usage: cargo xtask gen-unicode [--check]

Options:
  --check   Write nothing; fail if a table isn't what the interpreter says

The interpreter is the one that PYO3_PYTHON names: CPython 3.13.
";

const SCRIPT: &str = include_str!("gen_unicode/printable.py");
const FILE: &str = "crates/pyc-compiler/src/parse/tokens/printable.bin";

pub(crate) const GENERATOR: Generator =
    Generator { name: "gen-unicode", help: HELP, run: generate };

/// Whether the file was right, or could be written.
fn generate(files: &Files<'_>) -> Result<bool, String> {
    let python = Python::default_for_pyo3()?;
    let interpreter = python.path().display();
    if python.version().minor() != pyc_code::Minor::PY313 {
        return Err(format!("`{interpreter}` isn't CPython 3.13"));
    }
    let output = Command::new(python.path())
        .args(["-I", "-c", SCRIPT])
        .output()
        .map_err(|error| format!("{interpreter}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{interpreter}: {}", output.status));
    }
    files.put(FILE, &python.version().to_string(), &output.stdout)
}
