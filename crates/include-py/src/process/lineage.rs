//! Ancestors of the process. They are needed if it was started without the environment variable,
//! and to find out whether the process that set the variable is still alive.
//!
//! `subprocess.run([sys.executable, …], env={})` drops the variable. Linux shows the executables of
//! the same user's processes, and who started each. On other systems such a child can't be
//! distinguished from a program that a person started.

use super::FileId;
#[cfg(target_os = "linux")]
use super::system::{command_line, layout, parent, processes};

/// Maximum number of ancestors to examine.
#[cfg(target_os = "linux")]
const FARTHEST: usize = 64;

/// The process ids of the ancestors, the parent first.
#[cfg(target_os = "linux")]
fn ancestors() -> impl Iterator<Item = u32> {
    let first = std::os::unix::process::parent_id();
    std::iter::successors(Some(first), |pid| parent(*pid)).take(FARTHEST)
}

/// Whether the process with this id is an ancestor of this one.
#[cfg(target_os = "linux")]
pub(super) fn descends_from(ancestor: u32) -> bool {
    ancestors().any(|pid| pid == ancestor)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn descends_from(_ancestor: u32) -> bool {
    false
}

/// Whether the parent has forked, which isn't a start of a program. Then both have the same command
/// line and the same layout in memory.
#[cfg(target_os = "linux")]
pub(super) fn is_fork() -> bool {
    let (own, parent) = (std::process::id(), std::os::unix::process::parent_id());
    let line = command_line(own);
    line.is_some() && line == command_line(parent) && layout(own) == layout(parent)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_fork() -> bool {
    false
}

/// The number of ancestors that run this file. Others, such as shells, may be between them.
#[cfg(target_os = "linux")]
pub(super) fn above(file: FileId) -> u32 {
    let count = ancestors().filter(|pid| runs(*pid, file)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn above(_file: FileId) -> u32 {
    0
}

/// The number of processes of this user that run this file, counted up to `most`.
#[cfg(target_os = "linux")]
pub(super) fn running(file: FileId, most: usize) -> usize {
    processes().filter(|pid| runs(*pid, file)).take(most).count()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn running(_file: FileId, _most: usize) -> usize {
    0
}

#[cfg(target_os = "linux")]
fn runs(pid: u32, file: FileId) -> bool {
    FileId::of(std::path::Path::new(&format!("/proc/{pid}/exe"))).is_some_and(|one| one == file)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{os::unix::process::parent_id, path::Path};

    use super::*;

    #[test]
    fn the_parent_of_this_process_is_found() {
        assert_eq!(parent(std::process::id()), Some(parent_id()));
        assert_eq!(parent(u32::MAX), None);
    }

    #[test]
    fn ancestors_are_distinguished_from_other_processes() {
        assert!(descends_from(parent_id()));
        assert!(!descends_from(std::process::id()));
        assert!(!descends_from(u32::MAX));
    }

    #[test]
    fn a_process_that_was_started_has_a_layout_of_its_own() {
        let own = layout(std::process::id()).unwrap();
        assert_ne!(Some(own), layout(parent_id()));
        assert!(!is_fork());
    }

    #[test]
    fn running_processes_are_counted_up_to_a_limit() {
        let own = FileId::of(Path::new("/proc/self/exe")).unwrap();
        assert!(running(own, 100) >= 1);
        assert_eq!(running(own, 1), 1);
        assert_eq!(running(FileId { device: 0, inode: 0 }, 100), 0);
    }

    #[test]
    fn only_processes_that_run_the_file_count() {
        let cargo = FileId::of(Path::new(&format!("/proc/{}/exe", parent_id()))).unwrap();
        assert!(above(cargo) >= 1);
        assert_eq!(above(FileId { device: 0, inode: 0 }), 0);
    }
}
