//! `include-py verify`: whether the bundles in files are as they were built.
//!
//! ```text
//! target/release/app: bundle `app` is undamaged, SHA-256 1c19b836…
//! ```

use std::io::{BufWriter, Write as _};

use crate::error::{self, Error};
use crate::inspect::{arguments, bundles_in, hex};
use crate::json::{array, object, optional, string};
use crate::{Format, Status};

const HELP: &str = "\
Checks that bundles, alone or in a program or library, are as they were built.

Usage: include-py verify [OPTION]… FILE…

  --json   Print one JSON value for each file instead of text

Each bundle is read as a whole: its digest, those of its parts, and every number and name in it. Who changes a bundle on
purpose can change the digest, too; compare it with one that you have from elsewhere.

Exit code: 0 if all bundles are undamaged, 1 if one isn't, 2 for a misused command line or a file without a bundle.
";

/// Checks the files that the rest of the command line names.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let Some((format, files)) = arguments(parser, "verify")? else { return crate::help(HELP) };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut is_good = true;
    let code = error::each(&files, |path| {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        let bundles = bundles_in(&bytes).map_err(|error| Error::Bundle(path.to_owned(), error))?;
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
            let path = string(&path.display().to_string());
            writeln!(out, "{}", object([("path", path), ("bundles", array(values))]))?;
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(if code == Status::Good && !is_good { Status::Bad } else { code })
}
