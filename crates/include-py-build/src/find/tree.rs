//! A directory tree as a value, read once, in sorted order, links followed.
//!
//! ```text
//! Tree { path: python/app, entries: { __init__.py: File, data: Tree { … } } }
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::error::{ErrorKind, Problem};
use crate::fs;
use crate::pattern::Node;

/// A directory.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) path: PathBuf,
    pub(super) entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
pub(super) enum Entry {
    File(PathBuf),
    Directory(Tree),
}

impl Tree {
    /// The tree at `root`, which is at `prefix` in the bundle, without what `excluded` says of
    /// paths in the bundle.
    pub(super) fn read(
        root: &Path,
        prefix: &str,
        excluded: &dyn Fn(&str, Node) -> bool,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let in_bundle = |path: &Path| {
            let relative = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
            // `MAIN_SEPARATOR` is `/` on most systems; in a bundle it always is.
            let relative = relative.replace(std::path::MAIN_SEPARATOR, "/");
            if prefix.is_empty() { relative } else { format!("{prefix}/{relative}") }
        };
        let keep = |entry: &DirEntry| {
            let node = if entry.file_type().is_dir() { Node::Directory } else { Node::File };
            !excluded(&in_bundle(entry.path()), node)
        };
        let mut open = vec![(String::new(), Self::empty(root.to_owned()))];
        let walk = WalkDir::new(root).min_depth(1).follow_links(true).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(keep) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    if !excluded(&in_bundle(&path), Node::Unknown) {
                        problems.push(unwalkable(&path, error));
                    }
                    continue;
                }
            };
            while open.len() > entry.depth() {
                close(&mut open);
            }
            let path = entry.path().to_owned();
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                problems.push(misnamed(&path));
                if entry.file_type().is_dir() {
                    // Its content needs a place, under whatever name.
                    open.push((
                        entry.file_name().to_string_lossy().into_owned(),
                        Self::empty(path),
                    ));
                }
                continue;
            };
            if entry.file_type().is_dir() {
                open.push((name, Self::empty(path)));
            } else if entry.file_type().is_file() {
                insert(&mut open, name, Entry::File(path));
            } else {
                problems.push(special(&path));
            }
        }
        while open.len() > 1 {
            close(&mut open);
        }
        open.pop().map_or_else(|| Self::empty(root.to_owned()), |(_, tree)| tree)
    }

    fn empty(path: PathBuf) -> Self {
        Self { path, entries: BTreeMap::new() }
    }
}

/// Moves the innermost directory into the one around it.
fn close(open: &mut Vec<(String, Tree)>) {
    if let Some((name, tree)) = open.pop() {
        insert(open, name, Entry::Directory(tree));
    }
}

fn insert(open: &mut [(String, Tree)], name: String, entry: Entry) {
    if let Some((_, tree)) = open.last_mut() {
        tree.entries.insert(name, entry);
    }
}

fn unwalkable(path: &Path, error: walkdir::Error) -> Problem {
    if let Some(ancestor) = error.loop_ancestor() {
        return Problem::new(
            ErrorKind::Source,
            format!(
                "the symbolic link `{}` leads back to `{}`, which it is in",
                path.display(),
                ancestor.display()
            ),
        )
        .help("remove the link, or leave it out with `Bundle::exclude`");
    }
    let error = error.into_io_error().unwrap_or_else(|| std::io::Error::other("unknown error"));
    match std::fs::read_link(path) {
        Ok(target) => Problem::new(
            ErrorKind::Source,
            format!(
                "the symbolic link `{}` leads to `{}`, which can't be reached: {error}",
                path.display(),
                target.display()
            ),
        )
        .help("correct the link, or leave it out with `Bundle::exclude`"),
        Err(_) => fs::unreadable(path, &error),
    }
}

fn misnamed(path: &Path) -> Problem {
    Problem::new(ErrorKind::Source, format!("the name of `{}` isn't UTF-8", path.display()))
        .help("rename it, or leave it out with `Bundle::exclude`")
}

fn special(path: &Path) -> Problem {
    Problem::new(
        ErrorKind::Source,
        format!("`{}` is neither a file nor a directory", path.display()),
    )
    .note("a named pipe, a socket or a device has no content to bundle")
    .help("remove it, or leave it out with `Bundle::exclude`")
}
