//! CPython 3.14, as the difference from 3.13.

use pyc_code::Minor;

use super::py313::PY313;
use super::{Idioms, Release};
use crate::flow::{Pipeline, pass};
use crate::instruction::Op;

/// `BINARY_OP`'s argument for `a[b]` (`opcode.h: NB_SUBSCR`, 3.14).
const SUBSCRIPT: u32 = 26;

pub(super) const PY314: Release = Release {
    minor: Minor::PY314,
    newest: 10,
    idioms: Idioms {
        subscript: (Op::BINARY_OP, SUBSCRIPT),
        assertion_error: (Op::LOAD_COMMON_CONSTANT, 0),
        pop_iterator: Op::POP_ITER,
        ..PY313.idioms
    },
    // The passes of `flowgraph.c: _PyCfg_OptimizeCodeUnit` and
    // `_PyCfg_OptimizedCfgToInstructionSequence`.
    pipeline: Pipeline {
        optimize: &[
            pass::LABEL_EXCEPTIONS,
            pass::INLINE_EXITS,
            pass::REMOVE_UNREACHABLE,
            pass::RESOLVE_LINES,
            pass::LOAD_CONSTANTS,
            pass::REDUCE,
            pass::REMOVE_PAIRS,
            pass::REMOVE_UNREACHABLE_AGAIN,
            pass::REMOVE_JUMPS,
            pass::DROP_CONSTANTS,
            pass::CHECK_LOCALS,
            pass::SUPERINSTRUCTIONS,
            pass::COLD_BLOCKS,
            pass::RESOLVE_LINES_AGAIN,
            pass::COPY_VALUES,
        ],
        lower: &[
            pass::PLACE_LOCALS,
            pass::LOWER_PSEUDO,
            pass::REMOVE_JUMPS_AGAIN,
            pass::NOTE_UNTAKEN,
            pass::BORROW_LOCALS,
        ],
    },
};
