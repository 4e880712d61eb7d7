//! `PyStatus`, CPython's result type before exceptions are available.

use std::ffi::CStr;

use pyo3::ffi;

use crate::Error;

/// `Ok` for success; otherwise CPython's message and the function that reported it.
pub(super) fn check(status: ffi::PyStatus) -> Result<(), Error> {
    // SAFETY: a pure function of its argument.
    if unsafe { ffi::PyStatus_Exception(status) } == 0 {
        return Ok(());
    }
    let message = text(status.err_msg)
        .unwrap_or_else(|| format!("it asked to exit with status {}", status.exitcode));
    Err(Error::start(text(status.func), message))
}

/// The exit status that CPython requests, as after `--version` or an invalid option.
pub(super) fn exit_status(status: ffi::PyStatus) -> Option<u8> {
    // SAFETY: a pure function of its argument.
    let exits = unsafe { ffi::PyStatus_IsExit(status) } != 0;
    exits.then(|| status.exitcode.to_le_bytes()[0])
}

fn text(pointer: *const std::ffi::c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not null, so one of CPython's NUL-terminated string constants.
    Some(unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}
