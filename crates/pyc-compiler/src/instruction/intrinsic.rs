//! The functions of `CALL_INTRINSIC_1` and `CALL_INTRINSIC_2`, by number.
//!
//! `CALL_INTRINSIC_1 6` converts a list to a tuple: `Intrinsic1::ListToTuple`.

/// Functions with one argument (`pycore_intrinsics.h, 3.13`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Intrinsic1 {
    /// Prints the value of an interactive statement.
    Print = 1,
    ImportStar = 2,
    /// Converts a `StopIteration` that leaves a generator to a `RuntimeError`.
    StopIterationError = 3,
    AsyncGenWrap = 4,
    UnaryPositive = 5,
    ListToTuple = 6,
    TypeVar = 7,
    ParamSpec = 8,
    TypeVarTuple = 9,
    /// The base `Generic[…]` of a class with type parameters.
    SubscriptGeneric = 10,
    TypeAlias = 11,
}

/// Functions with two arguments (`pycore_intrinsics.h, 3.13`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Intrinsic2 {
    /// The exception that `except*` raises after all handlers have run.
    PrepReraiseStar = 1,
    TypeVarWithBound = 2,
    TypeVarWithConstraints = 3,
    SetFunctionTypeParams = 4,
    SetTypeParamDefault = 5,
}

impl Intrinsic1 {
    /// The instruction's argument.
    pub(crate) const fn number(self) -> u32 {
        self as u32
    }
}

impl Intrinsic2 {
    /// The instruction's argument.
    pub(crate) const fn number(self) -> u32 {
        self as u32
    }
}
