//! The loader: code, source, data and resources of one bundle's modules.
//!
//! `json.__loader__.get_data("<root>/json/__init__.py")` reads a file of the bundle.

use std::sync::Arc;

use include_py_bundle::{Module, ModuleKind, Node};
use pyo3::{
    exceptions::PyOSError,
    ffi, intern,
    prelude::*,
    types::{PyBytes, PyCode},
};

use super::{Importlib, collection::Collection, lines, spec};
use crate::{
    mount::{Code, FileNames, Mount},
    resources::{BundlePath, NOT_FOUND, Reader},
};

/// Loads modules; one object serves the whole bundle.
#[pyclass(frozen, module = "include_py", name = "BundleLoader")]
#[derive(Debug)]
pub(crate) struct Loader {
    importlib: Arc<Importlib>,
    mount: Arc<Mount>,
    place: Place,
    collection: Collection,
}

/// How an imported name maps to a name in the bundle.
#[derive(Debug)]
enum Place {
    /// They are the same.
    Own,
    /// Modules found through a changed `__path__` or `sys.path`: the last component of the imported
    /// name, below this package of the bundle (`""` is the top).
    Below(String),
}

impl Loader {
    pub(super) fn new(importlib: Arc<Importlib>, mount: Arc<Mount>) -> Self {
        Self { importlib, mount, place: Place::Own, collection: Collection::default() }
    }

    /// A loader for names that are imported from below the bundle's package `package`, whatever
    /// their own parent is called.
    pub(super) fn below(importlib: Arc<Importlib>, mount: Arc<Mount>, package: &str) -> Self {
        let place = Place::Below(package.to_owned());
        Self { importlib, mount, place, collection: Collection::default() }
    }

    /// From now on the garbage collector hardly runs while this loader's modules are imported.
    pub(super) fn postpone_collection(&self, py: Python<'_>) -> PyResult<()> {
        self.collection.postpone(py)
    }

    fn find(&self, py: Python<'_>, name: &str) -> PyResult<Module<'_>> {
        let found = match &self.place {
            Place::Own => self.mount.module(py, name)?,
            Place::Below(package) => self.mount.module(py, &join(package, tail(name)))?,
        };
        found.ok_or_else(|| {
            let message = format!("no module `{name}` in {}", self.mount.root());
            self.mount.import_error(py, name, message)
        })
    }

    fn code<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyCode>> {
        let module = self.find(py, name)?;
        match self.mount.code(py, &module)? {
            Code::Bytecode(payload) => {
                let code = unmarshal(py, payload)
                    .and_then(|object| Ok(object.cast_into::<PyCode>()?))
                    .map_err(|error| self.mount.damaged(py, name, error))?;
                if self.mount.file_names() == FileNames::Virtual {
                    self.importlib.fix_file_name(&code, &self.mount.outer(module.path()))?;
                }
                Ok(code)
            }
            Code::Source(file) => {
                let source = file.content().map_err(|error| self.mount.damaged(py, name, error))?;
                let name = match self.mount.file_names() {
                    FileNames::Built => module.path().to_owned(),
                    FileNames::Virtual => self.mount.outer(module.path()),
                };
                Ok(self.importlib.compile(py, &source, &name)?.cast_into()?)
            }
        }
    }
}

#[pymethods]
impl Loader {
    /// Leaves the making of the module to importlib.
    #[expect(clippy::unused_self, reason = "importlib calls it on the loader")]
    fn create_module(&self, spec: &Bound<'_, PyAny>) -> Option<Py<PyAny>> {
        let _ = spec;
        None
    }

    /// Runs the module's code in its namespace.
    fn exec_module(&self, module: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = module.py();
        let _import = self.collection.import(py);
        let name = module.getattr(intern!(py, "__spec__"))?.getattr(intern!(py, "name"))?;
        let name: &str = name.extract()?;
        let code = self.code(py, name)?;
        let namespace = module.getattr(intern!(py, "__dict__"))?;
        forget_cached(&namespace)?;
        self.importlib.exec(py, &code, &namespace)?;
        if name == lines::MODULE {
            lines::complete(module)?;
        }
        Ok(())
    }

