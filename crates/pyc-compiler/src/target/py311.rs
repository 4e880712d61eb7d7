//! CPython 3.11, as the difference from 3.12.

use pyc_code::Minor;

use super::{Idioms, Release, py312};
use crate::flow::{Pipeline, pass};

pub(super) const PY311: Release = Release {
    minor: Minor::PY311,
    newest: 7,
    idioms: Idioms {
        call: |this, arguments, at| this.prepare_and_call(arguments, at),
        method: |this, number, at| this.load_method(number, at),
        intrinsic1: |this, function, at| this.do_intrinsic1(function, at),
        intrinsic2: |this, function, at| this.do_intrinsic2(function, at),
        comparison: |operator, _| operator,
        attribute_shift: 0,
        ..py312::PY312.idioms
    },
    // The passes of `compile.c: assemble`, including `optimize_cfg`.
    pipeline: Pipeline {
        optimize: &[
            pass::INLINE_LINELESS_EXITS,
            pass::PLACE_LOCALS,
            pass::SWEEP,
            pass::INLINE_LINELESS_EXITS_AGAIN,
            pass::REMOVE_UNREACHABLE,
            pass::SKIP_EMPTY,
            pass::REMOVE_NOPS,
            pass::REMOVE_JUMPS_ONCE,
            pass::DUPLICATE_EXITS,
            pass::TRIM_CONSTANTS,
            pass::PROPAGATE_LINES,
        ],
        lower: &[
            pass::LABEL_EXCEPTIONS_ONLY,
            pass::LOWER_ALL_BUT_CLOSURES,
            pass::REMOVE_NOPS_AGAIN,
            pass::DIRECT_CONDITIONS,
        ],
    },
};
