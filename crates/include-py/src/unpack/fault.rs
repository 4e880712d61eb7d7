//! Why a package couldn't be unpacked: the path, the cause, and the remedy.
//!
//! ``the directory `/ro/include-py` can't be made: Read-only file system (os error 30): set …``

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// An error during unpacking.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The system reported an error.
    Refused { what: &'static str, path: PathBuf, source: io::Error },
    /// A directory that other users could change.
    Untrusted { path: PathBuf, why: String },
    /// A directory for machine code on a file system that is mounted `noexec`.
    NotExecutable { path: PathBuf },
    /// The cache directory isn't known.
    Nowhere,
    /// The bundle is inconsistent.
    Damaged(include_py_bundle::Error),
    /// The bundle's files don't have the recorded digest.
    Digest,
}

impl Fault {
    /// For `map_err`: the system failed to do `what` with `path`.
    pub(super) fn refused(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Refused { what, path, source }
    }

    pub(super) fn untrusted(path: &Path, why: impl Into<String>) -> Self {
        Self::Untrusted { path: path.to_owned(), why: why.into() }
    }

    pub(crate) fn not_executable(path: &Path) -> Self {
        Self::NotExecutable { path: path.to_owned() }
    }

    pub(super) fn damaged(source: include_py_bundle::Error) -> Self {
        Self::Damaged(source)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { what, path, source } => write!(
                f,
                "`{}` can't be {what}: {source}: set `INCLUDE_PY_CACHE` to a directory that can be \
                 written to and has room",
                path.display()
            ),
            Self::Untrusted { path, why } => write!(
                f,
                "`{}` isn't to be trusted, since {why}: remove it or correct that, or set \
                 `INCLUDE_PY_CACHE` to a directory of your own",
                path.display()
            ),
            Self::NotExecutable { path } => write!(
                f,
                "no machine code can be loaded from `{}`, since its file system is mounted `noexec`: set \
                 `INCLUDE_PY_CACHE` to a directory on another one",
                path.display()
            ),
            Self::Nowhere => f.write_str(
                "there is no home directory for a cache: set `HOME`, or `INCLUDE_PY_CACHE` to a \
                 directory",
            ),
            Self::Damaged(source) => write!(f, "the bundle is damaged: {source}"),
            Self::Digest => f.write_str(
                "the bundle was changed after it was built, its files have another SHA-256: build the \
                 program again",
            ),
        }
    }
}
