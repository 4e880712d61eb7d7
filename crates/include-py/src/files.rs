//! Serves the bundle's files to code that uses paths: `open(os.path.join(os.path.dirname(__file__),
//! "x"))`.
//!
//! [`serve`] replaces the functions in the [`table`]. For a path below the bundle's virtual root,
//! the replacements behave as if the bundle were a read-only file system. Other paths are passed to
//! the original function.
//!
//! `os.path`, `pathlib`, `glob`, `shutil`, `os.walk` and `os.fwalk` are Python code based on these
//! functions. C code that opens files itself doesn't see the bundle, and neither do other
//! processes.

mod change;
mod descriptor;
mod directory;
mod function;
mod locate;
mod open;
mod scan;
mod signature;
mod stat;
mod stream;
mod table;

use std::{
    ffi::{CStr, CString},
    sync::Arc,
};

use pyo3::{
    exceptions::PyOSError,
    intern,
    prelude::*,
    types::{PyCFunction, PyDict, PySet, PyString, PyTuple},
};

use crate::{mount::Mount, resources::BundlePath};
use locate::{Found, find};
pub(crate) use open::Opening;
use signature::Signature;
use table::{Answer, KEEPERS, Pair, ROWS, Row};

/// Sets of functions by which code checks what the system supports: `shutil.rmtree` is safe against
/// races only if they contain `os.stat` and `os.scandir`.
const ABILITIES: &[&str] =
    &["supports_dir_fd", "supports_effective_ids", "supports_fd", "supports_follow_symlinks"];

/// A call of a function with a path in the bundle.
struct Call<'a, 'py> {
    py: Python<'py>,
    target: BundlePath,
    /// The path argument; `None` if it is missing.
    path: Option<Bound<'py, PyAny>>,
    args: &'a Bound<'py, PyTuple>,
    kwargs: Option<&'a Bound<'py, PyDict>>,
    /// The original function.
    before: &'a Bound<'py, PyAny>,
}

/// The `os.stat_result` of a file or directory in the bundle; `None` if the path doesn't exist.
pub(crate) fn state<'py>(
    py: Python<'py>,
    path: &BundlePath,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    stat::of(py, path)
}

/// The `os.stat_result` of an empty file at this path.
pub(crate) fn state_of_absent<'py>(
    py: Python<'py>,
    path: &BundlePath,
) -> PyResult<Bound<'py, PyAny>> {
    stat::result(py, path, stat::FILE, 0)
}

/// The system's message for an error number.
pub(crate) fn message(number: i32) -> String {
    errno::text(number)
}

/// Replaces the functions. Those of a second bundle are called before those of the first.
pub(crate) fn serve(py: Python<'_>, mount: &Arc<Mount>) -> PyResult<()> {
    let os = py.import("os")?;
    let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
    descriptor::keep_fstat(py)?;
    let mut abilities = Vec::new();
    for ability in ABILITIES {
        abilities.push(os.getattr(*ability)?.cast_into::<PySet>()?);
    }
    for row in ROWS {
        let name = &*row.name.to_string_lossy();
        // Not all systems have all functions.
        let Some(original) = py.import(row.places[0])?.getattr_opt(name)? else { continue };
        let replacement = replacement(&original, row, mount)?;
        for place in row.places {
            py.import(*place)?.setattr(name, &replacement)?;
        }
        for (module, attribute) in KEEPERS {
            let Some(mut holder) = modules.get_item(module)? else { continue };
            let mut names = attribute.split('.').peekable();
            while let Some(name) = names.next() {
                let Some(kept) = holder.getattr_opt(name)? else { break };
                if names.peek().is_some() {
                    holder = kept;
                } else if kept.is(&original) {
                    holder.setattr(name, &replacement)?;
                }
            }
        }
        for able in &abilities {
            if able.contains(&original)? {
                able.add(&replacement)?;
            }
        }
    }
    Ok(())
}

fn replacement<'py>(
    original: &Bound<'py, PyAny>,
    row: &'static Row,
    mount: &Arc<Mount>,
) -> PyResult<Bound<'py, PyAny>> {
    let (before, mount) = (original.clone().unbind(), Arc::clone(mount));
    let text = original.getattr_opt(intern!(original.py(), "__text_signature__"))?;
    let text: Option<String> = text.and_then(|text| text.extract().ok());
    let signature = text.and_then(|text| Signature::read(&text));
    let function = move |args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>| {
        let py = args.py();
        let before = before.bind(py);
        if signature.as_ref().is_some_and(|signature| !signature.fits(args, kwargs)) {
            return before.call(args, kwargs).map(Bound::unbind);
        }
        answer(row, &mount, before, args, kwargs).map(Bound::unbind)
    };
    let doc = documentation(original, row)?;
    let closure = PyCFunction::new_closure(original.py(), Some(row.name), Some(doc), function)?;
    function::of_module(closure, row.places[0], row.name, doc)
}

