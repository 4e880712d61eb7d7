//! The path hook and its path-entry finders: the bundle as directories on `sys.path`.
//!
//! `pkgutil.iter_modules(json.__path__)`, namespace packages, `pkgutil.extend_path` and packages
//! that change their `__path__` use these finders.

use std::{
    env,
    path::{MAIN_SEPARATOR, Path},
    sync::Arc,
};

use include_py_bundle::{Module, ModuleKind, Node, package_name, submodule_name};
use pyo3::{
    exceptions::PyImportError,
    prelude::*,
    types::{PyString, PyType},
};

use super::{Importlib, names::tail, native, spec, store::Store, unpacked};
use crate::{
    linked,
    mount::{self, Mount},
    resources::BundlePath,
};

/// The hook on `sys.path_hooks`; it accepts the virtual root and the directories below it.
#[pyclass(frozen, module = "include_py", name = "BundleHook")]
#[derive(Debug)]
pub(crate) struct Hook {
    importlib: Arc<Importlib>,
    mount: Arc<Mount>,
    class: Py<PyType>,
    store: Py<Store>,
}

impl Hook {
    pub(super) fn new(
        importlib: Arc<Importlib>,
        mount: Arc<Mount>,
        class: Py<PyType>,
        store: Py<Store>,
    ) -> Self {
        Self { importlib, mount, class, store }
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

    /// The finder for a directory of the bundle.
    fn entry(&self, py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<Entry> {
        let text = path.cast::<PyString>().ok().and_then(|path| path.to_str().ok());
        let Some((text, directory)) = text.and_then(|path| Some((path, self.mount.locate(path)?)))
        else {
            return Err(PyImportError::new_err("not a path in the bundle"));
        };
        if !matches!(self.mount.node(&directory)?, Some(Node::Directory(_))) {
            return Err(PyImportError::new_err("not a directory in the bundle"));
        }
        Ok(Entry {
            importlib: Arc::clone(&self.importlib),
            mount: Arc::clone(&self.mount),
            class: self.class.clone_ref(py),
            store: self.store.clone_ref(py),
            package: package_name(&directory),
            location: absolute(text),
            directory: directory.into_owned(),
        })
    }
}

#[pymethods]
impl Hook {
    /// The finder for a directory of the bundle. As the protocol requires, it raises `ImportError`
    /// for other paths.
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        path: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let this = slf.get();
        let entry = this.entry(slf.py(), path)?;
        match this.importlib.hooks().ask(slf, path)? {
            Some(finder) => Ok(finder),
            None => Ok(Bound::new(slf.py(), entry)?.into_any()),
        }
    }

    /// Other hooks are functions or classes; some code shows them by this name.
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

/// The path in the form of importlib's `FileFinder`: absolute, without a trailing separator,
/// otherwise unchanged (`_bootstrap_external.py: _path_abspath`, `_path_join`, 3.13).
fn absolute(path: &str) -> String {
    let path = path.trim_end_matches(MAIN_SEPARATOR);
    let directory = if Path::new(path).is_absolute() { None } else { env::current_dir().ok() };
    match directory {
        Some(directory) => format!("{}{MAIN_SEPARATOR}{path}", directory.to_string_lossy()),
        None => path.to_owned(),
    }
}

/// Finds modules in a directory of the bundle.
#[pyclass(frozen, module = "include_py", name = "BundleEntryFinder")]
#[derive(Debug)]
pub(crate) struct Entry {
    importlib: Arc<Importlib>,
    mount: Arc<Mount>,
    class: Py<PyType>,
    store: Py<Store>,
    /// The path as it was passed.
    location: String,
    /// The path inside the bundle.
    directory: String,
    /// The package to which the directory's modules belong in the bundle.
    package: String,
}

impl Entry {
    /// The directory as a resource.
    pub(super) fn path(&self) -> BundlePath {
        BundlePath::new(&self.mount, &self.directory)
    }

    /// The virtual path of an entry below the directory, whose path in the bundle is `inner`.
    fn outer(&self, inner: &str) -> String {
        let below = inner.strip_prefix(&self.directory).unwrap_or(inner);
        mount::below(&self.location, below.trim_start_matches('/'))
    }
}

impl Entry {
    /// The module of this directory with this last component of its name.
    fn module(&self, py: Python<'_>, last: &str) -> PyResult<Option<Module<'_>>> {
        if last.contains('/') {
            // `importlib.import_module("a/b")` must not find modules in subdirectories.
            return Ok(None);
        }
        let found = self.mount.module(py, &submodule_name(&self.package, last))?;
        if found.is_none() && last == "__init__" {
            // `__init__` is the package's own file as a second module.
            let package = self.mount.module(py, &self.package)?;
            return Ok(package.filter(|module| module.kind().is_regular_package()));
        }
        Ok(found)
    }
}

#[pymethods]
impl Entry {
    /// The directory, as the same attribute of importlib's `FileFinder`.
    #[getter(path)]
    fn location(&self) -> &str {
        &self.location
    }

    /// A loader without a module, for reading the directory's files.
    #[getter]
    fn loader<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.class.bind(py).call1((&self.package, &self.location))
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
        let Ok(name) = fullname.to_str() else { return Ok(None) };
        let Some(module) = self.module(py, tail(name))? else { return Ok(None) };
        let file = self.outer(module.path());
        if module.kind() == ModuleKind::Namespace {
            // A portion of a namespace package has no loader and one search location.
            let portion = unpacked::portion(py, &self.mount, name, module.path())?;
            let portion = portion.unwrap_or(file);
            return self.importlib.module_spec(fullname, None, None, Some(&portion)).map(Some);
        }
        if self.mount.is_unpacked(module.path())? {
            return unpacked::spec(py, &self.importlib, &self.mount, name, &module).map(Some);
        }
        if module.kind().is_native() {
            let store = self.store.bind(py);
            return native::spec(&self.importlib, fullname, &module, &file, store).map(Some);
        }
        spec::module(&self.importlib, fullname, &module, &file, self.class.bind(py)).map(Some)
    }

    /// `(prefix + name, is_package)` of each module in this directory, for `pkgutil.iter_modules`.
    #[pyo3(signature = (prefix=""))]
    fn iter_modules(&self, py: Python<'_>, prefix: &str) -> PyResult<Vec<(String, bool)>> {
        let mut found = Vec::new();
        for module in self.mount.bundle().submodules(&self.package) {
            let module = module.map_err(|error| self.mount.damaged(py, &self.package, error))?;
            let is_package = match module.kind() {
                ModuleKind::Package | ModuleKind::ExtensionPackage => true,
                ModuleKind::Module | ModuleKind::Extension => false,
                // `pkgutil` doesn't list these for directories either.
                _ => continue,
            };
            let name = tail(module.name());
            // In a directory whose name has a `.`, names begin with its path (`package_name`).
            let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
            found.push((format!("{prefix}{name}"), is_package));
        }
        let linked = linked::in_package(&self.package);
        if !linked.is_empty() {
            found.extend(linked.into_iter().map(|name| (format!("{prefix}{name}"), false)));
            found.sort();
        }
        Ok(found)
    }

    /// A bundle never changes, so there is no cache.
    #[expect(clippy::unused_self, reason = "importlib calls it on the finder")]
    fn invalidate_caches(&self) {}

    fn __repr__(&self) -> String {
        format!("<include_py.BundleEntryFinder for {:?}>", self.location)
    }
}
