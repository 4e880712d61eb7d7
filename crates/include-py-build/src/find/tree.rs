//! A directory tree as a value. It is read once, sorted, and symbolic links are followed.
//!
//! ```text
//! Tree { path: python/app, entries: { __init__.py: File, data: Tree { … } } }
//! ```

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::error::Problem;
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
    /// Reads the tree at `root`, whose path in the bundle is `prefix`. Omits paths in the bundle
    /// that `excluded` matches.
    ///
    /// What `import` wouldn't notice either is left out with a warning. The directories that are
    /// read are `consulted`, and so are links whose targets make a difference.
    pub(super) fn read(
        root: &Path,
        prefix: &str,
        excluded: &dyn Fn(&str, Node) -> bool,
        problems: &mut Vec<Problem>,
        warnings: &mut Vec<String>,
        consulted: &mut Vec<PathBuf>,
    ) -> Self {
        consulted.push(root.to_owned());
        let links = RefCell::new(Vec::new());
        let in_bundle = |path: &Path| {
            let relative = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
            // `MAIN_SEPARATOR` is `/` on most systems; in a bundle it always is.
            let relative = relative.replace(std::path::MAIN_SEPARATOR, "/");
            if prefix.is_empty() { relative } else { format!("{prefix}/{relative}") }
        };
        let keep = |entry: &DirEntry| {
            let node = match entry.file_type() {
                kind if kind.is_dir() => Node::Directory,
                _ if is_sourceless(entry.path()) => Node::Sourceless,
                _ => Node::File,
            };
            let is_kept = !excluded(&in_bundle(entry.path()), node);
            if !is_kept && entry.path_is_symlink() {
                links.borrow_mut().push(entry.path().to_owned());
            }
            is_kept
        };
        let mut open = vec![(Some(String::new()), Self::empty(root.to_owned()))];
        let walk = WalkDir::new(root).min_depth(1).follow_links(true).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(keep) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    links.borrow_mut().push(path.clone());
                    if excluded(&in_bundle(&path), Node::Unknown) || is_lock(&path) {
                        continue;
                    }
                    match astray(&path, &error) {
                        Some(warning) => warnings.push(warning),
                        None => problems.push(unreadable(&path, error)),
                    }
                    continue;
                }
            };
            while open.len() > entry.depth() {
                close(&mut open);
            }
            let path = entry.path().to_owned();
            let name = entry.file_name().to_str();
            if let Some(reason) = unfit(name) {
                warnings.push(misnamed(&path, reason));
            }
            let name = name.filter(|name| unfit(Some(name)).is_none()).map(str::to_owned);
            if entry.file_type().is_dir() {
                consulted.push(path.clone());
                open.push((name, Self::empty(path)));
            } else if entry.file_type().is_file() {
                insert(&mut open, name, Entry::File(path));
            } else {
                warnings.push(special(&path));
                consulted.push(path);
            }
        }
        consulted.append(&mut links.borrow_mut());
        while open.len() > 1 {
            close(&mut open);
        }
        open.pop().map_or_else(|| Self::empty(root.to_owned()), |(_, tree)| tree)
    }

    fn empty(path: PathBuf) -> Self {
        Self { path, entries: BTreeMap::new() }
    }
}

/// Whether it is a compiled module without a source beside it, which Python imports directly
/// (`_bootstrap_external.py: SourcelessFileLoader`, 3.13).
fn is_sourceless(path: &Path) -> bool {
    let in_cache = || path.parent().is_some_and(|above| above.ends_with("__pycache__"));
    path.extension().is_some_and(|end| end == "pyc")
        && !in_cache()
        && !path.with_extension("py").exists()
}

/// Moves the innermost open directory into its parent.
fn close(open: &mut Vec<(Option<String>, Tree)>) {
    if let Some((name, tree)) = open.pop() {
        insert(open, name, Entry::Directory(tree));
    }
}

/// Drops an entry whose name a bundle can't contain.
fn insert(open: &mut [(Option<String>, Tree)], name: Option<String>, entry: Entry) {
    if let (Some((_, tree)), Some(name)) = (open.last_mut(), name) {
        tree.entries.insert(name, entry);
    }
}

/// Whether it is an editor's lock: while `mod.py` is edited, Emacs has a broken link `.#mod.py`.
fn is_lock(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    path.is_symlink() && name.is_some_and(|name| name.starts_with(".#"))
}

/// The warning about a symbolic link that is broken or part of a loop.
fn astray(path: &Path, error: &walkdir::Error) -> Option<String> {
    let path = path.display();
    if let Some(ancestor) = error.loop_ancestor() {
        return Some(format!(
            "the symbolic link `{path}` leads back to `{}`, which it is in, and is left out: \
             remove the link, or leave it out with `Bundle::exclude`",
            ancestor.display()
        ));
    }
    let target = std::fs::read_link(error.path()?).ok()?;
    Some(format!(
        "the symbolic link `{path}` leads to `{}`, which can't be reached, and is left out: \
         correct the link, or leave it out with `Bundle::exclude`",
        target.display()
    ))
}

fn unreadable(path: &Path, error: walkdir::Error) -> Problem {
    let error = error.into_io_error().unwrap_or_else(|| std::io::Error::other("unknown error"));
    fs::unreadable(path, &error)
}

/// Why a bundle can't contain a name (`include_py_bundle`'s rules for paths).
fn unfit(name: Option<&str>) -> Option<&'static str> {
    match name {
        None => Some("isn't UTF-8"),
        Some(name) if name.contains(char::is_control) => Some("has a control character"),
        Some(name) if name.contains('\\') => Some("has a backslash"),
        Some(_) => None,
    }
}

fn misnamed(path: &Path, reason: &str) -> String {
    let shown = path.to_string_lossy().replace(char::is_control, "\u{fffd}");
    format!(
        "the name of `{shown}` {reason}, so it is left out: rename it, or leave it out with \
         `Bundle::exclude`"
    )
}

fn special(path: &Path) -> String {
    format!(
        "`{}` is neither a file nor a directory and is left out: remove it, or leave it out with \
         `Bundle::exclude`",
        path.display()
    )
}
