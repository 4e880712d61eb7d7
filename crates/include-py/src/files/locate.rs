//! Whether an argument is a path into the bundle: [`Mount::locate`] for `str`, `bytes` and
//! `os.PathLike`. Descriptors are the system's.

use std::sync::Arc;

use pyo3::{
    ffi,
    prelude::*,
    types::{PyBytes, PyInt, PyString},
};

use crate::{mount::Mount, resources::BundlePath};

/// The place in the bundle that a `str`, `bytes` or `os.PathLike` names.
pub(super) fn locate(mount: &Arc<Mount>, path: &Bound<'_, PyAny>) -> Option<BundlePath> {
    if let Ok(text) = path.cast::<PyString>() {
        return inside(mount, text.to_str().ok()?);
    }
    if let Ok(bytes) = path.cast::<PyBytes>() {
        return inside(mount, std::str::from_utf8(bytes.as_bytes()).ok()?);
    }
    if path.is_none() || path.is_instance_of::<PyInt>() {
        return None;
    }
    let plain = plain(path).ok()?;
    let text = match plain.cast::<PyString>() {
        Ok(text) => text.to_str().ok()?,
        Err(_) => std::str::from_utf8(plain.cast::<PyBytes>().ok()?.as_bytes()).ok()?,
    };
    inside(mount, text)
}

/// `os.fspath(path)`.
fn plain<'py>(path: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the thread is attached and `path` is a live object; a new reference or null with an
    // exception set comes back.
    unsafe { Bound::from_owned_ptr_or_err(path.py(), ffi::PyOS_FSPath(path.as_ptr())) }
}

fn inside(mount: &Arc<Mount>, path: &str) -> Option<BundlePath> {
    Some(BundlePath::new(mount, &mount.locate(path)?))
}
