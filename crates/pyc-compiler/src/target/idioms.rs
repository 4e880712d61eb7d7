//! The same meaning in another shape: what releases write differently, each way a function.
//!
//! `f(x=1)` ends in `KW_NAMES ('x',); CALL 1` for 3.12, and in `LOAD_CONST ('x',); CALL_KW 1`
//! later.

use crate::codegen::Generator;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Intrinsic1, Intrinsic2, Op};
use crate::location::Location;
use crate::tree::{Conversion, ExprId};

/// How a release writes what others write differently.
#[derive(Debug)]
pub(crate) struct Idioms {
    /// Calls with so many arguments, of which the last ones have names.
    pub(crate) call_with_names: fn(&mut Generator<'_, '_>, NamedCall),
    /// A replacement field of an f-string.
    pub(crate) formatted: fn(&mut Generator<'_, '_>, Location, Field) -> Result<()>,
    /// Calls what is on the stack with so many arguments.
    pub(crate) call: fn(&mut Generator<'_, '_>, u32, Location),
    /// Reads the attribute with this number to be called.
    pub(crate) method: fn(&mut Generator<'_, '_>, u32, Location),
    /// Does with one value what only the interpreter can.
    pub(crate) intrinsic1: fn(&mut Generator<'_, '_>, Intrinsic1, Location),
    /// Does with two values what only the interpreter can.
    pub(crate) intrinsic2: fn(&mut Generator<'_, '_>, Intrinsic2, Location),
    /// Makes a function of the code on top and of the attributes below it, which are bits.
    pub(crate) make_function: fn(&mut Generator<'_, '_>, u32, Location),
    /// The instruction that takes an item, and its argument.
    pub(crate) subscript: (Op, u32),
    /// The instruction that loads `AssertionError`, and its argument.
    pub(crate) assertion_error: (Op, u32),
    /// Drops the iterator of a `for` that has ended.
    pub(crate) pop_iterator: Op,
    /// The jump from one part of a construct to another.
    pub(crate) inner_jump: Op,
    /// Makes `COMPARE_OP`'s argument of an operator's number and the outcomes for which it holds.
    pub(crate) comparison: fn(u32, u32) -> u32,
    /// `RESUME`'s bit for "the only handler is the outermost one" (`RESUME_OPARG_DEPTH1_MASK`).
    pub(crate) one_handler: u32,
    /// From which bit on `LOAD_ATTR`'s argument is the name.
    pub(crate) attribute_shift: u32,
}

/// A call whose arguments are on the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedCall {
    /// A tuple of the names.
    pub(crate) names: ConstId,
    pub(crate) names_at: Location,
    /// How many arguments there are, named ones among them.
    pub(crate) arguments: u32,
    pub(crate) at: Location,
}

/// A replacement field's parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) value: ExprId,
    pub(crate) conversion: Conversion,
    pub(crate) spec: Option<ExprId>,
}
