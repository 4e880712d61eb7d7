//! The kinds of instructions in a step, a block or a unit, as bits. They let passes skip what
//! doesn't concern them.
//!
//! `OpKinds::of(Op::JUMP)` is `JUMP | UNCONDITIONAL | SIGNALS`. A block's kinds are the union of
//! those of its steps.

use std::ops::{BitOr, BitOrAssign};

use crate::instruction::Op;

/// A set of kinds of instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct OpKinds(u32);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $bit:literal: $($op:ident)|*;)*) => {
        impl OpKinds {
            $($(#[$doc])* pub(super) const $name: Self = Self(1 << $bit);)*

            const fn find(op: Op) -> Self {
                let mut bits = 0;
                $(if matches!(op, $(Op::$op)|*) {
                    bits |= 1 << $bit;
                })*
                Self(bits)
            }
        }
    };
}

kinds! {
    /// Jumps, always or sometimes.
    JUMP = 0: JUMP | JUMP_NO_INTERRUPT | JUMP_FORWARD | JUMP_BACKWARD | JUMP_BACKWARD_NO_INTERRUPT
        | FOR_ITER | SEND | POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE | POP_JUMP_IF_NONE | POP_JUMP_IF_NOT_NONE
        | JUMP_IF_FALSE | JUMP_IF_TRUE | END_ASYNC_FOR_OF
        | JUMP_IF_FALSE_OR_POP | JUMP_IF_TRUE_OR_POP | POP_JUMP_FORWARD_IF_FALSE | POP_JUMP_FORWARD_IF_TRUE
        | POP_JUMP_FORWARD_IF_NONE | POP_JUMP_FORWARD_IF_NOT_NONE | POP_JUMP_BACKWARD_IF_FALSE
        | POP_JUMP_BACKWARD_IF_TRUE | POP_JUMP_BACKWARD_IF_NONE | POP_JUMP_BACKWARD_IF_NOT_NONE;
    /// Always jumps.
    UNCONDITIONAL = 1: JUMP | JUMP_NO_INTERRUPT | JUMP_FORWARD | JUMP_BACKWARD | JUMP_BACKWARD_NO_INTERRUPT;
    /// Jumps depending on the value on top.
    CONDITION = 2: POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE | POP_JUMP_IF_NONE | POP_JUMP_IF_NOT_NONE;
    /// Leaves the unit.
    EXIT = 3: RETURN_VALUE | RETURN_CONST | RAISE_VARARGS | RERAISE;
    /// Enters a block with a handler.
    PUSH = 4: SETUP_FINALLY | SETUP_CLEANUP | SETUP_WITH;
    /// Does nothing.
    NOP = 5: NOP;
    /// Its argument is a constant's number.
    CONST = 6: LOAD_CONST | RETURN_CONST | KW_NAMES;
    /// May be evaluated at compile time after a constant.
    FOLDS = 7: POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE | JUMP_IF_FALSE | JUMP_IF_TRUE | IS_OP | RETURN_VALUE | TO_BOOL;
    /// May be replaced together with the instruction before it, or by itself.
    PAIRS = 8: BUILD_TUPLE | SWAP | PUSH_NULL | TO_BOOL | UNARY_NOT | STORE_FAST;
    /// Reorders values on the stack.
    SWAP = 9: SWAP;
    /// Pops a value.
    POP = 10: POP_TOP;
    /// Sets a local variable, or requires it to be set.
    LOCAL = 11: LOAD_FAST | LOAD_FAST_CHECK | STORE_FAST;
    /// May leave a local variable unset.
    UNSET = 12: DELETE_FAST | LOAD_FAST_AND_CLEAR | STORE_FAST_MAYBE_NULL;
    /// Its argument is the number of a cell or free variable.
    CELL = 13: MAKE_CELL | LOAD_CLOSURE | LOAD_DEREF | STORE_DEREF | DELETE_DEREF
        | LOAD_FROM_DICT_OR_DEREF | LOAD_CLASSDEREF;
    /// Is replaced by a real instruction at the end. Jumps don't count.
    PSEUDO = 14: SETUP_FINALLY | SETUP_CLEANUP | SETUP_WITH | POP_BLOCK | LOAD_CLOSURE | STORE_FAST_MAYBE_NULL;
    /// Handles signals.
    SIGNALS = 15: CALL | CALL_FUNCTION_EX | CALL_KW | JUMP | JUMP_BACKWARD | RESUME;
    /// May be replaced, together with its neighbours, by something cheaper where constants are
    /// folded in the graph.
    REDUCES = 17: BUILD_TUPLE | BUILD_LIST | BUILD_SET | STORE_FAST | SWAP | LOAD_GLOBAL | COMPARE_OP | CONTAINS_OP
        | IS_OP | GET_ITER | TO_BOOL | UNARY_NOT | UNARY_INVERT | UNARY_NEGATIVE | CALL_INTRINSIC_1 | BINARY_OP;
    /// Jumps depending on a value that stays on the stack.
    KEEPS = 18: JUMP_IF_FALSE | JUMP_IF_TRUE;
    /// Changes the active handler, or has an argument that depends on it.
    HANDLERS = 16: SETUP_FINALLY | SETUP_CLEANUP | SETUP_WITH | POP_BLOCK | YIELD_VALUE | RESUME;
}

