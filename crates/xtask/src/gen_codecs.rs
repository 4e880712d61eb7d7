//! `cargo xtask gen-codecs`: what CPython's codecs decode, as tables of pyc-compiler.
//!
//! ```text
//! crates/pyc-compiler/src/source/codec/tables.bin  unchanged
//! crates/pyc-compiler/src/source/codec/names.txt   unchanged
//! ```

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::pythons::Python;

const HELP: &str = "\
Generate the tables of text encodings in crates/pyc-compiler.

Usage: cargo xtask gen-codecs [--check]

Options:
  --check   Write nothing; fail if a table isn't what the interpreter's codecs decode

The interpreter is the one that PYO3_PYTHON names: CPython 3.13.
";

const SCRIPT: &str = include_str!("gen_codecs/tables.py");
const DIRECTORY: &str = "crates/pyc-compiler/src/source/codec";

/// Whether files are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

pub(crate) fn main(arguments: &[&str], root: &Path) -> Outcome {
    let mode = match arguments {
        [] => Mode::Write,
        ["--check"] => Mode::Check,
        ["-h" | "--help"] => return Outcome::Help(HELP),
        _ => return Outcome::Misuse("see `cargo xtask gen-codecs --help`".to_owned()),
    };
    match generate(mode, root) {
        Ok(true) => Outcome::Good,
        Ok(false) => Outcome::Bad,
        Err(message) => Outcome::Failed(message),
    }
}

/// Whether both files were right, or could be written.
fn generate(mode: Mode, root: &Path) -> Result<bool, String> {
    let python = Python::default_for_pyo3()?;
    if python.version().minor() != pyc_code::Minor::PY313 {
        return Err(format!("`{}` isn't CPython 3.13", python.path().display()));
    }
    let scratch =
        tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let files = ["tables.bin", "names.txt"];
    let name = python.path().display();
    let status = Command::new(python.path())
        .args(["-c", SCRIPT])
        .args(files.map(|file| scratch.path().join(file)))
        .status()
        .map_err(|error| format!("{name}: {error}"))?;
    if !status.success() {
        return Err(format!("{name}: {status}"));
    }
    let mut good = true;
    for file in files {
        let generated =
            std::fs::read(scratch.path().join(file)).map_err(|error| format!("{file}: {error}"))?;
        let path = root.join(DIRECTORY).join(file);
        let current = std::fs::read(&path).unwrap_or_default() == generated;
        let state = match (current, mode) {
            (true, _) => "unchanged",
            (false, Mode::Write) => {
                std::fs::write(&path, generated)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                "written"
            }
            (false, Mode::Check) => "OUT OF DATE, run `cargo xtask gen-codecs`",
        };
        println!("{DIRECTORY}/{file:10}  {state}");
        good &= current || mode == Mode::Write;
    }
    Ok(good)
}
