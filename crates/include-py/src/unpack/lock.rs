//! One writer at a time: a lock on the directory that everything is unpacked into.
//!
//! The system gives it up when its holder ends, however that happens.

use std::{fs::File, io, path::Path};

use super::Fault;

/// Waits for the lock. It is held until the result is dropped.
///
/// Where there are no locks, as on some network file systems, several may write at once: each into
/// a directory of its own, of which the first to be renamed is used.
pub(super) fn take(directory: &Path) -> Result<Option<File>, Fault> {
    if cfg!(not(unix)) {
        // A directory can't be opened there.
        return Ok(None);
    }
    let file = File::open(directory).map_err(Fault::refused("opened", directory))?;
    loop {
        match lock(&file) {
            Ok(()) => return Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Ok(None),
        }
    }
}

#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    // SAFETY: the descriptor is open, since `file` is.
    match unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(not(unix))]
fn lock(_: &File) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
