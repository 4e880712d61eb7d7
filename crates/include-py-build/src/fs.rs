//! File access whose errors name the file.
//!
//! `Permission denied (os error 13)` becomes `` `app/a.py` can't be read: Permission denied …``.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use walkdir::WalkDir;

use crate::error::{ErrorKind, Problem};

/// A source file's content.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|error| unreadable(path, &error))
}

/// The names in a directory, sorted; none if it can't be read.
pub(crate) fn names(dir: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(dir).min_depth(1).max_depth(1).sort_by_file_name();
    let entries = entries.into_iter().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect()
}

/// A file's content, if it exists and can be read. For files that can be made again.
pub(crate) fn read_previous(path: &Path) -> Option<Vec<u8>> {
    std::fs::read(path).ok()
}

/// The files in a directory, sorted; none if it can't be read. For files that aren't essential.
pub(crate) fn files_in(dir: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(dir).min_depth(1).max_depth(1).sort_by_file_name();
    entries.into_iter().filter_map(|entry| Some(entry.ok()?.into_path())).collect()
}

/// The problem that an existing file or directory can't be read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    if error.kind() == io::ErrorKind::NotFound {
        return Problem::new(
            ErrorKind::Source,
            format!("`{}` vanished while the sources were read", path.display()),
        )
        .help("leave the sources alone during a build, and build again");
    }
    Problem::new(ErrorKind::Source, format!("`{}` can't be read: {error}", path.display()))
        .help("correct its permissions, or leave it out with `Bundle::exclude`")
}

/// The problem that a file's content has just changed.
pub(crate) fn changed(path: &Path) -> Problem {
    Problem::new(
        ErrorKind::Source,
        format!("`{}` was changed while the sources were read", path.display()),
    )
    .help("leave the sources alone during a build, and build again")
}

/// Writes `content` to `path`, unless the file has it already; then its modification time stays.
///
/// Concurrent readers of `path` see either the old or the new content completely.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Problem> {
    if read_previous(path).is_some_and(|previous| previous == content) {
        return Ok(());
    }
    replace(path, |file| file.write_all(content)).map(drop)
}

/// Lets `write` write the file at `path`; returns it open.
///
/// Concurrent readers of `path` see either the old or the new content completely.
pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<File, Problem> {
    let mut beside = path.to_owned().into_os_string();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = File::create(&beside).and_then(|mut file| {
        write(&mut file)?;
        std::fs::rename(&beside, path)?;
        Ok(file)
    });
    written.map_err(|error| {
        // Best effort: the error above is the one to report.
        let _ = std::fs::remove_file(&beside);
        unwritable(path, &error)
    })
}

/// Removes leftovers of killed builds, files and directories named `name.….tmp`. Best effort, and
/// only those that are too old to belong to a running build.
pub(crate) fn remove_leftovers(dir: &Path, name: &str) {
    const OLD: Duration = Duration::from_secs(3600);
    for entry in WalkDir::new(dir).min_depth(1).max_depth(1).into_iter().flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|file| {
            let rest = file.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
            rest.and_then(|rest| rest.strip_suffix(".tmp")).is_some()
        });
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_ours && age().is_some_and(|age| age > OLD) {
            let is_dir = entry.file_type().is_dir();
            let remove = if is_dir { std::fs::remove_dir_all } else { std::fs::remove_file };
            let _ = remove(entry.path());
        }
    }
}

/// Creates a directory for the output.
pub(crate) fn create_dir(path: &Path) -> Result<(), Problem> {
    std::fs::create_dir_all(path).map_err(|error| unwritable(path, &error))
}

pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Problem {
    Problem::new(ErrorKind::Output, format!("`{}` can't be written: {error}", path.display()))
        .help("free some space or correct the directory's permissions, and build again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let modified = || std::fs::metadata(&path).unwrap().modified().unwrap();
        write(&path, b"one").unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH;
        std::fs::File::options().append(true).open(&path).unwrap().set_modified(old).unwrap();
        write(&path, b"one").unwrap();
        assert_eq!(modified(), old);
        write(&path, b"two").unwrap();
        assert_ne!(modified(), old);
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn leftovers_are_removed_once_they_are_old() {
        let dir = tempfile::tempdir().unwrap();
        let old = std::time::SystemTime::now() - Duration::from_secs(4000);
        for name in ["app.bundle.1.tmp", "app.bundle", "app2.bundle.1.tmp", "app.keys.2.tmp"] {
            let file = File::create(dir.path().join(name)).unwrap();
            if name != "app.keys.2.tmp" {
                file.set_modified(old).unwrap();
            }
        }
        let unpacked = dir.path().join("app.stdlib.1.tmp");
        std::fs::create_dir_all(unpacked.join("python")).unwrap();
        #[cfg(unix)]
        File::open(&unpacked).unwrap().set_modified(old).unwrap();
        #[cfg(not(unix))]
        std::fs::remove_dir_all(&unpacked).unwrap();
        remove_leftovers(dir.path(), "app");
        let left = std::fs::read_dir(dir.path()).unwrap();
        let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["app.bundle", "app.keys.2.tmp", "app2.bundle.1.tmp"]);
    }

    #[test]
    fn errors_name_the_path() {
        let dir = tempfile::tempdir().unwrap();
        let gone = dir.path().join("gone.py");
        assert_eq!(
            read(&gone).unwrap_err().message(),
            format!(
                "`{}` vanished while the sources were read\n  \
                 = help: leave the sources alone during a build, and build again",
                gone.display()
            )
        );
        let error = write(&gone.join("app.bundle"), b"").unwrap_err();
        assert!(error.message().contains("gone.py/app.bundle` can't be written: "));
        std::fs::write(&gone, b"").unwrap();
        assert!(create_dir(&gone).unwrap_err().message().contains("gone.py` can't be written"));
    }
}
