//! Composes a canonical stream from values that the caller has already numbered.
//!
//! ```
//! use pyc_code::marshal::{CodeParts, Composer, Item, Numbered, Values};
//! use pyc_code::{Error, Minor};
//!
//! #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
//! struct Number(usize);
//!
//! impl Numbered for Number {
//!     fn number(self) -> usize {
//!         self.0
//!     }
//! }
//!
//! /// Of `spam = None`.
//! struct Spam;
//!
//! impl Values for Spam {
//!     type Str = Number;
//!     type Constant = Number;
//!     type Code = ();
//!
//!     fn str_count(&self) -> usize {
//!         2
//!     }
//!
//!     fn constant_count(&self) -> usize {
//!         1
//!     }
//!
//!     fn str(&self, text: Number) -> &[u8] {
//!         [&b"spam"[..], b"<module>"][text.0]
//!     }
//!
//!     fn constant(&self, _: Number) -> Item<'_, Self> {
//!         Item::None
//!     }
//!
//!     fn code(&self, (): ()) -> CodeParts<'_, Self> {
//!         CodeParts {
//!             argcount: 0,
//!             posonlyargcount: 0,
//!             kwonlyargcount: 0,
//!             stacksize: 1,
//!             flags: Default::default(),
//!             code: b"",
//!             consts: &[Number(0)],
//!             names: &[Number(0)],
//!             localsplusnames: &[],
//!             localspluskinds: b"",
//!             filename: Number(0),
//!             name: Number(1),
//!             qualname: Number(1),
//!             firstlineno: 1,
//!             linetable: b"",
//!             exceptiontable: b"",
//!         }
//!     }
//! }
//!
//! let stream = Composer::default().compose(&Spam, (), Minor::PY313, 256)?;
//! assert_eq!(pyc_code::marshal::read(&stream, Minor::PY313)?.names[0], "spam");
//! # Ok::<(), Error>(())
//! ```
//!
//! This is for compilers that keep names and constants in tables. The stream is written in one pass
//! from the outside in. A repeated value becomes a reference to an object, and `stream.rs` replaces
//! these by slot numbers at the end.

mod same;
mod stream;
mod walk;

#[cfg(test)]
mod tests;

use crate::code::CodeFlags;
use crate::constant::Float;
use crate::error::{Error, ErrorKind};
use crate::int::Int;
use crate::version::{Layout, Minor};
use same::{SameBytes, SameTuples};
use stream::{Object, Stream};

/// An index into a table of values.
pub trait Numbered: Copy + Ord {
    /// The index as a number.
    fn number(self) -> usize;
}

/// A compiler's tables. Equal strings must have the same index, and so must equal constants.
pub trait Values {
    /// Index of a string.
    type Str: Numbered;
    /// Index of a constant.
    type Constant: Numbered;
    /// Index of a code object.
    type Code: Copy;

    /// Number of strings; their indices are below it.
    fn str_count(&self) -> usize;

    /// Number of constants; their indices are below it.
    fn constant_count(&self) -> usize;

    /// The surrogatepass encoding of a string. Other bytes would make the stream unreadable.
    fn str(&self, text: Self::Str) -> &[u8];

    /// The constant at this index.
    fn constant(&self, constant: Self::Constant) -> Item<'_, Self>;

    /// The code object at this index. It must not be used in two places.
    fn code(&self, code: Self::Code) -> CodeParts<'_, Self>;
}

/// A constant in [`Values`].
#[derive(Debug)]
pub enum Item<'v, V: Values + ?Sized> {
    /// `None`
    None,
    /// `False` or `True`
    Bool(bool),
    /// `...`
    Ellipsis,
    /// An `int`.
    Int(&'v Int),
    /// A `float`.
    Float(Float),
    /// A `complex`: real and imaginary part.
    Complex(Float, Float),
    /// A `str`.
    Str(V::Str),
    /// A `bytes`.
    Bytes(&'v [u8]),
    /// A `tuple`.
    Tuple(&'v [V::Constant]),
    /// A `frozenset` of distinct values, in any order.
    FrozenSet(&'v [V::Constant]),
    /// A `slice` with start, stop and step; from 3.14.
    Slice(&'v [V::Constant; 3]),
    /// A nested code object.
    Code(V::Code),
}

/// The parts of a code object of 3.11 or later; fields are named as in `types.CodeType`.
#[derive(Debug)]
#[expect(missing_docs, reason = "`CodeObject` says what each is")]
pub struct CodeParts<'v, V: Values + ?Sized> {
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub stacksize: u32,
    pub flags: CodeFlags,
    pub code: &'v [u8],
    pub consts: &'v [V::Constant],
    pub names: &'v [V::Str],
    pub localsplusnames: &'v [V::Str],
    pub localspluskinds: &'v [u8],
    pub filename: V::Str,
    pub name: V::Str,
    pub qualname: V::Str,
    pub firstlineno: i32,
    pub linetable: &'v [u8],
    pub exceptiontable: &'v [u8],
}

/// Writes canonical streams one after another and reuses its memory.
#[derive(Debug, Default)]
pub struct Composer {
    stream: Stream,
    /// The object of each string written so far, by index.
    strs: Vec<Option<Object>>,
    /// The object of each constant written so far, by index; strings are in `strs`.
    constants: Vec<Option<Object>>,
    bytes: SameBytes,
    tuples: SameTuples,
}

impl Composer {
    /// The stream of the code object `root` for `minor`; `guess` is its approximate length.
    ///
    /// Recurses into nested values: the maximum depth takes some megabytes of stack.
    ///
    /// # Errors
    ///
    /// If the version is older than 3.11, if it doesn't have such constants, if they are nested
    /// deeper than [`super::MAX_DEPTH`], or if the numbers of kinds and locals differ.
    pub fn compose<V: Values>(
        &mut self,
        values: &V,
        root: V::Code,
        minor: Minor,
        guess: usize,
    ) -> Result<Vec<u8>, Error> {
        if minor.layout() != Layout::Plus {
            return Err(Error::new(ErrorKind::BadField("co_localsplusnames")));
        }
        let Self { stream, strs, constants, bytes, tuples } = self;
        stream.reset(guess);
        for (known, count) in [(strs, values.str_count()), (constants, values.constant_count())] {
            known.clear();
            known.resize(count, None);
        }
        bytes.clear();
        tuples.clear();
        walk::code(values, self, root, minor)?;
        self.stream.finish()
    }
}
