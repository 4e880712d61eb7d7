//! Ancestors: for a process that was started without the environment variable, and to find out
//! whether the one that set it still lives.
//!
//! `subprocess.run([sys.executable, …], env={})` drops it. Linux shows the executable of each
//! process of the same user; elsewhere such a child can't be told from a program that a person
//! started.

use super::FileId;
#[cfg(target_os = "linux")]
use super::system::{command_line, parent};

/// How many ancestors are asked at most.
#[cfg(target_os = "linux")]
const FARTHEST: usize = 64;

/// The processes above this one, the parent first.
#[cfg(target_os = "linux")]
fn ancestors() -> impl Iterator<Item = u32> {
    let first = std::os::unix::process::parent_id();
    std::iter::successors(Some(first), |pid| parent(*pid)).take(FARTHEST)
}

/// Whether the process of this number is an ancestor of this one.
#[cfg(target_os = "linux")]
pub(super) fn descends_from(ancestor: u32) -> bool {
    ancestors().any(|pid| pid == ancestor)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn descends_from(_ancestor: u32) -> bool {
    false
}

/// Whether the parent has the command line of this process: then it has forked, which starts
/// nothing.
#[cfg(target_os = "linux")]
pub(super) fn is_fork() -> bool {
    let own = command_line(std::process::id());
    own.is_some() && own == command_line(std::os::unix::process::parent_id())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_fork() -> bool {
    false
}

/// How many processes, from the parent upwards and without a gap, run this file.
#[cfg(target_os = "linux")]
pub(super) fn above(file: FileId) -> u32 {
    let count = ancestors().take_while(|pid| runs(*pid, file)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn above(_file: FileId) -> u32 {
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
    fn ancestors_are_told_from_others() {
        assert!(descends_from(parent_id()));
        assert!(!descends_from(std::process::id()));
        assert!(!descends_from(u32::MAX));
    }

    #[test]
    fn only_processes_that_run_the_file_count() {
        let cargo = FileId::of(Path::new(&format!("/proc/{}/exe", parent_id()))).unwrap();
        assert!(above(cargo) >= 1);
        assert_eq!(above(FileId { device: 0, inode: 0 }), 0);
    }
}
