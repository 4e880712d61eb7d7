//! Registers our classes with importlib's abstract classes.
//!
//! | of ours | is a |
//! |---|---|
//! | `BundleFinder` | `importlib.abc.MetaPathFinder` |
//! | `BundleEntryFinder` | `importlib.abc.PathEntryFinder` |
//! | `BundleReader` | `importlib.resources.abc.TraversableResources` |
//!
//! Loaders are [`SourceFileLoader`s](super::class), which importlib registers itself, and
//! `BundlePath` has the methods of the protocol `Traversable`. Starting a program doesn't import
//! these modules, so our classes are registered when they are imported.

use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyType},
};

use super::{Finder, entry::Entry};
use crate::resources::Reader;

/// Registers our classes with those in the module.
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
    // The module of each class depends on the version. The attribute isn't read directly, because
    // 3.12 and 3.13 warn about classes that have moved (`importlib/abc.py: __getattr__`).
    let namespace = module.getattr(intern!(py, "__dict__"))?;
    let Some(class) = namespace.cast::<PyDict>()?.get_item(name)? else { return Ok(()) };
    let own: Bound<'_, PyType> = py.get_type::<T>();
    class.call_method1(intern!(py, "register"), (own,)).map(drop)
}
