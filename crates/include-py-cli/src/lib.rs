//! The `include-py` command.
//!
//! ```text
//! include-py dis app.cpython-313.pyc
//! include-py diff ours.pyc theirs.pyc
//! include-py normalize build/**/*.pyc
//! include-py compile --target 3.13 src
//! include-py inspect target/release/app
//! include-py verify target/release/app
//! ```

//!
//! The program calls [`main`] alone, and so can other programs that have the command in them.

#![forbid(unsafe_code)]

mod audit;
mod compile;
mod diff;
mod dis;
mod error;
mod files;
mod inspect;
mod json;
mod normalize;
mod pyc;
mod stage;
mod verify;
mod worker;

use std::ffi::OsString;
use std::io::Write as _;

use error::Error;

const HELP: &str = "\
Makes, lists, compares and normalises the .pyc files of CPython, without any Python.

Usage: include-py <command> [OPTION]… FILE…

Commands:
  compile PATH…    Compile sources as `python -m compileall` does
  dis FILE…        List the instructions of .pyc files, or of sources once compiled, as
                   `python -m dis` of that version does
  diff A B         Show where the code of two files or trees differs; exits with 1 if it does
  normalize FILE…  Rewrite files so that equal code is equal bytes
  inspect FILE…    Show what is in a bundle or a program that has one, and what it needs
  verify FILE…     Check that the bundles in files are undamaged, and that .pyc files are what
                   their sources compile to
  worker           Compile for build scripts, which start it by themselves

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

/// How the command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything is as it should be.
    Good = 0,
    /// Something was refused, or differs.
    Bad = 1,
    /// The command line is misused, or a file can't be read or written.
    Failed = 2,
}

impl Status {
    /// The process's exit code.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// Does what `arguments` say, the command's own name aside, and prints the outcome.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Status {
    match run(&mut lexopt::Parser::from_args(arguments)) {
        Ok(status) => status,
        // Whoever read the output has seen enough.
        Err(error) if error.is_closed_pipe() => Status::Good,
        Err(error) => {
            error::tell(&error);
            Status::Failed
        }
    }
}

/// Finds the command, which reads the rest of the command line itself: its options are its own.
fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    use lexopt::prelude::{Long, Short, Value};

    let Some(argument) = parser.next()? else { return help(HELP) };
    match argument {
        Short('h') | Long("help") => help(HELP),
        Long("version") => help(concat!("include-py ", env!("CARGO_PKG_VERSION"), "\n")),
        Value(command) => match command.to_string_lossy().as_ref() {
            "compile" => compile::run(parser),
            "dis" => dis::run(parser),
            "inspect" => inspect::run(parser),
            "verify" => verify::run(parser),
            "diff" => diff::run(parser),
            "normalize" => normalize::run(parser),
            "worker" => worker::run(parser),
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
fn help(text: &str) -> Result<Status, Error> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Status::Good)
}
