//! The errors of the command, with the path of the file.
//!
//! `old.pyc: magic number 3394 belongs to no final release from 3.8 to 3.15 at byte 0`

use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::Status;
use crate::colour::Colour;

/// Prints an error on standard error. If that fails, it can't be reported anywhere.
pub(crate) fn print_error(error: &Error) {
    let colour = Colour::of(&io::stderr());
    let _ = writeln!(io::stderr(), "{} {error}", colour.red("include-py:"));
}

/// Calls `work` for each file. If it fails, the error is printed, the other files are processed,
/// and the exit code is 2. Usage errors and output errors end the command at once.
pub(crate) fn for_each(
    files: &[PathBuf],
    mut work: impl FnMut(&Path) -> Result<(), Error>,
) -> Result<Status, Error> {
    let mut code = Status::Good;
    for path in files {
        match work(path) {
            Err(error @ (Error::Output(_) | Error::Usage(_) | Error::NoOption(_))) => {
                return Err(error);
            }
            Err(error) => {
                print_error(&error);
                code = Status::Failed;
            }
            Ok(()) => {}
        }
    }
    Ok(code)
}

/// An error of the command.
#[derive(Debug)]
pub(crate) enum Error {
    /// The command line is invalid.
    Usage(String),
    /// The command doesn't have this option.
    NoOption(String),
    /// A file can't be read or written.
    Io(PathBuf, io::Error),
    /// A file isn't a valid `.pyc`.
    Pyc(PathBuf, pyc_code::Error),
    /// The source of a `.pyc` has changed since it was compiled.
    Stale(PathBuf, PathBuf),
    /// A bundle can't be read.
    Bundle(PathBuf, include_py_bundle::Error),
    /// A file contains no bundle.
    NoBundle(PathBuf),
    /// A program or library whose end is missing, and what to say of it.
    Incomplete(PathBuf, String),
    /// A source can't be compiled, or the requested stage can't be shown.
    Source(String),
    /// Standard input can't be read.
    Input(io::Error),
    /// The output can't be written.
    Output(io::Error),
}

impl Error {
    pub(crate) fn usage(message: &str) -> Self {
        Self::Usage(message.to_owned())
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |error| Self::Io(path.to_owned(), error)
    }

    pub(crate) fn pyc(path: &Path) -> impl FnOnce(pyc_code::Error) -> Self {
        |error| Self::Pyc(path.to_owned(), error)
    }

    /// Whether the reader of the output has exited, as `head` does.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOption(option) => {
                write!(f, "there is no option `{option}`, see `include-py --help`")
            }
            Self::Usage(message) => write!(f, "{message}, see `include-py --help`"),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Pyc(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Stale(path, source) => write!(
                f,
                "{}: stale: `{}` has changed since it was compiled, so compile it again",
                path.display(),
                source.display()
            ),
            Self::Bundle(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Incomplete(path, fault) => write!(f, "{}: {fault}", path.display()),
            Self::NoBundle(path) => write!(
                f,
                "{}: there is no bundle in it; name a program that include-py was linked into, or \
                 an `app.bundle`",
                path.display()
            ),
            Self::Source(message) => f.write_str(message),
            Self::Input(error) => write!(f, "can't read the input: {error}"),
            Self::Output(error) => write!(f, "can't write the output: {error}"),
        }
    }
}

impl From<lexopt::Error> for Error {
    fn from(error: lexopt::Error) -> Self {
        match error {
            lexopt::Error::UnexpectedOption(option) => Self::NoOption(option),
            other => Self::Usage(other.to_string()),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