    /// Imports the module, deprecated; as importlib's own loaders do it, as long as they do.
    fn load_module<'py>(slf: &Bound<'py, Self>, fullname: &str) -> PyResult<Bound<'py, PyAny>> {
        Importlib::load_module(slf, fullname)
    }

    /// The module's code object (`importlib.abc.InspectLoader`).
    fn get_code<'py>(&self, py: Python<'py>, fullname: &str) -> PyResult<Bound<'py, PyCode>> {
        self.code(py, fullname)
    }

    /// The module's source text, `None` where the bundle has none.
    fn get_source<'py>(
        &self,
        py: Python<'py>,
        fullname: &str,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let module = self.find(py, fullname)?;
        let Some(file) = module.source() else { return Ok(None) };
        let source = file.content().map_err(|error| self.mount.damaged(py, fullname, error))?;
        self.importlib.decode_source(py, &source).map(Some)
    }

    /// Whether the module is a package.
    fn is_package(&self, py: Python<'_>, fullname: &str) -> PyResult<bool> {
        Ok(self.find(py, fullname)?.kind() != ModuleKind::Module)
    }

    /// What `__file__` is for the module.
    fn get_filename(&self, py: Python<'_>, fullname: &str) -> PyResult<String> {
        Ok(self.mount.outer(self.find(py, fullname)?.path()))
    }

    /// The bytes of a file in the bundle, by a path below the virtual root or relative to it.
    fn get_data<'py>(
        &self,
        py: Python<'py>,
        path: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        // `os.PathLike` as well as `str`: loaders for files take both.
        let path: String = py.import("os")?.call_method1("fspath", (path,))?.extract()?;
        let inner = match self.mount.locate(&path) {
            Some(inner) => inner.into_owned(),
            // `..` and the like: what the system does for files.
            None => BundlePath::new(&self.mount, "").child(&path).inner().to_owned(),
        };
        match self.mount.node(&inner)? {
            Some(Node::File(file)) => {
                let content =
                    file.content().map_err(|error| PyOSError::new_err(error.to_string()))?;
                Ok(PyBytes::new(py, &content))
            }
            _ => Err(PyOSError::new_err((NOT_FOUND, "no such file in the bundle", path.clone()))),
        }
    }

    /// The reader behind `importlib.resources.files(fullname)`.
    fn get_resource_reader(&self, py: Python<'_>, fullname: &str) -> PyResult<Option<Reader>> {
        let module = self.find(py, fullname)?;
        let directory = BundlePath::new(&self.mount, spec::directory(module.path()));
        Ok(Some(Reader::new(Py::new(py, directory)?.into_any())))
    }

    fn __repr__(&self) -> String {
        // As importlib's loaders, without a path, in which anything may stand.
        format!("<include_py.BundleLoader of bundle {:?}>", self.mount.bundle().name())
    }
}

/// Reads a code object in place: nothing is copied but what the objects themselves hold.
fn unmarshal<'py>(py: Python<'py>, payload: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let length = ffi::Py_ssize_t::try_from(payload.len())?;
    // SAFETY: the thread is attached, and the pointer and length are those of a slice that
    // outlives the call, and CPython only reads it. The bytes were made for this interpreter's magic number (`Mount::new`).
    unsafe {
        let object = ffi::PyMarshal_ReadObjectFromString(payload.as_ptr().cast(), length);
        Bound::from_owned_ptr_or_err(py, object)
    }
}

/// Removes the `__cached__` that importlib makes up from `__file__`: no such file was ever written.
pub(super) fn forget_cached(namespace: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = namespace.py();
    namespace.call_method1(intern!(py, "pop"), (intern!(py, "__cached__"), py.None()))?;
    Ok(())
}

/// `package.name`, or `name` at the top.
pub(super) fn join(package: &str, name: &str) -> String {
    if package.is_empty() { name.to_owned() } else { format!("{package}.{name}") }
}

/// The last component of a module's name.
pub(super) fn tail(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, tail)| tail)
}
