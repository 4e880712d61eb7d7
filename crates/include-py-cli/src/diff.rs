//! `include-py diff`: shows where two files' code differs.
//!
//! `<module> > f: co_stacksize is 3, not 4`, and with the instructions around where they differ.

use std::path::Path;
use std::process::ExitCode;

use pyc_code::diff;

use crate::Format;
use crate::error::Error;
use crate::json::{array, object, string};
use crate::pyc::Pyc;

/// Compares two files; fails if they differ, as `diff` does.
pub(crate) fn run(left: &Path, right: &Path, format: Format) -> Result<ExitCode, Error> {
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
            Format::Text => print!("{difference}"),
            Format::Json => objects.push(object([
                ("path", array(difference.path().map(string))),
                ("field", string(difference.field())),
                ("left", string(difference.left())),
                ("right", string(difference.right())),
            ])),
        }
    }
    if format == Format::Json {
        println!("{}", array(objects));
    }
    Ok(if equal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
