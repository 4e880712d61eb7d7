//! `include-py dis`: lists instructions.
//!
//! The text is that of `python -m dis`; sources are compiled first, and [`crate::stage`] shows what comes before code. JSON has one object for each file, with the code objects in it nested.

use std::collections::HashSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_code::{CodeObject, Minor, dis};

use crate::Format;
use crate::Status;
use crate::compile::parse_target;
use crate::error::{self, Error};
use crate::json::{array, number, object, optional, string};
use crate::pyc::Pyc;
use crate::stage;

const HELP: &str = "\
Lists the instructions of .pyc files, or of sources once compiled, as `python -m dis` of that version does.

Usage: include-py dis [OPTION]… FILE…

  --json             Print one JSON value for each .pyc file instead of text

For sources:
  --target VERSION   Which CPython to compile for: 3.13.0, or 3.13 for its newest release (default)
  --stage STAGE      Print what this stage of the compiler makes: tree, scopes, instructions,
                     cfg:after=NAME (the flow graph after a pass) or code (default)
  --skip NAME        Leave this pass out before `cfg:after=…`; may be repeated

Exit code: 0 if every file is listed, 2 for a misused command line or a file that can't be listed.
";

#[derive(Default)]
struct Arguments {
    format: Format,
    wanted: stage::Wanted,
    files: Vec<PathBuf>,
}

/// Lists the files that the rest of the command line names.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let Some(arguments) = arguments(parser)? else { return crate::help(HELP) };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let code = error::each(&arguments.files, |path| list(path, &arguments, &mut out))?;
    out.flush()?;
    Ok(code)
}

/// The options and files; none if help is asked for.
fn arguments(parser: &mut lexopt::Parser) -> Result<Option<Arguments>, Error> {
    let mut found = Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("json") => found.format = Format::Json,
            Long("stage") => found.wanted.stage = parser.value()?.string()?,
            Long("skip") => found.wanted.skipped.push(parser.value()?.string()?),
            Long("target") => found.wanted.target = Some(parse_target(&parser.value()?.string()?)?),
            Value(file) => found.files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    if found.files.is_empty() {
        return Err(Error::usage("`dis` takes files"));
    }
    Ok(Some(found))
}

fn list(path: &Path, arguments: &Arguments, out: &mut impl Write) -> Result<(), Error> {
    let Arguments { format, wanted, files } = arguments;
    if stage::is_source(path) {
        if *format == Format::Json {
            return Err(Error::usage("`--json` is for .pyc files"));
        }
        let text = stage::text(path, wanted)?;
        if files.len() > 1 {
            writeln!(out, "{}:", path.display())?;
        }
        write!(out, "{text}")?;
        return Ok(());
    }
    let file = Pyc::read(path)?;
    let code = file.code()?;
    match format {
        Format::Text if files.len() > 1 => {
            writeln!(out, "{}:\n{}", path.display(), dis::listing(&code, file.minor()))?;
        }
        Format::Text => write!(out, "{}", dis::listing(&code, file.minor()))?,
        Format::Json => {
            let members = [
                ("file", string(&path.to_string_lossy())),
                ("version", string(&file.minor().to_string())),
                ("code", json(&code, file.minor())),
            ];
            writeln!(out, "{}", object(members))?;
        }
    }
    Ok(())
}

/// All code objects of a file, each after the one it is in; what a damaged file shares is listed once.
fn json(root: &CodeObject<'_>, minor: Minor) -> String {
    let mut open = vec![(None, root)];
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    while let Some((parent, code)) = open.pop() {
        let lines = dis::lines(code, minor);
        let instruction = |line: &dis::Line| {
            object([
                ("offset", number(line.offset())),
                ("line", optional(line.line())),
                ("name", string(&line.name())),
                ("argument", optional(line.instruction().argument())),
                ("detail", string(line.detail())),
            ])
        };
        let members = [
            ("name", string(&code.name.to_string())),
            ("parent", optional(parent)),
            ("firstlineno", number(code.firstlineno)),
            ("flags", string(&code.flags.to_string())),
            ("stacksize", number(code.stacksize)),
            (
                "consts",
                array(code.consts.iter().map(|item| string(&dis::repr(item, minor).to_string()))),
            ),
            ("names", array(code.names.iter().map(|name| string(&name.to_string())))),
            ("instructions", array(lines.iter().map(instruction))),
        ];
        let parent = Some(all.len());
        open.extend(
            code.children()
                .filter(|&child| seen.insert(std::ptr::from_ref(child)))
                .map(|child| (parent, child)),
        );
        all.push(object(members));
    }
    array(all)
}
