//! Shuts Python down with Python's own functions, in CPython's order, but keeps the interpreter
//! alive.
//!
//! `pylifecycle.c: Py_FinalizeEx`, 3.13, finally frees the interpreter. A thread that attaches
//! during or after that crashes the process, and safe code can attach. So every step of a shutdown
//! that a program can notice is done here with operations that any Python program can use. The
//! memory is freed when the process ends (ADR 26).
//!
//! | step | in CPython |
//! |---|---|
//! | join threads that aren't daemons | `wait_for_thread_shutdown` |
//! | run `atexit` functions | `_PyAtExit_Call` |
//! | no other thread runs Python code; `sys.is_finalizing()` is true | `_PyRuntimeState_SetFinalizing` |
//! | flush the standard streams; failure is status 120 | `flush_std_files` |
//! | signals do again what they did before Python | `_PySignal_Fini` |
//! | collect garbage, take modules apart, which runs destructors | `finalize_modules` |
//! | flush what those have written | when streams are freed |

use std::panic::{self, AssertUnwindSafe};

use pyo3::{ffi, prelude::*, sync::PyOnceLock, types::PyCFunction, types::PyDict};

use super::{exit, gate, life, modules};

/// A copy of `builtins` at the start; later additions of the program are removed at the end.
static BUILTINS: PyOnceLock<Py<PyDict>> = PyOnceLock::new();

/// Whether the standard streams could be flushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Streams {
    Flushed,
    Failed,
}

/// Saves what must be restored at the end.
pub(super) fn prepare(py: Python<'_>) -> PyResult<()> {
    let builtins = py.import("builtins")?.dict().copy()?;
    BUILTINS.get_or_init(py, || builtins.unbind());
    Ok(())
}

/// Shuts Python down. No Python code can run afterwards.
pub(super) fn end(py: Python<'_>) -> Streams {
    // An exception that the closure has left set would be mistaken for one of the following calls.
    // SAFETY: the thread is attached.
    unsafe { ffi::PyErr_Clear() };
    // `sys` can't be imported any more once modules are cleared. If memory is exhausted, even
    // creating its name panics.
    let sys = panic::catch_unwind(AssertUnwindSafe(|| py.import("sys").ok())).ok().flatten();
    attempt(py, || {
        join_threads(py);
        Ok(())
    });
    attempt(py, || py.import("atexit")?.call_method0("_run_exitfuncs").map(drop));
    life::ending();
    gate::close(py);
    let mut streams = Streams::Flushed;
    if let Some(sys) = sys {
        attempt(py, || tell_of_the_end(&sys));
        streams = flush(&sys);
        attempt(py, || restore_signals(py));
        if let Some(builtins) = BUILTINS.get(py) {
            attempt(py, || modules::take_apart(&sys, builtins.bind(py)));
        }
        flush_again(&sys);
    }
    gate::lock(py);
    life::ended();
    streams
}

/// Runs one step. An exception is printed as unraisable; a panic has already been printed.
fn attempt(py: Python<'_>, step: impl FnOnce() -> PyResult<()>) {
    if let Ok(Err(error)) = panic::catch_unwind(AssertUnwindSafe(step)) {
        error.write_unraisable(py, None);
    }
}

fn join_threads(py: Python<'_>) {
    let Ok(threading) = imported(py, "threading") else { return };
    let joined = panic::catch_unwind(AssertUnwindSafe(|| threading.call_method0("_shutdown")));
    if let Ok(Err(error)) = joined {
        error.write_unraisable(py, Some(&threading));
    }
}

/// A module that the program has already imported.
fn imported<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("sys")?.getattr("modules")?.get_item(name)
}

fn tell_of_the_end(sys: &Bound<'_, PyModule>) -> PyResult<()> {
    let name = Some(c"is_finalizing");
    let is_finalizing = PyCFunction::new_closure(sys.py(), name, None, |_, _| true)?;
    sys.setattr("is_finalizing", is_finalizing)
}

/// `pylifecycle.c: flush_std_files`, 3.13: errors of standard output are reported.
fn flush(sys: &Bound<'_, PyModule>) -> Streams {
    let mut streams = Streams::Flushed;
    flush_each(sys, |name, stream, error| {
        if name == "stdout" {
            exit::tell_of_stdout(stream, error);
        }
        streams = Streams::Failed;
    });
    streams
}

/// Flushes what destructors have written. CPython does this when it frees the streams and ignores
/// errors, too.
fn flush_again(sys: &Bound<'_, PyModule>) {
    flush_each(sys, |_, _, _| {});
}

fn flush_each(sys: &Bound<'_, PyModule>, mut failed: impl FnMut(&str, &Bound<'_, PyAny>, PyErr)) {
    for name in ["stdout", "stderr"] {
        let Some(stream) = open_stream(sys, name) else { continue };
        let flushed =
            panic::catch_unwind(AssertUnwindSafe(|| stream.call_method0("flush").map(drop)));
        if let Ok(Err(error)) = flushed {
            failed(name, &stream, error);
        }
    }
}

/// A stream that exists and isn't closed.
fn open_stream<'py>(sys: &Bound<'py, PyModule>, name: &str) -> Option<Bound<'py, PyAny>> {
    let stream = sys.getattr(name).ok()?;
    let closed = || stream.getattr("closed").and_then(|closed| closed.is_truthy());
    (!stream.is_none() && !closed().unwrap_or(false)).then_some(stream)
}

/// Removes signal handlers that are Python functions, because they can't run any more.
fn restore_signals(py: Python<'_>) -> PyResult<()> {
    // `_signal` is built in; the module `signal` may be missing.
    let signal = py.import("_signal")?;
    let default = signal.getattr("SIG_DFL")?;
    let last: i32 = signal.getattr("NSIG")?.extract()?;
    for number in 1..last {
        let Ok(handler) = signal.call_method1("getsignal", (number,)) else { continue };
        if handler.is_callable() {
            signal.call_method1("signal", (number, &default))?;
        }
    }
    Ok(())
}
