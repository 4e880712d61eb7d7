//! The bundle and virtual root from which a bundle's loaders load.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU32, Ordering},
};

use include_py_bundle::{Module, package_name, submodule_name};
use pyo3::{
    ffi, intern,
    prelude::*,
    types::{PyCFunction, PyCode, PyString, PyType},
};

use super::{Importlib, collection::Collection};
use crate::mount::{Code, FileNames, Mount};

/// A bundle as its loaders use it; their class holds it.
#[pyclass(frozen, module = "include_py", name = "BundleStore")]
#[derive(Debug)]
pub(super) struct Store {
    importlib: Arc<Importlib>,
    mount: Arc<Mount>,
    collection: Collection,
    /// The method of the class, to detect one that a subclass overrides.
    get_code: OnceLock<Py<PyCFunction>>,
    /// The version of the class for which no method was replaced; 0 if it isn't known.
    intact: AtomicU32,
}

impl Store {
    pub(super) fn new(importlib: Arc<Importlib>, mount: Arc<Mount>) -> Self {
        Self {
            importlib,
            mount,
            collection: Collection::default(),
            get_code: OnceLock::new(),
            intact: AtomicU32::new(0),
        }
    }

    /// Sets the function that is the class's `get_code`.
    pub(super) fn set_get_code(&self, function: &Bound<'_, PyCFunction>) {
        let _ = self.get_code.set(function.clone().unbind());
    }

    /// Whether `exec_module` may use the bundle's bytecode directly: neither the loader's class nor
    /// the program has replaced a method by which importlib gets from a path to a module.
    pub(super) fn is_intact(&self, loader: &Bound<'_, PyAny>) -> PyResult<bool> {
        let class = loader.get_type();
        let known = self.intact.load(Ordering::Relaxed);
        if known != 0 && version(&class) == known {
            return Ok(true);
        }
        let intact = self.importlib.replaced_exec_module(loader.py())?.is_none()
            && self.is_own_get_code(&class)?
            && self.importlib.is_intact(loader)?;
        if intact {
            self.intact.store(version(&class), Ordering::Relaxed);
        }
        Ok(intact)
    }

    /// Whether a class has the `get_code` of the bundle's loaders.
    pub(super) fn is_own_get_code(&self, class: &Bound<'_, PyType>) -> PyResult<bool> {
        let method = class.getattr(intern!(class.py(), "get_code"))?;
        Ok(self.get_code.get().is_some_and(|own| method.is(own)))
    }

    pub(super) fn importlib(&self) -> &Importlib {
        &self.importlib
    }

    pub(super) fn mount(&self) -> &Arc<Mount> {
        &self.mount
    }

    pub(super) fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The module whose file is at this virtual path. It is first looked up by name. The name can
    /// differ if a directory of the bundle is on `sys.path` or on a `__path__`.
    pub(super) fn module(
        &self,
        py: Python<'_>,
        name: &str,
        path: &str,
    ) -> PyResult<Option<Module<'_>>> {
        let named = self.mount.module(py, name)?;
        if named.is_some_and(|module| self.mount.is_usual(path, module.path())) {
            return Ok(named);
        }
        let Some(inner) = self.mount.locate(path) else { return Ok(None) };
        match named {
            Some(module) if module.path() == inner => Ok(Some(module)),
            _ => module_at(py, &self.mount, &inner),
        }
    }

    /// The code object of a module, with `path` as its file name, and the number of bytes from
    /// which it was made.
    pub(super) fn code<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        path: &Bound<'py, PyString>,
        module: &Module<'_>,
    ) -> PyResult<(Bound<'py, PyCode>, usize)> {
        match self.mount.code(py, module)? {
            Code::Bytecode(payload) => {
                let code = unmarshal(py, payload)
                    .and_then(|object| Ok(object.cast_into::<PyCode>()?))
                    .map_err(|error| self.mount.damaged(py, name, error))?;
                if self.mount.file_names() == FileNames::Virtual {
                    self.importlib.fix_file_name(&code, path)?;
                }
                Ok((code, payload.len()))
            }
            Code::Source(file) => {
                let source = file.content().map_err(|error| self.mount.damaged(py, name, error))?;
                let file = match self.mount.file_names() {
                    FileNames::Built => module.path(),
                    FileNames::Virtual => path.to_str()?,
                };
                Ok((self.importlib.compile(py, &source, file)?.cast_into()?, source.len()))
            }
        }
    }
}

/// The version of a class: a new, unique number after any change of it or of a base; 0 while it has
/// none (`typeobject.c: PyType_Modified`, `assign_version_tag`, 3.11 to 3.13).
fn version(class: &Bound<'_, PyType>) -> u32 {
    // SAFETY: a live type object, whose aligned field this is. CPython changes it while the thread
    // is attached to it, so not now, or, where threads are free, by atomic operations as well.
    unsafe {
        let tag = &raw mut (*class.as_type_ptr()).tp_version_tag;
        AtomicU32::from_ptr(tag).load(Ordering::Relaxed)
    }
}

/// The module whose file is at this path in the bundle.
pub(super) fn module_at<'a>(
    py: Python<'_>,
    mount: &'a Mount,
    path: &str,
) -> PyResult<Option<Module<'a>>> {
    let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, _)) = file.rsplit_once('.') else { return Ok(None) };
    let package = package_name(directory);
    let name = if stem == "__init__" { package } else { submodule_name(&package, stem) };
    let module = mount.module(py, &name)?;
    Ok(module.filter(|module| module.path() == path))
}

/// Reads a code object in place; only the content of the objects is copied.
fn unmarshal<'py>(py: Python<'py>, payload: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let length = ffi::Py_ssize_t::try_from(payload.len())?;
    // SAFETY: the thread is attached, and the pointer and length are those of a slice that outlives
    // the call, and CPython only reads it. The bytes were made for this interpreter's magic number
    // (`Mount::new`).
    unsafe {
        let object = ffi::PyMarshal_ReadObjectFromString(payload.as_ptr().cast(), length);
        Bound::from_owned_ptr_or_err(py, object)
    }
}
