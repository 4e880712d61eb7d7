//! Detects without reading the files whether a directory has changed since it was checked, in the
//! same boot of the system.
//!
//! `DIGEST.stamp` beside the directory contains the SHA-256 of the boot's id and of the result of
//! `lstat` for each file and directory. Any change to one of them sets its change time, which a
//! program can't choose. Damage by the disk is only noticed after the next boot. So is content that
//! a crash kept from being written, which is why nothing here waits for the disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::Tree;

/// Whether nothing has changed since the stamp was written.
pub(super) fn fits(directory: &Path, tree: &Tree<'_>) -> bool {
    let Ok(stamp) = fs::read_to_string(file(directory)) else { return false };
    expected(directory, tree).is_some_and(|expected| stamp == expected)
}

/// Writes a stamp for a directory that has just been checked. If that fails, the directory is
/// checked again next time.
pub(super) fn put(directory: &Path, tree: &Tree<'_>) {
    let Some(stamp) = expected(directory, tree) else { return };
    let path = file(directory);
    let new = path.with_extension(format!("stamp-{}", std::process::id()));
    // Renamed, so that no process reads a part of it. An earlier process may have been killed here.
    let _ = fs::remove_file(&new);
    if fs::write(&new, stamp).is_err() || fs::rename(&new, &path).is_err() {
        let _ = fs::remove_file(&new);
    }
}

/// Removes the stamp of a directory that is about to be replaced.
pub(super) fn remove(directory: &Path) {
    let _ = fs::remove_file(file(directory));
}

fn file(directory: &Path) -> PathBuf {
    directory.with_extension("stamp")
}

/// `None` if times alone aren't sufficient.
#[cfg(not(target_os = "linux"))]
fn expected(_: &Path, _: &Tree<'_>) -> Option<String> {
    None
}

#[cfg(target_os = "linux")]
fn expected(directory: &Path, tree: &Tree<'_>) -> Option<String> {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use include_py_bundle::{Entry, TreeHasher};

    /// Longer than a tick of the file system's clock, so that later changes get another time.
    const STILL: Duration = Duration::from_millis(50);

    let mut hasher = TreeHasher::new();
    hasher.file("boot", &fs::read("/proc/sys/kernel/random/boot_id").ok()?);
    let mut newest = (0, 0);
    let paths = std::iter::once("").chain(tree.entries.iter().map(Entry::path));
    for path in paths {
        let (record, changed) = record(&super::place(directory, path))?;
        hasher.file(path, &record);
        newest = newest.max(changed);
    }
    let (seconds, nanoseconds) = newest;
    let newest = Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanoseconds).ok()?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    (now.checked_sub(newest)? > STILL).then(|| super::hex(&hasher.finish()))
}

/// The attributes of a file or directory, and when it last changed; `None` if the user doesn't own
/// it.
#[cfg(target_os = "linux")]
fn record(path: &Path) -> Option<(Vec<u8>, (i64, i64))> {
    use std::os::unix::fs::MetadataExt;

    let metadata = fs::symlink_metadata(path).ok()?;
    super::owner::check_own(&metadata).ok()?;
    let changed = (metadata.ctime(), metadata.ctime_nsec());
    let identity = [metadata.dev(), metadata.ino(), metadata.mode().into(), metadata.size()];
    let times = [metadata.mtime(), metadata.mtime_nsec(), changed.0, changed.1];
    let identity = identity.iter().flat_map(|number| number.to_le_bytes());
    let record = identity.chain(times.iter().flat_map(|number| number.to_le_bytes()));
    Some((record.collect(), changed))
}
