//! Runs the code of a Python command line as `__main__` (`main.c: pymain_run_python`, 3.11 to
//! 3.13).
//!
//! | line | code | `sys.path[0]` |
//! |---|---|---|
//! | `-c CODE` | the argument | `''` |
//! | `-m MODULE` | what `runpy` finds | the current directory |
//! | `SCRIPT` | the file, on disk or in a bundle | its directory |
//! | `DIRECTORY`, `ARCHIVE` | its `__main__` | itself |
//! | `-`, nothing | standard input | `''` |
//!
//! CPython's own `Py_RunMain` does the same and then frees the interpreter. If a daemon thread is
//! then in one of our functions, the process aborts: before 3.14, CPython unwinds such threads
//! (`ceval_gil.c: take_gil`), which Rust doesn't allow. `Py_RunMain` is only used for interactive
//! sessions.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::Path,
};

use pyo3::{exceptions::PySystemExit, ffi, prelude::*, types::PyList};

use super::super::{
    Host,
    command::{Runs, Script},
};
use super::stream;

/// The exit status for a script that can't be read (`main.c: pymain_run_file_obj`).
const UNREADABLE: u8 = 2;

/// Runs a command line, whose first argument is the program's name.
pub(super) fn run(py: Python<'_>, host: &Host, line: &[OsString]) -> PyResult<()> {
    match Runs::of(line) {
        Some(Runs::Code(code)) => command(py, code),
        Some(Runs::Module(name, _)) => module(py, name),
        Some(Runs::Script(index)) => match host.script(line).filter(Script::is_file) {
            Some(script) => {
                let finder = script.app().mount(py, host.file_names)?;
                execute(py, script.directory(), script.path(), &script.code(&finder)?)
            }
            None => script(py, &line[0], &line[index + 1]),
        },
        Some(Runs::Input | Runs::Nothing | Runs::Incomplete) | None => input(py),
    }
}

fn command(py: Python<'_>, code: &OsStr) -> PyResult<()> {
    let sys = py.import("sys")?;
    sys.call_method1("audit", ("cpython.run_command", code))?;
    search(&sys, OsStr::new(""))?;
    let compiled = compile(py, code.into_pyobject(py)?.as_any(), "<string>".as_ref())?;
    #[cfg(Py_3_13)]
    show_in_tracebacks(&compiled, code)?;
    exec(py, &compiled)
}

/// Makes tracebacks show the code of `-c` (`pythonrun.c: _PyRun_SimpleStringFlagsWithName`, 3.13).
#[cfg(Py_3_13)]
fn show_in_tracebacks(compiled: &Bound<'_, PyAny>, code: &OsStr) -> PyResult<()> {
    const NAME: &str = "<string>";
    let Ok(linecache) = compiled.py().import("linecache") else { return Ok(()) };
    // 3.13.0 stores the lines under the file name, later releases under the code object.
    if linecache.hasattr("_interactive_cache")? {
        linecache.call_method1("_register_code", (compiled, code, NAME))?;
    } else {
        linecache.call_method1("_register_code", (NAME, code, NAME))?;
    }
    Ok(())
}

fn module(py: Python<'_>, name: &OsStr) -> PyResult<()> {
    let sys = py.import("sys")?;
    sys.call_method1("audit", ("cpython.run_module", name))?;
    if let Ok(directory) = env::current_dir() {
        search(&sys, directory.as_os_str())?;
    }
    py.import("runpy")?.call_method1("_run_module_as_main", (name,)).map(drop)
}

/// A file, a directory or an archive.
fn script(py: Python<'_>, program: &OsStr, argument: &OsStr) -> PyResult<()> {
    let sys = py.import("sys")?;
    let path = env::current_dir().unwrap_or_default().join(argument);
    if has_importer(py, path.as_os_str())? {
        // This is done even with `-I`, because there is nothing else to run (`main.c:
        // pymain_run_python`).
        sys.getattr("path")?.cast::<PyList>()?.insert(0, path.as_os_str())?;
        return py
            .import("runpy")?
            .call_method1("_run_module_as_main", ("__main__", false))
            .map(drop);
    }
    sys.call_method1("audit", ("cpython.run_file", path.as_os_str()))?;
    let file = match py.import("_io")?.call_method1("open_code", (path.as_os_str(),)) {
        Ok(file) => file,
        Err(error) => return Err(unreadable(py, program, &path, error)),
    };
    let directory = path.canonicalize().ok().and_then(|real| Some(real.parent()?.to_owned()));
    let directory = directory.as_deref().or_else(|| path.parent()).unwrap_or(Path::new(""));
    search(&sys, directory.as_os_str())?;
    be_file(py, &path)?;
    if path.extension().is_some_and(|suffix| suffix == "pyc") {
        let external = py.import("_frozen_importlib_external")?;
        let loader =
            external.call_method1("SourcelessFileLoader", ("__main__", path.as_os_str()))?;
        return exec(py, &loader.call_method1("get_code", ("__main__",))?);
    }
    stream::run(py, &file, &path)
}

