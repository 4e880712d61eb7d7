//! The executable for multiprocessing, if the program's file was moved, removed or replaced.
//!
//! multiprocessing starts `sys.executable`. Even if that no longer leads to the running file, its
//! workers must run this program, since the code of parent and workers must match. On Linux, the
//! kernel keeps the file accessible.

use pyo3::prelude::*;

/// Makes `multiprocessing.spawn.get_executable` return the running file if `sys.executable` doesn't
/// lead to it. An executable set with `set_executable` stays.
#[cfg(target_os = "linux")]
pub(crate) fn keep_startable(module: &Bound<'_, PyAny>) -> PyResult<()> {
    use pyo3::types::{PyBytes, PyCFunction, PyDict, PyTuple};

    use super::{Process, RUNNING, is_announced};

    const FUNCTION: &str = "get_executable";
    if !is_announced() {
        return Ok(());
    }
    let (Some(path), py) = (Process::current().executable(), module.py()) else { return Ok(()) };
    let original = module.getattr(FUNCTION)?.unbind();
    let get = move |args: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| {
        let py = args.py();
        let chosen = original.bind(py).call0()?;
        // Only values of one type are compared: with `-b`, comparing others is a warning.
        let ours = match chosen.cast::<PyBytes>() {
            Ok(bytes) => bytes.as_bytes() == path.as_os_str().as_encoded_bytes(),
            Err(_) => chosen.eq(path.as_os_str())?,
        };
        if !ours || Process::current().is_at(path) {
            return Ok::<_, PyErr>(chosen.unbind());
        }
        Ok(PyBytes::new(py, RUNNING.as_bytes()).into_any().unbind())
    };
    module.setattr(FUNCTION, PyCFunction::new_closure(py, Some(c"get_executable"), None, get)?)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn keep_startable(_module: &Bound<'_, PyAny>) -> PyResult<()> {
    Ok(())
}
