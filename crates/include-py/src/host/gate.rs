//! Prevents all threads but one from running Python code while Python shuts down.
//!
//! CPython ends such threads when they next take the GIL (`ceval_gil.c: take_gil`, 3.11 to 3.13) or
//! lets them hang (3.14). It can only do so while it frees its own structures. Here the structures
//! stay, so a thread that attaches finds an interpreter. What is refused is to run a frame:
//!
//! | thread | what happens when it calls a Python function |
//! |---|---|
//! | the one that shuts down | the function runs |
//! | one that `threading` started | it waits forever, as a daemon thread does in 3.14 |
//! | any other, such as one of the program's own | `SystemExit`, with a message that says why |
//!
//! One kind of function runs on every thread: those with which importlib releases its locks.
//! Otherwise a thread that is refused in the middle of an import would keep a lock, and another
//! thread would wait for it forever.

use std::{
    ffi::c_int,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use pyo3::{exceptions::PySystemExit, ffi, prelude::*, sync::PyOnceLock};

/// The message for Python code that is called too late.
const MESSAGE: &str = "Python has ended in this process: nothing of it runs after \
                       `include_py::run`, so call it at the end of `main`";

/// The thread that may run Python code, identified by the address of a thread-local variable; 0 for
/// none.
static OWNER: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" {
    /// CPython's own evaluator, part of PEP 523.
    fn _PyEval_EvalFrameDefault(
        tstate: *mut ffi::PyThreadState,
        frame: *mut ffi::_PyInterpreterFrame,
        throw: c_int,
    ) -> *mut ffi::PyObject;
}

/// The methods of importlib that release a lock, 3.11 to 3.14.
const RELEASING: [(&str, &str); 4] = [
    ("_ImportLockContext", "__exit__"),
    ("_ModuleLockManager", "__exit__"),
    ("_ModuleLock", "release"),
    // From 3.12 on.
    ("_BlockingOnManager", "__exit__"),
];

/// Their code objects.
static RELEASING_CODE: PyOnceLock<Vec<Py<PyAny>>> = PyOnceLock::new();

/// From now on, only this thread runs Python code.
pub(super) fn close(py: Python<'_>) {
    RELEASING_CODE.get_or_init(py, || releasing_code(py));
    OWNER.store(this_thread(), Ordering::Relaxed);
    // SAFETY: the thread is attached, so there is a current interpreter, which lives as long as the
    // process; `evaluate` has the type and keeps the contract of an evaluator (PEP 523).
    unsafe {
        ffi::_PyInterpreterState_SetEvalFrameFunc(ffi::PyInterpreterState_Get(), Some(evaluate));
    }
}

/// From now on, no thread runs Python code.
pub(super) fn lock(_: Python<'_>) {
    OWNER.store(0, Ordering::Relaxed);
}

fn this_thread() -> usize {
    thread_local!(static PLACE: u8 = const { 0 });
    PLACE.with(|place| std::ptr::from_ref(place).addr())
}

/// Runs a frame, or refuses to.
unsafe extern "C" fn evaluate(
    tstate: *mut ffi::PyThreadState,
    frame: *mut ffi::_PyInterpreterFrame,
    mut throw: c_int,
) -> *mut ffi::PyObject {
    if OWNER.load(Ordering::Relaxed) != this_thread() {
        // SAFETY: CPython calls an evaluator on an attached thread.
        let py = unsafe { Python::assume_attached() };
        // SAFETY: the frame is CPython's, and nothing of it has run yet.
        if throw == 0 && !unsafe { is_releasing(py, frame) } {
            refuse(py);
            throw = 1;
        }
    }
    // SAFETY: the arguments are CPython's own, passed on once. With `throw` the frame ends with the
    // exception that is set before its first instruction, as one does into which
    // `generator.throw` puts it, and CPython's evaluator frees it.
    unsafe { _PyEval_EvalFrameDefault(tstate, frame, throw) }
}

fn releasing_code(py: Python<'_>) -> Vec<Py<PyAny>> {
    let Ok(importlib) = py.import("_frozen_importlib") else { return Vec::new() };
    let code = |&(class, method): &(&str, &str)| {
        let method = importlib.getattr(class)?.getattr(method)?;
        method.getattr("__code__").map(Bound::unbind)
    };
    RELEASING.iter().filter_map(|place| code(place).ok()).collect()
}

/// Whether a frame is one of a function in [`RELEASING`].
///
/// # Safety
///
/// `frame` is what CPython gave to an evaluator.
unsafe fn is_releasing(py: Python<'_>, frame: *mut ffi::_PyInterpreterFrame) -> bool {
    // SAFETY: as the caller promises.
    let code = unsafe { code_of(py, frame) };
    RELEASING_CODE.get(py).is_some_and(|all| all.iter().any(|one| one.is(&code)))
}

/// The code object that a frame runs.
///
/// # Safety
///
/// `frame` is what CPython gave to an evaluator.
#[cfg(Py_3_12)]
unsafe fn code_of(py: Python<'_>, frame: *mut ffi::_PyInterpreterFrame) -> Bound<'_, PyAny> {
    // SAFETY: a frame; the result is a new reference.
    unsafe { Bound::from_owned_ptr(py, ffi::PyUnstable_InterpreterFrame_GetCode(frame)) }
}

/// The code object that a frame runs.
///
/// # Safety
///
/// `frame` is what CPython gave to an evaluator.
#[cfg(not(Py_3_12))]
unsafe fn code_of(py: Python<'_>, frame: *mut ffi::_PyInterpreterFrame) -> Bound<'_, PyAny> {
    /// Index of `f_code` in `pycore_frame.h: _PyInterpreterFrame`, 3.11, after `f_func`,
    /// `f_globals`, `f_builtins` and `f_locals`. This version has no function to get it.
    const INDEX: usize = 4;
    // SAFETY: a frame begins with five pointers, and the fifth is a code object's that the frame
    // owns.
    unsafe { Bound::from_borrowed_ptr(py, *frame.cast::<*mut ffi::PyObject>().add(INDEX)) }
}

/// Sets an exception, or never returns.
#[cold]
fn refuse(py: Python<'_>) {
    if is_of_threading(py) {
        // SAFETY: the thread is attached, and never runs anything that would have to be.
        unsafe { ffi::PyEval_SaveThread() };
        loop {
            thread::park();
        }
    }
    PySystemExit::new_err(MESSAGE).restore(py);
}

/// Whether the thread's outermost frame is the start of a `threading.Thread`.
fn is_of_threading(py: Python<'_>) -> bool {
    // SAFETY: the thread is attached; borrowed, or null where no frame runs.
    let frame = unsafe {
        Bound::from_borrowed_ptr_or_opt(py, ffi::PyEval_GetFrame().cast::<ffi::PyObject>())
    };
    let mut outermost = frame;
    while let Some(frame) = &outermost {
        // SAFETY: a frame; the result is a new reference or null.
        let caller = unsafe {
            Bound::from_owned_ptr_or_opt(py, ffi::PyFrame_GetBack(frame.as_ptr().cast()).cast())
        };
        if caller.is_none() {
            break;
        }
        outermost = caller;
    }
    let name = outermost.and_then(|frame| frame.getattr("f_code").ok()?.getattr("co_name").ok());
    name.is_some_and(|name| name.eq("_bootstrap").unwrap_or(false))
}
