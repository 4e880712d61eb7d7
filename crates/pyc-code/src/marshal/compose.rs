//! Composes a canonical stream of values that the caller has numbered already.
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
//! For a compiler that has its names and constants in tables. The stream is written in one go, from the outside in:
//! where a value comes again, a reference is left, and `stream.rs` numbers them in the end.

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

/// What names a value in a table.
pub trait Numbered: Copy + Ord {
    /// Its place in the table.
    fn number(self) -> usize;
}

/// The tables of a compiler. Equal strings have one number, and so have equal constants.
pub trait Values {
    /// Names a string.
    type Str: Numbered;
    /// Names a constant.
    type Constant: Numbered;
    /// Names a code object.
    type Code: Copy;

    /// Every string's number is below it.
    fn str_count(&self) -> usize;

    /// Every constant's number is below it.
    fn constant_count(&self) -> usize;

    /// The surrogatepass encoding of a string; other bytes would give a stream that can't be read.
    fn str(&self, text: Self::Str) -> &[u8];

    /// A constant.
    fn constant(&self, constant: Self::Constant) -> Item<'_, Self>;

    /// A code object, which stands in one place.
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
    /// A `frozenset` of different values, in any order.
    FrozenSet(&'v [V::Constant]),
    /// A `slice` of start, stop and step, from 3.14.
    Slice(&'v [V::Constant; 3]),
    /// A nested code object.
    Code(V::Code),
}

/// The parts of a code object of 3.11 or later, by the names of `types.CodeType`'s fields.
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

/// Writes canonical streams, one after another, in the same memory.
#[derive(Debug, Default)]
pub struct Composer {
    stream: Stream,
    /// Where strings stand, by their numbers.
    strs: Vec<Option<Object>>,
    /// Where constants but strings stand, by their numbers.
    constants: Vec<Option<Object>>,
    bytes: SameBytes,
    tuples: SameTuples,
}

impl Composer {
    /// The stream of the code object `root` for `minor`, which is about `guess` bytes long. Recurses as values nest: the deepest take
    /// some megabytes of the stack.
    ///
    /// # Errors
    ///
    /// If the version is older than 3.11, or it has no such constants, or they nest deeper than [`super::MAX_DEPTH`], or
    /// kinds aren't as many as locals.
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
