//! The resource reader of a package (`importlib.resources.abc.TraversableResources`).
//!
//! `files()` is the modern interface. It replaced the other four methods, which
//! `importlib.resources` of 3.11 and 3.12 still calls.

use pyo3::{exceptions::PyFileNotFoundError, intern, prelude::*};

use super::{NOT_FOUND, as_file};

/// Reads resources from a directory of a bundle, or from the union of a namespace package's
/// directories.
#[pyclass(frozen, module = "include_py", name = "BundleReader")]
#[derive(Debug)]
pub(crate) struct Reader {
    /// A `Traversable`.
    directory: Py<PyAny>,
}

impl Reader {
    pub(crate) fn new(directory: Py<PyAny>) -> Self {
        Self { directory }
    }

    fn child<'py>(&self, py: Python<'py>, resource: &str) -> PyResult<Bound<'py, PyAny>> {
        self.directory.bind(py).call_method1(intern!(py, "joinpath"), (resource,))
    }
}

#[pymethods]
impl Reader {
    /// The package's directory as a `Traversable`.
    fn files(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        as_file::register(py)?;
        Ok(self.directory.clone_ref(py))
    }

    /// A binary stream of a resource.
    fn open_resource<'py>(&self, py: Python<'py>, resource: &str) -> PyResult<Bound<'py, PyAny>> {
        self.child(py, resource)?.call_method1(intern!(py, "open"), ("rb",))
    }

    /// Always raises `FileNotFoundError`, because no resource has a path on disk.
    #[expect(clippy::unused_self, reason = "importlib calls it on the reader")]
    fn resource_path(&self, resource: &str) -> PyResult<String> {
        let message = "resources of a bundle have no path on disk";
        Err(PyFileNotFoundError::new_err((NOT_FOUND, message, resource.to_owned())))
    }

    /// Whether there is a file with this name.
    fn is_resource(&self, py: Python<'_>, path: &str) -> PyResult<bool> {
        self.child(py, path)?.call_method0(intern!(py, "is_file"))?.is_truthy()
    }

    /// The names of the files and directories.
    fn contents(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let children = self.directory.bind(py).call_method0(intern!(py, "iterdir"))?;
        children.try_iter()?.map(|child| child?.getattr(intern!(py, "name"))?.extract()).collect()
    }
}
