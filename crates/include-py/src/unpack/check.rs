//! Checks that a directory contains exactly what was unpacked: every byte of it, and nothing else.
//!
//! A link, another owner, a wider mode, or a changed, missing or additional file means that it
//! isn't intact.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use include_py_bundle::{EntryKind, TreeHasher};

use super::{Tree, owner, place};

/// Reads everything. A file that can't be read counts as changed.
pub(super) fn is_intact(directory: &Path, tree: &Tree<'_>) -> bool {
    let found = digest(directory, tree);
    found.is_some() && found == tree.digest().ok()
}

fn digest(directory: &Path, tree: &Tree<'_>) -> Option<[u8; 32]> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    names.insert("", BTreeSet::new());
    for entry in &tree.entries {
        let (above, name) = entry.path().rsplit_once('/').unwrap_or(("", entry.path()));
        names.entry(above).or_default().insert(name);
        if matches!(entry.kind(), EntryKind::Directory) {
            names.entry(entry.path()).or_default();
        }
    }
    for (path, names) in &names {
        holds_only(&place(directory, path), names)?;
    }
    let mut hasher = TreeHasher::new();
    for entry in &tree.entries {
        // Directories have already been checked.
        match entry.kind() {
            EntryKind::Directory => _ = hasher.directory(entry.path()),
            _ => _ = hasher.file(entry.path(), &content(&directory.join(entry.path()))?),
        }
    }
    Some(hasher.finish())
}

/// `None` unless it is a directory that the user owns and that contains only `names`.
fn holds_only(directory: &Path, names: &BTreeSet<&str>) -> Option<()> {
    let metadata = fs::symlink_metadata(directory).ok()?;
    owner::check_own(&metadata).ok()?;
    for entry in fs::read_dir(directory).ok()? {
        let name = entry.ok()?.file_name();
        names.contains(name.to_str()?).then_some(())?;
    }
    Some(())
}

/// The content of a file that the user owns. Special files such as pipes aren't opened.
fn content(path: &Path) -> Option<Vec<u8>> {
    let metadata = fs::symlink_metadata(path).ok()?;
    owner::check_own(&metadata).ok()?;
    if metadata.is_file() { fs::read(path).ok() } else { None }
}
