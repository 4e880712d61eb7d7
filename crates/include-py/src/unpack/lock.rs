//! Ensures that only one process writes: a lock on the parent directory of everything that is
//! unpacked.
//!
//! The system releases it when its holder ends for any reason.

use std::{fs::File, io, path::Path};

use super::Fault;

/// Waits for the lock, which is held until the result is dropped.
///
/// Some network file systems have no locks. Then several processes may write at once, each to its
/// own directory, and the first one that is renamed is used.
pub(super) fn take(directory: &Path) -> Result<Option<File>, Fault> {
    if cfg!(not(unix)) {
        // Such systems can't open a directory.
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
