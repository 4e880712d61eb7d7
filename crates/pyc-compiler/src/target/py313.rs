//! CPython 3.13.

use pyc_code::Minor;

use super::Release;
use crate::flow::{Pipeline, pass};

pub(super) const PY313: Release = Release {
    minor: Minor::PY313,
    newest: 18,
    // As `flowgraph.c: _PyCfg_OptimizeCodeUnit` and `_PyCfg_OptimizedCfgToInstructionSequence`.
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
