//! Compiles an interpreter's standard library with the interpreter, and reads the result.
//!
//! There is a record for each file: its name, the marshal stream, and additional data.

use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use testbed::pythons::Python;
use testbed::script::Script;

const SCRIPT: &str = include_str!("corpus.py");

/// How much of the standard library is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All files.
    Whole,
    /// Every 40th file.
    Quick,
}

/// A variation of how the interpreter compiles, or additional data that it returns.
#[derive(Clone, Copy, Debug)]
pub(super) enum Manner<'m> {
    /// In order; `extra` is the canonical form computed by another implementation, if there is one.
    Plain(Option<&'m Path>),
    /// `extra` is the listing of `dis`.
    Listing,
    /// In reverse order, with the syntax tree kept alive.
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

/// Passes every record to `take`.
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
    let mut command = Command::new(python.path());
    command.args(["-c", SCRIPT, mode, step]).args(oracle);
    command.env("PYTHONHASHSEED", seed.to_string()).env("PYTHONDONTWRITEBYTECODE", "1");
    let mut script = Script::start_as(&mut command)?;
    while let Some(record) = record(&mut script).map_err(|error| format!("{name}: {error}"))? {
        take(record);
    }
    script.finish()
}

/// The next record; `None` at the end.
fn record(script: &mut Script) -> std::io::Result<Option<Record>> {
    let mut equal = [0];
    if script.read(&mut equal)? == 0 {
        return Ok(None);
    }
    let (name, stream, extra) = (script.read_part()?, script.read_part()?, script.read_part()?);
    let name = String::from_utf8_lossy(&name).into_owned();
    Ok(Some(Record { name, stream, extra, loads_equal: equal[0] != 0 }))
}
