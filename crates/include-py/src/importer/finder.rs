//! The meta-path finder: looks up full names in the bundle's index.
//!
//! `import json` calls `find_spec("json", None)`; `import json.decoder` calls
//! `find_spec("json.decoder", ["<root>/json"])`.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use include_py_bundle::{Module, ModuleKind, package_name, submodule_name};
use pyo3::{
    intern,
    prelude::*,
    types::{PyList, PyString, PyType},
};

use super::{
    Importlib, completion, metadata,
    names::tail,
    namespace, native,
    order::{Order, Turn},
    own, spec,
    store::Store,
    unpacked,
};
use crate::{files, mount::Mount};

/// Serves one bundle on `sys.meta_path`.
#[pyclass(frozen, module = "include_py", name = "BundleFinder")]
#[derive(Debug)]
pub(crate) struct Finder {
    importlib: Arc<Importlib>,
    mount: Arc<Mount>,
    class: Py<PyType>,
    store: Py<Store>,
    order: Order,
    /// Whether `open` and similar functions see the bundle.
    serves_files: AtomicBool,
}

impl Finder {
    pub(super) fn new(
        importlib: Arc<Importlib>,
        mount: Arc<Mount>,
        class: Py<PyType>,
        store: Py<Store>,
        order: Order,
    ) -> Self {
        Self { importlib, mount, class, store, order, serves_files: AtomicBool::new(false) }
    }

    /// The root as an entry of `sys.path`.
    pub(super) fn root<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        self.order.root(py)
    }

    /// Fixes the current place of the standard library on `sys.path`.
    pub(crate) fn place_library(&self, py: Python<'_>) -> PyResult<()> {
        self.order.place_library(py)
    }

    pub(super) fn class(&self) -> &Py<PyType> {
        &self.class
    }

    pub(crate) fn mount(&self) -> &Mount {
        &self.mount
    }

    /// From now on the garbage collector rarely runs while the bundle's modules are imported.
    pub(crate) fn postpone_collection(&self, py: Python<'_>) -> PyResult<()> {
        self.store.get().collection().postpone(py)
    }

    /// Makes `open` and similar functions see the bundle's files. Further calls have no effect.
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
    /// It returns a top-level module if the root has its turn on `sys.path`, and a submodule only
    /// if its parent's `__path__` begins in the bundle. Any other order of directories, and any
    /// other spelling, is left to `PathFinder`, which respects the order and finds the bundle
    /// through the path hook.
    #[pyo3(signature = (fullname, path=None, target=None))]
    fn find_spec<'py>(
        &self,
        py: Python<'py>,
        fullname: &Bound<'py, PyString>,
        path: Option<&Bound<'py, PyAny>>,
        target: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let _ = target;
        // A name that isn't valid UTF-8 is no error: no module has it.
        let Ok(name) = fullname.to_str() else { return Ok(None) };
        let Some(module) = self.module(py, name, path)? else {
            if let Some(spec) = self.absent(py, name, path)? {
                return Ok(Some(spec));
            }
            if let Some(complete) = completion::of(name) {
                let spec = self.importlib.find_on_path(py, name, path)?;
                if !spec.is_none() {
                    completion::later(&spec, complete)?;
                }
                return Ok(Some(spec));
            }
            let namespace = self.namespace_elsewhere(py, name, path)?;
            return match namespace {
                None if name == own::NAME => own::spec(py, &self.importlib).map(Some),
                namespace => Ok(namespace),
            };
        };
        if path.is_none() {
            match self.order.turn(py, &self.mount, fullname)? {
                Turn::First => {}
                Turn::After(entries) => {
                    let found = self.importlib.find_on_path(py, name, Some(&entries))?;
                    // A spec without a loader is a portion of a namespace package, over which any
                    // module takes precedence.
                    if !found.is_none() && !found.getattr(intern!(py, "loader"))?.is_none() {
                        return Ok(Some(found));
                    }
                }
                Turn::Never => return self.namespace_elsewhere(py, name, path),
            }
        }
        if module.kind() == ModuleKind::Namespace {
            return self.namespace(py, name, path, module.path());
        }
        if self.mount.is_unpacked(module.path())? {
            return unpacked::spec(py, &self.importlib, &self.mount, name, &module).map(Some);
        }
        if self.importlib.hooks().has_other(py)? {
            if let Some(spec) = self.by_path(py, name, path, &module)? {
                return Ok(Some(spec));
            }
        }
        let file = self.mount.outer(module.path());
        if module.kind().is_native() {
            let store = self.store.bind(py);
            return native::spec(&self.importlib, fullname, &module, &file, store).map(Some);
        }
        spec::module(&self.importlib, fullname, &module, &file, self.class.bind(py)).map(Some)
    }

    /// The bundled distributions that match an `importlib.metadata.DistributionFinder.Context`.
    #[pyo3(signature = (context=None))]
    fn find_distributions<'py>(
        &self,
        py: Python<'py>,
        context: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if self.serves_files.load(Ordering::Relaxed) {
            // `PathFinder` lists the directories on the path and finds the distributions there.
            return Ok(PyList::empty(py).try_iter()?.into_any());
        }
        metadata::find(py, &self.mount, context)
    }

    /// A bundle never changes, so there is no cache.
    #[expect(clippy::unused_self, reason = "importlib calls it on the finder")]
    fn invalidate_caches(&self) {}

    fn __repr__(&self) -> String {
        format!("<include_py.BundleFinder for {:?}>", self.mount.root())
    }
}

