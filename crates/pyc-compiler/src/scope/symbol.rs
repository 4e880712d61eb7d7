//! One name in one block.
//!
//! In `x = 1; print(x)` of a module, `x` is `Uses::LOCAL | Uses::USE` and resolves to `Local`.

use std::ops::{BitOr, BitOrAssign};

/// What a block does with a name, and where the name lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Symbol {
    pub(crate) uses: Uses,
    /// `None` until the analysis has decided.
    pub(crate) resolution: Option<Resolution>,
}

/// Where a name lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    Local,
    GlobalExplicit,
    GlobalImplicit,
    Free,
    Cell,
}

/// What a block does with a name: a set of `pycore_symtable.h`'s `DEF_*` and `USE`, 3.13.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Uses(u16);

impl Uses {
    /// `global name`
    pub(crate) const GLOBAL: Self = Self(1);
    /// Is bound.
    pub(crate) const LOCAL: Self = Self(1 << 1);
    /// Is a parameter.
    pub(crate) const PARAMETER: Self = Self(1 << 2);
    /// `nonlocal name`
    pub(crate) const NONLOCAL: Self = Self(1 << 3);
    /// Is read.
    pub(crate) const USE: Self = Self(1 << 4);
    /// Is read in a nested block that doesn't bind it.
    pub(crate) const FREE: Self = Self(1 << 5);
    /// Is free in a method of this class.
    pub(crate) const FREE_CLASS: Self = Self(1 << 6);
    /// Is bound by an import.
    pub(crate) const IMPORT: Self = Self(1 << 7);
    /// Is annotated.
    pub(crate) const ANNOTATED: Self = Self(1 << 8);
    /// Is the target of a comprehension's `for`.
    pub(crate) const COMPREHENSION_ITERATION: Self = Self(1 << 9);
    /// Is a type parameter.
    pub(crate) const TYPE_PARAM: Self = Self(1 << 10);
    /// Is a cell of an inlined comprehension.
    pub(crate) const COMPREHENSION_CELL: Self = Self(1 << 11);
    /// Is bound in any way (`DEF_BOUND`).
    pub(crate) const BOUND: Self = Self(Self::LOCAL.0 | Self::PARAMETER.0 | Self::IMPORT.0);

    /// Whether any of `other` is in this set.
    pub(crate) const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Uses {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Uses {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
