//! Module specs for bundled modules.
//!
//! `json` gets `ModuleSpec("json", loader, origin="<root>/json/__init__.py")` with
//! `submodule_search_locations=["<root>/json"]`.

use include_py_bundle::{Module, ModuleKind};
use pyo3::{intern, prelude::*};

use super::{Importlib, loader::Loader};
use crate::mount::Mount;

/// The spec of a module or regular package.
///
/// The location is set, so that `__file__`, the module's `repr` and error messages are as for
/// files; the loader removes the `__cached__` that importlib then invents.
pub(super) fn module<'py>(
    importlib: &Importlib,
    mount: &Mount,
    name: &str,
    module: &Module<'_>,
    loader: &Bound<'py, Loader>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = loader.py();
    let origin = mount.outer(module.path());
    let search = match module.kind() {
        ModuleKind::Package => Some(mount.outer(directory(module.path()))),
        _ => None,
    };
    let spec =
        importlib.module_spec(py, name, Some(loader.as_any()), Some(&origin), search.as_deref())?;
    spec.setattr(intern!(py, "has_location"), true)?;
    Ok(spec)
}

/// The part of a path before its last component.
pub(crate) fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}
