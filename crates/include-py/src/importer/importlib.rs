//! The parts of importlib that the importer calls, looked up once per installation.
//!
//! They are CPython's own (`Lib/importlib/_bootstrap.py`, `_bootstrap_external.py`), so specs,
//! decoding and tracebacks are the same as for modules from files.

use pyo3::{
    intern,
    prelude::*,
    types::{PyBytes, PyCode, PyDict, PyList, PyString, PyType},
};

use super::{cached::Cached, files, hooks::Hooks, method::instance};

/// References to functions and classes of the frozen importlib.
#[derive(Debug)]
pub(crate) struct Importlib {
    hooks: Hooks,
    cached: Cached,
    module_spec: Py<PyType>,
    /// `ModuleSpec.__init__`
    module_spec_init: Py<PyAny>,
    path_finder: Py<PyAny>,
    namespace_loader: Py<PyAny>,
    call_with_frames_removed: Py<PyAny>,
    exec: Py<PyAny>,
    compile: Py<PyAny>,
    decode_source: Py<PyAny>,
    fix_file_name: Py<PyAny>,
    source_file_loader: Py<PyType>,
    originals: Originals,
}

/// importlib's own methods by which a `SourceFileLoader` gets from a path to a module.
#[derive(Debug)]
struct Originals {
    exec_module: Py<PyAny>,
    get_code: Py<PyAny>,
    source_to_code: Py<PyAny>,
    get_data: Py<PyAny>,
}

impl Importlib {
    pub(crate) fn new(py: Python<'_>) -> PyResult<Self> {
        let bootstrap = py.import("_frozen_importlib")?;
        let external = py.import("_frozen_importlib_external")?;
        files::extend(&external)?;
        let source_loader = external.getattr("SourceLoader")?;
        let module_spec = bootstrap.getattr("ModuleSpec")?.cast_into::<PyType>()?;
        Ok(Self {
            hooks: Hooks::new(py)?,
            cached: Cached::new(py)?,
            module_spec_init: module_spec.getattr("__init__")?.unbind(),
            module_spec: module_spec.unbind(),
            path_finder: external.getattr("PathFinder")?.unbind(),
            namespace_loader: external.getattr("NamespaceLoader")?.unbind(),
            call_with_frames_removed: bootstrap.getattr("_call_with_frames_removed")?.unbind(),
            exec: py.import("builtins")?.getattr("exec")?.unbind(),
            compile: py.import("builtins")?.getattr("compile")?.unbind(),
            decode_source: external.getattr("decode_source")?.unbind(),
            fix_file_name: py.import("_imp")?.getattr("_fix_co_filename")?.unbind(),
            source_file_loader: external.getattr("SourceFileLoader")?.cast_into()?.unbind(),
            originals: Originals {
                exec_module: external.getattr("_LoaderBasics")?.getattr("exec_module")?.unbind(),
                get_code: source_loader.getattr("get_code")?.unbind(),
                source_to_code: source_loader.getattr("source_to_code")?.unbind(),
                get_data: external.getattr("FileLoader")?.getattr("get_data")?.unbind(),
            },
        })
    }

    /// `ModuleSpec(name, loader, origin=origin, is_package=…)`, where `search` is a package's
    /// directory.
    pub(crate) fn module_spec<'py>(
        &self,
        name: &Bound<'py, PyString>,
        loader: Option<&Bound<'py, PyAny>>,
        origin: Option<&Bound<'py, PyAny>>,
        search: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = name.py();
        // Calling the class would create a dictionary for the keyword arguments.
        let spec = instance(self.module_spec.bind(py))?;
        self.module_spec_init.bind(py).call1((&spec, name, loader))?;
        if let Some(origin) = origin {
            spec.setattr(intern!(py, "origin"), origin)?;
        }
        if let Some(directory) = search {
            let locations = PyList::new(py, [directory])?;
            spec.setattr(intern!(py, "submodule_search_locations"), locations)?;
        }
        Ok(spec)
    }

    /// Marks a spec's origin as a file, `path`, which becomes the module's `__file__`.
    pub(super) fn set_location(&self, spec: &Bound<'_, PyAny>, path: &str) -> PyResult<()> {
        let py = spec.py();
        spec.setattr(intern!(py, "has_location"), true)?;
        match self.cached.path(py, path)? {
            Some(cached) => spec.setattr(intern!(py, "cached"), cached),
            None => Ok(()),
        }
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

    /// The path hooks of other packages.
    pub(super) fn hooks(&self) -> &Hooks {
        &self.hooks
    }

    /// The finder for `sys.path` that is on `sys.meta_path`.
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

    /// Sets the file name of a code object and of those in it, as importlib does for a `.pyc` that
    /// was compiled elsewhere (`_bootstrap_external.py: _compile_bytecode`, 3.13).
    pub(crate) fn fix_file_name(
        &self,
        code: &Bound<'_, PyCode>,
        name: &Bound<'_, PyString>,
    ) -> PyResult<()> {
        self.fix_file_name.bind(code.py()).call1((code, name))?;
        Ok(())
    }

    /// Runs a module's code. Tracebacks omit importlib's own frames, as for files.
    pub(crate) fn exec(
        &self,
        py: Python<'_>,
        code: &Bound<'_, PyAny>,
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

    /// The class of loaders for `.py` files.
    pub(super) fn source_file_loader<'py>(&self, py: Python<'py>) -> &Bound<'py, PyType> {
        self.source_file_loader.bind(py)
    }

    /// The program's replacement for `SourceFileLoader.exec_module`, if there is one.
    pub(super) fn replaced_exec_module<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let method = self.source_file_loader.bind(py).getattr(intern!(py, "exec_module"))?;
        Ok((!method.is(&self.originals.exec_module)).then_some(method))
    }

    /// Whether the methods by which this loader gets from its path to a code object are the
    /// original ones: neither its class nor the program has replaced one.
    pub(super) fn is_intact(&self, loader: &Bound<'_, PyAny>) -> PyResult<bool> {
        let py = loader.py();
        let (class, base) = (loader.get_type(), self.source_file_loader.bind(py));
        let Originals { get_code, source_to_code, get_data, .. } = &self.originals;
        Ok(base.getattr(intern!(py, "get_code"))?.is(get_code)
            && class.getattr(intern!(py, "source_to_code"))?.is(source_to_code)
            && class.getattr(intern!(py, "get_data"))?.is(get_data))
    }

    /// `SourceFileLoader.get_code(loader, fullname)`.
    pub(super) fn get_code<'py>(
        &self,
        loader: &Bound<'py, PyAny>,
        fullname: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = loader.py();
        self.source_file_loader.bind(py).call_method1(intern!(py, "get_code"), (loader, fullname))
    }

    /// `SourceFileLoader.get_source(loader, fullname)`.
    pub(super) fn get_source<'py>(
        &self,
        loader: &Bound<'py, PyAny>,
        fullname: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = loader.py();
        self.source_file_loader.bind(py).call_method1(intern!(py, "get_source"), (loader, fullname))
    }
}