fn input(py: Python<'_>) -> PyResult<()> {
    let sys = py.import("sys")?;
    sys.call_method1("audit", ("cpython.run_stdin",))?;
    search(&sys, OsStr::new(""))?;
    let stream = sys.getattr("stdin")?;
    if stream.is_none() {
        return Ok(());
    }
    let name = Path::new("<stdin>");
    be_file(py, name)?;
    // Another file with the same descriptor, which stays open when that file is closed.
    let descriptor = stream.call_method0("fileno")?;
    let file = py.import("_io")?.call_method1("FileIO", (descriptor, "rb", false))?;
    stream::run(py, &file, name)
}

/// Runs the code of a file.
fn execute(py: Python<'_>, directory: &Path, path: &Path, code: &Bound<'_, PyAny>) -> PyResult<()> {
    search(&py.import("sys")?, directory.as_os_str())?;
    be_file(py, path)?;
    exec(py, code)
}

/// Sets the attributes of a `__main__` that comes from a file (`pythonrun.c:
/// _PyRun_SimpleFileObject`, 3.13).
fn be_file(py: Python<'_>, path: &Path) -> PyResult<()> {
    let external = py.import("_frozen_importlib_external")?;
    let class = match path.extension() {
        Some(suffix) if suffix == "pyc" => "SourcelessFileLoader",
        _ => "SourceFileLoader",
    };
    let loader = external.call_method1(class, ("__main__", path.as_os_str()))?;
    let namespace = py.import("__main__")?.dict();
    namespace.set_item("__file__", path.as_os_str())?;
    namespace.set_item("__cached__", py.None())?;
    namespace.set_item("__loader__", loader)
}

/// Inserts the first directory into `sys.path`, unless `-I` or `-P` is given.
fn search(sys: &Bound<'_, PyModule>, directory: &OsStr) -> PyResult<()> {
    if sys.getattr("flags")?.getattr("safe_path")?.is_truthy()? {
        return Ok(());
    }
    sys.getattr("path")?.cast::<PyList>()?.insert(0, directory)
}

pub(super) fn compile<'py>(
    py: Python<'py>,
    source: &Bound<'py, PyAny>,
    name: &Path,
) -> PyResult<Bound<'py, PyAny>> {
    py.import("builtins")?.call_method1("compile", (source, name.as_os_str(), "exec", 0, true))
}

pub(super) fn exec(py: Python<'_>, code: &Bound<'_, PyAny>) -> PyResult<()> {
    let namespace = py.import("__main__")?.dict();
    py.import("builtins")?.call_method1("exec", (code, namespace)).map(drop)
}

/// Whether a path can be imported from (`main.c: pymain_get_importer`).
fn has_importer(py: Python<'_>, path: &OsStr) -> PyResult<bool> {
    let path = path.into_pyobject(py)?;
    // SAFETY: the thread is attached, and the argument is an object that outlives the call.
    let importer =
        unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyImport_GetImporter(path.as_ptr()))? };
    Ok(!importer.is_none())
}

/// Prints the message of `python` for a script that it can't open.
fn unreadable(py: Python<'_>, program: &OsStr, path: &Path, error: PyErr) -> PyErr {
    let value = error.value(py);
    let part = |name| value.getattr(name).and_then(|part| part.extract::<String>());
    let number = value.getattr("errno").and_then(|number| number.extract::<i32>());
    let (Ok(number), Ok(text)) = (number, part("strerror")) else { return error };
    let Ok(shown) = path.as_os_str().into_pyobject(py);
    let shown = shown.repr().map(|shown| shown.to_string()).unwrap_or_default();
    let program = program.to_string_lossy();
    eprintln!("{program}: can't open file {shown}: [Errno {number}] {text}");
    PySystemExit::new_err(UNREADABLE)
}
