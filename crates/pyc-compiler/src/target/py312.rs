//! CPython 3.12, as the difference from 3.13.

use pyc_code::Minor;

use super::{Idioms, Release};
use crate::flow::{Pipeline, pass};
use crate::instruction::Op;

pub(super) const PY312: Release = Release {
    minor: Minor::PY312,
    newest: 7,
    idioms: Idioms {
        call_with_names: |this, call| this.name_keywords_and_call(call),
        formatted: |this, at, field| this.format_at_once(at, field),
        call: |this, arguments, at| this.call_at_once(arguments, at),
        method: |this, number, at| this.load_attribute_as_method(number, at),
        intrinsic1: |this, function, at| this.call_intrinsic1(function, at),
        intrinsic2: |this, function, at| this.call_intrinsic2(function, at),
        make_function: |this, attributes, at| this.make_function_with(attributes, at),
        subscript: (Op::BINARY_SUBSCR, 0),
        assertion_error: (Op::LOAD_ASSERTION_ERROR, 0),
        pop_iterator: Op::POP_TOP,
        inner_jump: Op::JUMP,
        comparison: |operator, outcomes| operator << 4 | outcomes,
        one_handler: 4,
        attribute_shift: 1,
    },
    // The passes of `flowgraph.c: _PyCfg_OptimizeCodeUnit`, including `optimize_cfg`, and
    // `_PyCfg_ConvertPseudoOps`.
    pipeline: Pipeline {
        optimize: &[
            pass::LABEL_EXCEPTIONS_IN_YIELDS,
            pass::INLINE_SMALL_EXITS,
            pass::WALK_BLOCKS,
            pass::REMOVE_PAIRS,
            pass::INLINE_SMALL_EXITS_AGAIN,
            pass::REMOVE_UNREACHABLE_BY_TURNS,
            pass::REMOVE_NOPS,
            pass::SKIP_EMPTY,
            pass::REMOVE_JUMPS_ONCE,
            pass::DROP_CONSTANTS,
            pass::CHECK_LOCALS,
            pass::COLD_BLOCKS_BY_JUMPS,
            pass::RESOLVE_LINES_OF_RETURNS,
        ],
        lower: &[
            pass::PLACE_LOCALS,
            pass::LOWER_ALL_BUT_CLOSURES,
            pass::REMOVE_NOPS_AGAIN,
            pass::FORWARD_CONDITIONS,
        ],
    },
};
