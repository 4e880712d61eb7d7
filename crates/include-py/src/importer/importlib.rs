//! The parts of importlib that the importer calls, looked up once per installation.
//!
//! They are CPython's own (`Lib/importlib/_bootstrap.py`, `_bootstrap_external.py`), so specs,
//! decoding and tracebacks are what they are for modules from files.

use pyo3::{
    intern,
    prelude::*,
    types::{PyBytes, PyCode, PyDict},
};

/// Handles on functions and classes of the frozen importlib.
#[derive(Debug)]
pub(crate) struct Importlib {
    module_spec: Py<PyAny>,
    path_finder: Py<PyAny>,
    namespace_loader: Py<PyAny>,
    call_with_frames_removed: Py<PyAny>,
    exec: Py<PyAny>,
    compile: Py<PyAny>,
    decode_source: Py<PyAny>,
    fix_file_name: Py<PyAny>,
}

impl Importlib {
    pub(crate) fn new(py: Python<'_>) -> PyResult<Self> {
        let bootstrap = py.import("_frozen_importlib")?;
        let external = py.import("_frozen_importlib_external")?;
        Ok(Self {
            module_spec: bootstrap.getattr("ModuleSpec")?.unbind(),
            path_finder: external.getattr("PathFinder")?.unbind(),
            namespace_loader: external.getattr("NamespaceLoader")?.unbind(),
            call_with_frames_removed: bootstrap.getattr("_call_with_frames_removed")?.unbind(),
            exec: py.import("builtins")?.getattr("exec")?.unbind(),
            compile: py.import("builtins")?.getattr("compile")?.unbind(),
            decode_source: external.getattr("decode_source")?.unbind(),
            fix_file_name: py.import("_imp")?.getattr("_fix_co_filename")?.unbind(),
        })
    }

    /// `ModuleSpec(name, loader, origin=origin, is_package=…)`.
    pub(crate) fn module_spec<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        loader: Option<&Bound<'py, PyAny>>,
        origin: Option<&str>,
        search: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let kwargs = PyDict::new(py);
        kwargs.set_item(intern!(py, "origin"), origin)?;
        kwargs.set_item(intern!(py, "is_package"), search.is_some())?;
        let spec = self.module_spec.bind(py).call((name, loader), Some(&kwargs))?;
        if let Some(directory) = search {
            spec.getattr(intern!(py, "submodule_search_locations"))?
                .call_method1(intern!(py, "append"), (directory,))?;
        }
        Ok(spec)
    }

    /// `PathFinder.find_spec(name, path)`: the finder for `sys.path`, path hooks included.
    pub(crate) fn find_on_path<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        path: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.path_finder.bind(py).call_method1(intern!(py, "find_spec"), (name, path))
    }

    /// The finder for `sys.path`, as it stands on `sys.meta_path`.
    pub(crate) fn path_finder<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.path_finder.bind(py)
    }

    /// The loader that importlib gives to a namespace package with this `__path__`
    /// (`_bootstrap.py: _init_module_attrs`, which doesn't call the constructor either).
    pub(crate) fn namespace_loader<'py>(
        &self,
        path: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let class = self.namespace_loader.bind(path.py());
        let loader = class.call_method1(intern!(path.py(), "__new__"), (class,))?;
        loader.setattr(intern!(path.py(), "_path"), path)?;
        Ok(loader)
    }

    /// `Loader.load_module`, deprecated, of the class that implements `exec_module`.
    pub(crate) fn load_module<'py>(
        loader: &Bound<'py, PyAny>,
        name: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bootstrap = loader.py().import("_frozen_importlib")?;
        bootstrap.getattr("_load_module_shim")?.call1((loader, name))
    }

    /// Gives a code object and those in it another file name, as importlib does for a `.pyc` that was
    /// compiled elsewhere (`_bootstrap_external.py: _compile_bytecode`, 3.13).
    pub(crate) fn fix_file_name(&self, code: &Bound<'_, PyCode>, name: &str) -> PyResult<()> {
        self.fix_file_name.bind(code.py()).call1((code, name))?;
        Ok(())
    }

    /// Runs a module's code; tracebacks leave out importlib's own frames, as for files.
    pub(crate) fn exec(
        &self,
        py: Python<'_>,
        code: &Bound<'_, PyCode>,
        namespace: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        self.call_with_frames_removed.bind(py).call1((self.exec.bind(py), code, namespace))?;
        Ok(())
    }

    /// Compiles a module's source.
    pub(crate) fn compile<'py>(
        &self,
        py: Python<'py>,
        source: &[u8],
        filename: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let kwargs = PyDict::new(py);
        kwargs.set_item(intern!(py, "dont_inherit"), true)?;
        let arguments = (PyBytes::new(py, source), filename, intern!(py, "exec"));
        self.compile.bind(py).call(arguments, Some(&kwargs))
    }

    /// Decodes Python source by its BOM or PEP 263 cookie, with universal newlines.
    pub(crate) fn decode_source<'py>(
        &self,
        py: Python<'py>,
        source: &[u8],
    ) -> PyResult<Bound<'py, PyAny>> {
        self.decode_source.bind(py).call1((PyBytes::new(py, source),))
    }
}
