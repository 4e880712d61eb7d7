//! What can be wrong with a bundle, or with what a bundle is to be made from.
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
    /// Allocates nothing, so that reading allocates nothing even where it fails.
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
    /// The bytes don't start as a bundle does.
    NotABundle,
    /// It was a bundle until something treated it as text: line endings or high bits are gone.
    Mangled,
    /// The bundle is of another format than [`FORMAT`](crate::FORMAT).
    Format {
        /// The format number in the bundle.
        found: u32,
    },
    /// The bytes end before the bundle does.
    Truncated,
    /// The bundle contradicts itself.
    Corrupt,
    /// The content doesn't have the SHA-256 that the header states.
    Digest,
    /// The bundle has no module with the number asked for.
    NoModule,
    /// No target, the same target twice, or one that no interpreter has.
    InvalidTarget,
    /// The name of the bundle, of a module or of a distribution isn't one.
    InvalidName,
    /// A path isn't relative and normal, or doesn't agree with its module's kind.
    InvalidPath,
    /// Two modules have one name.
    DuplicateModule,
    /// Two files, or the sources of two modules, have one path.
    DuplicateFile,
    /// Two distributions have one normalised name.
    DuplicateDistribution,
    /// One path is a file, and a directory of another.
    FileAndDirectory,
    /// A module doesn't have exactly one code for each target.
    CodeCount,
    /// A section doesn't fit in the format's 32-bit offsets.
    TooLarge,
    /// A payload that is needed in memory is in an earlier bundle's file.
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

    /// Where in the bundle, in bytes from its start; `None` for an error of the writer.
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
                "the bundle was changed as if it were text, its magic bytes show it: \
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