static BY_OP: [OpKinds; Op::ALL.len()] = {
    let mut kinds = [OpKinds::NONE; Op::ALL.len()];
    let mut at = 0;
    while at < kinds.len() {
        kinds[at] = OpKinds::find(Op::ALL[at]);
        at += 1;
    }
    kinds
};

impl OpKinds {
    pub(super) const NONE: Self = Self(0);
    /// Has no line; for any instruction.
    pub(super) const LINELESS: Self = Self(1 << 31);
    /// Exceptions that it raises have a handler.
    pub(super) const HANDLED: Self = Self(1 << 30);
    /// Its target has changed since predecessors were counted.
    pub(super) const REROUTED: Self = Self(1 << 29);
    /// Its argument is a block.
    pub(super) const TARGET: Self = Self(Self::JUMP.0 | Self::PUSH.0);
    /// Ends a block.
    pub(super) const END: Self = Self(Self::JUMP.0 | Self::EXIT.0);
    /// For these kinds, a block has exactly those of its last step.
    pub(super) const ENDS: Self = Self(Self::END.0 | Self::UNCONDITIONAL.0 | Self::CONDITION.0);
    /// Never falls through.
    pub(super) const LEAVES: Self = Self(Self::UNCONDITIONAL.0 | Self::EXIT.0);

    /// The kinds of an instruction.
    #[inline(always)]
    pub(super) fn of(op: Op) -> Self {
        BY_OP[op as usize]
    }

    #[inline(always)]
    pub(super) const fn has(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    #[inline(always)]
    pub(super) const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// The union of both.
    pub(super) const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// The intersection with `others`.
    pub(super) const fn only(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    pub(super) const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

impl BitOr for OpKinds {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, others: Self) -> Self {
        self.with(others)
    }
}

impl BitOrAssign for OpKinds {
    #[inline(always)]
    fn bitor_assign(&mut self, others: Self) {
        *self = self.with(others);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn op_kinds_agree_with_the_properties_of_instructions() {
        for &op in Op::ALL {
            let kinds = OpKinds::of(op);
            for (says, is) in [
                (kinds.has(OpKinds::JUMP), op.is_jump()),
                (kinds.has(OpKinds::UNCONDITIONAL), op.is_unconditional_jump()),
                (kinds.has(OpKinds::EXIT), op.is_scope_exit()),
                (kinds.has(OpKinds::PUSH), op.is_block_push()),
                (kinds.has(OpKinds::TARGET), op.has_target()),
                (kinds.has(OpKinds::END), op.is_terminator()),
            ] {
                assert_eq!(says, is, "{}", op.name());
            }
        }
    }
}
