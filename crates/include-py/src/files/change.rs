//! Functions that change files. They fail with the errors of a read-only file system, but report a
//! path that doesn't exist first, as in a writable directory: Linux reports `EROFS` for such a
//! path, too (fs/namei.c: `do_unlinkat`, 6.8), which no `except FileNotFoundError` catches.

use pyo3::prelude::*;

use super::{
    Call, errno, error,
    locate::{Found, find},
    missing,
    table::Pair,
};
use crate::resources::BundlePath;

/// Functions that change something that exists: its mode, times, owner or attributes.
pub(super) fn change<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Err(if call.target.size()?.is_some() { call.error(errno::READ_ONLY) } else { call.missing() })
}

/// Up to 3.12, CPython omits the path from this error (posixmodule.c: `os_utime_impl`).
pub(super) fn utime<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let there = call.target.size()?.is_some();
    let number = if there { errno::READ_ONLY } else { missing(&call.target) };
    let path = call.path.clone().filter(|_| call.py.version_info() >= (3, 13));
    Err(error(number, path, None))
}

pub(super) fn truncate<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if call.target.is_directory()? {
        return Err(call.error(errno::IS_A_DIRECTORY));
    }
    change(call)
}

pub(super) fn remove<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Err(call.error(removed(&call.target)?))
}

pub(super) fn create<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Err(call.error(created(&call.target)?))
}

pub(super) fn rename(pair: &Pair<'_, '_>) -> PyResult<Option<i32>> {
    let from = pair.place(pair.from, "src_dir_fd")?;
    let to = pair.place(pair.to, "dst_dir_fd")?;
    Ok(Some(match (from, to) {
        (None, None) => return Ok(None),
        (Some(from), Some(to)) => match removed(&from)? {
            errno::READ_ONLY => entered(&to)?,
            number => number,
        },
        (Some(from), None) => across(removed(&from)?),
        (None, Some(to)) => across(entered(&to)?),
    }))
}

pub(super) fn link(pair: &Pair<'_, '_>) -> PyResult<Option<i32>> {
    let from = pair.place(pair.from, "src_dir_fd")?;
    let to = pair.place(pair.to, "dst_dir_fd")?;
    Ok(match (from, to) {
        (Some(from), _) if from.size()?.is_none() => Some(missing(&from)),
        (_, Some(to)) => Some(created(&to)?),
        (Some(_), None) => Some(errno::CROSS_DEVICE),
        (None, None) => None,
    })
}

/// A link's target is arbitrary text, so only the location of the link matters.
pub(super) fn symlink(pair: &Pair<'_, '_>) -> PyResult<Option<i32>> {
    pair.place(pair.to, "dir_fd")?.map(|to| created(&to)).transpose()
}

/// The error number for removing a name from its directory.
fn removed(path: &BundlePath) -> PyResult<i32> {
    Ok(if path.size()?.is_some() { errno::READ_ONLY } else { missing(path) })
}

/// The number of the error for putting a name, taken or not, into its directory.
fn entered(path: &BundlePath) -> PyResult<i32> {
    Ok(if path.above().is_directory()? { errno::READ_ONLY } else { missing(path) })
}

/// The error number if the other one of two paths is on a disk.
fn across(number: i32) -> i32 {
    if number == errno::READ_ONLY { errno::CROSS_DEVICE } else { number }
}

/// The error number for creating something with this name.
fn created(path: &BundlePath) -> PyResult<i32> {
    if path.size()?.is_some() { Ok(errno::EXISTS) } else { entered(path) }
}

impl<'py> Pair<'_, 'py> {
    /// The location in the bundle of one of the two paths.
    fn place(
        &self,
        path: Option<&Bound<'py, PyAny>>,
        dir_fd: &str,
    ) -> PyResult<Option<BundlePath>> {
        Ok(match find(self.mount, path, self.args, self.kwargs, dir_fd)? {
            Found::Inside(place) => Some(place),
            Found::Outside | Found::Unknown | Found::Elsewhere(_) => None,
        })
    }
}
