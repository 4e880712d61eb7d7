//! The `include-py` command.
//!
//! ```text
//! include-py dis app.cpython-313.pyc
//! include-py diff ours.pyc theirs.pyc
//! include-py normalize build/**/*.pyc
//! include-py compile --target 3.13 src
//! include-py inspect target/release/app
//! ```

#![forbid(unsafe_code)]

mod compile;
mod diff;
mod dis;
mod error;
mod inspect;
mod json;
mod normalize;
mod pyc;
mod stage;

use std::io::Write as _;
use std::process::ExitCode;

use error::Error;

/// Compiling allocates little but often, and from several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HELP: &str = "\
Makes, lists, compares and normalises the .pyc files of CPython, without any Python.

Usage: include-py <command> [OPTION]… FILE…

Commands:
  compile PATH…    Compile sources as `python -m compileall` does
  dis FILE…        List the instructions of .pyc files, or of sources once compiled, as
                   `python -m dis` of that version does
  diff A B         Show where two files' code differs; exits with 1 if it does
  normalize FILE…  Rewrite files so that equal code is equal bytes
  inspect FILE…    Show what is in a bundle or a program that has one, and what it needs

Options:
  -h, --help   Print this; after a command, that command's options
  --version    Print the version
";

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Format {
    #[default]
    Text,
    Json,
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        // Whoever read the output has seen enough.
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            error::tell(&error);
            ExitCode::from(2)
        }
    }
}

/// Finds the command, which reads the rest of the command line itself: its options are its own.
fn run() -> Result<ExitCode, Error> {
    use lexopt::prelude::{Long, Short, Value};

    let mut parser = lexopt::Parser::from_env();
    let Some(argument) = parser.next()? else { return help(HELP) };
    match argument {
        Short('h') | Long("help") => help(HELP),
        Long("version") => help(concat!("include-py ", env!("CARGO_PKG_VERSION"), "\n")),
        Value(command) => match command.to_string_lossy().as_ref() {
            "compile" => compile::run(&mut parser),
            "dis" => dis::run(&mut parser),
            "inspect" => inspect::run(&mut parser),
            "diff" => diff::run(&mut parser),
            "normalize" => normalize::run(&mut parser),
            other => Err(Error::usage(&format!("there is no command `{other}`"))),
        },
        Long(option) => Err(misplaced(&format!("--{option}"))),
        Short(option) => Err(misplaced(&format!("-{option}"))),
    }
}

fn misplaced(option: &str) -> Error {
    Error::usage(&format!("options such as `{option}` come after the command"))
}

/// Prints a text that was asked for.
fn help(text: &str) -> Result<ExitCode, Error> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
