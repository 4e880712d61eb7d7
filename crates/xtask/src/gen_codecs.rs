//! `cargo xtask gen-codecs`: generates pyc-compiler's tables of what CPython's codecs decode.
//!
//! ```text
//! 3.13.0   crates/pyc-compiler/src/source/codec/tables.bin unchanged
//! 3.13.0   crates/pyc-compiler/src/source/codec/names.txt unchanged
//! ```

use std::process::Command;

use testbed::pythons::Python;

use crate::generate::{Files, Generator};

const HELP: &str = "\
Generate the tables of text encodings in crates/pyc-compiler.

Usage: cargo xtask gen-codecs [--check]

Options:
  --check   Write nothing; fail if a table isn't what the interpreter's codecs decode

The interpreter is the one that PYO3_PYTHON names: CPython 3.13.
";

const SCRIPT: &str = include_str!("gen_codecs/tables.py");
const DIRECTORY: &str = "crates/pyc-compiler/src/source/codec";

pub(crate) const GENERATOR: Generator = Generator { name: "gen-codecs", help: HELP, run: generate };

/// Whether both files were up to date, or could be written.
fn generate(files: &Files<'_>) -> Result<bool, String> {
    let python = Python::default_for_pyo3()?;
    if python.version().minor() != pyc_code::Minor::PY313 {
        return Err(format!("`{}` isn't CPython 3.13", python.path().display()));
    }
    let scratch =
        tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let names = ["tables.bin", "names.txt"];
    let interpreter = python.path().display();
    let status = Command::new(python.path())
        .args(["-c", SCRIPT])
        .args(names.map(|name| scratch.path().join(name)))
        .status()
        .map_err(|error| format!("{interpreter}: {error}"))?;
    if !status.success() {
        return Err(format!("{interpreter}: {status}"));
    }
    let mut good = true;
    for name in names {
        let content =
            std::fs::read(scratch.path().join(name)).map_err(|error| format!("{name}: {error}"))?;
        let file = format!("{DIRECTORY}/{name}");
        good &= files.put(&file, &python.version().to_string(), &content)?;
    }
    Ok(good)
}
