//! `include-py normalize`: rewrites files in canonical form.
//!
//! ```text
//! $ include-py normalize --invalidation-mode unchecked-hash pkg/__pycache__/*.pyc
//! normalised pkg/__pycache__/a.cpython-313.pyc
//! ```
//!
//! The header is kept unless an option changes it. Files that are already in canonical form aren't
//! touched.

pub(crate) mod header;
mod replace;

use std::io::Write;
use std::path::{Path, PathBuf};

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_code::marshal;
use pyc_code::pyc::Check;

use crate::Format;
use crate::Status;
use crate::error::{self, Error};
use crate::files;
use crate::json::{self, boolean, number, object};
use crate::pyc::Pyc;

pub(crate) const HELP: &str = "\
Rewrites .pyc files in place so that equal code is equal bytes (CF1).

Usage: include-py normalize [OPTION]… FILE|DIR…

A directory stands for each .pyc file in it and below it.

  --check           Change nothing, but report what would be changed; exits with 1 if anything would
  --filename NAME   Use NAME as the source's file name in all code; takes one FILE
  --invalidation-mode MODE
                    checked-hash or unchecked-hash: put the source's hash into the header instead
                    of its modification time. The source must be where Python looks for it, and
                    must not have changed since it was compiled. (default: keep headers)
  --json            Print one JSON value for each file instead of text

Headers are kept because they decide when Python compiles again: with a timestamp, a file fits one copy
of the source. For the same bytes on every machine, choose a hash. With `checked-hash`, Python reads
the source at each import; with `unchecked-hash`, it doesn't notice a changed source.

Exit code: 0 if all files are normalised, 1 if --check finds one that isn't, 2 for a misused command line or a file that can't be.
";

#[derive(Default)]
struct Arguments {
    filename: Option<String>,
    check: Option<Check>,
    mode: Mode,
    format: Format,
    files: Vec<PathBuf>,
}

/// Whether files are rewritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Rewrite,
    Check,
}

/// Whether a file differs from its normalised form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    None,
    Needed,
}

/// Normalises the files given on the rest of the command line.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let Some(arguments) = arguments(parser)? else {
        return crate::help(HELP);
    };
    let mut status = Status::Good;
    let done = error::for_each(&files::expanded(&arguments.files)?, |path| {
        let change = normalize(path, &arguments)?;
        if change == Change::Needed && arguments.mode == Mode::Check {
            status = Status::Bad;
        }
        Ok(())
    })?;
    Ok(if done == Status::Good { status } else { done })
}

/// Normalises a file.
fn normalize(path: &Path, arguments: &Arguments) -> Result<Change, Error> {
    let file = Pyc::read(path)?;
    let header = match arguments.check {
        Some(check) => header::by_hash(path, file.header(), check)?,
        None => file.header(),
    };
    let stream = stream(&file, arguments.filename.as_deref())?;
    let is_normal = header == file.header() && stream == file.stream() && !file.has_rest();
    let change = if is_normal { Change::None } else { Change::Needed };
    if change == Change::Needed && arguments.mode == Mode::Rewrite {
        replace::with(path, &[&header.to_bytes(), &stream])?;
    }
    report(&file, change, stream.len(), arguments)?;
    Ok(change)
}

/// The options and files; `None` if help is requested.
fn arguments(parser: &mut lexopt::Parser) -> Result<Option<Arguments>, Error> {
    let mut found = Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("check") => found.mode = Mode::Check,
            Long("json") => found.format = Format::Json,
            Long("filename") => found.filename = Some(parser.value()?.string()?),
            Long("invalidation-mode") => {
                found.check = Some(match parser.value()?.string()?.as_str() {
                    "checked-hash" => Check::Checked,
                    "unchecked-hash" => Check::Unchecked,
                    other => {
                        return Err(Error::usage(&format!(
                            "`--invalidation-mode` takes checked-hash or unchecked-hash, not `{other}`"
                        )));
                    }
                });
            }
            Value(file) => found.files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    match found.files.len() {
        0 => Err(Error::usage("`normalize` takes files")),
        _ if found.filename.is_some() && (found.files.len() > 1 || found.files[0].is_dir()) => {
            Err(Error::usage("`--filename` is the name of one source, so it takes one file"))
        }
        _ => Ok(Some(found)),
    }
}

/// The canonical stream of a file's code.
fn stream(file: &Pyc, filename: Option<&str>) -> Result<Vec<u8>, Error> {
    let stream = match filename {
        Some(filename) => marshal::write(&file.code()?.with_filename(filename), file.minor()),
        None => marshal::canonical(file.stream(), file.minor()),
    };
    stream.map_err(Error::pyc(file.path()))
}

fn report(file: &Pyc, change: Change, after: usize, arguments: &Arguments) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match arguments.format {
        Format::Json => {
            let members = [
                ("file", json::path(file.path())),
                ("changed", boolean(change == Change::Needed)),
                ("before", number(file.stream().len())),
                ("after", number(after)),
            ];
            writeln!(out, "{}", object(members))?;
        }
        Format::Text if change == Change::Needed => {
            let done = match arguments.mode {
                Mode::Rewrite => "normalised",
                Mode::Check => "would normalise",
            };
            writeln!(out, "{done} {}", file.path().display())?;
        }
        Format::Text => {}
    }
    Ok(())
}
