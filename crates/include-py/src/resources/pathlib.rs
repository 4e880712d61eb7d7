//! Conversions to and from `pathlib.Path`, which implements the behaviour of the running version.

use pyo3::{
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyTuple, PyType},
};

use super::BundlePath;

/// `pathlib.Path(str(path))`.
pub(super) fn of<'py>(py: Python<'py>, path: &BundlePath) -> PyResult<Bound<'py, PyAny>> {
    self::path(py, &path.outer())
}

/// `pathlib.Path(text)`.
pub(super) fn path<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "pathlib", "Path")?.call1((text,))
}

/// Whether it is a `pathlib.PurePath` or a [`BundlePath`].
pub(super) fn is_path(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(object.py(), "pathlib", "PurePath")?;
    Ok(object.is_instance_of::<BundlePath>() || object.is_instance(class)?)
}

/// The result of a method of `pathlib.Path` for this path.
pub(super) fn made<'py>(
    path: &BundlePath,
    method: &str,
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    back(path, of(args.py(), path)?.call_method(method, args, kwargs)?)
}

/// Converts a path from pathlib to one in the bundle, if it leads there.
pub(super) fn back<'py>(path: &BundlePath, made: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = made.py();
    let text = made.call_method0(intern!(py, "__fspath__"))?.extract::<String>()?;
    match path.mount().locate(&text) {
        Some(inner) => Ok(Bound::new(py, BundlePath::new(path.mount(), &inner))?.into_any()),
        None => Ok(made),
    }
}
