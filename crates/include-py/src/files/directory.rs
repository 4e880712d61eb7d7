//! The current directory, if it is in a bundle.
//!
//! The system can't change to such a directory, so the process keeps its real one. Served functions
//! and `os.getcwd` use the bundle's directory, while C code and child processes use the real one.

use pyo3::{
    prelude::*,
    types::{PyBytes, PyString},
};

use super::{Call, errno};
use crate::mount;

/// `os.chdir` and `os.fchdir` to a directory of the bundle.
pub(super) fn chdir<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if call.target.is_directory()? {
        mount::set_current_directory(Some(call.target.outer()));
        return Ok(call.py.None().into_bound(call.py));
    }
    Err(if call.target.is_file()? { call.error(errno::NOT_A_DIRECTORY) } else { call.missing() })
}

/// The same to any other directory.
pub(super) fn leave<'py>(
    chdir: impl FnOnce() -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let before = mount::current_directory();
    mount::set_current_directory(None);
    chdir().inspect_err(|_| mount::set_current_directory(before))
}

pub(super) fn getcwd(py: Python<'_>) -> Option<Bound<'_, PyAny>> {
    Some(PyString::new(py, &mount::current_directory()?).into_any())
}

pub(super) fn getcwdb(py: Python<'_>) -> Option<Bound<'_, PyAny>> {
    Some(PyBytes::new(py, mount::current_directory()?.as_bytes()).into_any())
}
