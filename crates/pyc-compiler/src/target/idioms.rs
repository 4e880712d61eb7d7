//! The shapes of code that differ between releases although they have the same meaning; each shape
//! is a function.
//!
//! The call `f(x=1)` ends in `KW_NAMES ('x',); CALL 1` in 3.12, and in `LOAD_CONST ('x',); CALL_KW
//! 1` later.

use crate::codegen::Generator;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Intrinsic1, Intrinsic2, Op};
use crate::location::Location;
use crate::tree::{Conversion, ExprId};

/// The shapes that a release uses.
#[derive(Debug)]
pub(crate) struct Idioms {
    /// A call with named arguments.
    pub(crate) call_with_names: fn(&mut Generator<'_, '_>, NamedCall),
    /// A replacement field of an f-string.
    pub(crate) formatted: fn(&mut Generator<'_, '_>, Location, Field) -> Result<()>,
    /// Calls the callable on the stack with this number of arguments.
    pub(crate) call: fn(&mut Generator<'_, '_>, u32, Location),
    /// Loads the attribute with this number for a call.
    pub(crate) method: fn(&mut Generator<'_, '_>, u32, Location),
    /// Applies an operation of the interpreter to one value.
    pub(crate) intrinsic1: fn(&mut Generator<'_, '_>, Intrinsic1, Location),
    /// Applies an operation of the interpreter to two values.
    pub(crate) intrinsic2: fn(&mut Generator<'_, '_>, Intrinsic2, Location),
    /// Makes a function from the code on top of the stack and the attributes below it, which are a
    /// bit set.
    pub(crate) make_function: fn(&mut Generator<'_, '_>, u32, Location),
    /// The subscript instruction and its argument.
    pub(crate) subscript: (Op, u32),
    /// The instruction that loads `AssertionError`, and its argument.
    pub(crate) assertion_error: (Op, u32),
    /// Pops the iterator of a `for` that has ended.
    pub(crate) pop_iterator: Op,
    /// The jump from one part of a construct to another.
    pub(crate) inner_jump: Op,
    /// The argument of `COMPARE_OP` for an operator's number and the outcomes for which it is true.
    pub(crate) comparison: fn(u32, u32) -> u32,
    /// The bit of `RESUME` for "the only handler is the outermost one"
    /// (`RESUME_OPARG_DEPTH1_MASK`).
    pub(crate) one_handler: u32,
    /// The position of the name in the argument of `LOAD_ATTR`, in bits.
    pub(crate) attribute_shift: u32,
}

/// A call whose arguments are on the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedCall {
    /// The names as a tuple.
    pub(crate) names: ConstId,
    pub(crate) names_at: Location,
    /// The number of arguments, including named ones.
    pub(crate) arguments: u32,
    pub(crate) at: Location,
}

/// The parts of a replacement field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) value: ExprId,
    pub(crate) conversion: Conversion,
    pub(crate) spec: Option<ExprId>,
}
