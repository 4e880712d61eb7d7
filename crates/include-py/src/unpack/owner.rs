//! Checks who owns a directory, and who else could change its content.
//!
//! | path | requirements |
//! |---|---|
//! | `include-py`, and everything below | a directory or file and no link; owned by the effective user; not writable by others |
//! | each directory above | owned by the user or root; writable by others only with the sticky bit, like `/tmp` |
//!
//! Then no other user can replace one of the directories between a check and a use, so paths are as
//! safe as descriptors. A group with write permission above is trusted, because many systems give
//! each user a group.

use std::{
    fs::{self, DirBuilder, Metadata},
    io,
    path::{Path, PathBuf},
};

use super::Fault;

/// The name of the directory below the cache.
const NAME: &str = "include-py";

/// The directory for everything that is unpacked; it is created if necessary.
pub(super) fn base(cache: &Path) -> Result<PathBuf, Fault> {
    make_all(cache)?;
    // Links in the path above belong to the user or the system, as the owners checked below show.
    let cache = fs::canonicalize(cache).map_err(Fault::refused("reached", cache))?;
    for directory in cache.ancestors() {
        let metadata = fs::metadata(directory).map_err(Fault::refused("reached", directory))?;
        check_above(&metadata).map_err(|why| Fault::untrusted(directory, why))?;
    }
    let base = cache.join(NAME);
    match make(&base) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        // A cache that isn't writable is sufficient if everything is there already.
        Err(_) if fs::symlink_metadata(&base).is_ok() => {}
        Err(error) => return Err(Fault::refused("made", &base)(error)),
    }
    let metadata = fs::symlink_metadata(&base).map_err(Fault::refused("reached", &base))?;
    check_own(&metadata).map_err(|why| Fault::untrusted(&base, why))?;
    if metadata.is_dir() { Ok(base) } else { Err(Fault::untrusted(&base, "it is a file")) }
}

/// Creates a directory and its missing parents.
fn make_all(path: &Path) -> Result<(), Fault> {
    if fs::metadata(path).is_ok() {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        make_all(above)?;
    }
    match make(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(Fault::refused("made", path)(error))
        }
        _ => Ok(()),
    }
}

/// Creates a directory that only the user can enter, whatever the umask is.
pub(super) fn make(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there are modes elsewhere"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    set_mode(path, 0o700)
}

/// Checks that only the user can write to it; the error says why not.
pub(super) fn check_own(metadata: &Metadata) -> Result<(), String> {
    if metadata.file_type().is_symlink() {
        return Err("it is a symbolic link".to_owned());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if Some(metadata.uid()) != user() {
            return Err(format!("it belongs to another user ({})", metadata.uid()));
        }
        if metadata.mode() & 0o022 != 0 {
            return Err(format!("others can write to it (mode {:o})", metadata.mode() & 0o7777));
        }
    }
    Ok(())
}

/// Checks that a directory above can be trusted; the error says why not.
#[cfg(unix)]
fn check_above(metadata: &Metadata) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    const STICKY: u32 = 0o1000;
    const ROOT: u32 = 0;
    let (owner, mode) = (metadata.uid(), metadata.mode());
    if owner != ROOT && Some(owner) != user() {
        return Err(format!("it belongs to another user ({owner})"));
    }
    if mode & 0o002 != 0 && mode & STICKY == 0 {
        return Err(format!("everybody can write to it (mode {:o})", mode & 0o7777));
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "there is more to ask elsewhere")]
fn check_above(_: &Metadata) -> Result<(), String> {
    Ok(())
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// The effective user, if the system has users.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "there is none elsewhere")]
pub(super) fn user() -> Option<u32> {
    // SAFETY: takes nothing, and never fails.
    Some(unsafe { libc::geteuid() })
}

#[cfg(not(unix))]
pub(super) fn user() -> Option<u32> {
    None
}

/// Whether the program has privileges that its caller doesn't have: set-user-ID, set-group-ID,
/// capabilities.
pub(super) fn is_privileged() -> bool {
    #[cfg(unix)]
    {
        // SAFETY: these take nothing, and never fail.
        let other =
            unsafe { libc::getuid() != libc::geteuid() || libc::getgid() != libc::getegid() };
        #[cfg(any(target_os = "linux", target_os = "android"))]
        // SAFETY: reads a number that the kernel gave to the process.
        let other = other || unsafe { libc::getauxval(libc::AT_SECURE) } != 0;
        other
    }
    #[cfg(not(unix))]
    false
}
