//! `os.stat` and other functions that return information about files and directories in the bundle.
//!
//! A file has mode `-rw-r--r--` and a directory `drwxr-xr-x`, although nothing can be written:
//! `shutil` copies the mode, and the owner of the copy may want to change it. The same is true on
//! read-only file systems. The times are those of the executable.

use std::{
    env,
    sync::OnceLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use pyo3::{
    intern,
    prelude::*,
    types::{PyBool, PyDict, PyList, PyTuple},
};

use super::{Call, errno};
use crate::resources::BundlePath;

const DIRECTORY: u32 = 0o040_755;
pub(super) const FILE: u32 = 0o100_644;
/// A device number that no file system has, so that no real file seems to be the same as one in the
/// bundle.
const DEVICE: u64 = 0xffff_1b0d;
/// The preferred size of a buffer (`st_blksize`).
const BUFFER: usize = 4096;
/// The unit of `st_blocks`.
const BLOCK: usize = 512;
/// `os.W_OK`.
const WRITE: i32 = 2;
/// `os.X_OK`.
const EXECUTE: i32 = 1;

pub(super) fn stat<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    match of(call.py, &call.target)? {
        Some(result) => Ok(result),
        None => Err(call.missing()),
    }
}

pub(super) fn access<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let wanted: i32 = call.argument(1, "mode")?.map_or(Ok(0), |mode| mode.extract())?;
    let directory = call.target.is_directory()?;
    let there = directory || call.target.is_file()?;
    let may = there && wanted & WRITE == 0 && (directory || wanted & EXECUTE == 0);
    Ok(PyBool::new(call.py, may).to_owned().into_any())
}

/// Files in a bundle have no extended attributes; `shutil.copystat` reads them.
pub(super) fn listxattr<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    match call.target.size()? {
        Some(_) => Ok(PyList::empty(call.py).into_any()),
        None => Err(call.missing()),
    }
}

/// The error depends on whether the path exists, because no file has attributes.
pub(super) fn getxattr<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Err(if call.target.size()?.is_some() { call.error(errno::NO_DATA) } else { call.missing() })
}

/// A bundle contains no links.
pub(super) fn readlink<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Err(if call.target.size()?.is_some() { call.error(errno::INVALID) } else { call.missing() })
}

/// From 3.13.4 on, `posixpath.realpath` with `strict` requires that all parents are directories,
/// but the executable is a file. So existence is checked here.
pub(super) fn realpath<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let py = call.py;
    let strict =
        call.kwargs.and_then(|kwargs| kwargs.get_item("strict").transpose()).transpose()?;
    let Some(strict) = strict.filter(|strict| strict.is_truthy().unwrap_or(true)) else {
        return call.pass_on();
    };
    let allow_missing = py.import("posixpath")?.getattr_opt("ALLOW_MISSING")?;
    let demands_directories = allow_missing.is_some();
    if !allow_missing.is_some_and(|allow_missing| strict.is(&allow_missing)) {
        if let Some(absent) = first_absent(&call.target)? {
            let above = absent.above();
            return Err(match above.is_file()? {
                true if demands_directories => call.error_at(errno::NOT_A_DIRECTORY, &above),
                true => call.error_at(errno::NOT_A_DIRECTORY, &absent),
                false => call.error_at(errno::NOT_FOUND, &absent),
            });
        }
    }
    call.before.call1((call.path.as_ref(),))
}

/// The first component of a path that doesn't exist.
fn first_absent(path: &BundlePath) -> PyResult<Option<BundlePath>> {
    let mut absent = None;
    let mut next = path.clone();
    while next.size()?.is_none() && !next.is_root() {
        let above = next.above();
        absent = Some(std::mem::replace(&mut next, above));
    }
    Ok(absent)
}

