//! The class of a bundle's loaders: a subclass of importlib's `SourceFileLoader`.
//!
//! ```text
//! object ◁ _LoaderBasics ◁ FileLoader, SourceLoader ◁ SourceFileLoader ◁ BundleLoader
//!                          name, path   source_to_code                  exec_module, get_code
//! ```
//!
//! Code that hooks into imports looks for `SourceFileLoader` with its `name` and `path`, replaces
//! it by a subclass, or replaces one of its methods. It would silently ignore a different class.
//! The registrations of `SourceFileLoader` in `importlib.abc` also apply to a subclass, without
//! importing that module.
//!
//! Each bundle has its own class, which holds the [`Store`]. An instance has only `name` and
//! `path`, so loaders are compared, hashed and copied like importlib's.

use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyString, PyType},
};

use super::{
    loader as methods,
    method::{instance, method},
    store::Store,
};

/// The attribute of the class with its [`Store`].
pub(super) const STORE: &str = "_bundle";

/// Creates the class of a bundle's loaders.
pub(super) fn make<'py>(store: &Bound<'py, Store>) -> PyResult<Bound<'py, PyType>> {
    let py = store.py();
    let importlib = store.get().importlib();
    let base = importlib.source_file_loader(py);
    let namespace = PyDict::new(py);
    namespace.set_item("__module__", "include_py")?;
    namespace.set_item("__doc__", "Loads one module of a bundle.")?;
    for function in methods::functions(py)? {
        let name = function.getattr(intern!(py, "__name__"))?.cast_into::<PyString>()?;
        if name == "get_code" {
            store.get().set_get_code(&function);
        }
        namespace.set_item(name, method(&function)?)?;
    }
    namespace.set_item(STORE, store)?;
    let class = py.get_type::<PyType>().call1(("BundleLoader", (base,), namespace))?;
    Ok(class.cast_into()?)
}

/// The store of a loader; `None` if it isn't a bundle's loader.
pub(super) fn store<'py>(loader: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, Store>>> {
    let store = loader.getattr_opt(intern!(loader.py(), STORE))?;
    Ok(store.and_then(|store| store.cast_into().ok()))
}

/// A loader with this name and path, as `FileLoader.__init__` creates it, but without calling
/// Python code for each module.
pub(super) fn loader<'py>(
    class: &Bound<'py, PyType>,
    name: &Bound<'py, PyString>,
    path: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let loader = instance(class)?;
    loader.setattr(intern!(py, "name"), name)?;
    loader.setattr(intern!(py, "path"), path)?;
    Ok(loader)
}