fn answer<'py>(
    row: &Row,
    mount: &Arc<Mount>,
    before: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = args.py();
    match row.answer {
        Answer::Path(parameter, answer) => {
            let path = argument(args, kwargs, 0, parameter)?;
            match find(mount, path.as_ref(), args, kwargs, "dir_fd")? {
                Found::Inside(target) => answer(&Call { py, target, path, args, kwargs, before }),
                Found::Outside if row.leaves() => directory::leave(|| before.call(args, kwargs)),
                Found::Outside | Found::Unknown => before.call(args, kwargs),
                Found::Elsewhere(path) => {
                    let rest = args.get_slice(1, args.len());
                    let args = PyTuple::new(py, [path])?.add(rest)?.cast_into::<PyTuple>()?;
                    let kwargs = kwargs.map(PyDictMethods::copy).transpose()?;
                    if let Some(kwargs) = &kwargs {
                        if kwargs.contains(parameter)? {
                            kwargs.del_item(parameter)?;
                        }
                    }
                    let call = || before.call(args, kwargs.as_ref());
                    if row.leaves() { directory::leave(call) } else { call() }
                }
            }
        }
        Answer::Paths(answer) => {
            let from = argument(args, kwargs, 0, "src")?;
            let to = argument(args, kwargs, 1, "dst")?;
            match answer(&Pair { mount, from: from.as_ref(), to: to.as_ref(), args, kwargs })? {
                Some(number) => Err(error(number, from, to)),
                None => before.call(args, kwargs),
            }
        }
        Answer::Directory(answer) => match answer(py) {
            Some(directory) => Ok(directory),
            None => before.call(args, kwargs),
        },
    }
}

/// The original's signature in the form that `inspect` reads, and its documentation.
///
/// It is leaked, because the function also lives as long as the process.
fn documentation(original: &Bound<'_, PyAny>, row: &Row) -> PyResult<&'static CStr> {
    let py = original.py();
    let text = |attribute| -> PyResult<String> {
        let text = original.getattr_opt(attribute)?;
        Ok(text.and_then(|text| text.extract().ok()).unwrap_or_default())
    };
    let (signature, doc) =
        (text(intern!(py, "__text_signature__"))?, text(intern!(py, "__doc__"))?);
    let name = row.name.to_string_lossy();
    let whole = if signature.is_empty() { doc } else { format!("{name}{signature}\n--\n\n{doc}") };
    Ok(Box::leak(CString::new(whole).unwrap_or_default().into_boxed_c_str()))
}

/// The argument at this position or with this name.
fn argument<'py>(
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
    position: usize,
    name: &str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    match args.get_item(position) {
        Ok(argument) => Ok(Some(argument)),
        Err(_) => kwargs.map_or(Ok(None), |kwargs| kwargs.get_item(name)),
    }
}

/// An `OSError` with this number, as its subclass, with the system's message.
///
/// This must not import anything, because `linecache` checks for missing files while Python shuts
/// down.
fn error(number: i32, path: Option<Bound<'_, PyAny>>, to: Option<Bound<'_, PyAny>>) -> PyErr {
    let message = errno::text(number);
    // Paths are shown as they were passed to the system.
    let plain = |path: Option<Bound<'_, PyAny>>| {
        path.map(|path| locate::plain(&path).map_or_else(|_| path.clone().unbind(), Bound::unbind))
    };
    match (plain(path), plain(to)) {
        (Some(path), Some(to)) => {
            let none: Option<i32> = None;
            PyOSError::new_err((number, message, path, none, to))
        }
        (Some(path), None) => PyOSError::new_err((number, message, path)),
        _ => PyOSError::new_err((number, message)),
    }
}

impl<'py> Call<'_, 'py> {
    fn argument(&self, position: usize, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        argument(self.args, self.kwargs, position, name)
    }

    /// Calls the original function.
    fn pass_on(&self) -> PyResult<Bound<'py, PyAny>> {
        self.before.call(self.args, self.kwargs)
    }

    /// `os.fspath(path)`, the form that a stream has as its name.
    fn plain(&self) -> PyResult<Bound<'py, PyAny>> {
        match &self.path {
            Some(path) => locate::plain(path),
            None => Ok(PyString::new(self.py, ".").into_any()),
        }
    }

    fn error(&self, number: i32) -> PyErr {
        error(number, self.path.clone(), None)
    }

    /// An error for a path in the bundle other than the argument.
    fn error_at(&self, number: i32, path: &BundlePath) -> PyErr {
        error(number, Some(PyString::new(self.py, &path.outer()).into_any()), None)
    }

    /// The error for a path that doesn't exist.
    fn missing(&self) -> PyErr {
        self.error(missing(&self.target))
    }
}

/// The error number for a path that doesn't exist.
pub(crate) fn missing(path: &BundlePath) -> i32 {
    /// The limit of Linux and macOS, in bytes.
    const LONGEST: usize = 255;
    let mut absent = path.clone();
    while !absent.is_root() {
        let above = absent.above();
        if above.is_file().unwrap_or(false) {
            return errno::NOT_A_DIRECTORY;
        }
        if above.is_directory().unwrap_or(false) {
            break;
        }
        absent = above;
    }
    if absent.name().len() > LONGEST { errno::NAME_TOO_LONG } else { errno::NOT_FOUND }
}

/// Error numbers; they are the same on all systems supported by Python, unless noted.
mod errno {
    pub(super) use crate::resources::{IS_A_DIRECTORY, NOT_A_DIRECTORY, NOT_FOUND};

    /// `EEXIST`.
    pub(super) const EXISTS: i32 = 17;
    /// `EXDEV`.
    pub(super) const CROSS_DEVICE: i32 = 18;
    /// `EINVAL`.
    pub(super) const INVALID: i32 = 22;
    /// `EROFS`.
    pub(super) const READ_ONLY: i32 = 30;
    /// `ENAMETOOLONG`.
    pub(super) const NAME_TOO_LONG: i32 = if cfg!(target_os = "linux") { 36 } else { 63 };
    /// `ENODATA`, of extended attributes; only Linux has the functions for them.
    pub(super) const NO_DATA: i32 = 61;

    /// The system's text for it.
    pub(super) fn text(number: i32) -> String {
        let text = std::io::Error::from_raw_os_error(number).to_string();
        // Rust appends the number to the message.
        text.split(" (os error ").next().unwrap_or_default().to_owned()
    }
}
