//! Errors of the reader and of the writer.
//!
//! ```
//! use include_py_bundle::{Bundle, ErrorKind};
//!
//! let error = Bundle::open(b"#!/bin/sh").unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::NotABundle);
//! assert_eq!(error.offset(), Some(0));
//! ```

use std::fmt;

use crate::layout::FORMAT;

/// Why a bundle could not be read or written.
#[derive(Clone, Debug)]
pub struct Error(Repr);

#[derive(Clone, Debug)]
enum Repr {
    /// Needs no allocation, so the reader never allocates, even if it fails.
    Read {
        kind: ErrorKind,
        offset: usize,
        what: &'static str,
    },
    Write(Box<(ErrorKind, String)>),
}

/// The kinds of [`Error`], the reader's first, then the writer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes don't start like a bundle.
    NotABundle,
    /// The bundle was processed as text: line endings or high bits have been changed.
    Mangled,
    /// The bundle has a format other than [`FORMAT`](crate::FORMAT).
    Format {
        /// The format number in the bundle.
        found: u32,
    },
    /// The bytes end before the end of the bundle.
    Truncated,
    /// The bundle is inconsistent.
    Corrupt,
    /// The content doesn't have the SHA-256 in the header.
    Digest,
    /// The bundle has no module with this index.
    NoModule,
    /// There is no target, the same target twice, or an impossible one.
    InvalidTarget,
    /// The name of the bundle, of a module or of a distribution is invalid.
    InvalidName,
    /// A path is not relative and normalised, or doesn't fit its module's kind.
    InvalidPath,
    /// Two modules have the same name.
    DuplicateModule,
    /// Two files, or the sources of two modules, have the same path.
    DuplicateFile,
    /// Two distributions have the same normalised name.
    DuplicateDistribution,
    /// A path is used both for a file and for a directory.
    FileAndDirectory,
    /// The number of a module's code objects differs from the number of targets.
    CodeCount,
    /// A section is too large for the format's 32-bit offsets.
    TooLarge,
    /// A payload is needed in memory, but is only in an earlier bundle's file.
    Earlier,
}

impl Error {
    pub(crate) const fn read(kind: ErrorKind, offset: usize, what: &'static str) -> Self {
        Self(Repr::Read { kind, offset, what })
    }

    pub(crate) const fn corrupt(offset: usize, what: &'static str) -> Self {
        Self::read(ErrorKind::Corrupt, offset, what)
    }

    pub(crate) fn write(kind: ErrorKind, message: String) -> Self {
        Self(Repr::Write(Box::new((kind, message))))
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &self.0 {
            Repr::Read { kind, .. } => *kind,
            Repr::Write(inner) => inner.0,
        }
    }

    /// Byte offset in the bundle; `None` for errors of the writer.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        match &self.0 {
            Repr::Read { offset, .. } => Some(*offset),
            Repr::Write(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, offset, what) = match &self.0 {
            Repr::Read { kind, offset, what } => (kind, offset, what),
            Repr::Write(inner) => return f.write_str(&inner.1),
        };
        match kind {
            ErrorKind::NotABundle => f.write_str(
                "this is not a bundle: it doesn't start with a bundle's magic bytes; \
                 give a file that include-py-build has written",
            ),
            ErrorKind::Mangled => f.write_str(
                "the bundle was changed as if it were text, as its magic bytes show: \
                 transfer it as binary (in `.gitattributes`: `*.bundle binary`) or rebuild it",
            ),
            ErrorKind::Format { found } => write!(
                f,
                "the bundle has format {found}, but this include-py-bundle {} reads format \
                 {FORMAT}: rebuild it with the include-py-build of the same version",
                env!("CARGO_PKG_VERSION"),
            ),
            ErrorKind::NoModule => f.write_str(
                "the bundle has no module of this number: take `Module::index` of the same bundle",
            ),
            ErrorKind::Truncated => write!(
                f,
                "the bundle is truncated, {what} (offset {offset}): copy it again or rebuild it",
            ),
            ErrorKind::Digest => write!(
                f,
                "the bundle was changed after it was built, {what} (offset {offset}): \
                 copy it again or rebuild it",
            ),
            _ => write!(
                f,
                "the bundle is corrupt, {what} (offset {offset}): copy it again or rebuild it",
            ),
        }
    }
}

impl std::error::Error for Error {}
