//! `include-py diff`: shows where two files' code differs.
//!
//! `<module> > f: co_stacksize is 3, not 4`, and with the instructions around where they differ.

use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use lexopt::prelude::{Long, Short, Value};
use pyc_code::diff;

use crate::Format;
use crate::Status;
use crate::error::Error;
use crate::json::{array, object, string};
use crate::pyc::Pyc;

const HELP: &str = "\
Shows where the code of two .pyc files of one version differs.

Usage: include-py diff [--json] A B

  --json      Print one JSON value instead of text

Exit code: 0 if the code is equal, 1 if it differs, 2 for a misused command line or a file that can't be read.
";

/// Compares the two files that the rest of the command line names.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let (mut format, mut files) = (Format::Text, Vec::<PathBuf>::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return crate::help(HELP),
            Long("json") => format = Format::Json,
            Value(file) => files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    match files.as_slice() {
        [left, right] => compare(left, right, format),
        _ => Err(Error::usage("`diff` takes two files")),
    }
}

/// Fails if the files differ, as `diff` does.
fn compare(left: &Path, right: &Path, format: Format) -> Result<Status, Error> {
    let mut out = BufWriter::new(io::stdout().lock());
    let (left, right) = (Pyc::read(left)?, Pyc::read(right)?);
    if left.minor() != right.minor() {
        let message = format!(
            "`{}` is of {} and `{}` of {}: compare files of one version",
            left.path().display(),
            left.minor(),
            right.path().display(),
            right.minor()
        );
        return Err(Error::usage(&message));
    }
    let (ours, theirs) = (left.code()?, right.code()?);
    let mut equal = true;
    let mut objects = Vec::new();
    for difference in diff::all(&ours, &theirs, left.minor()) {
        equal = false;
        match format {
            Format::Text => write!(out, "{difference}")?,
            Format::Json => objects.push(object([
                ("path", array(difference.path().map(string))),
                ("field", string(difference.field())),
                ("left", string(difference.left())),
                ("right", string(difference.right())),
            ])),
        }
    }
    if format == Format::Json {
        writeln!(out, "{}", array(objects))?;
    }
    out.flush()?;
    Ok(if equal { Status::Good } else { Status::Bad })
}
