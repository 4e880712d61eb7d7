//! What the system knows about this process and its parent. Only this file asks it.
//!
//! | source | for |
//! |---|---|
//! | `INCLUDE_PY_PROCESS` | the parent's information ([`Marker`](super::marker::Marker)) |
//! | `PATH` | whether a name without a directory leads to the program |
//! | `PYTHONPATH` | Python's command lines, unless one has `-E` or `-I` |
//! | device and inode of a path, of `/proc/PID/exe` | whether it is the program |

use std::{
    env,
    ffi::OsString,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// The identity of a file, independent of its name: device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId {
    pub(super) device: u64,
    pub(super) inode: u64,
}

impl FileId {
    /// The file to which a path leads.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self { device: metadata.dev(), inode: metadata.ino() })
    }
}

/// The parent's information.
pub(super) fn marker() -> Option<OsString> {
    env::var_os(super::VARIABLE)
}

/// The file to which a name without a directory leads.
pub(crate) fn on_path(name: &Path) -> Option<PathBuf> {
    let directories = env::var_os("PATH")?;
    let mut places = env::split_paths(&directories).map(|directory| directory.join(name));
    places.find(|place| place.is_file())
}

/// Additional directories for modules.
pub(crate) fn python_path() -> Vec<PathBuf> {
    let directories = env::var_os("PYTHONPATH").filter(|directories| !directories.is_empty());
    directories.iter().flat_map(env::split_paths).collect()
}

/// The bytes of a process's command line.
#[cfg(target_os = "linux")]
pub(super) fn command_line(pid: u32) -> Option<Vec<u8>> {
    fs::read(format!("/proc/{pid}/cmdline")).ok()
}

/// The parent of a process: the fourth field of its `stat`. The second field is a name in
/// parentheses that can contain any characters.
#[cfg(target_os = "linux")]
pub(super) fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(1)?.parse().ok()
}
