//! Module specs for bundled modules.
//!
//! `json` gets `ModuleSpec("json", loader, origin="<root>/json/__init__.py")` with
//! `submodule_search_locations=["<root>/json"]`.

use include_py_bundle::{Module, ModuleKind};
use pyo3::{
    prelude::*,
    types::{PyString, PyType},
};

use super::{Importlib, class, names::tail};

/// The spec of a module or regular package whose file has this virtual path.
///
/// The location is set, so that `__file__`, the module's `repr` and error messages are as for
/// files. The loader removes the `__cached__` that importlib then derives.
pub(super) fn module<'py>(
    importlib: &Importlib,
    name: &Bound<'py, PyString>,
    module: &Module<'_>,
    file: &str,
    class: &Bound<'py, PyType>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let origin = PyString::new(py, file).into_any();
    let search = match module.kind() {
        // `pkg.__init__` is a second module from the package's file, and not a package
        // (`_bootstrap_external.py: _LoaderBasics.is_package`, 3.13).
        ModuleKind::Package if tail(name.to_str()?) != "__init__" => {
            file.strip_suffix("__init__.py").map(|file| &file[..file.len() - 1])
        }
        _ => None,
    };
    let loader = class::loader(class, name, &origin)?;
    let spec = importlib.module_spec(name, Some(&loader), Some(&origin), search)?;
    importlib.set_location(&spec, file)?;
    Ok(spec)
}

/// A path without its last component.
pub(crate) fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}
