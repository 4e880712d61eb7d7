//! The class of a bundle's loaders: a subclass of importlib's `SourceFileLoader`.
//!
//! ```text
//! object ◁ _LoaderBasics ◁ FileLoader, SourceLoader ◁ SourceFileLoader ◁ BundleLoader
//!                          name, path   source_to_code                  exec_module, get_code
//! ```
//!
//! Code that hooks into imports looks for `SourceFileLoader`, with its `name` and `path`, replaces it by a
//! subclass of its own, or replaces one of its methods. A loader of another kind would be passed over
//! without a word. What `importlib.abc` registers `SourceFileLoader` for holds for the subclass, too,
//! without that module being imported.
//!
//! Each bundle has a class of its own, which keeps its [`Store`]: an instance has `name` and `path` and
//! nothing else, so that loaders are compared, hashed and copied as importlib's are.

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

/// The attribute of the class that holds its [`Store`].
pub(super) const STORE: &str = "_bundle";

/// Makes the class of a bundle's loaders.
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

/// What a loader loads from, `None` for a loader that isn't of a bundle.
pub(super) fn store<'py>(loader: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, Store>>> {
    let store = loader.getattr_opt(intern!(loader.py(), STORE))?;
    Ok(store.and_then(|store| store.cast_into().ok()))
}

/// A loader with this name and path: what `FileLoader.__init__` makes, without a call of Python code for
/// each module.
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