/// The result for the executable's file system, with the read-only flag; `shutil.disk_usage` uses
/// it.
pub(super) fn statvfs<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    /// Index of the flags in the tuple, and `os.ST_RDONLY`.
    const FLAG: usize = 8;
    const READ_ONLY: u64 = 1;
    let result = of_executable(call, PyTuple::empty(call.py))?;
    let fields: Vec<Bound<'py, PyAny>> = result.try_iter()?.collect::<PyResult<_>>()?;
    let fields = PyList::new(call.py, fields)?;
    fields.set_item(FLAG, fields.get_item(FLAG)?.extract::<u64>()? | READ_ONLY)?;
    fields.append(result.getattr(intern!(call.py, "f_fsid"))?)?;
    result.get_type().call1((fields,))
}

/// The result for the executable's file system.
pub(super) fn pathconf<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let name = call.argument(1, "name")?;
    of_executable(call, PyTuple::new(call.py, name)?)
}

/// The result of the original function for the executable.
fn of_executable<'py>(
    call: &Call<'_, 'py>,
    rest: Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    if call.target.size()?.is_none() {
        return Err(call.missing());
    }
    let path = PyTuple::new(call.py, [env::current_exe()?])?;
    call.before.call1(path.add(rest)?.cast_into::<PyTuple>()?)
}

/// An `os.stat_result`; `None` if the path doesn't exist.
pub(super) fn of<'py>(py: Python<'py>, path: &BundlePath) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(size) = path.size()? else { return Ok(None) };
    let mode = if path.is_directory()? { DIRECTORY } else { FILE };
    result(py, path, mode, size).map(Some)
}

/// An `os.stat_result` with this mode and size.
pub(super) fn result<'py>(
    py: Python<'py>,
    path: &BundlePath,
    mode: u32,
    size: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let nanoseconds = time();
    let whole = nanoseconds.div_euclid(1_000_000_000);
    let rest = nanoseconds.rem_euclid(1_000_000_000);
    #[expect(
        clippy::cast_precision_loss,
        reason = "that is what Python's own number of seconds is, to the last bit (posixmodule.c: fill_time, 3.13)"
    )]
    let exact = whole as f64 + 1e-9 * rest as f64;
    // The ten fields with positions, then the times again: as floats and as nanoseconds.
    let fields = (mode, inode(path), DEVICE, 1, 0, 0, size);
    let fields = fields.into_pyobject(py)?.into_sequence().to_list()?;
    for _ in 0..3 {
        fields.append(whole)?;
    }
    for _ in 0..3 {
        fields.append(exact)?;
    }
    for _ in 0..3 {
        fields.append(nanoseconds)?;
    }
    let class = py.import(intern!(py, "os"))?.getattr(intern!(py, "stat_result"))?;
    let others = PyDict::new(py);
    if cfg!(unix) {
        others.set_item(intern!(py, "st_blksize"), BUFFER)?;
        others.set_item(intern!(py, "st_blocks"), size.div_ceil(BLOCK))?;
        others.set_item(intern!(py, "st_rdev"), 0)?;
    }
    class.call1((fields, others))
}

/// An inode number for the path; equal paths have the same one, as `os.path.samefile` requires.
pub(super) fn inode(path: &BundlePath) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish() | 1
}

/// The executable's modification time in nanoseconds since 1970.
///
/// *Invariant:* this runs no Python code. An import may call it, and importing something here would
/// recurse.
fn time() -> i64 {
    static TIME: OnceLock<i64> = OnceLock::new();
    *TIME.get_or_init(|| {
        let modified = modified();
        let (after, before) =
            (modified.duration_since(UNIX_EPOCH), UNIX_EPOCH.duration_since(modified));
        let nanoseconds = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap_or(0);
        after.map_or_else(|_| -before.map_or(0, nanoseconds), nanoseconds)
    })
}

/// The executable's modification time.
pub(super) fn modified() -> SystemTime {
    let modified = || env::current_exe()?.metadata()?.modified();
    modified().unwrap_or(UNIX_EPOCH)
}
