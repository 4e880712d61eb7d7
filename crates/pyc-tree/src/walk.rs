//! Which files are compiled, found while others are being compiled.
//!
//! `src` gives `Directory("src")`, then its files by name with each directory in its place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use walkdir::{DirEntry, WalkDir};

use crate::compiler::TreeCompiler;
use crate::naming::Naming;

/// What a run begins with.
#[derive(Debug)]
pub(crate) enum Root {
    File(PathBuf),
    /// A directory, and how many levels of directories below it are visited; all, without a number.
    Directory(PathBuf, Option<u32>),
    /// The current directory, which is left out.
    Current,
}

/// One step, in the order in which `compileall` goes.
#[derive(Debug)]
pub(crate) enum Step {
    Directory(PathBuf),
    Unlistable(PathBuf, io::Error),
    Current,
    /// A file to compile, and where it was found.
    File(PathBuf, Arc<Below>),
}

/// What a file is below, and how it is named there.
#[derive(Debug)]
pub(crate) struct Below {
    pub(crate) root: PathBuf,
    pub(crate) naming: Naming,
}

impl Below {
    /// For a file that is named itself.
    pub(crate) fn file(source: &Path, compiler: &TreeCompiler) -> Self {
        let root = source.parent().unwrap_or(Path::new("")).to_owned();
        Self { root, naming: compiler.naming.clone() }
    }

    fn directory(root: &Path, compiler: &TreeCompiler) -> Self {
        Self { root: root.to_owned(), naming: compiler.naming.below(root) }
    }
}

/// Goes through the roots, with a stack of its own, so that deep directories cost no call stack.
pub(crate) struct Walk<'c> {
    roots: vec::IntoIter<Root>,
    compiler: &'c TreeCompiler,
    /// The root that is being visited, if it is a directory.
    below: Arc<Below>,
    /// What is still to be visited, the next on top.
    open: Vec<Entry>,
}

enum Entry {
    File(PathBuf),
    Directory(PathBuf, Option<u32>),
    Unlistable(PathBuf, io::Error),
}

impl<'c> Walk<'c> {
    pub(crate) fn new(roots: Vec<Root>, compiler: &'c TreeCompiler) -> Self {
        let below = Arc::new(Below::directory(Path::new(""), compiler));
        Self { roots: roots.into_iter(), compiler, below, open: Vec::new() }
    }

    /// Opens a directory: its entries come next.
    fn list(&mut self, path: &Path, depth: Option<u32>) {
        let entries: Result<Vec<_>, _> =
            WalkDir::new(path).min_depth(1).max_depth(1).sort_by_file_name().into_iter().collect();
        match entries {
            // What is named may be anything; of a device, there are no entries and no error.
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
                    let below = Arc::new(Below::file(&path, self.compiler));
                    return Some(Step::File(path, below));
                }
                Root::Directory(path, depth) => {
                    self.below = Arc::new(Below::directory(&path, self.compiler));
                    Entry::Directory(path, depth)
                }
            },
        };
        Some(match entry {
            Entry::File(path) => Step::File(path, Arc::clone(&self.below)),
            Entry::Unlistable(path, error) => Step::Unlistable(path, error),
            Entry::Directory(path, depth) => {
                self.list(&path, depth);
                Step::Directory(path)
            }
        })
    }
}

/// A file, or a directory that is visited.
fn visit(entry: DirEntry, depth: Option<u32>) -> Option<Entry> {
    // The directory says what its entries are; only where links lead must be asked.
    let is_link = entry.path_is_symlink();
    let kind =
        if is_link { fs::metadata(entry.path()).ok()?.file_type() } else { entry.file_type() };
    if kind.is_file() {
        return Some(Entry::File(entry.into_path()));
    }
    // Pipes, sockets and devices have no end, or wait for somebody who writes.
    if !kind.is_dir() {
        return None;
    }
    let below = match depth {
        Some(0) => return None,
        Some(depth) => Some(depth - 1),
        None => None,
    };
    (!is_link).then(|| Entry::Directory(entry.into_path(), below))
}
