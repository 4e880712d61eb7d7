//! Writes the files to a temporary directory, and moves that to its place at once.
//!
//! A process that is killed leaves a `.new-…` directory, which the next writer removes. The
//! directory at the final place is always complete.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    time::{SystemTime, UNIX_EPOCH},
};

use include_py_bundle::TreeHasher;

use super::{Fault, Tree, check, owner, stamp};

/// The prefix of directories that are being written or removed.
const NEW: &str = ".new-";
const OLD: &str = ".old-";

/// Puts the tree at `directory`, replacing what is there. The caller holds the lock.
pub(super) fn replace(base: &Path, directory: &Path, tree: &Tree<'_>) -> Result<(), Fault> {
    sweep(base);
    let new = base.join(unique(NEW));
    let written = write(&new, tree).and_then(|()| exchange(base, directory, &new, tree));
    if written.is_err() {
        let _ = fs::remove_dir_all(&new);
    }
    written
}

/// Writes everything below `new`, which must not exist.
fn write(new: &Path, tree: &Tree<'_>) -> Result<(), Fault> {
    let mut hasher = TreeHasher::new();
    owner::make(new).map_err(Fault::refused("made", new))?;
    for entry in &tree.entries {
        let path = new.join(entry.path());
        match entry.content().map_err(Fault::damaged)? {
            None => {
                hasher.directory(entry.path());
                owner::make(&path).map_err(Fault::refused("made", &path))?;
            }
            Some(content) => {
                hasher.file(entry.path(), &content);
                file(&path, &content).map_err(Fault::refused("written", &path))?;
            }
        }
    }
    if hasher.finish() == tree.digest()? { Ok(()) } else { Err(Fault::Digest) }
}

fn file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    set_mode(&file, if is_program(content) { 0o700 } else { 0o600 })?;
    file.write_all(content)
}

/// Sets the mode, whatever the umask is.
#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// Whether the file is executable, judged by its first bytes, since bundles have no modes.
fn is_program(content: &[u8]) -> bool {
    // A script; ELF; Mach-O in both byte orders, and for several architectures.
    const STARTS: [&[u8]; 7] = [
        b"#!",
        b"\x7fELF",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
    ];
    STARTS.iter().any(|start| content.starts_with(start))
}

/// Moves the existing `directory` away, and `new` to its place.
fn exchange(base: &Path, directory: &Path, new: &Path, tree: &Tree<'_>) -> Result<(), Fault> {
    stamp::remove(directory);
    let old = base.join(unique(OLD));
    if fs::symlink_metadata(directory).is_ok() {
        fs::rename(directory, &old).map_err(Fault::refused("moved away", directory))?;
    }
    let moved = fs::rename(new, directory);
    remove(&old);
    match moved {
        Ok(()) => Ok(()),
        // Without locks, another process may have been faster.
        Err(_) if check::is_intact(directory, tree) => {
            remove(new);
            Ok(())
        }
        Err(error) => Err(Fault::refused("put in its place", directory)(error)),
    }
}

/// Removes directories that killed processes have left.
fn sweep(base: &Path) {
    let Ok(entries) = fs::read_dir(base) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(NEW) || name.starts_with(OLD) {
            remove(&entry.path());
        }
    }
}

/// Removes a file or a directory; doesn't follow links.
fn remove(path: &Path) {
    let _ = fs::remove_dir_all(path).or_else(|_| fs::remove_file(path));
}

fn unique(prefix: &str) -> PathBuf {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{prefix}{}-{}", process::id(), now.as_nanos()).into()
}
