//! `include-py diff`: shows how the code of two files, or of all files in two trees, differs.
//!
//! `<module> > f: co_stacksize is 3, not 4`; if instructions differ, the listings around them
//! follow.

mod ignore;

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_code::diff::{self, Difference};
use pyc_code::{CodeObject, Minor};
use pyc_compiler::{Options, Target};

use crate::Format;
use crate::Status;
use crate::audit;
use crate::compile::parse_target;
use crate::error::{self, Error};
use crate::files;
use crate::json::{self, array, object, optional, string};
use crate::pyc::Pyc;
use crate::stage::is_source;
use ignore::Ignored;

pub(crate) const HELP: &str = "\
Shows where the code of two files or trees of one version differs.

Usage: include-py diff [OPTION]… A B

A and B are .pyc files, sources, or directories, whose .pyc files of the same names are compared. A source is
compiled for the version, at the level and under the name of the .pyc file on the other side.

  --ignore WHAT      names: file names in code; lines: all position tables; positions: columns and
                     end positions; may be repeated
  --target VERSION   The release that sources are compiled for (default: the newest known)
  --json             Print one JSON value instead of text; for trees, one for each file that differs

Exit code: 0 if the code is equal, 1 if it differs, 2 for a misused command line or a file that can't be read.
";

#[derive(Default)]
struct Arguments {
    format: Format,
    ignored: Ignored,
    targets: Vec<Target>,
    files: Vec<PathBuf>,
}

/// Compares the files given on the rest of the command line.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let mut arguments = Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return crate::help(HELP),
            Long("json") => arguments.format = Format::Json,
            Long("ignore") => arguments.ignored.add(&parser.value()?.string()?)?,
            Long("target") => {
                arguments.targets.push(parse_target(&parser.value()?.string()?)?);
            }
            Value(file) => arguments.files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let status = match arguments.files.as_slice() {
        [left, right] if left.is_dir() && right.is_dir() => {
            trees(left, right, &arguments, &mut out)?
        }
        [left, right] if left.is_dir() || right.is_dir() => {
            return Err(Error::usage("`diff` takes two files or two directories"));
        }
        [left, right] => {
            let differences = compare(left, right, &arguments)?;
            match arguments.format {
                Format::Text => differences.iter().try_for_each(|one| write!(out, "{one}"))?,
                Format::Json => writeln!(out, "{}", values(&differences))?,
            }
            if differences.is_empty() { Status::Good } else { Status::Bad }
        }
        _ => return Err(Error::usage("`diff` takes two files")),
    };
    out.flush()?;
    Ok(status)
}

/// Compares the files of two trees that have the same relative path.
fn trees(
    left: &Path,
    right: &Path,
    arguments: &Arguments,
    out: &mut impl Write,
) -> Result<Status, Error> {
    let names = |root: &Path| -> Result<BTreeSet<PathBuf>, Error> {
        let relative = |file: PathBuf| file.strip_prefix(root).map(Path::to_owned).unwrap_or(file);
        Ok(files::below(root)?.into_iter().map(relative).collect())
    };
    let (ours, theirs) = (names(left)?, names(right)?);
    let all: Vec<PathBuf> = ours.union(&theirs).cloned().collect();
    let mut status = Status::Good;
    let done = error::for_each(&all, |name| {
        let only = match (ours.contains(name), theirs.contains(name)) {
            (true, false) => Some(("left", left)),
            (false, true) => Some(("right", right)),
            _ => None,
        };
        let differences = match only {
            Some(_) => Vec::new(),
            None => compare(&left.join(name), &right.join(name), arguments)?,
        };
        if only.is_none() && differences.is_empty() {
            return Ok(());
        }
        status = Status::Bad;
        match (arguments.format, only) {
            (Format::Json, _) => {
                let members = [
                    ("file", json::path(name)),
                    ("only", optional(only.map(|(side, _)| string(side)))),
                    ("differences", values(&differences)),
                ];
                writeln!(out, "{}", object(members))?;
            }
            (Format::Text, Some((_, root))) => {
                writeln!(out, "{}: only in {}", name.display(), root.display())?;
            }
            (Format::Text, None) => {
                writeln!(out, "{}:", name.display())?;
                differences.iter().try_for_each(|one| write!(out, "{one}"))?;
            }
        }
        Ok(())
    })?;
    Ok(if done == Status::Good { status } else { done })
}

/// The differences of two files.
fn compare(left: &Path, right: &Path, arguments: &Arguments) -> Result<Vec<Difference>, Error> {
    let Arguments { targets, ignored, .. } = arguments;
    let differences = |ours: &CodeObject<'_>, theirs: &CodeObject<'_>, minor: Minor| {
        let (ours, theirs) = (ignored.remove_from(ours, minor), ignored.remove_from(theirs, minor));
        diff::all(&ours, &theirs, minor).collect()
    };
    match (is_source(left), is_source(right)) {
        (false, false) => {
            let (left, right) = (Pyc::read(left)?, Pyc::read(right)?);
            if left.minor() != right.minor() {
                let message = format!(
                    "`{}` is for {} and `{}` for {}: compare files of the same version",
                    left.path().display(),
                    left.minor(),
                    right.path().display(),
                    right.minor()
                );
                return Err(Error::Source(message));
            }
            Ok(differences(&left.code()?, &right.code()?, left.minor()))
        }
        (true, false) => {
            let file = Pyc::read(right)?;
            let code = file.code()?;
            let ours = compiled(left, &file, &code, targets)?;
            Ok(differences(&ours, &code, file.minor()))
        }
        (false, true) => {
            let file = Pyc::read(left)?;
            let code = file.code()?;
            let theirs = compiled(right, &file, &code, targets)?;
            Ok(differences(&code, &theirs, file.minor()))
        }
        (true, true) => {
            let target = targets.first().copied().or_else(|| Target::newest(Minor::PY313));
            let target = target.ok_or_else(|| Error::usage("name a release with `--target`"))?;
            let code = |path: &Path| {
                let text = std::fs::read(path).map_err(Error::io(path))?;
                let options = Options::new(target, left.to_string_lossy());
                pyc_compiler::compile(&text, &options)
                    .map_err(|error| Error::Source(error.to_string()))
            };
            Ok(differences(&code(left)?, &code(right)?, target.minor()))
        }
    }
}

/// A source, compiled like the file on the other side.
fn compiled(
    source: &Path,
    file: &Pyc,
    code: &CodeObject<'_>,
    targets: &[Target],
) -> Result<CodeObject<'static>, Error> {
    let text = std::fs::read(source).map_err(Error::io(source))?;
    audit::compiled(&text, file, code, targets)?.map_err(Error::Source)
}

fn values(differences: &[Difference]) -> String {
    array(differences.iter().map(|difference| {
        object([
            ("path", array(difference.path().map(string))),
            ("field", string(difference.field())),
            ("left", string(difference.left())),
            ("right", string(difference.right())),
        ])
    }))
}
