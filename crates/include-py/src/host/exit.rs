//! Converts the result of a hosted program to an exit code and messages on standard error.
//!
//! This follows `pythonrun.c: _Py_HandleSystemExit`, `_PyErr_PrintEx` and `main.c: Py_RunMain`,
//! 3.13. PyO3's `PyErr::print` isn't used because it ends the process if `sys.excepthook` raises
//! `SystemExit`.

use std::{
    io::{self, Write},
    ptr,
};

use pyo3::{
    exceptions::{PyKeyboardInterrupt, PyMemoryError, PySystemExit},
    ffi,
    prelude::*,
    types::PyInt,
};

use super::{SignalHandlers, end::Streams};

/// The status that a shell reports for a process that SIGINT ended.
const INTERRUPTED: u8 = 130;
/// CPython's exit code if its streams can't be flushed.
const FLUSH_FAILED: u8 = 120;

/// How a closure ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Code(u8),
    /// With a `KeyboardInterrupt`.
    Interrupted,
}

/// The status for a closure's result. Exceptions other than `SystemExit` are printed.
pub(super) fn status(py: Python<'_>, result: PyResult<()>) -> Status {
    let Err(error) = result else { return Status::Code(0) };
    if error.is_instance_of::<PySystemExit>(py) {
        return Status::Code(requested(py, &error));
    }
    let code = print(py, &error);
    // Only the class itself, not subclasses (`pythonrun.c: run_eval_code_obj`, 3.13).
    if error.get_type(py).is(py.get_type::<PyKeyboardInterrupt>()) {
        Status::Interrupted
    } else {
        Status::Code(code)
    }
}

/// The exit code after the shutdown, or the end of the process by SIGINT.
pub(super) fn code(status: Status, streams: Streams, handlers: SignalHandlers) -> u8 {
    match (status, streams) {
        (Status::Interrupted, _) => {
            if handlers == SignalHandlers::Python {
                interrupt();
            }
            INTERRUPTED
        }
        (Status::Code(_), Streams::Failed) => FLUSH_FAILED,
        (Status::Code(code), Streams::Flushed) => code,
    }
}

/// Ends the process with SIGINT (`main.c: exit_sigint`, 3.13), unless the signal is blocked.
fn interrupt() {
    // The signal flushes neither Rust's buffer nor C's.
    let _ = io::stdout().flush();
    // SAFETY: a null pointer stands for all streams; the default action is a valid handler.
    unsafe {
        libc::fflush(ptr::null_mut());
        if libc::signal(libc::SIGINT, libc::SIG_DFL) != libc::SIG_ERR {
            libc::kill(libc::getpid(), libc::SIGINT);
        }
    }
}

/// The exit code of a `SystemExit`; values other than numbers are printed.
fn requested(py: Python<'_>, error: &PyErr) -> u8 {
    let code =
        error.value(py).getattr("code").unwrap_or_else(|_| error.value(py).clone().into_any());
    if code.is_none() {
        return 0;
    }
    if code.is_instance_of::<PyInt>() {
        // CPython uses -1 for values out of range; the system keeps the lowest eight bits.
        return code.extract().unwrap_or(-1_i64).to_le_bytes()[0];
    }
    let text = code.str().map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
    write(py, &format!("{text}\n"));
    1
}

/// Writes to `sys.stderr`, or to the system's standard error if it is `None`.
fn write(py: Python<'_>, text: &str) {
    let stderr = py.import("sys").and_then(|sys| sys.getattr("stderr"));
    let written = match stderr {
        Ok(stderr) if !stderr.is_none() => {
            stderr.call_method1("write", (text,)).and_then(|_| stderr.call_method0("flush")).is_ok()
        }
        _ => false,
    };
    if !written {
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

/// Prints an exception with `sys.excepthook`; returns 1, or the code of a `SystemExit` in the hook.
fn print(py: Python<'_>, error: &PyErr) -> u8 {
    if error.is_instance_of::<PyMemoryError>(py) && has_default_hook(py) {
        // Everything else here allocates memory.
        let traceback = error.traceback(py);
        let traceback = traceback.as_ref().map_or(ptr::null_mut(), Bound::as_ptr);
        // SAFETY: the thread is attached; type, value and traceback are live objects, or null for
        // none.
        unsafe {
            ffi::PyErr_Display(error.get_type(py).as_ptr(), error.value(py).as_ptr(), traceback);
        }
        return 1;
    }
    remember(py, error);
    let Ok(sys) = py.import("sys") else { return 1 };
    let Ok(hook) = sys.getattr("excepthook") else {
        write(py, "sys.excepthook is missing\n");
        display(&sys, error);
        return 1;
    };
    let (kind, value, traceback) = (error.get_type(py), error.value(py), error.traceback(py));
    let event = ("sys.excepthook", &hook, &kind, value, traceback.as_ref());
    if sys.call_method1("audit", event).is_err() {
        return 1;
    }
    let default = sys.getattr("__excepthook__").is_ok_and(|default| default.is(&hook));
    if default {
        display(&sys, error);
        return 1;
    }
    match hook.call1((kind, value, traceback)) {
        Ok(_) => 1,
        Err(second) if second.is_instance_of::<PySystemExit>(py) => requested(py, &second),
        Err(second) => {
            write(py, "Error in sys.excepthook:\n");
            display(&sys, &second);
            write(py, "\nOriginal exception was:\n");
            display(&sys, error);
            1
        }
    }
}

/// Reports that standard output can't be flushed; 3.13 and later have a separate message.
#[cfg(Py_3_13)]
pub(super) fn tell_of_stdout(stream: &Bound<'_, PyAny>, error: PyErr) {
    unsafe extern "C" {
        /// Of CPython's C API since 3.13; pyo3-ffi 0.30 doesn't declare it.
        fn PyErr_FormatUnraisable(format: *const std::ffi::c_char, ...);
    }
    error.restore(stream.py());
    // SAFETY: the thread is attached and an exception is set; the text has nothing that stands for
    // an argument.
    unsafe { PyErr_FormatUnraisable(c"Exception ignored on flushing sys.stdout".as_ptr()) }
}

#[cfg(not(Py_3_13))]
pub(super) fn tell_of_stdout(stream: &Bound<'_, PyAny>, error: PyErr) {
    error.write_unraisable(stream.py(), Some(stream));
}

/// Whether uncaught exceptions are printed by CPython's own hook, determined without allocating.
fn has_default_hook(_: Python<'_>) -> bool {
    // SAFETY: the thread is attached; both are borrowed references or null, and only compared.
    unsafe {
        ffi::PySys_GetObject(c"excepthook".as_ptr())
            == ffi::PySys_GetObject(c"__excepthook__".as_ptr())
    }
}

/// Stores the exception in `sys.last_exc` and so on, where debuggers look for it.
fn remember(py: Python<'_>, error: &PyErr) {
    let _ = py.import("sys").and_then(|sys| {
        #[cfg(Py_3_12)]
        sys.setattr("last_exc", error.value(py))?;
        sys.setattr("last_type", error.get_type(py))?;
        sys.setattr("last_value", error.value(py))?;
        sys.setattr("last_traceback", error.traceback(py))
    });
}

/// Prints a traceback, with source lines if the bundle contains the source.
///
/// From 3.13 on, CPython reads source through loaders; before, the importer's hook does.
fn display(sys: &Bound<'_, PyModule>, error: &PyErr) {
    let py = sys.py();
    let parts = (error.get_type(py), error.value(py), error.traceback(py));
    if sys.call_method1("__excepthook__", parts).is_err() {
        error.display(py);
    }
}
