//! Operator precedence: `a + b` in `(a + b) * c` needs parentheses, since `+` is below `*`.

/// A level of precedence (`ast_unparse.c: PR_TUPLE`, …, 3.13). Higher ones bind more tightly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Level(u8);

impl Level {
    /// Displays without parentheses, and `:=`.
    pub(super) const TUPLE: Self = Self(0);
    /// `a if b else c`, `lambda`
    pub(super) const TEST: Self = Self(1);
    pub(super) const OR: Self = Self(2);
    pub(super) const AND: Self = Self(3);
    pub(super) const NOT: Self = Self(4);
    /// All comparisons.
    pub(super) const COMPARE: Self = Self(5);
    pub(super) const BIT_OR: Self = Self(6);
    pub(super) const BIT_XOR: Self = Self(7);
    pub(super) const BIT_AND: Self = Self(8);
    pub(super) const SHIFT: Self = Self(9);
    /// `a + b`, `a - b`
    pub(super) const ARITHMETIC: Self = Self(10);
    /// `a * b` and similar.
    pub(super) const TERM: Self = Self(11);
    /// `-a` and similar.
    pub(super) const FACTOR: Self = Self(12);
    pub(super) const POWER: Self = Self(13);
    pub(super) const AWAIT: Self = Self(14);
    pub(super) const ATOM: Self = Self(15);

    /// The next higher level.
    pub(super) const fn above(self) -> Self {
        Self(self.0 + 1)
    }
}
