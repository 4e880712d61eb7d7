//! The release to compile for: named, or that of the running interpreter.

use pyc_code::Minor;
use pyc_compiler::Target;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The release that `name` names: `3.13.0`, or `3.13` for its newest.
pub(crate) fn named(name: &str) -> PyResult<Target> {
    let newest = || {
        let minor = name.strip_prefix("3.")?.parse().ok().and_then(Minor::new)?;
        Target::newest(minor)
    };
    let unknown = |reason: String| {
        PyValueError::new_err(format!(
            "can't compile for `{name}`: {reason}; name another release as `target`"
        ))
    };
    if let Some(target) = newest() {
        return Ok(target);
    }
    let version = name.parse().map_err(|_| unknown("it is no release such as 3.13.0".into()))?;
    Target::for_version(version).map_err(|error| unknown(error.to_string()))
}

/// The release of the running interpreter.
pub(crate) fn running(py: Python<'_>) -> PyResult<Target> {
    let version = py.version_info();
    named(&format!("{}.{}.{}", version.major, version.minor, version.patch))
}
