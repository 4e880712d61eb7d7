//! Composes a canonical stream of values that the caller has numbered already.
//!
//! ```
//! use pyc_code::Minor;
//! use pyc_code::marshal::{CodeParts, Composer};
//!
//! let mut composer = Composer::new(Minor::PY313, 16);
//! let (spam, empty, none) = (composer.str(b"spam"), composer.bytes(b""), composer.none());
//! let parts = CodeParts {
//!     argcount: 0,
//!     posonlyargcount: 0,
//!     kwonlyargcount: 0,
//!     stacksize: 1,
//!     flags: Default::default(),
//!     code: empty,
//!     consts: composer.tuple(&[none])?,
//!     names: composer.names(&[spam])?,
//!     localsplusnames: composer.names(&[])?,
//!     localspluskinds: empty,
//!     filename: spam,
//!     name: spam,
//!     qualname: spam,
//!     firstlineno: 1,
//!     linetable: empty,
//!     exceptiontable: empty,
//! };
//! let root = composer.code(parts)?;
//! let stream = composer.finish(root)?;
//! assert_eq!(pyc_code::marshal::read(&stream, Minor::PY313)?.names[0], "spam");
//! # Ok::<(), pyc_code::Error>(())
//! ```
//!
//! For a compiler that has its names and constants in tables: it makes each of them a value once, and no code object.

use super::MAX_DEPTH;
use super::build::{Build, Code, Locals};
use super::canonical::{self, Merger};
use super::leaf::Leaf;
use super::tag::Tag;
use crate::code::CodeFlags;
use crate::constant::Float;
use crate::error::{Error, ErrorKind};
use crate::int::Int;
use crate::version::{Layout, Minor};

/// A canonical stream in the making.
pub struct Composer<'d> {
    minor: Minor,
    merger: Merger<'d>,
    /// The children of the sequence that is being made.
    items: Vec<u32>,
}

/// A value that a [`Composer`] has been given.
#[derive(Clone, Copy, Debug)]
pub struct Value {
    id: u32,
    /// How many objects deep it nests, itself among them.
    height: u16,
}

/// A `str` that a [`Composer`] has been given.
#[derive(Clone, Copy, Debug)]
pub struct Str(u32);

/// A `bytes` that a [`Composer`] has been given.
#[derive(Clone, Copy, Debug)]
pub struct Bytes(u32);

/// A tuple of strings that a [`Composer`] has been given.
#[derive(Clone, Copy, Debug)]
pub struct Names(u32);

/// The parts of a code object of 3.11 or later, by the names of `types.CodeType`'s fields.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "`CodeObject` says what each is")]
pub struct CodeParts {
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub stacksize: u32,
    pub flags: CodeFlags,
    pub code: Bytes,
    /// A tuple.
    pub consts: Value,
    pub names: Names,
    pub localsplusnames: Names,
    pub localspluskinds: Bytes,
    pub filename: Str,
    pub name: Str,
    pub qualname: Str,
    pub firstlineno: i32,
    pub linetable: Bytes,
    pub exceptiontable: Bytes,
}

impl<'d> Composer<'d> {
    /// An empty stream; `guess` is about how many different values there will be.
    #[must_use]
    pub fn new(minor: Minor, guess: usize) -> Self {
        Self { minor, merger: Merger::new(minor, guess), items: Vec::new() }
    }

    /// The string whose surrogatepass encoding is `text`; other bytes would give a stream that can't be read.
    pub fn str(&mut self, text: &'d [u8]) -> Str {
        Str(self.merger.str(text))
    }

    /// A `bytes`.
    pub fn bytes(&mut self, bytes: &'d [u8]) -> Bytes {
        Bytes(self.merger.bytes(bytes))
    }

    /// `None`
    pub fn none(&mut self) -> Value {
        self.singleton(Tag::None)
    }

    /// `False` or `True`
    pub fn bool(&mut self, value: bool) -> Value {
        self.singleton(if value { Tag::True } else { Tag::False })
    }

    /// `...`
    pub fn ellipsis(&mut self) -> Value {
        self.singleton(Tag::Ellipsis)
    }

    /// An `int`.
    pub fn int(&mut self, value: &'d Int) -> Value {
        self.leaf(Leaf::int(value))
    }

    /// A `float`.
    pub fn float(&mut self, value: Float) -> Value {
        self.leaf(Leaf::Float(value.to_bits()))
    }

