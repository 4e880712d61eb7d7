//! Files that a command line names, by themselves or by the directories that they are in.
//!
//! `pkg` stands for each `.pyc` file in it and below it, sorted by name.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::Error;

/// Each path that is no directory, and the `.pyc` files in those that are.
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

/// The `.pyc` files in a directory and below it; links to directories aren't followed.
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

/// Whether the file is compiled, by its name.
pub(crate) fn is_pyc(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b".pyc")
}
