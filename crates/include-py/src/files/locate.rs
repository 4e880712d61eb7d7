//! Finds out whether an argument is a path in the bundle: [`Mount::locate`] for `str`, `bytes` and
//! `os.PathLike`, also relative to a `dir_fd`. Only descriptors of the bundle's directories are
//! examined.

use std::{path::Path, sync::Arc};

use pyo3::{
    ffi,
    prelude::*,
    types::{PyBytes, PyDict, PyInt, PyString, PyTuple},
};

use super::descriptor;
use crate::{
    mount::{self, Mount},
    resources::BundlePath,
};

/// The location of a path.
pub(super) enum Found<'py> {
    Inside(BundlePath),
    Outside,
    /// The current directory is in another bundle, whose functions handle the path.
    Unknown,
    /// Outside of the bundle, as another path: the argument is relative to the bundle's current
    /// directory, which the system doesn't know.
    Elsewhere(Bound<'py, PyAny>),
}

/// Locates a path; `dir_fd` is the name of that argument.
pub(super) fn find<'py>(
    mount: &Arc<Mount>,
    path: Option<&Bound<'py, PyAny>>,
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
    dir_fd: &str,
) -> PyResult<Found<'py>> {
    let py = args.py();
    let current = mount::current_directory();
    let Some(path) = path.filter(|path| !path.is_none()) else {
        // `os.listdir()` and `os.scandir()` without an argument.
        return Ok(match current.and_then(|current| inside(mount, &current)) {
            Some(place) => Found::Inside(place),
            None => Found::Outside,
        });
    };
    if path.is_instance_of::<PyInt>() {
        let place = path.extract().ok().and_then(|number| descriptor::directory(py, number));
        return Ok(match place.and_then(|place| inside(mount, &place)) {
            Some(place) => Found::Inside(place),
            None => Found::Outside,
        });
    }
    // Arguments that aren't paths are passed to the original function, which rejects them.
    let Ok(plain) = plain(path) else { return Ok(Found::Outside) };
    let Some(text) = text(&plain).filter(|text| !text.contains('\0')) else {
        return Ok(Found::Outside);
    };
    if Path::new(text).is_absolute() || text.is_empty() {
        return Ok(inside(mount, text).map_or(Found::Outside, Found::Inside));
    }
    let number = kwargs.map(|kwargs| kwargs.get_item(dir_fd)).transpose()?.flatten();
    if let Some(number) = number.filter(|number| !number.is_none()) {
        let directory = number.extract().ok().and_then(|number| descriptor::directory(py, number));
        let place = directory.and_then(|directory| inside(mount, &joined(&directory, text)));
        return Ok(place.map_or(Found::Outside, Found::Inside));
    }
    if let Some(place) = inside(mount, text) {
        return Ok(Found::Inside(place));
    }
    Ok(match current {
        Some(current) if inside(mount, &current).is_none() => Found::Unknown,
        Some(current) => {
            let whole = joined(&current, text);
            Found::Elsewhere(if plain.is_instance_of::<PyBytes>() {
                PyBytes::new(py, whole.as_bytes()).into_any()
            } else {
                PyString::new(py, &whole).into_any()
            })
        }
        None => Found::Outside,
    })
}

/// `os.fspath(path)`.
pub(super) fn plain<'py>(path: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the thread is attached and `path` is a live object; a new reference or null with an
    // exception set comes back.
    unsafe { Bound::from_owned_ptr_or_err(path.py(), ffi::PyOS_FSPath(path.as_ptr())) }
}

/// The path as UTF-8, like all paths in a bundle; `None` for other paths.
fn text<'a>(plain: &'a Bound<'_, PyAny>) -> Option<&'a str> {
    match plain.cast::<PyString>() {
        Ok(text) => text.to_str().ok(),
        Err(_) => std::str::from_utf8(plain.cast::<PyBytes>().ok()?.as_bytes()).ok(),
    }
}

fn joined(directory: &str, path: &str) -> String {
    format!("{directory}{}{path}", std::path::MAIN_SEPARATOR)
}

fn inside(mount: &Arc<Mount>, path: &str) -> Option<BundlePath> {
    Some(BundlePath::new(mount, &mount.locate(path)?))
}
