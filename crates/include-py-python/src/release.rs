//! The CPython release to compile for: a given one, or that of the running interpreter.

use pyc_compiler::Target;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The release called `name`: `3.13.0`, or `3.13` for the newest known release of 3.13.
pub(crate) fn named(name: &str) -> PyResult<Target> {
    Target::named(name).map_err(|error| {
        PyValueError::new_err(format!("{error}; name another release as `target`"))
    })
}

/// The release of the running interpreter.
pub(crate) fn running(py: Python<'_>) -> PyResult<Target> {
    let version = py.version_info();
    named(&format!("{}.{}.{}", version.major, version.minor, version.patch))
}
