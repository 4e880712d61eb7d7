//! The Python module `include_py`: home of the importer's classes.
//!
//! It isn't imported at the start. `pickle` imports it to find the classes and functions in it.

use pyo3::{exceptions::PyImportError, prelude::*, types::PyString};

use super::{Finder, Importlib, entry::Entry, entry::Hook, mounts, namespace::Portions};
use crate::resources::{BundlePath, Reader};

/// The module's name.
pub(super) const NAME: &str = "include_py";

/// The module's spec.
pub(super) fn spec<'py>(py: Python<'py>, importlib: &Importlib) -> PyResult<Bound<'py, PyAny>> {
    let origin = PyString::new(py, "built-in").into_any();
    let loader = Bound::new(py, Loader)?.into_any();
    importlib.module_spec(&PyString::new(py, NAME), Some(&loader), Some(&origin), None)
}

/// The loader that creates the module.
#[pyclass(frozen, module = "include_py", name = "OwnLoader")]
struct Loader;

#[pymethods]
#[expect(clippy::unused_self, reason = "importlib calls them on the loader")]
impl Loader {
    fn create_module<'py>(&self, spec: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyModule>> {
        let py = spec.py();
        let module = PyModule::new(py, NAME)?;
        module.add("__doc__", "Import of modules from the memory of a Rust binary.")?;
        module.add_class::<Finder>()?;
        module.add_class::<Hook>()?;
        module.add_class::<Entry>()?;
        module.add_class::<Portions>()?;
        module.add_class::<Reader>()?;
        module.add_class::<BundlePath>()?;
        module.add_function(wrap_pyfunction!(loader, &module)?)?;
        module.add_function(wrap_pyfunction!(portions, &module)?)?;
        module.add_function(wrap_pyfunction!(path, &module)?)?;
        Ok(module)
    }

    fn exec_module(&self, module: &Bound<'_, PyAny>) {
        let _ = module;
    }
}

/// The loader for a path in a bundle; `SourceFileLoader` for any other path.
#[pyfunction]
fn loader<'py>(
    name: &Bound<'py, PyAny>,
    path: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = name.py();
    let sys = py.import("sys")?;
    let text = path.to_str()?;
    for finder in sys.getattr("meta_path")?.try_iter()? {
        let Ok(finder) = finder?.cast_into::<Finder>() else { continue };
        if finder.get().mount().locate(text).is_some() {
            return finder.get().class().bind(py).call1((name, path));
        }
    }
    for hook in sys.getattr("path_hooks")?.try_iter()? {
        let Ok(hook) = hook?.cast_into::<Hook>() else { continue };
        if hook.get().mount().locate(text).is_some() {
            return hook.get().class().bind(py).call1((name, path));
        }
    }
    let external = py.import("_frozen_importlib_external")?;
    external.getattr("SourceFileLoader")?.call1((name, path))
}

/// The methods for a namespace package with this `__path__`.
#[pyfunction]
fn portions(locations: &Bound<'_, PyAny>) -> PyResult<Portions> {
    Portions::of(locations)?
        .ok_or_else(|| PyImportError::new_err("no part of the package is in a bundle"))
}

/// The path in a bundle; a `pathlib.Path` for any other.
#[pyfunction]
fn path<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let py = text.py();
    match mounts::locate(text.to_str()?) {
        Some(path) => Ok(Bound::new(py, path)?.into_any()),
        None => py.import("pathlib")?.getattr("Path")?.call1((text,)),
    }
}
