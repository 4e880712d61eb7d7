//! `include-py normalize`: rewrites files in the canonical form.
//!
//! ```text
//! $ include-py normalize --invalidation-mode unchecked-hash pkg/__pycache__/*.pyc
//! normalised pkg/__pycache__/a.cpython-313.pyc
//! ```
//!
//! The header stays unless another is asked for; a file that is as it must be already is not touched.

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
use crate::json::{number, object, string, truth};
use crate::pyc::Pyc;

pub(crate) const HELP: &str = "\
Rewrites .pyc files so that equal code is equal bytes (CF1), in place, each at once.

Usage: include-py normalize [OPTION]… FILE|DIR…

A directory stands for each .pyc file in it and below it.

  --check           Change nothing, but say what would be changed; exits with 1 if anything would
  --filename NAME   Name the source NAME in the code and all functions in it; takes one FILE
  --invalidation-mode MODE
                    checked-hash or unchecked-hash: put the source's hash into the header, in
                    place of its time of change. The source must be at hand, where Python looks
                    for it, and the one the file was made of. (default: headers stay)
  --json            Print one JSON value for each file instead of text

Headers stay because they decide when Python compiles again: with a time in it, a file is right for one
copy of the source. For the same bytes on every machine choose a hash. `checked-hash` has Python read
the source at each import; with `unchecked-hash` a changed source is not noticed.

Exit code: 0 if all files are normalised, 1 if --check finds one that isn't, 2 for a misused command line or a file that can't be.
";

#[derive(Default)]
struct Arguments {
    filename: Option<String>,
    check: Option<Check>,
    manner: Manner,
    format: Format,
    files: Vec<PathBuf>,
}

/// What becomes of files that aren't canonical.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Manner {
    #[default]
    Rewrite,
    Check,
}

/// Normalises what the rest of the command line names.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let Some(arguments) = arguments(parser)? else {
        return crate::help(HELP);
    };
    let mut status = Status::Good;
    let done = error::each(&files::expanded(&arguments.files)?, |path| {
        if normalize(path, &arguments)? && arguments.manner == Manner::Check {
            status = Status::Bad;
        }
        Ok(())
    })?;
    Ok(if done == Status::Good { status } else { done })
}

/// Normalises a file; whether it wasn't what it had to be.
fn normalize(path: &Path, arguments: &Arguments) -> Result<bool, Error> {
    let file = Pyc::read(path)?;
    let header = match arguments.check {
        Some(check) => header::by_hash(path, file.header(), check)?,
        None => file.header(),
    };
    let stream = stream(&file, arguments.filename.as_deref())?;
    let changed = header != file.header() || stream != file.stream() || file.has_rest();
    if changed && arguments.manner == Manner::Rewrite {
        replace::with(path, &[&header.to_bytes(), &stream])?;
    }
    report(&file, changed, stream.len(), arguments)?;
    Ok(changed)
}

/// The options and files; none if help is asked for.
fn arguments(parser: &mut lexopt::Parser) -> Result<Option<Arguments>, Error> {
    let mut found = Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("check") => found.manner = Manner::Check,
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

fn report(file: &Pyc, changed: bool, after: usize, arguments: &Arguments) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match arguments.format {
        Format::Json => {
            let members = [
                ("file", string(&file.path().to_string_lossy())),
                ("changed", truth(changed)),
                ("before", number(file.stream().len())),
                ("after", number(after)),
            ];
            writeln!(out, "{}", object(members))?;
        }
        Format::Text if changed => {
            let done = match arguments.manner {
                Manner::Rewrite => "normalised",
                Manner::Check => "would normalise",
            };
            writeln!(out, "{done} {}", file.path().display())?;
        }
        Format::Text => {}
    }
    Ok(())
}
