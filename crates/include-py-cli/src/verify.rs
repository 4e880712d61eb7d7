//! `include-py verify`: checks that bundles are undamaged and that `.pyc` files are what their
//! sources compile to.
//!
//! ```text
//! target/release/app: bundle `app` is undamaged, SHA-256 1c19b836…
//! ```

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_compiler::Target;

use crate::audit::{self, Audit};
use crate::compile::parse_target;
use crate::error::{self, Error};
use crate::files;
use crate::inspect::{bundles_in, hex, incomplete};
use crate::json::{self, array, object, optional, string};
use crate::{Format, Status};

pub(crate) const HELP: &str = "\
Checks that bundles, alone or in a program or library, are as they were built, and that .pyc files are what their
sources compile to.

Usage: include-py verify [OPTION]… FILE|DIR…

  --target VERSION  For .pyc files of this version, the release that they were compiled for, such as
                    3.13.0; may be repeated (default: the newest known)
  --json            Print one JSON value for each file instead of text

Each bundle is read as a whole: its digest, those of its parts, and every number and name in it. Who changes a bundle on
purpose can change the digest, too; compare it with one that you have from elsewhere.

A file that ends in .pyc, and each one in a directory, is compared with what the source beside it compiles to, under the
name that is in its code and at the level that its own name tells. Files that differ are named with their
first difference, and counted.

Exit code: 0 if all is as it should be, 1 if a bundle is damaged, a .pyc file differs or has no source, 2 for a
misused command line or a file that can't be checked.
";

/// Checks the files given on the rest of the command line.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let Some(Arguments { format, targets, files }) = arguments(parser)? else {
        return crate::help(HELP);
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (compiled, bundles) = audit::split(files);
    let mut audit = Audit::new(format, targets);
    let audited = error::for_each(&files::expanded(&compiled)?, |path| audit.file(path, &mut out))?;
    let mut statuses = vec![audited, audit.finish(&mut out)?];
    let mut is_good = true;
    let code = error::for_each(&bundles, |path| {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        let bundles = match (incomplete(&bytes), bundles_in(&bytes)) {
            (None, Ok(bundles)) => bundles,
            (fault, bundles) => {
                is_good = false;
                let fault = fault.or_else(|| Some(bundles.err()?.to_string())).unwrap_or_default();
                return unreadable(path, &fault, format, &mut out);
            }
        };
        if bundles.is_empty() {
            return Err(Error::NoBundle(path.to_owned()));
        }
        let mut values = Vec::new();
        for bundle in bundles {
            let (name, digest) = (bundle.name(), hex(bundle.digest()));
            let fault = bundle.verify().err().map(|error| error.to_string());
            is_good &= fault.is_none();
            match (format, &fault) {
                (Format::Json, _) => values.push(object([
                    ("name", string(name)),
                    ("digest", string(&digest)),
                    ("fault", optional(fault.as_deref().map(string))),
                ])),
                (Format::Text, None) => {
                    let path = path.display();
                    writeln!(out, "{path}: bundle `{name}` is undamaged, SHA-256 {digest}")?;
                }
                (Format::Text, Some(fault)) => {
                    writeln!(out, "{}: bundle `{name}` is damaged: {fault}", path.display())?;
                }
            }
        }
        if format == Format::Json {
            let path = json::path(path);
            writeln!(out, "{}", object([("path", path), ("bundles", array(values))]))?;
        }
        Ok(())
    })?;
    out.flush()?;
    statuses.extend([code, if is_good { Status::Good } else { Status::Bad }]);
    Ok(statuses.into_iter().max_by_key(|status| status.exit_code()).unwrap_or(Status::Good))
}

/// Prints why no bundle of the file can be checked.
fn unreadable(path: &Path, fault: &str, format: Format, out: &mut impl Write) -> Result<(), Error> {
    match format {
        Format::Text => writeln!(out, "{}: {fault}", path.display())?,
        Format::Json => {
            let (path, fault) = (json::path(path), string(fault));
            writeln!(
                out,
                "{}",
                object([("path", path), ("fault", fault), ("bundles", array([]))])
            )?;
        }
    }
    Ok(())
}

#[derive(Default)]
struct Arguments {
    format: Format,
    /// Releases for which `.pyc` files were compiled.
    targets: Vec<Target>,
    files: Vec<PathBuf>,
}

/// The options and files; `None` if help is requested.
fn arguments(parser: &mut lexopt::Parser) -> Result<Option<Arguments>, Error> {
    let mut found = Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("json") => found.format = Format::Json,
            Long("target") => found.targets.push(parse_target(&parser.value()?.string()?)?),
            Value(path) => found.files.push(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    if found.files.is_empty() {
        return Err(Error::usage("`verify` needs a bundle, a program or .pyc files"));
    }
    Ok(Some(found))
}
