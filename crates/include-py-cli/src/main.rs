//! The `include-py` command.
//!
//! ```text
//! include-py dis app.cpython-313.pyc
//! include-py diff ours.pyc theirs.pyc
//! include-py normalize build/**/*.pyc
//! include-py compile --target 3.13 src
//! ```

#![forbid(unsafe_code)]

mod compile;
mod diff;
mod dis;
mod error;
mod json;
mod normalize;
mod pyc;
mod stage;

use std::path::PathBuf;
use std::process::ExitCode;

use error::Error;

/// Compiling allocates little but often, and from several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HELP: &str = "\
Makes, lists, compares and normalises the .pyc files of CPython, without any Python.

Usage: include-py <command> [--json] FILE…

Commands:
  compile PATH…    Compile sources as `python -m compileall` does; see `compile --help`
  dis FILE…        List the instructions of .pyc files, or of sources once compiled, as
                   `python -m dis` of that version does
  diff A B         Show where two files' code differs; exits with 1 if it does
  normalize FILE…  Rewrite files so that equal code is equal bytes; see `normalize --help`

Options of `dis`, for sources:
  --target VERSION   Which CPython to compile for: 3.13.0, or 3.13 for its newest release (default)
  --stage STAGE      Print what this stage of the compiler makes: tree, scopes, instructions,
                     cfg:after=NAME (the flow graph after a pass) or code (default)
  --skip NAME        Leave this pass out before `cfg:after=…`; may be repeated

Options:
  --json       Print one JSON value for each file instead of text
  -h, --help   Print this
  --version    Print the version
";

/// The command line, taken apart.
struct Arguments {
    command: Option<String>,
    format: Format,
    files: Vec<PathBuf>,
    wanted: stage::Wanted,
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("include-py: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode, Error> {
    let mut parser = lexopt::Parser::from_env();
    let Arguments { command, format, files, wanted } = arguments(&mut parser)?;
    match command.as_deref() {
        Some("compile") => return compile::run(&mut parser),
        Some("normalize") => return normalize::run(&mut parser, format),
        _ => {}
    }
    match (command.as_deref(), files.as_slice()) {
        (None, _) => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        (Some("diff"), [left, right]) => diff::run(left, right, format),
        (Some("diff"), _) => Err(Error::usage("`diff` takes two files")),
        (Some("dis"), []) => Err(Error::usage("`dis` takes files")),
        (Some("dis"), files) => dis::run(files, format, &wanted),
        (Some(other), _) => Err(Error::usage(&format!("there is no command `{other}`"))),
    }
}

/// The command with its files; commands that have options of their own read the rest of the line themselves.
fn arguments(parser: &mut lexopt::Parser) -> Result<Arguments, Error> {
    use lexopt::prelude::{Long, Short, Value, ValueExt as _};

    let mut found = Arguments {
        command: None,
        format: Format::Text,
        files: Vec::new(),
        wanted: stage::Wanted::default(),
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Arguments { command: None, ..found }),
            Long("version") => {
                println!("include-py {}", env!("CARGO_PKG_VERSION"));
                std::process::exit(0);
            }
            Long("json") => found.format = Format::Json,
            Long("stage") => found.wanted.stage = parser.value()?.string()?,
            Long("skip") => found.wanted.skipped.push(parser.value()?.string()?),
            Long("target") => {
                found.wanted.target = Some(compile::parse_target(&parser.value()?.string()?)?);
            }
            Value(command) if found.command.is_none() => {
                found.command = Some(command.to_string_lossy().into_owned());
                if command == "compile" || command == "normalize" {
                    break;
                }
            }
            Value(file) => found.files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(found)
}
