//! Finds the files to compile while others are being compiled.
//!
//! `src` yields `Directory("src")`, then its files and subdirectories sorted by name.

use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

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
        match entries(path) {
            Err(error) => self.open.push(Entry::Unlistable(path.to_owned(), error)),
            Ok(entries) => {
                let inside = entries
                    .into_iter()
                    .rev()
                    .filter(|(name, _)| name != "__pycache__")
                    .map(|(name, kind)| (path.join(name), kind))
                    .filter(|(path, _)| !self.compiler.excludes(path))
                    .filter_map(|(path, kind)| visit(path, kind, depth));
                self.open.extend(inside);
            }
        }
    }
}

/// The names in a directory and their types, sorted by name. Types are those of links themselves.
fn entries(directory: &Path) -> io::Result<Vec<(OsString, FileType)>> {
    let entry = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        // The listing contains each entry's type, so this needs no system call.
        Ok((entry.file_name(), entry.file_type()?))
    };
    let mut entries: Vec<_> = fs::read_dir(directory)?.map(entry).collect::<io::Result<_>>()?;
    entries.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    Ok(entries)
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
fn visit(path: PathBuf, kind: FileType, depth: Option<u32>) -> Option<Entry> {
    let is_link = kind.is_symlink();
    let kind = if is_link { fs::metadata(&path).ok()?.file_type() } else { kind };
    if kind.is_file() {
        return Some(Entry::File(path));
    }
    // Reading a pipe, socket or device might never end.
    if !kind.is_dir() {
        return None;
    }
    let depth = match depth {
        Some(0) => return None,
        Some(depth) => Some(depth - 1),
        None => None,
    };
    (!is_link).then_some(Entry::Directory(path, depth))
}
