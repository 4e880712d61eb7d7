//! Files given on a command line, directly or by their directory.
//!
//! `pkg` is expanded to all `.pyc` files in and below it, sorted by name.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::Error;

/// Replaces each directory by the `.pyc` files in and below it.
pub(crate) fn expanded(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            all.extend(below(path)?);
        } else {
            all.push(path.clone());
        }
    }
    Ok(all)
}

/// The `.pyc` files in and below a directory; links to directories aren't followed.
pub(crate) fn below(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in WalkDir::new(directory).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(directory).to_owned();
            Error::Io(path, error.into())
        })?;
        if is_pyc(entry.path()) && entry.path().is_file() {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// Whether the file's name ends in `.pyc`.
pub(crate) fn is_pyc(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b".pyc")
}
