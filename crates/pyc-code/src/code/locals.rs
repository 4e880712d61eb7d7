//! Parameters, variables, cells and free variables.
//!
//! In `def f(a): return lambda: a`, `f` has one local `a` of kind `LOCAL | CELL`, and the lambda
//! has one of kind `FREE`.

use std::borrow::Cow;
use std::sync::Arc;

use crate::text::Text;

/// The fast locals of a code object, as its version stores them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Locals<'a> {
    /// 3.8 to 3.10: a parameter that is also a cell is listed in both `varnames` and `cellvars`.
    Split {
        /// `co_nlocals`, the length of `varnames`.
        nlocals: u32,
        /// Parameters first, then the other local variables.
        varnames: Arc<[Text<'a>]>,
        /// Variables of enclosing functions.
        freevars: Arc<[Text<'a>]>,
        /// Local variables that nested functions use.
        cellvars: Arc<[Text<'a>]>,
    },
    /// 3.11 and later: every fast local is listed once.
    Plus {
        /// `co_localsplusnames`
        names: Arc<[Text<'a>]>,
        /// `co_localspluskinds`: a [`LocalKind`] for each name.
        kinds: Cow<'a, [u8]>,
    },
}

/// One fast local of [`Locals::Plus`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local<'l, 'a> {
    name: &'l Text<'a>,
    kind: LocalKind,
}

/// The kind of a fast local. It is a set of flags, because a parameter can also be a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LocalKind(u8);

impl<'a> Locals<'a> {
    /// The fast locals with their kinds, in index order; empty for [`Locals::Split`].
    pub fn iter(&self) -> impl Iterator<Item = Local<'_, 'a>> {
        let (names, kinds) = match self {
            Self::Plus { names, kinds } => (&names[..], &kinds[..]),
            Self::Split { .. } => (&[][..], &[][..]),
        };
        names.iter().zip(kinds).map(|(name, &kind)| Local { name, kind: LocalKind(kind) })
    }

    /// `co_varnames`: parameters and variables.
    #[must_use]
    pub fn varnames(&self) -> Vec<&Text<'a>> {
        match self {
            Self::Split { varnames, .. } => varnames.iter().collect(),
            Self::Plus { .. } => self.of_kind(LocalKind::LOCAL),
        }
    }

    /// `co_cellvars`: local variables that nested functions use.
    #[must_use]
    pub fn cellvars(&self) -> Vec<&Text<'a>> {
        match self {
            Self::Split { cellvars, .. } => cellvars.iter().collect(),
            Self::Plus { .. } => self.of_kind(LocalKind::CELL),
        }
    }

    /// `co_freevars`: variables of enclosing functions.
    #[must_use]
    pub fn freevars(&self) -> Vec<&Text<'a>> {
        match self {
            Self::Split { freevars, .. } => freevars.iter().collect(),
            Self::Plus { .. } => self.of_kind(LocalKind::FREE),
        }
    }

    /// `co_nlocals`: the number of parameters and local variables.
    #[must_use]
    pub fn nlocals(&self) -> usize {
        match self {
            Self::Split { nlocals, .. } => *nlocals as usize,
            Self::Plus { .. } => self.of_kind(LocalKind::LOCAL).len(),
        }
    }

    fn of_kind(&self, kind: LocalKind) -> Vec<&Text<'a>> {
        self.iter().filter(|local| local.kind.contains(kind)).map(|local| local.name).collect()
    }
}

impl Default for Locals<'_> {
    fn default() -> Self {
        Self::Plus { names: Arc::default(), kinds: Cow::default() }
    }
}

impl<'l, 'a> Local<'l, 'a> {
    /// The variable's name.
    #[must_use]
    pub const fn name(self) -> &'l Text<'a> {
        self.name
    }

    /// The variable's kind.
    #[must_use]
    pub const fn kind(self) -> LocalKind {
        self.kind
    }
}

/// The bits are those of CPython's `pycore_code.h` (3.14).
impl LocalKind {
    /// A positional parameter; from 3.14.
    pub const POSITIONAL: Self = Self(0x02);
    /// A keyword parameter; from 3.14.
    pub const KEYWORD: Self = Self(0x04);
    /// `*args` or `**kwargs`; from 3.14.
    pub const VARIABLE: Self = Self(0x08);
    /// A variable of an inlined comprehension; from 3.12.
    pub const HIDDEN: Self = Self(0x10);
    /// A parameter or variable.
    pub const LOCAL: Self = Self(0x20);
    /// A variable that a nested function uses.
    pub const CELL: Self = Self(0x40);
    /// A variable of an enclosing function.
    pub const FREE: Self = Self(0x80);

    /// The set with these bits.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The union of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every flag of `other` is in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}
