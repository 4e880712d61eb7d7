//! Real descriptors of bundled files and directories.
//!
//! On Linux, a file's descriptor is a sealed `memfd`, on other systems a temporary file without a
//! name. A directory's descriptor is a file, too, with the directory's path as its content and an
//! unusual mode, by which it can be recognised even after `os.dup` and in a forked child.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use pyo3::{intern, prelude::*, types::PyBytes};

use super::{Call, errno, stat};
use crate::resources::BundlePath;

/// The mode of a directory's descriptor; the sticky bit has no meaning for files.
const DIRECTORY_MARK: u32 = 0o1555;
const FILE_MODE: u32 = 0o444;
/// The start of a directory descriptor's content; the path follows.
const MAGIC: &[u8] = b"include-py directory\0";
/// Whether a directory descriptor may exist. Until then, descriptors needn't be checked.
static DIRECTORIES: AtomicBool = AtomicBool::new(false);

/// `os.open`.
pub(super) fn open<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let py = call.py;
    let os = py.import(intern!(py, "os"))?;
    let flags: i32 = call.argument(1, "flags")?.map_or(Ok(0), |flags| flags.extract())?;
    let has = |name: &str| -> PyResult<bool> {
        let flag = os.getattr_opt(name)?.map_or(Ok(0), |flag| flag.extract::<i32>())?;
        Ok(flags & flag != 0)
    };
    let writes = has("O_WRONLY")? || has("O_RDWR")?;
    let (creates, path) = (has("O_CREAT")?, &call.target);
    let number = if path.is_directory()? {
        if creates && has("O_EXCL")? {
            return Err(call.error(errno::EXISTS));
        } else if writes || creates || has("O_TRUNC")? {
            return Err(call.error(errno::IS_A_DIRECTORY));
        }
        of_directory(py, path)?
    } else if path.is_file()? {
        if creates && has("O_EXCL")? {
            return Err(call.error(errno::EXISTS));
        } else if has("O_DIRECTORY")? {
            return Err(call.error(errno::NOT_A_DIRECTORY));
        } else if writes || has("O_TRUNC")? {
            return Err(call.error(errno::READ_ONLY));
        }
        of_file(py, path, path.bytes(py)?.as_bytes())?
    } else if creates && path.above().is_directory()? {
        return Err(call.error(errno::READ_ONLY));
    } else {
        return Err(call.missing());
    };
    Ok(number.into_pyobject(py)?.into_any())
}

/// A descriptor of a copy of the file, positioned at its start.
pub(super) fn of_file(py: Python<'_>, path: &BundlePath, data: &[u8]) -> PyResult<i32> {
    make(py, path.name(), data, FILE_MODE)
}

/// A descriptor that [`directory`] recognises.
pub(super) fn of_directory(py: Python<'_>, path: &BundlePath) -> PyResult<i32> {
    DIRECTORIES.store(true, Ordering::Relaxed);
    let content = [MAGIC, path.outer().as_bytes()].concat();
    make(py, path.name(), &content, DIRECTORY_MARK)
}

/// The path of a directory's descriptor; `None` for other descriptors.
pub(super) fn directory(py: Python<'_>, number: i32) -> Option<String> {
    if !DIRECTORIES.load(Ordering::Relaxed) {
        return None;
    }
    let read = || -> PyResult<Option<String>> {
        let fstat = system_fstat(py)?.call1((number,))?;
        let mode: u32 = fstat.getattr(intern!(py, "st_mode"))?.extract()?;
        if mode != 0o100_000 | DIRECTORY_MARK {
            return Ok(None);
        }
        let size: usize = fstat.getattr(intern!(py, "st_size"))?.extract()?;
        let content = py.import(intern!(py, "os"))?.call_method1("pread", (number, size, 0))?;
        let content = content.cast_into::<PyBytes>()?;
        let path = content.as_bytes().strip_prefix(MAGIC);
        Ok(path.and_then(|path| Some(std::str::from_utf8(path).ok()?.to_owned())))
    };
    read().ok().flatten()
}

/// The original `os.fstat`.
static FSTAT: OnceLock<Py<PyAny>> = OnceLock::new();

fn system_fstat(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    match FSTAT.get() {
        Some(function) => Ok(function.bind(py).clone()),
        None => py.import(intern!(py, "os"))?.getattr(intern!(py, "fstat")),
    }
}

/// Saves `os.fstat` before it is replaced.
pub(super) fn keep_fstat(py: Python<'_>) -> PyResult<()> {
    let fstat = py.import(intern!(py, "os"))?.getattr(intern!(py, "fstat"))?;
    let _ = FSTAT.set(fstat.unbind());
    Ok(())
}

#[cfg(target_os = "linux")]
fn make(py: Python<'_>, name: &str, data: &[u8], mode: u32) -> PyResult<i32> {
    use std::{
        ffi::CString,
        fs::{File, FileTimes, OpenOptions, Permissions},
        io::{self, Write},
        os::{
            fd::{AsRawFd, FromRawFd, IntoRawFd},
            unix::fs::{OpenOptionsExt, PermissionsExt},
        },
    };

    let _ = py;
    // The system accepts at most 249 bytes; the name is visible only in /proc.
    let name: Vec<u8> = name.bytes().take(200).filter(|&byte| byte != 0).collect();
    let name = CString::new(name).unwrap_or_default();
    // SAFETY: the name is a C string that outlives the call.
    let number =
        unsafe { libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING) };
    if number < 0 {
        return Err(io::Error::last_os_error().into());
    }
    // SAFETY: the descriptor was just made, and nothing else owns it.
    let mut memory = unsafe { File::from_raw_fd(number) };
    memory.write_all(data)?;
    memory.set_permissions(Permissions::from_mode(mode))?;
    memory.set_times(FileTimes::new().set_modified(stat::modified()))?;
    // Reopened for reading only, because a writable descriptor of a sealed file can't be mapped.
    let path = format!("/proc/self/fd/{number}");
    let opened = OpenOptions::new().read(true).custom_flags(libc::O_CLOEXEC).open(path);
    let Ok(reader) = opened else {
        use std::io::Seek;
        memory.rewind()?;
        return Ok(memory.into_raw_fd());
    };
    let seals = libc::F_SEAL_WRITE | libc::F_SEAL_GROW | libc::F_SEAL_SHRINK | libc::F_SEAL_SEAL;
    // SAFETY: the call takes no pointers, and the descriptor is open.
    if unsafe { libc::fcntl(memory.as_raw_fd(), libc::F_ADD_SEALS, seals) } < 0 {
        return Err(io::Error::last_os_error().into());
    }
    Ok(reader.into_raw_fd())
}

#[cfg(not(target_os = "linux"))]
fn make(py: Python<'_>, name: &str, data: &[u8], mode: u32) -> PyResult<i32> {
    let _ = name;
    let os = py.import(intern!(py, "os"))?;
    let file = py.import("tempfile")?.call_method1("TemporaryFile", ("w+b", 0))?;
    file.call_method1("write", (data,))?;
    file.call_method1("seek", (0,))?;
    let number = file.call_method0("fileno")?;
    if let Some(chmod) = os.getattr_opt("fchmod")? {
        chmod.call1((&number, mode))?;
    }
    let number = os.call_method1("dup", (number,))?.extract()?;
    file.call_method0("close")?;
    Ok(number)
}
