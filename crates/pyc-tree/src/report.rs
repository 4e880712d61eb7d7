//! What is said of a run: its steps, what came of each file, and the numbers at its end.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use pyc_compiler::{SyntaxError, Warning};

/// A step of a run, in `compileall`'s order.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The sources in this directory come next.
    Directory(PathBuf),
    /// A directory can't be listed; its files are left out, and the run goes on.
    Unlistable(PathBuf, io::Error),
    /// The current directory is on the path and left out.
    CurrentDirectory,
    /// A file is done.
    File(FileReport),
}

/// What came of one file.
#[derive(Debug)]
pub struct FileReport {
    pub(crate) source: PathBuf,
    pub(crate) unstripped: Option<OsString>,
    pub(crate) shown: String,
    pub(crate) outcome: Outcome,
    pub(crate) warnings: Vec<SourceWarning>,
    pub(crate) files: Vec<PathBuf>,
}

/// How a file ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It was compiled, and all its `.pyc` files are there.
    Compiled,
    /// Nothing had to be done.
    UpToDate,
    /// It isn't a Python source, or an option leaves it out.
    Skipped,
    /// Compiling would make files of it.
    Due,
    /// Files that were made of it are removed.
    Removed,
    /// It isn't valid Python.
    Refused(Box<SyntaxError>),
    /// A warning in it counts as an error.
    RefusedForWarning(SourceWarning),
    /// A file can't be read or written.
    Failed(PathBuf, io::Error),
    /// Code can't be given a name that isn't UTF-8.
    Unnameable(pyc_code::Error),
}

/// A warning, with the line that it is about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SourceWarning {
    /// What CPython would warn of.
    pub warning: Warning,
    /// The text of its line.
    pub line: String,
}

impl FileReport {
    /// The source's path, as it was found.
    #[must_use]
    pub fn source(&self) -> &Path {
        &self.source
    }

    /// What came of it.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// What CPython would warn of, in its order.
    #[must_use]
    pub fn warnings(&self) -> &[SourceWarning] {
        &self.warnings
    }

    /// The files that were written; those that would be, under [`Task::Check`](crate::Task::Check); or were removed,
    /// under [`Task::Clean`](crate::Task::Clean).
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The source's name in its code, as Python prints it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.shown
    }

    /// The prefix that was to be stripped from the name, but isn't one of the source's path.
    #[must_use]
    pub fn unstripped(&self) -> Option<&OsString> {
        self.unstripped.as_ref()
    }

    /// Whether the file is wrong or couldn't be compiled.
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

/// How many files ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Compiled, and written.
    pub compiled: usize,
    /// Up to date already.
    pub up_to_date: usize,
    /// No sources, or left out by an option.
    pub skipped: usize,
    /// To be compiled, where that was only asked.
    pub due: usize,
    /// Without the files that were made of them, since those are removed.
    pub removed: usize,
    /// Not valid Python, or warned of where that counts as an error.
    pub refused: usize,
    /// Not readable, or not writable.
    pub failed: usize,
}

impl Summary {
    /// Whether no file was refused and none failed: what `compileall`'s functions return.
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
