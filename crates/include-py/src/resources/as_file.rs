//! `importlib.resources.as_file` for files and directories of a bundle: makes a copy with the same
//! name in a temporary directory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use pyo3::{intern, prelude::*, types::PyDict};

use super::{BundlePath, pathlib};

/// The copied libraries, by the paths of the copies.
static LIBRARIES: Mutex<BTreeMap<String, BundlePath>> = Mutex::new(BTreeMap::new());

/// The library of a bundle of which this path is a copy.
pub(crate) fn original(copy: &str) -> Option<BundlePath> {
    copies().get(copy).cloned()
}

fn copies() -> MutexGuard<'static, BTreeMap<String, BundlePath>> {
    LIBRARIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes `as_file` use [`AsFile`]. importlib's own gives the copy another name, and up to 3.12
/// doesn't support directories.
pub(super) fn register(py: Python<'_>) -> PyResult<()> {
    let modules = py.import(intern!(py, "sys"))?.getattr("modules")?.cast_into::<PyDict>()?;
    let Some(common) = modules.get_item("importlib.resources._common")? else { return Ok(()) };
    let Some(as_file) = common.getattr_opt("as_file")? else { return Ok(()) };
    let class = py.get_type::<BundlePath>();
    if !as_file.getattr("registry")?.contains(&class)? {
        as_file.call_method1("register", (class, py.get_type::<AsFile>()))?;
    }
    Ok(())
}

/// The context manager.
#[pyclass(frozen, module = "include_py", name = "BundleAsFile")]
struct AsFile {
    path: BundlePath,
    /// A `tempfile.TemporaryDirectory`.
    directory: Mutex<Option<Py<PyAny>>>,
    /// The paths of the copied libraries: the copy itself, or those below it.
    libraries: Mutex<Vec<String>>,
}

#[pymethods]
impl AsFile {
    #[new]
    fn new(path: &Bound<'_, BundlePath>) -> Self {
        Self { path: path.get().clone(), directory: Mutex::new(None), libraries: Mutex::default() }
    }

    /// Makes the copy and returns its `pathlib.Path`.
    fn __enter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // Fails before anything is created.
        if !self.path.is_directory()? {
            self.path.bytes(py)?;
        }
        let directory = py.import("tempfile")?.call_method0("TemporaryDirectory")?;
        let top: String = directory.getattr("name")?.extract()?;
        *self.directory.lock().unwrap_or_else(PoisonError::into_inner) = Some(directory.unbind());
        let name = if self.path.is_root() { "bundle" } else { self.path.name() };
        let copy = pathlib::path(py, &top)?.div(name)?;
        let mut libraries = Vec::new();
        write(&self.path, &copy, &mut libraries)?;
        let names = libraries.iter().map(|(name, _)| name.clone()).collect();
        *self.libraries.lock().unwrap_or_else(PoisonError::into_inner) = names;
        copies().extend(libraries);
        Ok(copy)
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyAny>) -> PyResult<()> {
        let libraries =
            std::mem::take(&mut *self.libraries.lock().unwrap_or_else(PoisonError::into_inner));
        for name in &libraries {
            copies().remove(name);
        }
        let directory = self.directory.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(directory) = directory {
            directory.call_method0(py, "cleanup")?;
        }
        Ok(())
    }
}

/// Copies a file, or a directory with its content, and adds the copies of libraries to `libraries`.
fn write(
    path: &BundlePath,
    copy: &Bound<'_, PyAny>,
    libraries: &mut Vec<(String, BundlePath)>,
) -> PyResult<()> {
    if path.is_directory()? {
        copy.call_method0("mkdir")?;
        for child in path.children()? {
            write(&child, &copy.div(child.name())?, libraries)?;
        }
        return Ok(());
    }
    copy.call_method1("write_bytes", (path.bytes(copy.py())?,))?;
    let bundle = path.mount().bundle();
    if bundle.library(path.inner()).is_ok_and(|library| library.is_some()) {
        libraries.push((copy.str()?.extract()?, path.clone()));
    }
    Ok(())
}
