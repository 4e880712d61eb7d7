//! The instructions of units: the target's instructions by name, and pseudo instructions.
//!
//! ```text
//! LOAD_FAST     real: encoded in bytecode with the target's number
//! SETUP_FINALLY pseudo: becomes a row of the exception table
//! ```

use pyc_code::op::Op as Real;

macro_rules! ops {
    (real { $($real:ident,)* } pseudo { $($(#[$doc:meta])* $pseudo:ident,)* }) => {
        /// An instruction of any target, or a pseudo instruction that only the compiler uses.
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names are those of CPython's opcode.h")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum Op {
            $($real,)*
            $($(#[$doc])* $pseudo,)*
        }

        impl Op {
            /// All instructions, indexed by discriminant.
            pub(crate) const ALL: &[Self] = &[$(Self::$real,)* $(Self::$pseudo,)*];

            /// The instruction in bytecode; `None` for pseudo instructions.
            pub(crate) const fn real(self) -> Option<Real> {
                match self {
                    $(Self::$real => Some(Real::$real),)*
                    _ => None,
                }
            }

            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$real => stringify!($real),)*
                    $(Self::$pseudo => stringify!($pseudo),)*
                }
            }
        }
    };
}

ops! {
    real {
        ASYNC_GEN_WRAP,
        BEFORE_ASYNC_WITH,
        BEFORE_WITH,
        BINARY_OP,
        BINARY_SLICE,
        BINARY_SUBSCR,
        BUILD_CONST_KEY_MAP,
        BUILD_INTERPOLATION,
        BUILD_LIST,
        BUILD_MAP,
        BUILD_SET,
        BUILD_SLICE,
        BUILD_STRING,
        BUILD_TEMPLATE,
        BUILD_TUPLE,
        CALL,
        CALL_FUNCTION_EX,
        CALL_INTRINSIC_1,
        CALL_INTRINSIC_2,
        CALL_KW,
        CHECK_EG_MATCH,
        CHECK_EXC_MATCH,
        CLEANUP_THROW,
        COMPARE_OP,
        CONTAINS_OP,
        CONVERT_VALUE,
        COPY,
        COPY_FREE_VARS,
        DELETE_ATTR,
        DELETE_DEREF,
        DELETE_FAST,
        DELETE_GLOBAL,
        DELETE_NAME,
        DELETE_SUBSCR,
        DICT_MERGE,
        DICT_UPDATE,
        END_ASYNC_FOR,
        END_FOR,
        END_SEND,
        ENTER_EXECUTOR,
        EXIT_INIT_CHECK,
        EXTENDED_ARG,
        FORMAT_SIMPLE,
        FORMAT_VALUE,
        FORMAT_WITH_SPEC,
        FOR_ITER,
        GET_AITER,
        GET_ANEXT,
        GET_AWAITABLE,
        GET_ITER,
        GET_LEN,
        GET_YIELD_FROM_ITER,
        IMPORT_FROM,
        IMPORT_NAME,
        IMPORT_STAR,
        INTERPRETER_EXIT,
        IS_OP,
        JUMP_BACKWARD,
        JUMP_BACKWARD_NO_INTERRUPT,
        JUMP_FORWARD,
        JUMP_IF_FALSE_OR_POP,
        JUMP_IF_TRUE_OR_POP,
        KW_NAMES,
        LIST_APPEND,
        LIST_EXTEND,
        LIST_TO_TUPLE,
        LOAD_ASSERTION_ERROR,
        LOAD_ATTR,
        LOAD_BUILD_CLASS,
        LOAD_CLASSDEREF,
        LOAD_CLOSURE,
        LOAD_COMMON_CONSTANT,
        LOAD_CONST,
        LOAD_DEREF,
        LOAD_FAST,
        LOAD_FAST_AND_CLEAR,
        LOAD_FAST_BORROW,
        LOAD_FAST_BORROW_LOAD_FAST_BORROW,
        LOAD_FAST_CHECK,
        LOAD_FAST_LOAD_FAST,
        LOAD_FROM_DICT_OR_DEREF,
        LOAD_FROM_DICT_OR_GLOBALS,
        LOAD_GLOBAL,
        LOAD_LOCALS,
        LOAD_METHOD,
        LOAD_NAME,
        LOAD_SMALL_INT,
        LOAD_SPECIAL,
        LOAD_SUPER_ATTR,
        MAKE_CELL,
        MAKE_FUNCTION,
        MAP_ADD,
        MATCH_CLASS,
        MATCH_KEYS,
        MATCH_MAPPING,
        MATCH_SEQUENCE,
        NOP,
        NOT_TAKEN,
        POP_EXCEPT,
        POP_ITER,
        POP_JUMP_BACKWARD_IF_FALSE,
        POP_JUMP_BACKWARD_IF_NONE,
        POP_JUMP_BACKWARD_IF_NOT_NONE,
        POP_JUMP_BACKWARD_IF_TRUE,
        POP_JUMP_FORWARD_IF_FALSE,
        POP_JUMP_FORWARD_IF_NONE,
        POP_JUMP_FORWARD_IF_NOT_NONE,
        POP_JUMP_FORWARD_IF_TRUE,
        POP_JUMP_IF_FALSE,
        POP_JUMP_IF_NONE,
        POP_JUMP_IF_NOT_NONE,
        POP_JUMP_IF_TRUE,
        POP_TOP,
        PRECALL,
        PREP_RERAISE_STAR,
        PRINT_EXPR,
        PUSH_EXC_INFO,
        PUSH_NULL,
        RAISE_VARARGS,
        RERAISE,
        RESERVED,
        RESUME,
        RETURN_CONST,
        RETURN_GENERATOR,
        RETURN_VALUE,
        SEND,
        SETUP_ANNOTATIONS,
        SET_ADD,
        SET_FUNCTION_ATTRIBUTE,
        SET_UPDATE,
        STORE_ATTR,
        STORE_DEREF,
        STORE_FAST,
        STORE_FAST_LOAD_FAST,
        STORE_FAST_STORE_FAST,
        STORE_GLOBAL,
        STORE_NAME,
        STORE_SLICE,
        STORE_SUBSCR,
        SWAP,
        TO_BOOL,
        UNARY_INVERT,
        UNARY_NEGATIVE,
        UNARY_NOT,
        UNARY_POSITIVE,
        UNPACK_EX,
        UNPACK_SEQUENCE,
        WITH_EXCEPT_START,
        YIELD_VALUE,
    }
    pseudo {
        /// The position for the annotations of a module or class, which are known only at its end.
        ANNOTATIONS_PLACEHOLDER,
        /// `END_ASYNC_FOR` with a label that refers to its `SEND`.
        END_ASYNC_FOR_OF,
        /// An unconditional jump; the assembler selects the direction.
        JUMP,
        /// Jumps if the top of the stack is false, and keeps it.
        JUMP_IF_FALSE,
        /// Jumps if the top of the stack is true, and keeps it.
        JUMP_IF_TRUE,
        /// Jumps without checking for signals; the assembler selects the direction.
        JUMP_NO_INTERRUPT,
        /// Leaves the innermost block of `SETUP_*`.
        POP_BLOCK,
        /// Enters a block whose handler also needs `lasti`.
        SETUP_CLEANUP,
        /// Enters a block with a handler.
        SETUP_FINALLY,
        /// Enters the block of a `with` whose `__exit__` is on the stack.
        SETUP_WITH,
        /// Stores a local, or clears it if `NULL` is on top.
        STORE_FAST_MAYBE_NULL,
    }
}

impl Op {
    /// Whether it enters a block with a handler (`IS_BLOCK_PUSH_OPCODE`).
    pub(crate) const fn is_block_push(self) -> bool {
        matches!(self, Self::SETUP_FINALLY | Self::SETUP_CLEANUP | Self::SETUP_WITH)
    }

    /// Whether it can jump (`OPCODE_HAS_JUMP`).
    pub(crate) const fn is_jump(self) -> bool {
        self.is_unconditional_jump()
            || matches!(
                self,
                Self::FOR_ITER
                    | Self::END_ASYNC_FOR_OF
                    | Self::JUMP_IF_FALSE
                    | Self::JUMP_IF_TRUE
                    | Self::JUMP_IF_FALSE_OR_POP
                    | Self::JUMP_IF_TRUE_OR_POP
                    | Self::POP_JUMP_BACKWARD_IF_FALSE
                    | Self::POP_JUMP_BACKWARD_IF_NONE
                    | Self::POP_JUMP_BACKWARD_IF_NOT_NONE
                    | Self::POP_JUMP_BACKWARD_IF_TRUE
                    | Self::POP_JUMP_FORWARD_IF_FALSE
                    | Self::POP_JUMP_FORWARD_IF_NONE
                    | Self::POP_JUMP_FORWARD_IF_NOT_NONE
                    | Self::POP_JUMP_FORWARD_IF_TRUE
                    | Self::POP_JUMP_IF_FALSE
                    | Self::POP_JUMP_IF_TRUE
                    | Self::POP_JUMP_IF_NONE
                    | Self::POP_JUMP_IF_NOT_NONE
                    | Self::SEND
            )
    }

    /// Whether it always jumps (`IS_UNCONDITIONAL_JUMP_OPCODE`).
    pub(crate) const fn is_unconditional_jump(self) -> bool {
        matches!(
            self,
            Self::JUMP
                | Self::JUMP_NO_INTERRUPT
                | Self::JUMP_FORWARD
                | Self::JUMP_BACKWARD
                | Self::JUMP_BACKWARD_NO_INTERRUPT
        )
    }

    /// Whether it leaves the unit (`IS_SCOPE_EXIT_OPCODE`).
    pub(crate) const fn is_scope_exit(self) -> bool {
        matches!(
            self,
            Self::RETURN_VALUE | Self::RETURN_CONST | Self::RAISE_VARARGS | Self::RERAISE
        )
    }

    /// Whether its argument is a label (`HAS_TARGET`).
    pub(crate) const fn has_target(self) -> bool {
        self.is_jump() || self.is_block_push()
    }

    /// Whether it ends a basic block (`IS_TERMINATOR_OPCODE`).
    pub(crate) const fn is_terminator(self) -> bool {
        self.is_jump() || self.is_scope_exit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_real_instructions() {
        for (index, &op) in Op::ALL.iter().enumerate() {
            assert_eq!(op as usize, index);
            if let Some(real) = op.real() {
                assert_eq!(real.name(), op.name());
            }
        }
        assert_eq!(Op::SETUP_WITH.real(), None);
    }
}
