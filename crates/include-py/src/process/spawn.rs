//! What multiprocessing starts when the program's file was moved, removed or replaced meanwhile.
//!
//! It starts `sys.executable`. If that doesn't lead to the running file any more, its workers must
//! still be this program, since the parent's code and theirs have to fit: on Linux the kernel keeps
//! the file.

use pyo3::prelude::*;

/// Makes `multiprocessing.spawn.get_executable` name the running file where `sys.executable`
/// doesn't lead to it. What a program sets with `set_executable` is left alone.
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
        let ours =
            chosen.eq(path.as_os_str())? || chosen.eq(path.as_os_str().as_encoded_bytes())?;
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
