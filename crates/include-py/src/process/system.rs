//! What the system knows about this process and its parent. Only this file asks it.
//!
//! | source | for |
//! |---|---|
//! | `INCLUDE_PY_PROCESS` | the parent's information ([`Marker`](super::marker::Marker)) |
//! | `PATH` | whether a name without a directory leads to the program |
//! | `PYTHONPATH` | Python's command lines, unless one has `-E` or `-I` |
//! | device and inode of a path, of `/proc/PID/exe` | whether it is the program |
//! | the bytes of the parent's executable | whether this one is a copy |
//! | `/proc/PID/stat` | ancestors, and which processes have forked |

use std::{
    env,
    ffi::OsString,
    fs,
    io::BufRead,
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

/// Whether two files have the same bytes: `venv` copies `sys.executable`.
pub(super) fn is_copy(one: &Path, other: &Path) -> bool {
    let open = |path: &Path| {
        let file = fs::File::open(path).ok()?;
        let size = file.metadata().ok()?.len();
        Some((std::io::BufReader::with_capacity(1 << 16, file), size))
    };
    let (Some((mut one, size)), Some((mut other, other_size))) = (open(one), open(other)) else {
        return false;
    };
    if size != other_size || size == 0 {
        return false;
    }
    loop {
        let (Ok(left), Ok(right)) = (one.fill_buf(), other.fill_buf()) else { return false };
        let length = left.len().min(right.len());
        if length == 0 {
            return left.len() == right.len();
        }
        if left[..length] != right[..length] {
            return false;
        }
        one.consume(length);
        other.consume(length);
    }
}

/// The ids of the running processes of this user.
#[cfg(target_os = "linux")]
pub(super) fn processes() -> impl Iterator<Item = u32> {
    let user = fs::metadata("/proc/self").map(|own| own.uid()).ok();
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter(move |entry| entry.metadata().is_ok_and(|one| Some(one.uid()) == user))
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// Where the code of a process begins and ends, and where its stack begins: random for each program
/// that the kernel starts, and the same after a fork. `None` if this user may not see it.
#[cfg(target_os = "linux")]
pub(super) fn layout(pid: u32) -> Option<[u64; 3]> {
    const START_CODE: usize = 26 - 3;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(START_CODE).map(|field| field.parse().ok());
    let layout = [fields.next()??, fields.next()??, fields.next()??];
    // All are 1 or 0 for who may not see them (`fs/proc/array.c: do_task_stat`).
    layout.iter().all(|address| *address > 1).then_some(layout)
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
