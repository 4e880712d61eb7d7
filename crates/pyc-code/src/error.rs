//! What is wrong with the bytes, and where.
//!
//! `bytes end inside an object at byte 17`: a kind for programs, a message for people, an offset
//! for both.

use std::fmt;

/// Why bytes could not be decoded, or a value not encoded.
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
    /// The text is not a version that this crate supports.
    UnknownVersion(Box<str>),
    /// The bytes end inside an object, or an object claims more bytes than there are.
    Truncated,
    /// The object is complete, but this many bytes follow it.
    TrailingBytes(usize),
    /// There are more bytes than 32-bit offsets can address.
    TooLarge,
    /// A type byte that doesn't exist in this version.
    UnknownType(u8),
    /// A reference to an object that doesn't exist or isn't complete yet.
    BadReference(u32),
    /// Objects are nested more deeply than CPython's `MAX_MARSHAL_STACK_DEPTH`.
    TooDeep,
    /// A container that contains itself, which no constant can.
    Recursive,
    /// An integer whose digits are out of range or not normalised.
    BadInteger,
    /// A float in text form that is not a number.
    BadFloat,
    /// A string that is not valid in its encoding.
    BadText,
    /// A `NULL` in place of an object, or a missing `NULL` at the end of a dict.
    UnexpectedNull,
    /// A code object's field has an invalid type or value; the field's name.
    BadField(&'static str),
    /// The stream does not contain a code object.
    NotCode,
    /// A type that a code object's constants can't have; its name.
    NotConstant(&'static str),
    /// A code object that is used in two places.
    SharedCode,
    /// A frozenset that contains an element twice, or a code object.
    BadFrozenSet,
    /// The file does not start with a valid `.pyc` header; the reason.
    BadHeader(&'static str),
    /// The magic number of a version that this crate does not support.
    UnknownMagic(u16),
    /// A line, location or exception table is invalid; which one.
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

    /// Offset of the faulty byte from the start of the input.
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
                    "`{text}` is not a version of CPython from 3.8 to 3.15, write it as `3.13.0`"
                )
            }
            Self::Truncated => f.write_str("bytes end inside an object"),
            Self::TrailingBytes(count) => write!(f, "{count} bytes follow the object"),
            Self::TooLarge => f.write_str("more than 2 GiB cannot be one marshal stream"),
            Self::UnknownType(byte) => {
                write!(f, "byte {byte:#04x} is not a type, is it from another Python version")
            }
            Self::BadReference(index) => write!(f, "reference {index} leads to no complete object"),
            Self::TooDeep => {
                write!(f, "objects are nested deeper than {} levels", crate::marshal::MAX_DEPTH)
            }
            Self::Recursive => f.write_str("a container contains itself, which no constant can"),
            Self::BadInteger => {
                f.write_str("an integer's digits are out of range or not normalised")
            }
            Self::BadFloat => f.write_str("a float's text is not a number"),
            Self::BadText => f.write_str("a string is not valid in its encoding"),
            Self::UnexpectedNull => f.write_str("found `NULL` where an object was expected"),
            Self::BadField(name) => {
                write!(f, "a code object's `{name}` has the wrong type or value")
            }
            Self::NotCode => f.write_str("the object is not a code object"),
            Self::NotConstant(name) => write!(f, "a `{name}` can't be a constant of a code object"),
            Self::SharedCode => f.write_str("a code object is used in two places"),
            Self::BadFrozenSet => {
                f.write_str("a frozenset contains an element twice, or a code object")
            }
            Self::BadHeader(why) => write!(f, "not a valid `.pyc` header: {why}"),
            Self::UnknownMagic(magic) => {
                write!(f, "magic number {magic} belongs to no final release from 3.8 to 3.15")
            }
            Self::BadTable(name) => write!(f, "the {name} is invalid"),
        }
    }
}
