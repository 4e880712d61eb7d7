//! `include-py inspect`: shows the content of bundles and of programs that contain them.
//!
//! ```text
//! bundle `app` of 36.1 MB for CPython 3.13
//!   numpy          518 modules   37 files   24.9 MB   numpy 2.1.3
//! machine code: 12 modules, 2 libraries, …
//! needs from the system: libc.so.6 (GLIBC_2.34), libm.so.6 (GLIBC_2.29)
//! ```

mod content;
mod elf;
mod licence;
mod needs;
mod print;

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use include_py_bundle::{Bundle, MAGIC};
use lexopt::prelude::{Long, Short, Value};

use crate::Format;
use crate::Status;
use crate::error::{self, Error};
use content::Content;
use needs::Needs;
pub(crate) use print::hex;

pub(crate) const HELP: &str = "\
Shows the content of a bundle, or of the bundle in a program or library.

Usage: include-py inspect [OPTION]… FILE…

  --json   Print one JSON value for each file instead of text

For each bundle, its packages are shown with their sizes and their numbers of modules and files,
then its extension modules and libraries. Sizes are those of the content, which the bundle may have
compressed. Distributions are shown with the licences that their metadata name, and libraries of the build machine with theirs, if known. Finally come the libraries and symbol versions that the bundle and the program need
from the system. The minimum glibc is the required version of `libc.so.6`.

Exit code: 0 if every file is shown, 2 for a misused command line or a file without a bundle.
";

/// The content of one file.
struct Inspected<'a> {
    path: &'a Path,
    bundles: Vec<Content<'a>>,
    needs: Needs,
}

/// Shows the files given on the rest of the command line.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let Some((format, files)) = arguments(parser)? else { return crate::help(HELP) };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let code = error::for_each(&files, |path| {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        let inspected = inspect(path, &bytes)?;
        match format {
            Format::Text => out.write_all(print::text(&inspected).as_bytes())?,
            Format::Json => writeln!(out, "{}", print::json(&inspected))?,
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(code)
}

/// The format and the files; `None` if help is requested.
fn arguments(parser: &mut lexopt::Parser) -> Result<Option<(Format, Vec<PathBuf>)>, Error> {
    let mut format = Format::Text;
    let mut files = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("json") => format = Format::Json,
            Value(path) => files.push(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }
    if files.is_empty() {
        return Err(Error::usage("`inspect` needs a bundle or a program"));
    }
    Ok(Some((format, files)))
}

fn inspect<'a>(path: &'a Path, bytes: &'a [u8]) -> Result<Inspected<'a>, Error> {
    let mut needs = Needs::default();
    needs.add(bytes);
    let damaged = |error| Error::Bundle(path.to_owned(), error);
    let mut bundles = Vec::new();
    for bundle in bundles_in(bytes).map_err(damaged)? {
        bundles.push(Content::of(bundle, &mut needs).map_err(damaged)?);
    }
    if let Some(fault) = incomplete(bytes) {
        return Err(Error::Incomplete(path.to_owned(), fault));
    }
    if bundles.is_empty() {
        return Err(Error::NoBundle(path.to_owned()));
    }
    Ok(Inspected { path, bundles, needs })
}

/// What to say of a program or library whose end is missing.
pub(crate) fn incomplete(bytes: &[u8]) -> Option<String> {
    let (here, whole) = (bytes.len(), elf::whole_length(bytes)?);
    Some(format!("has {here} of its {whole} bytes: copy it again or rebuild it"))
}

/// The bundles anywhere in the bytes, in order. It is an error if there is none, unless something
/// starts like one.
pub(crate) fn bundles_in(bytes: &[u8]) -> Result<Vec<Bundle<'_>>, include_py_bundle::Error> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some(start) = memchr::memmem::find(rest, &MAGIC) {
        let here = &rest[start..];
        // Every program that reads bundles contains the magic number as a constant.
        let length = Bundle::open_prefix(here).map_or(MAGIC.len(), |bundle| {
            found.push(bundle);
            bundle.bytes().len()
        });
        rest = &here[length..];
    }
    if found.is_empty() && bytes.starts_with(&MAGIC) {
        return Bundle::open(bytes).map(|bundle| vec![bundle]);
    }
    Ok(found)
}
