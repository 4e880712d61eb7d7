//! Runs the code in an open file, as `__main__`.
//!
//! For `python app.py`, CPython's tokenizer reads the file line by line. It refuses some sources
//! that `compile` accepts: bytes in a comment that aren't UTF-8, for example.

use std::path::Path;

use pyo3::prelude::*;

use super::code;

/// Runs the rest of a file, and closes it before its code runs: a script has no descriptor of its
/// own file.
pub(super) fn run(py: Python<'_>, file: &Bound<'_, PyAny>, name: &Path) -> PyResult<()> {
    #[cfg(unix)]
    if let Ok(descriptor) = file.call_method0("fileno").and_then(|number| number.extract()) {
        return by_descriptor(file, descriptor, name);
    }
    // A file that the bundle serves has no descriptor. On other systems than Unix, no C stream is
    // created from a descriptor.
    let source = file.call_method0("read")?;
    file.call_method0("close")?;
    code::exec(py, &code::compile(py, &source, name)?)
}

/// Like `main.c: pymain_run_file_obj`.
#[cfg(unix)]
fn by_descriptor(
    file: &Bound<'_, PyAny>,
    descriptor: std::ffi::c_int,
    name: &Path,
) -> PyResult<()> {
    use std::{ffi::CString, io, os::unix::ffi::OsStrExt, ptr};

    use pyo3::ffi;

    let py = file.py();
    let name = CString::new(name.as_os_str().as_bytes())?;
    let namespace = py.import("__main__")?.dict();
    // SAFETY: the descriptor belongs to `file`, which is open. `fdopen` gets a copy, which it owns
    // from then on.
    let stream = unsafe {
        let copy = libc::dup(descriptor);
        if copy == -1 { ptr::null_mut() } else { libc::fdopen(copy, c"rb".as_ptr()) }
    };
    if stream.is_null() {
        return Err(io::Error::last_os_error().into());
    }
    file.call_method0("close")?;
    // SAFETY: the thread is attached, and all arguments outlive the call except for the stream,
    // which the call closes.
    let result = unsafe {
        let value = ffi::PyRun_FileExFlags(
            stream,
            name.as_ptr(),
            ffi::Py_file_input,
            namespace.as_ptr(),
            namespace.as_ptr(),
            1,
            ptr::null_mut(),
        );
        Bound::from_owned_ptr_or_err(py, value)
    };
    result.map(drop)
}
