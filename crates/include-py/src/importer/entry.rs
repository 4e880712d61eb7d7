//! The path hook and its path-entry finders: the bundle as directories on `sys.path`.
//!
//! `pkgutil.iter_modules(json.__path__)`, namespace packages, `pkgutil.extend_path` and packages
//! that change their `__path__` come this way.

use std::sync::Arc;

use include_py_bundle::{ModuleKind, Node};
use pyo3::{
    exceptions::PyImportError,
    prelude::*,
    types::{PyString, PyType},
};

use super::{
    Importlib,
    names::{join, tail},
    spec,
};
use crate::{mount::Mount, resources::BundlePath};

/// Stands on `sys.path_hooks`; takes the virtual root and the directories below it.
#[pyclass(frozen, module = "include_py", name = "BundleHook")]
#[derive(Debug)]
pub(crate) struct Hook {
    importlib: Arc<Importlib>,
    mount: Arc<Mount>,
    class: Py<PyType>,
}

impl Hook {
    pub(super) fn new(importlib: Arc<Importlib>, mount: Arc<Mount>, class: Py<PyType>) -> Self {
        Self { importlib, mount, class }
    }

    pub(super) fn mount(&self) -> &Mount {
        &self.mount
    }

    /// The text of a file of the bundle, by its virtual path.
    pub(super) fn text<'py>(
        &self,
        py: Python<'py>,
        path: &str,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(path) = self.mount.locate(path) else { return Ok(None) };
        let Some(Node::File(file)) = self.mount.node(&path)? else { return Ok(None) };
        let source = file.content().map_err(|error| self.mount.damaged(py, &path, error))?;
        self.importlib.decode_source(py, &source).map(Some)
    }

    pub(super) fn class(&self) -> &Py<PyType> {
        &self.class
    }
}

#[pymethods]
impl Hook {
    /// The finder for a directory of the bundle; `ImportError`, as the protocol wants, for others.
    fn __call__(&self, py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<Entry> {
        let directory = path
            .cast::<PyString>()
            .ok()
            .and_then(|path| path.to_str().ok())
            .and_then(|path| self.mount.locate(path));
        let Some(directory) = directory else {
            return Err(PyImportError::new_err("not a path in the bundle"));
        };
        if !matches!(self.mount.node(&directory)?, Some(Node::Directory(_))) {
            return Err(PyImportError::new_err("not a directory in the bundle"));
        }
        Ok(Entry {
            importlib: Arc::clone(&self.importlib),
            mount: Arc::clone(&self.mount),
            class: self.class.clone_ref(py),
            package: package(&directory),
            directory: directory.into_owned(),
        })
    }

    /// Hooks are functions or classes elsewhere, and are shown by this name.
    #[getter(__name__)]
    #[expect(clippy::unused_self, reason = "an attribute of the instance")]
    fn name(&self) -> &'static str {
        "bundle_path_hook"
    }

    #[getter(__qualname__)]
    #[expect(clippy::unused_self, reason = "an attribute of the instance")]
    fn qualified_name(&self) -> &'static str {
        "bundle_path_hook"
    }

    fn __repr__(&self) -> String {
        format!("<include_py.BundleHook for {:?}>", self.mount.root())
    }
}

/// The name under which a directory's modules stand in the bundle; none where a component has a
/// dot, since such a directory can't be a package.
pub(super) fn package(directory: &str) -> Option<String> {
    (!directory.contains('.')).then(|| directory.replace('/', "."))
}

/// Finds modules in one directory of the bundle.
#[pyclass(frozen, module = "include_py", name = "BundleEntryFinder")]
#[derive(Debug)]
pub(crate) struct Entry {
    importlib: Arc<Importlib>,
    mount: Arc<Mount>,
    class: Py<PyType>,
    directory: String,
    package: Option<String>,
}

impl Entry {
    /// The directory as a resource.
    pub(super) fn path(&self) -> BundlePath {
        BundlePath::new(&self.mount, &self.directory)
    }
}

#[pymethods]
impl Entry {
    /// The directory, as importlib's `FileFinder` has it.
    #[getter(path)]
    fn location(&self) -> String {
        self.mount.outer(&self.directory)
    }

    /// A loader without a module, for the directory's files.
    #[getter]
    fn loader<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let name = self.package.as_deref().unwrap_or_default();
        self.class.bind(py).call1((name, self.location()))
    }

    /// The spec of the module that the last component of `fullname` names in this directory.
    #[pyo3(signature = (fullname, target=None))]
    fn find_spec<'py>(
        &self,
        py: Python<'py>,
        fullname: &Bound<'py, PyString>,
        target: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let _ = target;
        let Ok(fullname) = fullname.to_str() else { return Ok(None) };
        let Some(package) = &self.package else { return Ok(None) };
        let last = tail(fullname);
        let module = match self.mount.module(py, &join(package, last))? {
            // The package's own file, under a second name.
            None if last == "__init__" => self
                .mount
                .module(py, package)?
                .filter(|module| module.kind() == ModuleKind::Package),
            module => module,
        };
        let Some(module) = module else { return Ok(None) };
        if module.kind() == ModuleKind::Namespace {
            // A portion, in the protocol's words: no loader, one search location.
            let portion = self.mount.outer(module.path());
            return self.importlib.module_spec(py, fullname, None, None, Some(&portion)).map(Some);
        }
        let class = self.class.bind(py);
        spec::module(&self.importlib, &self.mount, fullname, &module, class).map(Some)
    }

    /// `(prefix + name, is_package)` of each module here, what `pkgutil.iter_modules` lists.
    #[pyo3(signature = (prefix=""))]
    fn iter_modules(&self, py: Python<'_>, prefix: &str) -> PyResult<Vec<(String, bool)>> {
        let Some(package) = &self.package else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for module in self.mount.bundle().submodules(package) {
            let module = module.map_err(|error| self.mount.damaged(py, package, error))?;
            let is_package = match module.kind() {
                ModuleKind::Package => true,
                ModuleKind::Module => false,
                // Not listed by `pkgutil` for directories either.
                _ => continue,
            };
            found.push((format!("{prefix}{}", tail(module.name())), is_package));
        }
        Ok(found)
    }

    /// A bundle never changes, so there is nothing to forget.
    #[expect(clippy::unused_self, reason = "importlib calls it on the finder")]
    fn invalidate_caches(&self) {}

    fn __repr__(&self) -> String {
        format!("<include_py.BundleEntryFinder for {:?}>", self.mount.outer(&self.directory))
    }
}
