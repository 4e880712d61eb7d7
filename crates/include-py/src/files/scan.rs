//! `os.listdir` and `os.scandir` for directories in the bundle.
//!
//! `os.scandir` returns an iterator that is also a context manager; its entries are like
//! `os.DirEntry`.

use std::{path::MAIN_SEPARATOR, sync::Mutex, vec};

use pyo3::{
    exceptions::PyFileNotFoundError,
    prelude::*,
    types::{PyBytes, PyInt, PyList, PyString},
};

use super::{Call, errno, stat};
use crate::resources::BundlePath;

pub(super) fn listdir<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let spelling = Spelling::of(call.path.as_ref());
    let names = children(call)?.into_iter().map(|child| spelling.write(call.py, child.name()));
    Ok(PyList::new(call.py, names.collect::<Vec<_>>())?.into_any())
}

pub(super) fn scandir<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let spelling = Spelling::of(call.path.as_ref());
    let directory = match &call.path {
        // If the directory was given as a descriptor, the entries' paths are their names.
        Some(path) if path.is_instance_of::<PyInt>() => None,
        _ => Some(given(&call.plain()?)?),
    };
    let entries: Vec<Entry> = children(call)?
        .into_iter()
        .map(|path| Entry { path, spelling, directory: directory.clone() })
        .collect();
    Ok(Bound::new(call.py, Scan { entries: Mutex::new(entries.into_iter()) })?.into_any())
}

fn children(call: &Call<'_, '_>) -> PyResult<Vec<BundlePath>> {
    if call.target.is_directory()? {
        call.target.children()
    } else if call.target.is_file()? {
        Err(call.error(errno::NOT_A_DIRECTORY))
    } else {
        Err(call.missing())
    }
}

/// The type of the argument, which is also that of the names: `str` or `bytes`.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    Text,
    Bytes,
}

impl Spelling {
    fn of(path: Option<&Bound<'_, PyAny>>) -> Self {
        if path.is_some_and(PyAnyMethods::is_instance_of::<PyBytes>) {
            Self::Bytes
        } else {
            Self::Text
        }
    }

    fn write<'py>(self, py: Python<'py>, text: &str) -> Bound<'py, PyAny> {
        match self {
            Self::Text => PyString::new(py, text).into_any(),
            Self::Bytes => PyBytes::new(py, text.as_bytes()).into_any(),
        }
    }
}

/// The path as text. It leads into a bundle, so it is valid UTF-8.
fn given(path: &Bound<'_, PyAny>) -> PyResult<String> {
    path.py().import("os")?.call_method1("fsdecode", (path,))?.extract()
}

/// What `os.scandir` returns.
#[pyclass(frozen, module = "include_py", name = "BundleScan")]
struct Scan {
    entries: Mutex<vec::IntoIter<Entry>>,
}

#[pymethods]
impl Scan {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self) -> Option<Entry> {
        self.entries.lock().ok()?.next()
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyAny>) {
        self.close();
    }

    /// Ends the iteration.
    fn close(&self) {
        if let Ok(mut entries) = self.entries.lock() {
            *entries = Vec::new().into_iter();
        }
    }
}

/// An entry of a directory, with the attributes of `os.DirEntry`.
#[pyclass(frozen, module = "include_py", name = "BundleDirEntry")]
struct Entry {
    path: BundlePath,
    spelling: Spelling,
    directory: Option<String>,
}

#[pymethods]
impl Entry {
    /// Its name in the directory.
    #[getter]
    fn name<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.spelling.write(py, self.path.name())
    }

    /// The directory's path as it was passed to `os.scandir`, joined with the name.
    #[getter(path)]
    fn full<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        let Some(directory) = &self.directory else { return self.name(py) };
        let separator = if directory.ends_with(MAIN_SEPARATOR) { "" } else { SEPARATOR };
        let path = format!("{directory}{separator}{}", self.path.name());
        self.spelling.write(py, &path)
    }

    #[pyo3(signature = (*, follow_symlinks=true))]
    fn is_dir(&self, follow_symlinks: bool) -> PyResult<bool> {
        let _ = follow_symlinks;
        self.path.is_directory()
    }

    #[pyo3(signature = (*, follow_symlinks=true))]
    fn is_file(&self, follow_symlinks: bool) -> PyResult<bool> {
        let _ = follow_symlinks;
        self.path.is_file()
    }

    #[expect(clippy::unused_self, reason = "it is a method of every entry")]
    fn is_symlink(&self) -> bool {
        false
    }

    #[expect(clippy::unused_self, reason = "it is a method of every entry")]
    fn is_junction(&self) -> bool {
        false
    }

    fn inode(&self) -> u64 {
        stat::inode(&self.path)
    }

    #[pyo3(signature = (*, follow_symlinks=true))]
    fn stat<'py>(&self, py: Python<'py>, follow_symlinks: bool) -> PyResult<Bound<'py, PyAny>> {
        let _ = follow_symlinks;
        stat::of(py, &self.path)?
            .ok_or_else(|| PyFileNotFoundError::new_err(self.path.name().to_owned()))
    }

    fn __fspath__<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.full(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<DirEntry {}>", self.name(py).repr()?))
    }
}

const SEPARATOR: &str = std::path::MAIN_SEPARATOR_STR;