    /// A `complex`: real and imaginary part.
    pub fn complex(&mut self, real: Float, imaginary: Float) -> Value {
        self.leaf(Leaf::Complex(real.to_bits(), imaginary.to_bits()))
    }

    /// A `tuple`.
    pub fn tuple(&mut self, items: &[Value]) -> Result<Value, Error> {
        self.sequence(Tag::Tuple, items)
    }

    /// A `frozenset` of different values, in any order.
    pub fn frozenset(&mut self, items: &[Value]) -> Result<Value, Error> {
        self.sequence(Tag::FrozenSet, items)
    }

    /// A `slice` of start, stop and step, from 3.14.
    pub fn slice(&mut self, parts: &[Value]) -> Result<Value, Error> {
        if parts.len() != 3 || !Tag::Slice.is_known_to(self.minor) {
            return Err(Error::new(ErrorKind::NotConstant("slice")));
        }
        self.sequence(Tag::Slice, parts)
    }

    /// A tuple of strings that CPython interns.
    pub fn names(&mut self, items: &[Str]) -> Result<Names, Error> {
        self.items.clear();
        self.items.extend(items.iter().map(|item| item.0));
        self.merger.names(&self.items).map(Names).map_err(Error::new)
    }

    /// A code object, which may be used once.
    ///
    /// # Errors
    ///
    /// If the version is older than 3.11, or the constants aren't a tuple, or the kinds aren't as many as the locals.
    pub fn code(&mut self, parts: CodeParts) -> Result<Value, Error> {
        if self.minor.layout() != Layout::Plus {
            return Err(Error::new(ErrorKind::BadField("co_localsplusnames")));
        }
        let code = Code {
            argcount: parts.argcount,
            posonlyargcount: parts.posonlyargcount,
            kwonlyargcount: parts.kwonlyargcount,
            stacksize: parts.stacksize,
            flags: parts.flags.bits(),
            bytecode: parts.code.0,
            consts: parts.consts.id,
            names: parts.names.0,
            locals: Locals::Plus {
                names: parts.localsplusnames.0,
                kinds: parts.localspluskinds.0,
                qualname: parts.qualname.0,
                exceptiontable: parts.exceptiontable.0,
            },
            filename: parts.filename.0,
            name: parts.name.0,
            firstlineno: parts.firstlineno,
            linetable: parts.linetable.0,
        };
        let id = self.merger.code(code).map_err(Error::new)?;
        // Strings in a tuple are two deep.
        container(id, parts.consts.height.max(2))
    }

    /// The stream of the code object `root`.
    ///
    /// # Errors
    ///
    /// If it isn't a code object, or a code object in it is used more than once.
    pub fn finish(self, root: Value) -> Result<Vec<u8>, Error> {
        if !self.merger.is_code(root.id) {
            return Err(Error::new(ErrorKind::NotCode));
        }
        let guess = self.merger.size();
        canonical::finish(&self.merger, root.id, guess)
    }

    fn singleton(&mut self, tag: Tag) -> Value {
        self.leaf(Leaf::Singleton(tag.byte()))
    }

    fn leaf(&mut self, leaf: Leaf<'d>) -> Value {
        Value { id: self.merger.leaf(leaf), height: 1 }
    }

    fn sequence(&mut self, tag: Tag, items: &[Value]) -> Result<Value, Error> {
        self.items.clear();
        self.items.extend(items.iter().map(|item| item.id));
        let id = self.merger.sequence(tag, self.items.drain(..)).map_err(Error::new)?;
        container(id, items.iter().map(|item| item.height).max().unwrap_or(0))
    }
}

impl From<Str> for Value {
    fn from(text: Str) -> Self {
        Self { id: text.0, height: 1 }
    }
}

impl From<Bytes> for Value {
    fn from(bytes: Bytes) -> Self {
        Self { id: bytes.0, height: 1 }
    }
}

/// A container whose children are so deep.
fn container(id: u32, height: u16) -> Result<Value, Error> {
    if usize::from(height) < MAX_DEPTH {
        Ok(Value { id, height: height + 1 })
    } else {
        Err(Error::new(ErrorKind::TooDeep))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_ends_where_the_reader_stops() {
        let mut composer = Composer::new(Minor::PY313, 8);
        let mut value = composer.none();
        for _ in 1..MAX_DEPTH {
            value = composer.tuple(&[value]).unwrap();
        }
        assert!(composer.tuple(&[value]).is_err());
        assert!(composer.finish(value).is_err());
    }
}
