//! A sub-interpreter gets a clear error: PyO3's classes can't be shared with it.
//!
//! The error is an `ImportError`, and the main interpreter continues as before.

use include_py::Volume;
use pyo3::{ffi, prelude::*};

use crate::{bundle, turn, value};

#[test]
fn installing_is_refused() {
    let _turn = turn();
    Python::attach(|py| {
        let volume = Volume::from_bytes(bundle(py, "sub", &[("in_main", "VALUE = 1")])).unwrap();
        // SAFETY: the thread is attached to the main interpreter, and is attached to it again
        // below. In between, only the current thread state of the main interpreter is used.
        let message = unsafe {
            let main = ffi::PyThreadState_Get();
            let sub = ffi::Py_NewInterpreter();
            assert!(!sub.is_null());
            let message = volume.install(Python::assume_attached()).unwrap_err().to_string();
            ffi::Py_EndInterpreter(sub);
            ffi::PyThreadState_Swap(main);
            message
        };
        assert!(
            message.contains("bundle `sub` can't be installed in a sub-interpreter"),
            "{message}"
        );
        volume.install(py).unwrap();
        assert_eq!(value(py, "in_main").unwrap(), 1);
        volume.uninstall(py).unwrap();
    });
}
