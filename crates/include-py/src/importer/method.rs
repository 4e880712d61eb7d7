//! Native functions as methods of classes that are created at run time.
//!
//! `Loader.exec_module` must be bound to a loader when it is looked up on one. Python functions do
//! that, but native functions don't (`methodobject.c: PyCFunction_Type`, 3.13). So the class
//! contains CPython's `instancemethod`, which binds them (`classobject.c: PyInstanceMethod_New`).

use pyo3::{
    ffi,
    prelude::*,
    types::{PyCFunction, PyType},
};

unsafe extern "C" {
    /// Part of CPython's C API since 3.0; pyo3-ffi 0.30 doesn't declare it.
    fn PyInstanceMethod_New(function: *mut ffi::PyObject) -> *mut ffi::PyObject;
}

/// The function as a method.
pub(super) fn method<'py>(function: &Bound<'py, PyCFunction>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the thread is attached and `function` is a live object, of which CPython takes a
    // reference of its own; a new reference or null with an exception set comes back.
    unsafe { Bound::from_owned_ptr_or_err(function.py(), PyInstanceMethod_New(function.as_ptr())) }
}

/// Creates an instance of a Python class as `object.__new__` does, without running `__init__`.
pub(super) fn instance<'py>(class: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    let none = std::ptr::null_mut();
    // SAFETY: the thread is attached and `class` is a live type, made by Python's `class` machinery
    // from `object`, whose instances need no arguments (`typeobject.c: PyType_GenericNew`, 3.13). A
    // new reference or null with an exception set comes back.
    unsafe {
        let object = ffi::PyType_GenericNew(class.as_type_ptr(), none, none);
        Bound::from_owned_ptr_or_err(class.py(), object)
    }
}
