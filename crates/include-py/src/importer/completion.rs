//! Extends modules of the standard library that need to know about bundles or the program.
//!
//! | module | needs to know | for |
//! |---|---|---|
//! | `linecache` | sources | [lines](super::lines) if only a file's name is known |
//! | `multiprocessing.spawn` | the running executable | [workers](crate::process) after it has been moved |
//! | `zipfile` | archives | [resources and metadata](super::archive) of a zip file on `sys.path` |
//! | `tokenize` | sources | `tokenize.open` |
//! | `pdb`, `unittest.loader` | files and directories | [breakpoints and discovery](super::tools) |
//! | `ctypes`, `ctypes.util`, `_cffi_backend` | shared libraries | [those of a bundle](super::libraries) |
//! | `importlib.abc`, `importlib.resources.abc` | our classes | their [registration](super::abstracts) |
//!
//! Each module is extended when it is imported, from a bundle or from files.

use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyTuple},
};

use super::{abstracts, archive, libraries, lines, tools};

type Complete = fn(&Bound<'_, PyAny>) -> PyResult<()>;

const MODULES: &[(&str, Complete)] = &[
    ("linecache", lines::complete),
    ("zipfile", archive::complete),
    ("tokenize", archive::complete_tokenize),
    ("pdb", tools::complete),
    ("unittest.loader", tools::complete),
    #[cfg(unix)]
    ("multiprocessing.spawn", crate::process::keep_startable),
    ("ctypes", libraries::complete_ctypes),
    ("ctypes.util", libraries::complete_ctypes_util),
    ("_cffi_backend", libraries::complete_cffi),
    ("importlib.abc", abstracts::complete),
    ("importlib.resources.abc", abstracts::complete),
];

/// The function that extends the module with this name.
pub(super) fn of(name: &str) -> Option<Complete> {
    MODULES.iter().find(|(module, _)| *module == name).map(|(_, complete)| *complete)
}

/// Extends the modules that have already been imported.
pub(super) fn imported(modules: &Bound<'_, PyDict>) -> PyResult<()> {
    for (name, complete) in MODULES {
        if let Some(module) = modules.get_item(name)? {
            complete(&module)?;
        }
    }
    Ok(())
}

/// Extends a module after it has been loaded from files. A bundle's loaders do this themselves.
///
/// The loader's `exec_module` is replaced until it is called, and restored before the module's code
/// runs.
pub(super) fn later(spec: &Bound<'_, PyAny>, complete: Complete) -> PyResult<()> {
    let py = spec.py();
    let loader = spec.getattr(intern!(py, "loader"))?;
    let original = loader.getattr("exec_module")?.unbind();
    // A loader that doesn't allow this isn't importlib's.
    let _ = loader.setattr("exec_module", Bound::new(py, Later { original, complete })?);
    Ok(())
}

/// `exec_module` of a loader for files; it extends the module afterwards.
#[pyclass(frozen, module = "include_py", name = "BundleCompletion")]
#[derive(Debug)]
struct Later {
    original: Py<PyAny>,
    complete: Complete,
}

#[pymethods]
impl Later {
    #[pyo3(signature = (*args, **kwargs))]
    fn __call__(
        &self,
        args: &Bound<'_, PyTuple>,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let original = self.original.bind(args.py());
        // Code that inspects the loader later (the spec, a pickle, a comparison) must find it as
        // importlib created it.
        if let Ok(loader) = original.getattr(intern!(args.py(), "__self__")) {
            let _ = loader.delattr(intern!(args.py(), "exec_module"));
        }
        original.call(args, kwargs)?;
        (self.complete)(&args.get_item(0)?)
    }
}
