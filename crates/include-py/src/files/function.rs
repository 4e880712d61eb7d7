//! Functions that `pickle` and `inspect` accept as functions of a module: `pickle.dumps(os.stat)`,
//! `pool.map(os.stat, paths)`.
//!
//! Both check that `__self__` is a module (`methodobject.c: meth_reduce`, `inspect.py:
//! _signature_fromstr`, 3.13), which isn't the case for a closure. So `__self__` is a module object
//! that isn't importable and has the closure in its state.

use std::{
    ffi::{CStr, CString},
    ptr,
};

use pyo3::{
    ffi,
    prelude::*,
    types::{PyCFunction, PyString},
};

/// A function of `module` under this name. It lives as long as the process.
pub(super) fn of_module<'py>(
    closure: Bound<'py, PyCFunction>,
    module: &str,
    name: &'static CStr,
    doc: &'static CStr,
) -> PyResult<Bound<'py, PyAny>> {
    let py = closure.py();
    let holder = holder(closure, module)?;
    let method = Box::leak(Box::new(ffi::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: ffi::PyMethodDefPointer { PyCFunctionWithKeywords: call },
        ml_flags: ffi::METH_VARARGS | ffi::METH_KEYWORDS,
        ml_doc: doc.as_ptr(),
    }));
    let module = PyString::new(py, module);
    // SAFETY: the thread is attached; the definition and its texts are leaked, so they outlive the
    // function, which takes references to both objects. A new reference or null with an exception
    // set comes back.
    unsafe {
        let function = ffi::PyCFunction_NewEx(method, holder.as_ptr(), module.as_ptr());
        Bound::from_owned_ptr_or_err(py, function)
    }
}

/// A module object whose state is a reference to the closure.
fn holder<'py>(closure: Bound<'py, PyCFunction>, module: &str) -> PyResult<Bound<'py, PyAny>> {
    let py = closure.py();
    let definition = Box::leak(Box::new(ffi::PyModuleDef {
        m_base: ffi::PyModuleDef_HEAD_INIT,
        m_name: CString::new(module)?.into_raw(),
        m_doc: ptr::null(),
        m_size: ffi::Py_ssize_t::try_from(size_of::<*mut ffi::PyObject>())?,
        m_methods: ptr::null_mut(),
        m_slots: ptr::null_mut(),
        m_traverse: None,
        m_clear: None,
        m_free: None,
    }));
    // SAFETY: the thread is attached, and the definition and its name are leaked, so they outlive
    // the module. CPython allocates the state with it, since the size is positive (`moduleobject.c:
    // PyModule_FromDefAndSpec2` and `_PyModule_CreateInitialized`, 3.13), aligned for a pointer. It
    // gets a reference that is never given back.
    unsafe {
        let module = ffi::PyModule_Create2(definition, ffi::PYTHON_API_VERSION);
        let module = Bound::from_owned_ptr_or_err(py, module)?;
        ffi::PyModule_GetState(module.as_ptr())
            .cast::<*mut ffi::PyObject>()
            .write(closure.into_ptr());
        Ok(module)
    }
}

/// Passes a call to the closure.
unsafe extern "C" fn call(
    module: *mut ffi::PyObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls this with a thread attached, with the module from `holder`, whose state
    // is a reference to the closure, a tuple, and a dictionary or null.
    unsafe {
        let closure = ffi::PyModule_GetState(module).cast::<*mut ffi::PyObject>().read();
        ffi::PyObject_Call(closure, args, kwargs)
    }
}
