//! CPython 3.13.

use pyc_code::Minor;

use super::{Idioms, Release};
use crate::flow::{Pipeline, pass};
use crate::instruction::Op;

pub(super) const PY313: Release = Release {
    minor: Minor::PY313,
    newest: 18,
    idioms: Idioms {
        call_with_names: |this, call| this.load_names_and_call(call),
        formatted: |this, at, field| this.format_by_steps(at, field),
        call: |this, arguments, at| this.call_at_once(arguments, at),
        method: |this, number, at| this.load_attribute_as_method(number, at),
        intrinsic1: |this, function, at| this.call_intrinsic1(function, at),
        intrinsic2: |this, function, at| this.call_intrinsic2(function, at),
        make_function: |this, attributes, at| this.make_function_then_set(attributes, at),
        subscript: (Op::BINARY_SUBSCR, 0),
        assertion_error: (Op::LOAD_ASSERTION_ERROR, 0),
        pop_iterator: Op::POP_TOP,
        inner_jump: Op::JUMP_NO_INTERRUPT,
        comparison: |operator, outcomes| operator << 5 | outcomes,
        one_handler: 4,
        attribute_shift: 1,
    },
    // The passes of `flowgraph.c: _PyCfg_OptimizeCodeUnit` and
    // `_PyCfg_OptimizedCfgToInstructionSequence`.
    pipeline: Pipeline {
        optimize: &[
            pass::LABEL_EXCEPTIONS,
            pass::INLINE_EXITS,
            pass::REMOVE_UNREACHABLE,
            pass::RESOLVE_LINES,
            pass::FOLD_CONSTANTS,
            pass::PEEPHOLE,
            pass::SWAPS,
            pass::REMOVE_PAIRS,
            pass::REMOVE_UNREACHABLE_AGAIN,
            pass::REMOVE_JUMPS,
            pass::DROP_CONSTANTS,
            pass::CHECK_LOCALS,
            pass::SUPERINSTRUCTIONS,
            pass::COLD_BLOCKS,
            pass::RESOLVE_LINES_AGAIN,
        ],
        lower: &[
            pass::PLACE_LOCALS,
            pass::LOWER_PSEUDO,
            pass::REMOVE_JUMPS_AGAIN,
            pass::FORWARD_CONDITIONS,
        ],
    },
};
