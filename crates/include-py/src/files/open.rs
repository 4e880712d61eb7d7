//! `open` for a file of the bundle.
//!
//! `open(path, "rb")` is an `io.BufferedReader`, `open(path)` an `io.TextIOWrapper`, as for files;
//! neither has a descriptor.

use pyo3::{exceptions::PyValueError, intern, prelude::*, types::PyDict};

use super::{Call, errno};

pub(super) fn open<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let py = call.py;
    let mode = match call.argument(1, "mode")? {
        Some(mode) => mode.extract()?,
        None => "r".to_owned(),
    };
    if mode.matches(['r', 'w', 'a', 'x']).count() != 1 || !mode.chars().all(is_flag) {
        return Err(PyValueError::new_err(format!("invalid mode: '{mode}'")));
    }
    if !mode.contains('r') || mode.contains('+') {
        return Err(call.error(errno::READ_ONLY));
    }
    if call.target.is_directory()? {
        return Err(call.error(errno::IS_A_DIRECTORY));
    }
    if !call.target.is_file()? {
        return Err(call.missing());
    }

    let io = py.import(intern!(py, "io"))?;
    let raw = call.target.stream(py)?;
    raw.setattr(intern!(py, "name"), &call.path)?;
    raw.setattr(intern!(py, "mode"), intern!(py, "rb"))?;
    let buffering: isize = call.argument(2, "buffering")?.map_or(Ok(-1), |one| one.extract())?;
    if mode.contains('b') && buffering == 0 {
        return Ok(raw);
    }
    let binary = io.call_method1(intern!(py, "BufferedReader"), (raw,))?;
    if mode.contains('b') {
        return Ok(binary);
    }
    if buffering == 0 {
        return Err(PyValueError::new_err("can't have unbuffered text I/O"));
    }
    let arguments = PyDict::new(py);
    for (position, name) in [(3, "encoding"), (4, "errors"), (5, "newline")] {
        arguments.set_item(name, call.argument(position, name)?)?;
    }
    let text = io.getattr(intern!(py, "TextIOWrapper"))?.call((binary,), Some(&arguments))?;
    text.setattr(intern!(py, "mode"), mode)?;
    Ok(text)
}

fn is_flag(flag: char) -> bool {
    matches!(flag, 'r' | 'w' | 'a' | 'x' | 'b' | 't' | '+')
}
