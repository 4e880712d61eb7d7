//! What can be wrong with bytes, and where.
//!
//! `stream ends inside an object at byte 17`: a kind for programs, a sentence for people, an offset for both.

use std::fmt;

/// Why bytes could not be read, or a value could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    offset: Option<usize>,
}

/// The kinds of [`Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text names no version this crate knows.
    UnknownVersion(Box<str>),
    /// The bytes end before the object does, or an object claims more than there is.
    Truncated,
    /// The object is complete, but this many bytes follow it.
    TrailingBytes(usize),
    /// More bytes than offsets of 32 bits can address.
    TooLarge,
    /// A byte that stands for no type in this version.
    UnknownType(u8),
    /// A reference to an object that does not exist or is not complete.
    BadReference(u32),
    /// Objects nested deeper than CPython's `MAX_MARSHAL_STACK_DEPTH`.
    TooDeep,
    /// A container that holds itself, which no constant can.
    Recursive,
    /// An integer whose digits are not CPython's.
    BadInteger,
    /// A float in text that is not a number.
    BadFloat,
    /// A string that is not in its encoding.
    BadText,
    /// A `NULL` where an object must stand, or an object where a `NULL` must end a dict.
    UnexpectedNull,
    /// A field of a code object holds something else than it must; the field's name.
    BadField(&'static str),
    /// The stream holds something else where a code object was asked for.
    NotCode,
    /// A type that no constant of a code object has; its name.
    NotConstant(&'static str),
    /// A code object that stands in two places.
    SharedCode,
    /// A frozenset with the same element twice, or with a code object in it.
    BadFrozenSet,
    /// The file does not begin with the header of a `.pyc`.
    BadHeader(&'static str),
    /// The magic number belongs to no version this crate knows.
    UnknownMagic(u16),
    /// A line, location or exception table does not decode; which one.
    BadTable(&'static str),
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner { kind, offset: None }))
    }

    pub(crate) fn at(kind: ErrorKind, offset: usize) -> Self {
        Self(Box::new(Inner { kind, offset: Some(offset) }))
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The byte where it is wrong, counted from the start of what was read.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.kind.fmt(f)?;
        match self.0.offset {
            Some(offset) => write!(f, " at byte {offset}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVersion(text) => {
                write!(
                    f,
                    "`{text}` is no version of CPython from 3.8 to 3.15, write it as `3.13.0`"
                )
            }
            Self::Truncated => f.write_str("bytes end inside an object"),
            Self::TrailingBytes(count) => write!(f, "{count} bytes follow the object"),
            Self::TooLarge => f.write_str("more than 2 GiB cannot be one marshal stream"),
            Self::UnknownType(byte) => {
                write!(f, "byte {byte:#04x} stands for no type, is it from another Python version")
            }
            Self::BadReference(index) => write!(f, "reference {index} leads to no complete object"),
            Self::TooDeep => {
                write!(f, "objects nest deeper than {} levels", crate::marshal::MAX_DEPTH)
            }
            Self::Recursive => f.write_str("a container holds itself, which no constant can"),
            Self::BadInteger => {
                f.write_str("an integer's digits are out of range or not normalised")
            }
            Self::BadFloat => f.write_str("a float's text is no number"),
            Self::BadText => f.write_str("a string is not in its encoding"),
            Self::UnexpectedNull => f.write_str("`NULL` stands where an object must"),
            Self::BadField(name) => {
                write!(f, "a code object's `{name}` has the wrong type or value")
            }
            Self::NotCode => f.write_str("the object is no code object"),
            Self::NotConstant(name) => write!(f, "a `{name}` is no constant of a code object"),
            Self::SharedCode => f.write_str("a code object stands in two places"),
            Self::BadFrozenSet => {
                f.write_str("a frozenset holds an element twice, or a code object")
            }
            Self::BadHeader(why) => write!(f, "no `.pyc` header: {why}"),
            Self::UnknownMagic(magic) => {
                write!(f, "magic number {magic} belongs to no final release from 3.8 to 3.15")
            }
            Self::BadTable(name) => write!(f, "the {name} does not decode"),
        }
    }
}
