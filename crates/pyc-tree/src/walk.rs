//! Finds the files to compile while others are being compiled.
//!
//! `src` yields `Directory("src")`, then its files and subdirectories sorted by name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use walkdir::{DirEntry, WalkDir};

use crate::compiler::TreeCompiler;
use crate::naming::Naming;

/// A starting point of a run.
#[derive(Debug)]
pub(crate) enum Root {
    File(PathBuf),
    /// A directory, and how many levels of subdirectories are visited; `None` for all.
    Directory(PathBuf, Option<u32>),
    /// The current directory, which is skipped.
    Current,
}

/// One step of a walk, in `compileall`'s order.
#[derive(Debug)]
pub(crate) enum Step {
    Directory(PathBuf),
    Unlistable(PathBuf, io::Error),
    Current,
    /// A file to compile and its base.
    File(PathBuf, Arc<Base>),
}

/// The directory below which a file was found, and how files are named there.
#[derive(Debug)]
pub(crate) struct Base {
    pub(crate) root: PathBuf,
    pub(crate) naming: Naming,
}

impl Base {
    /// The base of a file that was passed directly.
    pub(crate) fn file(source: &Path, compiler: &TreeCompiler) -> Self {
        let root = source.parent().unwrap_or(Path::new("")).to_owned();
        Self { root, naming: compiler.naming.clone() }
    }

    fn directory(root: &Path, compiler: &TreeCompiler) -> Self {
        Self { root: root.to_owned(), naming: compiler.naming.below(root) }
    }
}

/// Visits all roots. It uses an explicit stack, so deeply nested directories can't overflow the
/// call stack.
pub(crate) struct Walk<'c> {
    roots: vec::IntoIter<Root>,
    compiler: &'c TreeCompiler,
    /// The base of the directory being visited.
    base: Arc<Base>,
    /// Entries still to be visited; the next one is last.
    open: Vec<Entry>,
}

enum Entry {
    File(PathBuf),
    Directory(PathBuf, Option<u32>),
    Unlistable(PathBuf, io::Error),
}

impl<'c> Walk<'c> {
    pub(crate) fn new(roots: Vec<Root>, compiler: &'c TreeCompiler) -> Self {
        let base = Arc::new(Base::directory(Path::new(""), compiler));
        Self { roots: roots.into_iter(), compiler, base, open: Vec::new() }
    }

    /// Reads a directory and schedules its entries.
    fn list(&mut self, path: &Path, depth: Option<u32>) {
        let entries: Result<Vec<_>, _> =
            WalkDir::new(path).min_depth(1).max_depth(1).sort_by_file_name().into_iter().collect();
        match entries {
            // Listing something that isn't a directory, such as a device, gives no entries and no
            // error.
            Ok(entries) if entries.is_empty() && !path.is_dir() => {
                let error = io::Error::from(io::ErrorKind::NotADirectory);
                self.open.push(Entry::Unlistable(path.to_owned(), error));
            }
            Err(error) => self.open.push(Entry::Unlistable(path.to_owned(), error.into())),
            Ok(entries) => {
                let inside = entries
                    .into_iter()
                    .rev()
                    .filter(|entry| entry.file_name() != "__pycache__")
                    .filter(|entry| !self.compiler.excludes(entry.path()))
                    .filter_map(|entry| visit(entry, depth));
                self.open.extend(inside);
            }
        }
    }
}

impl Iterator for Walk<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let entry = match self.open.pop() {
            Some(entry) => entry,
            None => match self.roots.next()? {
                Root::Current => return Some(Step::Current),
                Root::File(path) => {
                    let base = Arc::new(Base::file(&path, self.compiler));
                    return Some(Step::File(path, base));
                }
                Root::Directory(path, depth) => {
                    self.base = Arc::new(Base::directory(&path, self.compiler));
                    Entry::Directory(path, depth)
                }
            },
        };
        Some(match entry {
            Entry::File(path) => Step::File(path, Arc::clone(&self.base)),
            Entry::Unlistable(path, error) => Step::Unlistable(path, error),
            Entry::Directory(path, depth) => {
                self.list(&path, depth);
                Step::Directory(path)
            }
        })
    }
}

/// The entry to visit; `None` for anything but files and directories.
fn visit(entry: DirEntry, depth: Option<u32>) -> Option<Entry> {
    // The listing contains each entry's type; only the target of a link needs a system call.
    let is_link = entry.path_is_symlink();
    let kind =
        if is_link { fs::metadata(entry.path()).ok()?.file_type() } else { entry.file_type() };
    if kind.is_file() {
        return Some(Entry::File(entry.into_path()));
    }
    // Reading a pipe, socket or device might never end.
    if !kind.is_dir() {
        return None;
    }
    let base = match depth {
        Some(0) => return None,
        Some(depth) => Some(depth - 1),
        None => None,
    };
    (!is_link).then(|| Entry::Directory(entry.into_path(), base))
}
