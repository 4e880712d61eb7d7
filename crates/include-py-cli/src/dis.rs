//! `include-py dis`: lists instructions.
//!
//! The text is that of `python -m dis`; sources are compiled first, and [`crate::stage`] shows what comes before code. JSON has one object for each file, with the code objects in it nested.

use std::collections::HashSet;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use pyc_code::{CodeObject, Minor, dis};

use crate::Format;
use crate::error::Error;
use crate::json::{array, number, object, optional, string};
use crate::pyc::Pyc;
use crate::stage;

/// Lists each of `files`.
pub(crate) fn run(
    files: &[PathBuf],
    format: Format,
    wanted: &stage::Wanted,
) -> Result<ExitCode, Error> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut each = || -> Result<(), Error> {
        for path in files {
            if stage::is_source(path) {
                if format == Format::Json {
                    return Err(Error::usage("`--json` is for .pyc files"));
                }
                if files.len() > 1 {
                    writeln!(out, "{}:", path.display())?;
                }
                write!(out, "{}", stage::text(path, wanted)?)?;
                continue;
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
        }
        Ok(out.flush()?)
    };
    match each() {
        Err(error) if error.is_closed_pipe() => Ok(ExitCode::SUCCESS),
        other => other.map(|()| ExitCode::SUCCESS),
    }
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
