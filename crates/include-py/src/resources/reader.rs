//! The resource reader of a package (`importlib.resources.abc.TraversableResources`).
//!
//! `files()` is the modern interface; the other four methods are the one it replaced, which
//! `importlib.resources` of 3.11 and 3.12 still calls.

use std::sync::Arc;

use pyo3::{exceptions::PyFileNotFoundError, prelude::*};

use super::{NOT_FOUND, path::BundlePath};
use crate::mount::Mount;

/// Reads resources from one directory of the bundle.
#[pyclass(frozen, module = "include_py", name = "BundleReader")]
#[derive(Debug)]
pub(crate) struct Reader {
    directory: BundlePath,
}

impl Reader {
    pub(crate) fn new(mount: &Arc<Mount>, directory: &str) -> Self {
        Self { directory: BundlePath::new(mount, directory) }
    }
}

#[pymethods]
impl Reader {
    /// The package's directory as a `Traversable`.
    fn files(&self) -> BundlePath {
        self.directory.clone()
    }

    /// A binary stream of a resource.
    fn open_resource<'py>(&self, py: Python<'py>, resource: &str) -> PyResult<Bound<'py, PyAny>> {
        self.directory.child(resource).stream(py)
    }

    /// Always `FileNotFoundError`: no resource has a path on disk.
    #[expect(clippy::unused_self, reason = "importlib calls it on the reader")]
    fn resource_path(&self, resource: &str) -> PyResult<String> {
        let message = "resources of a bundle have no path on disk";
        Err(PyFileNotFoundError::new_err((NOT_FOUND, message, resource.to_owned())))
    }

    /// Whether there is a file of that name.
    fn is_resource(&self, path: &str) -> PyResult<bool> {
        self.directory.child(path).is_file()
    }

    /// The names of the files and directories.
    fn contents(&self) -> PyResult<Vec<String>> {
        Ok(self.directory.children()?.iter().map(|child| child.name().to_owned()).collect())
    }
}
