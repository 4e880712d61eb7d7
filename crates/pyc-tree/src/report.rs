//! The events of a run, the outcome of each file, and the totals.
//!
//! ```text
//! Directory("src")                           the sources in it follow
//! File  "src/app.py"    Compiled             files: src/__pycache__/app.cpython-313.pyc
//! File  "src/bad.py"    Refused(SyntaxError)
//! Summary               compiled 1, refused 1
//! ```

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use pyc_compiler::{SyntaxError, Warning};

/// An event of a run, in `compileall`'s order.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The sources in this directory follow.
    Directory(PathBuf),
    /// A directory can't be listed; its files are omitted, and the run continues.
    Unlistable(PathBuf, io::Error),
    /// The current directory is on the path and is skipped.
    CurrentDirectory,
    /// A file has been processed.
    File(FileReport),
}

/// The result of one file.
#[derive(Debug)]
pub struct FileReport {
    pub(crate) source: PathBuf,
    pub(crate) unstripped: Option<OsString>,
    pub(crate) shown: String,
    pub(crate) outcome: Outcome,
    pub(crate) warnings: Vec<SourceWarning>,
    pub(crate) files: Vec<PathBuf>,
}

/// The outcome of a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It was compiled, and all its `.pyc` files were written.
    Compiled,
    /// Its `.pyc` files were up to date.
    UpToDate,
    /// It isn't a Python source, or an option excludes it.
    Skipped,
    /// It would be compiled; only with [`Task::Check`](crate::Task::Check).
    Due,
    /// Its `.pyc` files were removed.
    Removed,
    /// It isn't valid Python.
    Refused(Box<SyntaxError>),
    /// A warning filter turned this warning into an error.
    RefusedForWarning(SourceWarning),
    /// This file can't be read or written.
    Failed(PathBuf, io::Error),
    /// Its file name isn't UTF-8 and can't be put into the code.
    Unnameable(pyc_code::Error),
}

/// A warning and the source line to which it refers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SourceWarning {
    /// The warning.
    pub warning: Warning,
    /// The text of the line.
    pub line: String,
}

impl FileReport {
    /// The source's path as it was found.
    #[must_use]
    pub fn source(&self) -> &Path {
        &self.source
    }

    /// The outcome.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The warnings in CPython's order.
    #[must_use]
    pub fn warnings(&self) -> &[SourceWarning] {
        &self.warnings
    }

    /// The `.pyc` files that were written; with [`Task::Check`](crate::Task::Check) those that
    /// would be written, with [`Task::Clean`](crate::Task::Clean) those that were removed.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The source's file name in its code, as Python prints it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.shown
    }

    /// The prefix that should have been stripped, if the source's path doesn't start with it.
    #[must_use]
    pub fn unstripped(&self) -> Option<&OsString> {
        self.unstripped.as_ref()
    }

    /// Whether the file was refused or failed.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        match self.outcome {
            Outcome::Compiled
            | Outcome::UpToDate
            | Outcome::Skipped
            | Outcome::Due
            | Outcome::Removed => false,
            Outcome::Refused(_)
            | Outcome::RefusedForWarning(_)
            | Outcome::Failed(..)
            | Outcome::Unnameable(_) => true,
        }
    }
}

/// Number of files by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Compiled and written.
    pub compiled: usize,
    /// Already up to date.
    pub up_to_date: usize,
    /// Not a Python source, or excluded by an option.
    pub skipped: usize,
    /// To be compiled; only with [`Task::Check`](crate::Task::Check).
    pub due: usize,
    /// Sources whose `.pyc` files were removed.
    pub removed: usize,
    /// Not valid Python, or refused because of a warning.
    pub refused: usize,
    /// Can't be read or written.
    pub failed: usize,
}

impl Summary {
    /// Whether no file was refused or failed: the return value of `compileall`'s functions.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.refused == 0 && self.failed == 0
    }

    pub(crate) fn add(&mut self, report: &FileReport) {
        let count = match report.outcome {
            Outcome::Compiled => &mut self.compiled,
            Outcome::UpToDate => &mut self.up_to_date,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Due => &mut self.due,
            Outcome::Removed => &mut self.removed,
            Outcome::Refused(_) | Outcome::RefusedForWarning(_) => &mut self.refused,
            Outcome::Failed(..) | Outcome::Unnameable(_) => &mut self.failed,
        };
        *count += 1;
    }
}
