//! How a hosted program ends: exceptions to exit codes, then Python's own shutdown.
//!
//! As `pythonrun.c: _Py_HandleSystemExit` and `main.c: Py_RunMain` do, 3.13.

use std::process::ExitCode;

use pyo3::{
    exceptions::{PyKeyboardInterrupt, PySystemExit},
    ffi,
    prelude::*,
    types::PyInt,
};

/// What a shell reports for a process that SIGINT ended.
const INTERRUPTED: u8 = 130;
/// What CPython exits with when it can't flush its streams.
const FLUSH_FAILED: u8 = 120;

/// The exit code for a closure's result; an exception other than `SystemExit` is printed.
pub(super) fn status(py: Python<'_>, result: PyResult<()>) -> u8 {
    match result {
        Ok(()) => 0,
        Err(error) if error.is_instance_of::<PySystemExit>(py) => requested(py, &error),
        Err(error) => {
            let interrupted = error.is_instance_of::<PyKeyboardInterrupt>(py);
            print(py, &error);
            if interrupted { INTERRUPTED } else { 1 }
        }
    }
}

/// Ends the interpreter: joins threads, runs `atexit`, flushes streams, frees modules.
pub(super) fn finalize(status: u8) -> ExitCode {
    // SAFETY: `Host::run` started the interpreter on this thread and nothing of Python's outlives
    // its closure; `PyGILState_Ensure` attaches the thread for the last time.
    let finalized = unsafe {
        ffi::PyGILState_Ensure();
        ffi::Py_FinalizeEx()
    };
    ExitCode::from(if finalized < 0 { FLUSH_FAILED } else { status })
}

/// The exit code that a `SystemExit` asks for; anything but a number is printed.
fn requested(py: Python<'_>, error: &PyErr) -> u8 {
    let Ok(code) = error.value(py).getattr("code") else { return 1 };
    if code.is_none() {
        return 0;
    }
    if code.is_instance_of::<PyInt>() {
        // The system keeps eight bits of it.
        let byte = code.call_method1("__and__", (0xff,)).and_then(|byte| byte.extract());
        return byte.unwrap_or(u8::MAX);
    }
    let _ = write_error(py, &code);
    1
}

/// Prints `text` and a newline on `sys.stderr`.
fn write_error(py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<()> {
    let sys = py.import("sys")?;
    sys.getattr("stdout")?.call_method0("flush")?;
    let stderr = sys.getattr("stderr")?;
    stderr.call_method1("write", (text.str()?,))?;
    stderr.call_method1("write", ("\n",))?;
    stderr.call_method0("flush")?;
    Ok(())
}

/// Prints a traceback, with source lines where the bundle has the source.
///
/// From 3.13 on the default `sys.excepthook` finds source through loaders; before, it is C code that
/// looks for files only.
fn print(py: Python<'_>, error: &PyErr) {
    #[cfg(not(Py_3_13))]
    // Without memory, C code can still print.
    if !error.is_instance_of::<pyo3::exceptions::PyMemoryError>(py)
        && print_with_source(py, error).unwrap_or(false)
    {
        return;
    }
    error.print(py);
}

/// Prints with the `traceback` module, unless somebody replaced `sys.excepthook`.
#[cfg(not(Py_3_13))]
fn print_with_source(py: Python<'_>, error: &PyErr) -> PyResult<bool> {
    let sys = py.import("sys")?;
    if !sys.getattr("excepthook")?.is(&sys.getattr("__excepthook__")?) {
        return Ok(false);
    }
    let parts = (error.get_type(py), error.value(py), error.traceback(py));
    py.import("traceback")?.call_method1("print_exception", parts)?;
    Ok(true)
}
