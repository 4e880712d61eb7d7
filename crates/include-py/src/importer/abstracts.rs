//! importlib's abstract classes: what ours are instances of.
//!
//! | of ours | is a |
//! |---|---|
//! | `BundleFinder` | `importlib.abc.MetaPathFinder` |
//! | `BundleEntryFinder` | `importlib.abc.PathEntryFinder` |
//! | `BundleReader` | `importlib.resources.abc.TraversableResources` |
//!
//! Loaders are [`SourceFileLoader`s](super::class), for which importlib does it, and `BundlePath` has the
//! methods of the protocol `Traversable`. Nobody imports these modules to start a program, so ours are
//! registered when they are imported.

use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyType},
};

use super::{Finder, entry::Entry};
use crate::resources::Reader;

/// Registers our classes with those that the module has.
pub(super) fn complete(module: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = module.py();
    register::<Finder>(module, intern!(py, "MetaPathFinder"))?;
    register::<Entry>(module, intern!(py, "PathEntryFinder"))?;
    register::<Reader>(module, intern!(py, "TraversableResources"))
}

fn register<T: pyo3::PyTypeInfo>(
    module: &Bound<'_, PyAny>,
    name: &Bound<'_, pyo3::types::PyString>,
) -> PyResult<()> {
    let py = module.py();
    // Which of the two modules has which class depends on the version. It isn't asked for as an attribute: 3.12 and
    // 3.13 warn of those that have moved, as if the program had named them (`importlib/abc.py: __getattr__`).
    let namespace = module.getattr(intern!(py, "__dict__"))?;
    let Some(class) = namespace.cast::<PyDict>()?.get_item(name)? else { return Ok(()) };
    let own: Bound<'_, PyType> = py.get_type::<T>();
    class.call_method1(intern!(py, "register"), (own,)).map(drop)
}
