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
//! The program only calls [`main`]; other programs can do the same to embed the command.

#![forbid(unsafe_code)]

mod audit;
mod colour;
mod compile;
mod diff;
mod dis;
mod error;
mod files;
mod inspect;
mod json;
mod normalize;
mod options;
mod pyc;
mod shells;
mod stage;
mod verify;
mod worker;

use std::ffi::OsString;
use std::io::Write as _;

#[doc(hidden)]
pub use compile::excluding;
use error::Error;

const HELP: &str = "\
Compiles, lists, compares and normalises the .pyc files of CPython, without any Python.

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
  completions SHELL  Print a script that completes the command line in bash, zsh or fish
  man              Print the manual page
  help COMMAND     Print a command's options

Options:
  -h, --help     Print this; after a command, that command's options
  -V, --version  Print the version

NO_COLOR, CLICOLOR_FORCE and TERM=dumb mean what they mean to other programs.
";

/// A command; its options are parsed from its help text.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) run: fn(&mut lexopt::Parser) -> Result<Status, Error>,
}

/// All commands in the order of the help.
pub(crate) const COMMANDS: &[Command] = &[
    Command { name: "compile", help: compile::HELP, run: compile::run },
    Command { name: "dis", help: dis::HELP, run: dis::run },
    Command { name: "diff", help: diff::HELP, run: diff::run },
    Command { name: "normalize", help: normalize::HELP, run: normalize::run },
    Command { name: "inspect", help: inspect::HELP, run: inspect::run },
    Command { name: "verify", help: verify::HELP, run: verify::run },
    Command { name: "worker", help: worker::HELP, run: worker::run },
    shells::COMPLETIONS,
    shells::MAN,
];

/// The output format of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Format {
    #[default]
    Text,
    Json,
}

/// The outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Success.
    Good = 0,
    /// A file was refused, damaged or different.
    Bad = 1,
    /// The command line is invalid, or a file can't be read or written.
    Failed = 2,
}

impl Status {
    /// The process's exit code.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        self as u8
    }
}

/// Runs the command with `arguments`, which exclude the program's name, and prints the result.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Status {
    match run(&mut lexopt::Parser::from_args(arguments)) {
        Ok(status) => status,
        // The reader of the output has exited, as `head` does; that isn't an error.
        Err(error) if error.is_closed_pipe() => Status::Good,
        Err(error) => {
            error::print_error(&error);
            Status::Failed
        }
    }
}

/// Selects the command, which parses the rest of the command line itself.
fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    use lexopt::prelude::{Long, Short, Value};

    let Some(argument) = parser.next()? else { return help(HELP) };
    match argument {
        Short('h') | Long("help") => help(HELP),
        Short('V') | Long("version") => {
            help(concat!("include-py ", env!("CARGO_PKG_VERSION"), "\n"))
        }
        Value(name) if name == "help" => match parser.next()? {
            None => help(HELP),
            Some(Value(name)) => help(command(&name.to_string_lossy())?.help),
            Some(other) => Err(other.unexpected().into()),
        },
        Value(name) => {
            let command = command(&name.to_string_lossy())?;
            (command.run)(parser).map_err(|error| suggested(error, command))
        }
        Long(option) => Err(misplaced(&format!("--{option}"))),
        Short(option) => Err(misplaced(&format!("-{option}"))),
    }
}

fn command(name: &str) -> Result<&'static Command, Error> {
    COMMANDS.iter().find(|command| command.name == name).ok_or_else(|| {
        let near = options::suggestion(name, COMMANDS.iter().map(|command| command.name));
        let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
        Error::usage(&format!("there is no command `{name}`{hint}"))
    })
}

/// Adds a suggestion to the error for an unknown option.
fn suggested(error: Error, command: &Command) -> Error {
    let Error::NoOption(option) = &error else { return error };
    let all = options::described(command.help);
    let near = option
        .strip_prefix("--")
        .and_then(|word| options::suggestion(word, all.iter().filter_map(|option| option.long)));
    let hint = near.map_or(String::new(), |near| format!(" (did you mean `--{near}`?)"));
    Error::usage(&format!("`{}` has no option `{option}`{hint}", command.name))
}

fn misplaced(option: &str) -> Error {
    Error::usage(&format!("options such as `{option}` come after the command"))
}

/// Prints a help text.
fn help(text: &str) -> Result<Status, Error> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Status::Good)
}
