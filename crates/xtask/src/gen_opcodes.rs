//! `cargo xtask gen-opcodes`: generates pyc-code's opcode tables from the interpreters.
//!
//! ```text
//! 3.13.18  crates/pyc-code/src/op/py313.rs        unchanged
//! ```

use std::process::Command;

use testbed::pythons::{self, Python};

use crate::generate::{Files, Generator};

const HELP: &str = "\
Generate the tables of instructions and of printable characters in crates/pyc-code.

Usage: cargo xtask gen-opcodes [--check]

Options:
  --check   Write nothing; fail if a table isn't what its interpreter says

It needs an interpreter of every version from 3.8 to 3.15, see CONTRIBUTING.md.
";

const TABLE: &str = include_str!("gen_opcodes/table.py");
const PRINTABLE: &str = include_str!("gen_opcodes/printable.py");

pub(crate) const GENERATOR: Generator =
    Generator { name: "gen-opcodes", help: HELP, run: generate };

/// Whether every table was up to date, or could be written.
fn generate(files: &Files<'_>) -> Result<bool, String> {
    let pythons = pythons::newest()?;
    let scratch =
        tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let mut good = true;
    let mut ranges = Vec::new();
    for python in &pythons {
        let number = python.version().minor().number();
        let file = format!("crates/pyc-code/src/op/py3{number}.rs");
        let table = run(python, TABLE, &[])?;
        good &= files.put(&file, &python.version().to_string(), table.as_bytes())?;
        let path = scratch.path().join(format!("{number}"));
        let text = run(python, PRINTABLE, &["ranges"])?;
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        ranges.push(path.to_string_lossy().into_owned());
    }
    let last = pythons.last().ok_or("no interpreters")?;
    let arguments: Vec<&str> =
        std::iter::once("table").chain(ranges.iter().map(String::as_str)).collect();
    let printable = run(last, PRINTABLE, &arguments)?;
    good &= files.put("crates/pyc-code/src/dis/printable.rs", "all", printable.as_bytes())?;
    Ok(good)
}

fn run(python: &Python, script: &str, arguments: &[&str]) -> Result<String, String> {
    let name = python.path().display();
    let output = Command::new(python.path())
        .args(["-c", script])
        .args(arguments)
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{name}: {error}"))
}
