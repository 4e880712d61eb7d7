//! Runs the program as `python`: runs a Python command line in an interpreter that imports from the
//! bundles.
//!
//! Example: `tool -c "import app; print(app)"`, started by Python code of `tool`. CPython parses
//! the line. The host provides the configuration and the importer, and runs the code.

mod code;
mod stream;

use std::{
    ffi::OsString,
    io::{self, IsTerminal},
    process,
};

use pyo3::{ffi, prelude::*, types::PyList};

use super::{
    Host, SignalHandlers,
    command::{Instead, REFUSED, Runs},
    config::{Line, Runner, Started},
    end, exit, life,
};
use crate::{App, Error, process as own};

/// Runs the command line if it is one of Python's. This is for programs that start Python
/// themselves, or that parse their arguments before they use [`Host`].
///
/// Call it first in `main`. It returns if the process should run the application. Otherwise the
/// process runs as a Python and ends. [`Host::run`] and [`Host::start`] do the same.
///
/// ```no_run
/// # fn program(APP: &'static include_py::App) -> pyo3::PyResult<()> {
/// include_py::run_python_command_line(&APP);
/// // After that, a parser may read the arguments.
/// pyo3::Python::initialize();
/// pyo3::Python::attach(|py| APP.install(py))
/// # }
/// ```
pub fn run_python_command_line(app: &'static App) {
    Host::new(app).run_python_command_line();
}

impl Host {
    /// Like [`run_python_command_line`], for programs with several bundles or other settings.
    pub fn run_python_command_line(self) {
        match self.command() {
            Ok(_) => own::expect_install(),
            Err(instead) => match life::Start::begin(self.apps[0].name()) {
                Ok(begun) => self.run_instead(begun, instead),
                Err(error) => fail(&error),
            },
        }
    }

    /// Runs what the process should run instead of the application.
    pub(super) fn run_instead(&self, begun: life::Start, instead: Instead) -> ! {
        match instead {
            Instead::Python(line) => match self.run_as_python(begun, &line) {
                Ok(status) => process::exit(status.into()),
                Err(error) => fail(&error),
            },
            Instead::Refused(message) => {
                eprintln!("error: {message}");
                process::exit(REFUSED.into())
            }
        }
    }

    /// Runs as a Python and returns the exit status. Python has ended afterwards, and nothing may
    /// attach to it.
    fn run_as_python(&self, begun: life::Start, line: &[OsString]) -> Result<u8, Error> {
        let runner = match self.bring_up(begun, &Line::Python(line))? {
            Started::Ended(status) => return Ok(status),
            Started::Running { runner, .. } => runner,
        };
        Python::attach(|py| search_environment(py, self.apps.len()))
            .map_err(|error| Error::start(None, error.to_string()))?;
        if runner == Runner::Host && !is_session(line) {
            return Ok(Python::attach(|py| {
                let status = exit::status(py, code::run(py, self, line));
                exit::code(status, end::end(py), SignalHandlers::Python)
            }));
        }
        // SAFETY: `bring_up` started the interpreter on this thread and detached it, so it is
        // attached here again, for the last time: `Py_RunMain` shuts Python down, and the process
        // ends.
        let status = unsafe {
            ffi::PyGILState_Ensure();
            ffi::Py_RunMain()
        };
        // The system keeps the lowest eight bits.
        Ok(status.to_le_bytes()[0])
    }
}

/// Whether a line starts an interactive session.
fn is_session(line: &[OsString]) -> bool {
    matches!(Runs::of(line), Some(Runs::Input | Runs::Nothing)) && io::stdin().is_terminal()
}

fn fail(error: &Error) -> ! {
    eprintln!("error: {error}");
    process::exit(1)
}

/// Adds the directories of `PYTHONPATH` to `sys.path` before the standard library, as `python`
/// does.
///
/// They are inserted after the first `after` entries, which are the bundles' roots. If the library
/// isn't in a bundle, CPython has already added them.
fn search_environment(py: Python<'_>, after: usize) -> PyResult<()> {
    let sys = py.import("sys")?;
    if sys.getattr("flags")?.getattr("ignore_environment")?.is_truthy()? {
        return Ok(());
    }
    let directories = own::python_path();
    if directories.is_empty() {
        return Ok(());
    }
    let path = sys.getattr("path")?.cast_into::<PyList>()?;
    let mut place = path.len().min(after);
    for directory in directories {
        if !path.contains(directory.as_os_str())? {
            path.insert(place, directory.as_os_str())?;
            place += 1;
        }
    }
    make_absolute(&path)
}

/// Makes the entries of `sys.path` absolute and unique, as `site` does when `python` starts
/// (`site.py: removeduppaths`, 3.13). So they stay valid when the current directory changes.
fn make_absolute(path: &Bound<'_, PyList>) -> PyResult<()> {
    let absolute = path.py().import("posixpath")?.getattr("abspath")?;
    let directories = PyList::empty(path.py());
    for entry in path {
        // There is no absolute path if the current directory was removed.
        let directory = absolute.call1((&entry,)).unwrap_or(entry);
        if !directories.contains(&directory)? {
            directories.append(directory)?;
        }
    }
    path.set_slice(0, path.len(), &directories)
}
