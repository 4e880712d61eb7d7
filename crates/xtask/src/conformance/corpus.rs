//! Lets an interpreter compile its standard library, and reads what it writes.
//!
//! One record for each file: its name, the marshal stream, and what else was asked for.

use std::io::{BufReader, Read};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use crate::pythons::Python;

const SCRIPT: &str = include_str!("corpus.py");

/// How much of the standard library is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// Every 40th file.
    Quick,
}

/// What the interpreter does besides compiling, or otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) enum Manner<'m> {
    /// In order; `extra` is the canonical form as this other implementation has it, if there is one.
    Plain(Option<&'m Path>),
    /// `extra` is the listing.
    Listing,
    /// In reversed order, with the syntax tree kept alive.
    Reversed,
    /// With this `PYTHONHASHSEED`.
    Seeded(u32),
}

/// One compiled file.
pub(super) struct Record {
    pub(super) name: String,
    pub(super) stream: Vec<u8>,
    pub(super) extra: Vec<u8>,
    /// Whether the interpreter found that the canonical form loads as an equal object.
    pub(super) loads_equal: bool,
}

/// Gives every record to `take`.
pub(super) fn each(
    python: &Python,
    extent: Extent,
    manner: Manner<'_>,
    mut take: impl FnMut(Record),
) -> Result<(), String> {
    let (mode, oracle, seed) = match manner {
        Manner::Plain(None) => ("plain", None, 0),
        Manner::Plain(Some(oracle)) => ("oracle", Some(oracle), 0),
        Manner::Listing => ("listing", None, 0),
        Manner::Reversed => ("reversed", None, 0),
        Manner::Seeded(seed) => ("plain", None, seed),
    };
    let step = if extent == Extent::Quick { "40" } else { "1" };
    let name = python.path().display();
    let mut child = Command::new(python.path())
        .args(["-c", SCRIPT, mode, step])
        .args(oracle)
        .env("PYTHONHASHSEED", seed.to_string())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{name}: {error}"))?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no pipe from the interpreter")?);
    while let Some(record) = record(&mut output).map_err(|error| format!("{name}: {error}"))? {
        take(record);
    }
    let status = child.wait().map_err(|error| format!("{name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name}: {status}")) }
}

/// The next record, if there is one.
fn record(output: &mut BufReader<ChildStdout>) -> std::io::Result<Option<Record>> {
    let mut equal = [0];
    if output.read(&mut equal)? == 0 {
        return Ok(None);
    }
    let mut part = || -> std::io::Result<Vec<u8>> {
        let mut len = [0; 4];
        output.read_exact(&mut len)?;
        let mut bytes = vec![0; u32::from_le_bytes(len) as usize];
        output.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    let (name, stream, extra) = (part()?, part()?, part()?);
    let name = String::from_utf8_lossy(&name).into_owned();
    Ok(Some(Record { name, stream, extra, loads_equal: equal[0] != 0 }))
}