impl Finder {
    /// The module of this name, if it is in the directory with which the path begins.
    fn module(
        &self,
        py: Python<'_>,
        fullname: &str,
        path: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Option<Module<'_>>> {
        let Some(module) = self.mount.module(py, fullname)? else { return Ok(None) };
        if fullname.contains('/') {
            // It is in a directory that isn't a package, so only the path hook finds it.
            return Ok(None);
        }
        let directory = spec::directory(container(module.path(), module.kind()));
        let ours = path.map_or(Ok(true), |path| self.begins_at(path, directory))?;
        Ok(ours.then_some(module))
    }

    /// The spec of a module that the build has left out, if no other finder has it.
    fn absent<'py>(
        &self,
        py: Python<'py>,
        fullname: &str,
        path: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let absent = self.mount.bundle().absent(fullname);
        let absent = absent.map_err(|error| self.mount.damaged(py, fullname, error))?;
        let Some(absent) = absent else { return Ok(None) };
        if let Some(path) = path {
            if !self.begins_at(path, spec::directory(absent.path()))? {
                return Ok(None);
            }
        }
        let found = self.importlib.find_on_path(py, fullname, path)?;
        if !found.is_none() && !found.getattr(intern!(py, "loader"))?.is_none() {
            return Ok(Some(found));
        }
        native::absent(py, &self.importlib, &self.mount, &absent).map(Some)
    }

    /// The spec that `PathFinder` finds in the module's directory, using also the hooks before
    /// ours.
    fn by_path<'py>(
        &self,
        py: Python<'py>,
        fullname: &str,
        path: Option<&Bound<'py, PyAny>>,
        module: &Module<'_>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let found = if path.is_some() {
            self.importlib.find_on_path(py, fullname, path)?
        } else {
            // The bundle precedes the rest of `sys.path`, whichever hook finds the module in it.
            let directory = spec::directory(container(module.path(), module.kind()));
            let path = PyList::new(py, [self.mount.outer(directory)])?;
            self.importlib.find_on_path(py, fullname, Some(path.as_any()))?
        };
        Ok((!found.is_none()).then_some(found))
    }

    /// A namespace package below another directory of the bundle that is on the path. importlib's
    /// `PathFinder` would find it, too, but has no reader for its resources.
    fn namespace_elsewhere<'py>(
        &self,
        py: Python<'py>,
        fullname: &str,
        path: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let entries = match path {
            Some(path) => path.clone(),
            None => py.import("sys")?.getattr("path")?,
        };
        for entry in entries.try_iter()? {
            let entry = entry?;
            let Ok(entry) = entry.cast::<PyString>() else { continue };
            let directory = entry.to_str().ok().and_then(|entry| self.mount.locate(entry));
            let Some(package) = directory.as_deref().map(package_name) else { continue };
            let module = self.mount.module(py, &submodule_name(&package, tail(fullname)))?;
            if let Some(module) = module.filter(|module| module.kind() == ModuleKind::Namespace) {
                return self.namespace(py, fullname, path, module.path());
            }
        }
        Ok(None)
    }

    fn namespace<'py>(
        &self,
        py: Python<'py>,
        fullname: &str,
        path: Option<&Bound<'py, PyAny>>,
        directory: &str,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        namespace::spec(py, &self.importlib, &self.mount, fullname, path, directory)
    }

    /// Whether a `__path__` begins with this directory of the bundle.
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

/// The entry in the parent package's directory: a package's directory, or a module's file.
pub(super) fn container(path: &str, kind: ModuleKind) -> &str {
    match kind {
        kind if kind.is_regular_package() => spec::directory(path),
        _ => path,
    }
}
