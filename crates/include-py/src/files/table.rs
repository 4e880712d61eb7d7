//! The functions that are replaced, and their replacements.
//!
//! Every function of `os` and `io` that takes a path is listed here or in the guide's page about
//! files. `tests/specimen/file_checks.py` checks this for all functions of these modules.

use std::{ffi::CStr, sync::Arc};

use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

use super::{Call, change, descriptor, directory, open, scan, stat};
use crate::mount::Mount;

/// A function to replace.
pub(super) struct Row {
    /// The modules that contain it; all of them contain the same function.
    pub(super) places: &'static [&'static str],
    pub(super) name: &'static CStr,
    pub(super) answer: Answer,
}

impl Row {
    /// Whether it changes the current directory.
    pub(super) fn leaves(&self) -> bool {
        self.name == c"chdir" || self.name == c"fchdir"
    }
}

/// A call of a function with two paths.
pub(super) struct Pair<'a, 'py> {
    pub(super) mount: &'a Arc<Mount>,
    pub(super) from: Option<&'a Bound<'py, PyAny>>,
    pub(super) to: Option<&'a Bound<'py, PyAny>>,
    pub(super) args: &'a Bound<'py, PyTuple>,
    pub(super) kwargs: Option<&'a Bound<'py, PyDict>>,
}

/// The replacement, by the kind of arguments.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// One path, which is the first parameter and has this name, and possibly `dir_fd`.
    Path(&'static str, for<'py> fn(&Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>>),
    /// Two paths, `src` and `dst`. Returns an error number; `None` for paths outside of the bundle.
    Paths(for<'py> fn(&Pair<'_, 'py>) -> PyResult<Option<i32>>),
    /// The current directory.
    Directory(for<'py> fn(Python<'py>) -> Option<Bound<'py, PyAny>>),
}

/// A row for a function of `os`.
macro_rules! os {
    ($name:literal, $answer:expr) => {
        Row { places: &["os"], name: $name, answer: $answer }
    };
}

pub(super) const ROWS: &[Row] = &[
    Row { places: &["io", "builtins"], name: c"open", answer: Answer::Path("file", open::open) },
    os!(c"open", Answer::Path("path", descriptor::open)),
    // Functions that read.
    os!(c"stat", Answer::Path("path", stat::stat)),
    os!(c"lstat", Answer::Path("path", stat::stat)),
    os!(c"fstat", Answer::Path("fd", stat::stat)),
    os!(c"access", Answer::Path("path", stat::access)),
    os!(c"listxattr", Answer::Path("path", stat::listxattr)),
    os!(c"getxattr", Answer::Path("path", stat::getxattr)),
    os!(c"readlink", Answer::Path("path", stat::readlink)),
    Row {
        places: &["posixpath"],
        name: c"realpath",
        answer: Answer::Path("filename", stat::realpath),
    },
    os!(c"statvfs", Answer::Path("path", stat::statvfs)),
    os!(c"pathconf", Answer::Path("path", stat::pathconf)),
    os!(c"listdir", Answer::Path("path", scan::listdir)),
    os!(c"scandir", Answer::Path("path", scan::scandir)),
    // Functions for the current directory.
    os!(c"chdir", Answer::Path("path", directory::chdir)),
    os!(c"fchdir", Answer::Path("fd", directory::chdir)),
    os!(c"getcwd", Answer::Directory(directory::getcwd)),
    os!(c"getcwdb", Answer::Directory(directory::getcwdb)),
    // Functions that would change something.
    os!(c"chflags", Answer::Path("path", change::change)),
    os!(c"chmod", Answer::Path("path", change::change)),
    os!(c"chown", Answer::Path("path", change::change)),
    os!(c"lchflags", Answer::Path("path", change::change)),
    os!(c"lchmod", Answer::Path("path", change::change)),
    os!(c"lchown", Answer::Path("path", change::change)),
    os!(c"removexattr", Answer::Path("path", change::change)),
    os!(c"setxattr", Answer::Path("path", change::change)),
    os!(c"utime", Answer::Path("path", change::utime)),
    os!(c"truncate", Answer::Path("path", change::truncate)),
    os!(c"remove", Answer::Path("path", change::remove)),
    os!(c"rmdir", Answer::Path("path", change::remove)),
    os!(c"unlink", Answer::Path("path", change::remove)),
    os!(c"mkdir", Answer::Path("path", change::create)),
    os!(c"mkfifo", Answer::Path("path", change::create)),
    os!(c"mknod", Answer::Path("path", change::create)),
    os!(c"rename", Answer::Paths(change::rename)),
    os!(c"replace", Answer::Paths(change::rename)),
    os!(c"link", Answer::Paths(change::link)),
    os!(c"symlink", Answer::Paths(change::symlink)),
];

/// Modules and classes that keep a copy of a function under another name, if they were imported
/// before.
pub(super) const KEEPERS: &[(&str, &str)] = &[
    ("tokenize", "_builtin_open"),
    ("bz2", "_builtin_open"),
    ("lzma", "_builtin_open"),
    ("tarfile", "bltn_open"),
    ("glob", "_StringGlobber.scandir"),
];
