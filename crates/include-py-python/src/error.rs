//! Converts errors to Python exceptions.

use pyc_compiler::{SyntaxError, WarningKind};
use pyo3::exceptions::{PyDeprecationWarning, PySyntaxError, PySyntaxWarning, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;

/// The class of a warning.
pub(crate) fn category(py: Python<'_>, kind: WarningKind) -> Bound<'_, PyType> {
    match kind {
        WarningKind::Deprecation => py.get_type::<PyDeprecationWarning>(),
        _ => py.get_type::<PySyntaxWarning>(),
    }
}

/// The exception that `compile()` would raise, with the same arguments.
pub(crate) fn refused(py: Python<'_>, error: &SyntaxError) -> PyErr {
    exception(py, error).unwrap_or_else(|fault| fault)
}

fn exception(py: Python<'_>, error: &SyntaxError) -> PyResult<PyErr> {
    let class = py.import("builtins")?.getattr(error.kind().exception_name())?;
    let class = class.cast_into::<PyType>()?;
    let message = error.message();
    if !class.is_subclass_of::<PySyntaxError>()? {
        // UnicodeDecodeError can't be created from a message; its base class ValueError can.
        let plain =
            class.call1((message,)).or_else(|_| py.get_type::<PyValueError>().call1((message,)));
        return Ok(PyErr::from_value(plain?));
    }
    let span = error.span();
    let details = (
        error.filename(),
        span.map(|span| span.line),
        span.map(|_| error.offset().unwrap_or(0)),
        error.text(),
        span.map(|span| span.end_line),
        span.map(|_| error.end_offset().unwrap_or(0)),
    );
    Ok(PyErr::from_value(class.call1((message, details))?))
}

/// The exception for bytes that aren't a valid `.pyc` file.
pub(crate) fn damaged(error: &pyc_code::Error) -> PyErr {
    PyValueError::new_err(format!("not a valid .pyc file: {error}"))
}
