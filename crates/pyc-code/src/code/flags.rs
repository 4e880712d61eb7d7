//! `co_flags`: properties of a code object, such as "is a generator".
//!
//! `CodeFlags::OPTIMIZED | CodeFlags::NEWLOCALS` prints as `OPTIMIZED, NEWLOCALS`, as in `dis`.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// A set of code flags. Unknown bits are preserved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CodeFlags(u32);

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $bit:literal;)*) => {
        impl CodeFlags {
            $($(#[$doc])* pub const $name: Self = Self($bit);)*
        }

        const NAMES: &[(u32, &str)] = &[$(($bit, stringify!($name))),*];
    };
}

flags! {
    /// Local variables are stored in an array instead of a dict.
    OPTIMIZED = 0x1;
    /// Each call creates a new namespace.
    NEWLOCALS = 0x2;
    /// Has `*args`.
    VARARGS = 0x4;
    /// Has `**kwargs`.
    VARKEYWORDS = 0x8;
    /// Is defined inside a function.
    NESTED = 0x10;
    /// Is a generator.
    GENERATOR = 0x20;
    /// Has neither cells nor free variables; up to 3.10.
    NOFREE = 0x40;
    /// Is an `async def`.
    COROUTINE = 0x80;
    /// Is a generator that can be awaited (`types.coroutine`).
    ITERABLE_COROUTINE = 0x100;
    /// Is an asynchronous generator.
    ASYNC_GENERATOR = 0x200;
    /// `from __future__ import division`
    FUTURE_DIVISION = 0x2_0000;
    /// `from __future__ import absolute_import`
    FUTURE_ABSOLUTE_IMPORT = 0x4_0000;
    /// `from __future__ import with_statement`
    FUTURE_WITH_STATEMENT = 0x8_0000;
    /// `from __future__ import print_function`
    FUTURE_PRINT_FUNCTION = 0x10_0000;
    /// `from __future__ import unicode_literals`
    FUTURE_UNICODE_LITERALS = 0x20_0000;
    /// `from __future__ import barry_as_FLUFL`
    FUTURE_BARRY_AS_BDFL = 0x40_0000;
    /// `from __future__ import generator_stop`
    FUTURE_GENERATOR_STOP = 0x80_0000;
    /// `from __future__ import annotations`
    FUTURE_ANNOTATIONS = 0x100_0000;
    /// `consts[0]` is the docstring; from 3.14.
    HAS_DOCSTRING = 0x400_0000;
    /// Is defined in a class body; from 3.14.
    METHOD = 0x800_0000;
}

impl CodeFlags {
    /// The set with these bits, including unknown ones.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether every flag of `other` is in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for CodeFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for CodeFlags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Flag names in the order of their bits, then unknown bits in hexadecimal; `0x0` for the empty
/// set.
impl fmt::Display for CodeFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut separator = "";
        for (bit, name) in NAMES {
            if rest & bit != 0 {
                write!(f, "{separator}{name}")?;
                separator = ", ";
                rest &= !bit;
            }
        }
        if rest != 0 || self.0 == 0 {
            write!(f, "{separator}{rest:#x}")?;
        }
        Ok(())
    }
}
