//! The constants of a file; equal constants are stored once.
//!
//! `1`, `1.0` and `True` are three constants; every `(1, "a")` of a file is the same [`ConstId`].
//! Units list the ids of the constants that their instructions load.

use std::hash::{BuildHasher, Hash};
use std::num::NonZeroU32;

use hashbrown::{DefaultHashBuilder, HashTable};
use pyc_code::{Float, Int};

use crate::name::{Name, count};

/// A constant in the file's [`Constants`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ConstId(NonZeroU32);

/// A compiled unit: an index into the file's list of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CodeId(pub(crate) u32);

/// A constant's value. The elements of containers are constants themselves.
///
/// Equality is that of CPython's `_PyCode_ConstantKey`, 3.13: by type and value, floats by their
/// bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Constant {
    None,
    False,
    True,
    Ellipsis,
    Int(Int),
    Float(Float),
    Complex(Float, Float),
    Str(Name),
    Bytes(Box<[u8]>),
    Tuple(Box<[ConstId]>),
    /// Only [`crate::fold::frozen_set`] makes these: the elements are distinct and ordered by their
    /// ids.
    FrozenSet(Box<[ConstId]>),
    /// Start, stop and step; from 3.14.
    Slice([ConstId; 3]),
    /// A nested unit. It is never merged with an equal one here.
    Code(CodeId),
}

impl Constant {
    /// `bool(constant)`
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::None | Self::False => false,
            Self::True | Self::Ellipsis | Self::Slice(_) | Self::Code(_) => true,
            Self::Int(value) => value.to_i64() != Some(0),
            Self::Float(value) => value.get() != 0.0,
            Self::Complex(real, imaginary) => real.get() != 0.0 || imaginary.get() != 0.0,
            Self::Str(text) => *text != Name::EMPTY,
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::Tuple(items) | Self::FrozenSet(items) => !items.is_empty(),
        }
    }
}

/// The constants of one file. Must be cleared before use.
#[derive(Default)]
pub(crate) struct Constants {
    values: Vec<Constant>,
    /// The constants of strings, by name.
    strs: Vec<Option<ConstId>>,
    /// The constants of units.
    codes: Vec<Option<ConstId>>,
    /// All other constants.
    table: HashTable<ConstId>,
    hasher: DefaultHashBuilder,
    has_nan: bool,
}

/// Constants that the compiler itself uses. They come first, in this order.
impl ConstId {
    pub(crate) const NONE: Self = Self::at(0);
    pub(crate) const FALSE: Self = Self::at(1);
    pub(crate) const TRUE: Self = Self::at(2);
    pub(crate) const ELLIPSIS: Self = Self::at(3);
    pub(crate) const EMPTY_STR: Self = Self::at(4);

    /// `False` or `True`.
    pub(crate) const fn truth(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }

    /// The index among all constants of the file: dense from 0, for tables beside [`Constants`].
    pub(crate) const fn index(self) -> usize {
        (self.0.get() - 1) as usize
    }

    const fn at(index: u32) -> Self {
        match NonZeroU32::new(index + 1) {
            Some(number) => Self(number),
            None => panic!("more constants than a file can hold"),
        }
    }
}

impl Constant {
    fn is_nan(&self) -> bool {
        match self {
            Self::Float(value) => value.get().is_nan(),
            Self::Complex(real, imaginary) => real.get().is_nan() || imaginary.get().is_nan(),
            _ => false,
        }
    }
}

impl Constants {
    #[cfg(test)]
    pub(crate) fn new() -> Self {
        let mut constants = Self::default();
        constants.clear();
        constants
    }

    /// Removes all constants except those that the compiler itself uses. Keeps the memory.
    pub(crate) fn clear(&mut self) {
        let Self { values, strs, codes, table, hasher: _, has_nan } = self;
        values.clear();
        strs.clear();
        codes.clear();
        table.clear();
        *has_nan = false;
        for value in [
            Constant::None,
            Constant::False,
            Constant::True,
            Constant::Ellipsis,
            Constant::Str(Name::EMPTY),
        ] {
            self.intern(value);
        }
    }

    /// Reserves room for the constants of a source of this many bytes.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        let Self { values, table, hasher, .. } = self;
        values.reserve(bytes / 80);
        table.reserve(bytes / 300, |id| hasher.hash_one(&values[id.index()]));
    }

    /// The constant of this value. Each NaN gets a new one, since to CPython they are different
    /// objects.
    pub(crate) fn intern(&mut self, value: Constant) -> ConstId {
        let next = ConstId::at(count(self.values.len()));
        let id = match &value {
            Constant::Str(text) => *find(&mut self.strs, text.index()).get_or_insert(next),
            Constant::Code(code) => *find(&mut self.codes, code.0 as usize).get_or_insert(next),
            value if value.is_nan() => {
                self.has_nan = true;
                next
            }
            value => self.find_or_note(value, next),
        };
        if id == next {
            self.values.push(value);
        }
        id
    }

    /// The constant of a value that isn't found by a number. Adds it as `next` if there is none
    /// yet.
    fn find_or_note(&mut self, value: &Constant, next: ConstId) -> ConstId {
        let Self { values, table, hasher, .. } = self;
        let hash = hasher.hash_one(value);
        let entry = table.entry(
            hash,
            |id| values[id.index()] == *value,
            |id| hasher.hash_one(&values[id.index()]),
        );
        *entry.or_insert(next).get()
    }

    pub(crate) fn int(&mut self, value: i64) -> ConstId {
        self.intern(Constant::Int(value.into()))
    }

    pub(crate) fn str(&mut self, text: Name) -> ConstId {
        self.intern(Constant::Str(text))
    }

    pub(crate) fn tuple(&mut self, items: impl Into<Box<[ConstId]>>) -> ConstId {
        self.intern(Constant::Tuple(items.into()))
    }

    /// Whether there is a NaN, of which equal copies may be stored.
    pub(crate) fn have_nan(&self) -> bool {
        self.has_nan
    }

    /// The number of constants: every [`ConstId`]'s index is below it.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

impl std::ops::Index<ConstId> for Constants {
    type Output = Constant;

    fn index(&self, id: ConstId) -> &Constant {
        &self.values[id.index()]
    }
}

/// The slot of `number` in a table that grows as needed.
#[inline]
fn find(table: &mut Vec<Option<ConstId>>, number: usize) -> &mut Option<ConstId> {
    if number >= table.len() {
        table.resize((number + 1).next_power_of_two(), None);
    }
    &mut table[number]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_constants_are_one() {
        let mut constants = Constants::new();
        let one = constants.int(1);
        let float = constants.intern(Constant::Float(1.0.into()));
        let negative_zero = constants.intern(Constant::Float((-0.0).into()));
        let zero = constants.intern(Constant::Float(0.0.into()));
        assert_eq!(constants.int(1), one);
        assert!(one != float && one != ConstId::TRUE && zero != negative_zero);
        let pair = constants.tuple([one, float]);
        assert_eq!(constants.tuple([one, float]), pair);
        assert_ne!(constants.tuple([float, one]), pair);
        assert_eq!(constants[ConstId::NONE], Constant::None);
        assert_eq!(constants.str(Name::EMPTY), ConstId::EMPTY_STR);
        let nan = |constants: &mut Constants| constants.intern(Constant::Float(f64::NAN.into()));
        assert_ne!(nan(&mut constants), nan(&mut constants));
    }
}
