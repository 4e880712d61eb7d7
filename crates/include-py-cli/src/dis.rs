//! `include-py dis`: lists instructions.
//!
//! The text is that of `python -m dis`. Sources are compiled first, and [`crate::stage`] shows
//! earlier stages. JSON has one object for each file, with nested code objects.

mod record;

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_code::{CodeObject, Minor, dis};

use crate::Format;
use crate::Status;
use crate::compile::parse_target;
use crate::error::{self, Error};
use crate::json::{self, object, string};
use crate::pyc::Pyc;
use crate::stage;

pub(crate) const HELP: &str = "\
Lists the instructions of .pyc files, or of sources once compiled, as `python -m dis` of that version does.

Usage: include-py dis [OPTION]… [FILE]…

Without FILE, or for `-`, a source is read from standard input.

  -C, --show-caches  Show the inline caches of instructions
  -O, --show-offsets Show the offsets of instructions; listings before 3.13 always do
  -P, --show-positions
                     Show lines and columns instead of lines
  -S, --specialized  Accepted for compatibility; code in files is never specialised
  --info             Show what `dis.code_info` tells of each code object instead
  --json             Print one JSON value for each file instead of text

For sources:
  --target VERSION   Which CPython to compile for: 3.13.0, or 3.13 for its newest release (default)
  --stage STAGE      Print the result of a stage of the compiler: tree, scopes, instructions,
                     cfg:after=NAME (the flow graph after a pass) or code (default)
  --skip NAME        Skip this pass before `cfg:after=…`; may be repeated

The elements of a frozenset are sorted by their text, because files don't contain their order in Python.

Exit code: 0 if every file is listed, 2 for a misused command line or a file that can't be listed.
";

/// What to show of code objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum View {
    #[default]
    Listing,
    Info,
}

#[derive(Default)]
struct Arguments {
    format: Format,
    view: View,
    columns: dis::Columns,
    wanted: stage::Wanted,
    files: Vec<PathBuf>,
}

/// Lists the files given on the rest of the command line.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let Some(arguments) = arguments(parser)? else { return crate::help(HELP) };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let code = error::for_each(&arguments.files, |path| list(path, &arguments, &mut out))?;
    out.flush()?;
    Ok(code)
}

/// The options and files; `None` if help is requested.
fn arguments(parser: &mut lexopt::Parser) -> Result<Option<Arguments>, Error> {
    let mut found = Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("json") => found.format = Format::Json,
            Short('C') | Long("show-caches") => found.columns = found.columns.caches(),
            Short('O') | Long("show-offsets") => found.columns = found.columns.offsets(),
            Short('P') | Long("show-positions") => found.columns = found.columns.positions(),
            Short('S') | Long("specialized") => {}
            Long("info") => found.view = View::Info,
            Long("stage") => found.wanted.stage = parser.value()?.string()?,
            Long("skip") => found.wanted.skipped.push(parser.value()?.string()?),
            Long("target") => found.wanted.target = Some(parse_target(&parser.value()?.string()?)?),
            Value(file) => found.files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    if found.files.is_empty() {
        found.files.push("-".into());
    }
    let shows_code = found.wanted.stage == "code";
    let is_plain = found.view == View::Listing && found.columns == dis::Columns::default();
    if !shows_code && (found.format == Format::Json || !is_plain) {
        return Err(Error::usage(
            "`--json`, `--info`, `-C`, `-O` and `-P` show code, so they can't be combined with another `--stage`",
        ));
    }
    Ok(Some(found))
}

fn list(path: &Path, arguments: &Arguments, out: &mut impl Write) -> Result<(), Error> {
    let Arguments { wanted, files, .. } = arguments;
    if !stage::is_source(path) {
        let file = Pyc::read(path)?;
        return show(path, &file.code()?, file.minor(), arguments, out);
    }
    if wanted.stage == "code" {
        let (code, minor) = stage::code(path, wanted)?;
        return show(path, &code, minor, arguments, out);
    }
    let text = stage::text(path, wanted)?;
    if files.len() > 1 {
        writeln!(out, "{}:", path.display())?;
    }
    write!(out, "{text}")?;
    Ok(())
}

fn show(
    path: &Path,
    code: &CodeObject<'_>,
    minor: Minor,
    arguments: &Arguments,
    out: &mut impl Write,
) -> Result<(), Error> {
    let text = match (arguments.format, arguments.view) {
        (Format::Json, _) => {
            let members = [
                ("file", json::path(path)),
                ("version", string(&minor.to_string())),
                ("code", record::codes(code, minor)),
            ];
            writeln!(out, "{}", object(members))?;
            return Ok(());
        }
        (Format::Text, View::Listing) => {
            dis::listing(code, minor).columns(arguments.columns).to_string()
        }
        (Format::Text, View::Info) => infos(code, minor),
    };
    if arguments.files.len() > 1 {
        writeln!(out, "{}:\n{text}", path.display())?;
    } else {
        write!(out, "{text}")?;
    }
    Ok(())
}

/// The summary of each code object, in the order of listings.
fn infos(code: &CodeObject<'_>, minor: Minor) -> String {
    let mut text = String::new();
    let mut open = vec![code];
    let mut seen = std::collections::HashSet::new();
    while let Some(code) = open.pop() {
        if !seen.insert(std::ptr::from_ref(code)) {
            continue;
        }
        let gap = if text.is_empty() { "" } else { "\n" };
        // Writing to a string can't fail.
        let _ = write!(text, "{gap}{}", dis::info(code, minor));
        let children: Vec<_> = code.children().collect();
        open.extend(children.into_iter().rev());
    }
    text
}
