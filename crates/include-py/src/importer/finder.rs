//! The meta-path finder: full names, straight to the bundle's index.
//!
//! `import json` asks `find_spec("json", None)`; `import json.decoder` asks
//! `find_spec("json.decoder", ["<root>/json"])`.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use include_py_bundle::ModuleKind;
use pyo3::{
    prelude::*,
    types::{PyList, PyString},
};

use super::{Importlib, loader::Loader, metadata, namespace, spec};
use crate::{files, mount::Mount};

/// Serves one bundle on `sys.meta_path`.
#[pyclass(frozen, module = "include_py", name = "BundleFinder")]
#[derive(Debug)]
pub(crate) struct Finder {
    importlib: Arc<Importlib>,
    mount: Arc<Mount>,
    loader: Py<Loader>,
    /// Whether `open` and its like see the bundle.
    serves_files: AtomicBool,
}

impl Finder {
    pub(super) fn new(importlib: Arc<Importlib>, mount: Arc<Mount>, loader: Py<Loader>) -> Self {
        Self { importlib, mount, loader, serves_files: AtomicBool::new(false) }
    }

    pub(crate) fn mount(&self) -> &Mount {
        &self.mount
    }

    /// Makes `open` and its like see the bundle's files; once is enough.
    pub(crate) fn serve_files(&self, py: Python<'_>) -> PyResult<()> {
        if self.serves_files.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        files::serve(py, &self.mount)
    }
}

#[pymethods]
impl Finder {
    /// The spec of a bundled module, or `None`.
    ///
    /// A submodule is ours only where its parent's `__path__` begins in the bundle; any other
    /// order of directories is left to `PathFinder`, which keeps it and reaches the bundle through
    /// the path hook.
    #[pyo3(signature = (fullname, path=None, target=None))]
    fn find_spec<'py>(
        &self,
        py: Python<'py>,
        fullname: &Bound<'py, PyString>,
        path: Option<&Bound<'py, PyAny>>,
        target: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let _ = target;
        // A name that isn't UTF-8 is nobody's error: no module has it.
        let Ok(fullname) = fullname.to_str() else { return Ok(None) };
        let Some(module) = self.mount.module(py, fullname)? else { return Ok(None) };
        if let Some(path) = path {
            let directory = spec::directory(container(module.path(), module.kind()));
            if !self.begins_at(path, directory)? {
                return Ok(None);
            }
        }
        if module.kind() == ModuleKind::Namespace {
            return namespace::spec(py, &self.importlib, &self.mount, fullname, path, &module);
        }
        spec::module(&self.importlib, &self.mount, fullname, &module, self.loader.bind(py))
            .map(Some)
    }

    /// The bundled distributions that an `importlib.metadata.DistributionFinder.Context` asks for.
    #[pyo3(signature = (context=None))]
    fn find_distributions<'py>(
        &self,
        py: Python<'py>,
        context: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        metadata::find(py, &self.mount, context)
    }

    /// A bundle never changes, so there is nothing to forget.
    #[expect(clippy::unused_self, reason = "importlib calls it on the finder")]
    fn invalidate_caches(&self) {}

    fn __repr__(&self) -> String {
        format!("<include_py.BundleFinder for {:?}>", self.mount.root())
    }
}

impl Finder {
    /// Whether the first directory of a `__path__` is this one of the bundle.
    fn begins_at(&self, path: &Bound<'_, PyAny>, directory: &str) -> PyResult<bool> {
        let first = match path.cast::<PyList>() {
            Ok(list) => list.get_item(0).ok(),
            Err(_) => path.try_iter()?.next().transpose()?,
        };
        let Some(first) = first else { return Ok(false) };
        let Ok(first) = first.cast::<PyString>() else { return Ok(false) };
        let Ok(first) = first.to_str() else { return Ok(false) };
        Ok(self.mount.inner(first).as_deref() == Some(directory))
    }
}

/// The file or directory that stands in the parent package's directory: a package's own directory,
/// a module's file.
fn container(path: &str, kind: ModuleKind) -> &str {
    match kind {
        ModuleKind::Package => spec::directory(path),
        _ => path,
    }
}
