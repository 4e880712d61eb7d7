//! Errors of using a bundle in an interpreter.
//!
//! Every [`Error`] says what to do next. Converted to a `PyErr`, it is an `ImportError`.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use include_py_bundle::Target;
use pyo3::{PyErr, exceptions::PyImportError};

/// Why a bundle can't be used, or an interpreter can't be started.
pub struct Error {
    repr: Box<Repr>,
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bundle's bytes aren't what `include-py-build` wrote.
    Damaged,
    /// The bundle or the program was made for another version of Python.
    Version,
    /// Another bundle of the same name is installed.
    NameClash,
    /// The bundle's file can't be read.
    File,
    /// The current interpreter is a sub-interpreter.
    SubInterpreter,
    /// An interpreter runs already, or is being started.
    Running,
    /// Python has ended in this process or is ending.
    Ended,
    /// CPython failed to start.
    Start,
    /// The name of a module that is linked into the program is already used.
    Module,
}

enum Repr {
    Damaged { bundle: String, source: include_py_bundle::Error },
    Version { bundle: String, made_for: Vec<Target>, running: String },
    Linked { built_for: &'static str, running: String },
    NameClash { bundle: String },
    File { path: PathBuf, source: io::Error },
    SubInterpreter { bundle: String },
    Running { bundle: String },
    Starting { bundle: String },
    Ended { bundle: String },
    Start { function: Option<String>, message: String },
    Module { name: String, why: String },
}

impl Error {
    pub(crate) fn damaged(bundle: &str, source: include_py_bundle::Error) -> Self {
        Repr::Damaged { bundle: bundle.to_owned(), source }.into()
    }

    pub(crate) fn version(bundle: &str, made_for: Vec<Target>, running: String) -> Self {
        Repr::Version { bundle: bundle.to_owned(), made_for, running }.into()
    }

    pub(crate) fn linked(built_for: &'static str, running: String) -> Self {
        Repr::Linked { built_for, running }.into()
    }

    pub(crate) fn name_clash(bundle: &str) -> Self {
        Repr::NameClash { bundle: bundle.to_owned() }.into()
    }

    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        Repr::File { path: path.to_owned(), source }.into()
    }

    pub(crate) fn sub_interpreter(bundle: &str) -> Self {
        Repr::SubInterpreter { bundle: bundle.to_owned() }.into()
    }

    #[cfg(unix)]
    pub(crate) fn running(bundle: &str) -> Self {
        Repr::Running { bundle: bundle.to_owned() }.into()
    }

    #[cfg(unix)]
    pub(crate) fn starting(bundle: &str) -> Self {
        Repr::Starting { bundle: bundle.to_owned() }.into()
    }

    #[cfg(unix)]
    pub(crate) fn ended(bundle: &str) -> Self {
        Repr::Ended { bundle: bundle.to_owned() }.into()
    }

    #[cfg(unix)]
    pub(crate) fn start(function: Option<String>, message: String) -> Self {
        Repr::Start { function, message }.into()
    }

    #[cfg(unix)]
    pub(crate) fn module(name: &str, why: String) -> Self {
        Repr::Module { name: name.to_owned(), why }.into()
    }

    /// The kind of error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match *self.repr {
            Repr::Damaged { .. } => ErrorKind::Damaged,
            Repr::Version { .. } | Repr::Linked { .. } => ErrorKind::Version,
            Repr::NameClash { .. } => ErrorKind::NameClash,
            Repr::File { .. } => ErrorKind::File,
            Repr::SubInterpreter { .. } => ErrorKind::SubInterpreter,
            Repr::Running { .. } | Repr::Starting { .. } => ErrorKind::Running,
            Repr::Ended { .. } => ErrorKind::Ended,
            Repr::Start { .. } => ErrorKind::Start,
            Repr::Module { .. } => ErrorKind::Module,
        }
    }
}

impl From<Repr> for Error {
    fn from(repr: Repr) -> Self {
        Self { repr: Box::new(repr) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.repr {
            Repr::Damaged { bundle, source } => write!(f, "bundle `{bundle}` is damaged: {source}"),
            Repr::Version { bundle, made_for, running } => {
                write!(f, "bundle `{bundle}` holds bytecode for ")?;
                for (i, target) in made_for.iter().enumerate() {
                    let separator = if i == 0 { "" } else { " and " };
                    write!(f, "{separator}{target}")?;
                }
                write!(
                    f,
                    ", but this process runs {running}: rebuild the program with `PYO3_PYTHON` set \
                     to the interpreter it will run with, or let it find the libpython it was \
                     built against"
                )
            }
            Repr::Linked { built_for, running } => write!(
                f,
                "this program was built for CPython {built_for}, but runs with {running}: let it find \
                 the libpython it was built against"
            ),
            Repr::NameClash { bundle } => write!(
                f,
                "another bundle named `{bundle}` is installed already: give one of them another \
                 name in its build script, or another root with `Volume::at`"
            ),
            Repr::File { path, source } => write!(
                f,
                "the bundle `{}` can't be read: {source}: correct the path or its permissions",
                path.display()
            ),
            Repr::SubInterpreter { bundle } => write!(
                f,
                "bundle `{bundle}` can't be installed in a sub-interpreter, since PyO3's classes \
                 belong to the main one: import what it holds there, or put the modules that \
                 sub-interpreters need on disk"
            ),
            Repr::Running { bundle } => write!(
                f,
                "a Python interpreter runs already in this process: make bundle `{bundle}` \
                 importable in it with `App::install` instead"
            ),
            Repr::Starting { bundle } => write!(
                f,
                "another thread is starting Python in this process: start it once, and make bundle \
                 `{bundle}` importable with `Host::bundle` or `App::install`"
            ),
            Repr::Ended { bundle } => write!(
                f,
                "Python has ended in this process and can't be started again, so bundle `{bundle}` \
                 isn't importable: do all that needs Python inside one call of `include_py::run`, \
                 or start it with `Host::start`"
            ),
            Repr::Start { function: Some(function), message } => {
                write!(f, "Python could not be started: {message} (in `{function}`)")
            }
            Repr::Module { name, why } => {
                write!(f, "the module `{name}` can't be linked into the program: {why}")
            }
            Repr::Start { function: None, message } => {
                write!(f, "Python could not be started: {message}")
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("message", &self.to_string())
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.repr {
            Repr::Damaged { source, .. } => Some(source),
            Repr::File { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        PyImportError::new_err(error.to_string())
    }
}
