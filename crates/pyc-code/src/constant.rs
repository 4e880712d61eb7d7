//! The values that `co_consts` can hold.
//!
//! `(1, "a")` is `Const::Tuple([Const::Int(1), Const::Str("a")])`. Containers are
//! reference-counted, so cloning is cheap.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::code::CodeObject;
use crate::int::Int;
use crate::text::Text;

/// A constant that CPython's compiler can create.
///
/// Constants are equal if type and content are equal: `1`, `1.0` and `True` differ. Floats are
/// compared by their bits, and frozensets in their stored order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Const<'a> {
    /// `None`
    #[default]
    None,
    /// `True` and `False`
    Bool(bool),
    /// `...`
    Ellipsis,
    /// An `int` of any size.
    Int(Int),
    /// A `float`.
    Float(Float),
    /// A `complex`: real and imaginary part.
    Complex(Float, Float),
    /// A `str`.
    Str(Text<'a>),
    /// A `bytes`.
    Bytes(Cow<'a, [u8]>),
    /// A `tuple`.
    Tuple(Arc<[Const<'a>]>),
    /// A `frozenset`; the order of the elements has no meaning.
    FrozenSet(Arc<[Const<'a>]>),
    /// A `slice` with start, stop and step; from 3.14.
    Slice(Arc<[Const<'a>; 3]>),
    /// A nested code object.
    Code(Arc<CodeObject<'a>>),
}

/// A `float` that is compared by its bits: NaN equals itself, and `0.0` differs from `-0.0`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Float(u64);

impl Float {
    /// The number.
    #[must_use]
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// The bits in IEEE 754 binary64 format.
    #[must_use]
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// The float with these bits in IEEE 754 binary64 format.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }
}

impl From<f64> for Float {
    fn from(value: f64) -> Self {
        Self(value.to_bits())
    }
}

impl fmt::Debug for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.get(), f)
    }
}

impl<'a> From<CodeObject<'a>> for Const<'a> {
    fn from(code: CodeObject<'a>) -> Self {
        Self::Code(Arc::new(code))
    }
}

impl From<i64> for Const<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value.into())
    }
}

impl<'a> From<&'a str> for Const<'a> {
    fn from(text: &'a str) -> Self {
        Self::Str(text.into())
    }
}
