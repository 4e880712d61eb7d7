//! CPython 3.15, as the difference from 3.14.

use pyc_code::Minor;

use super::py314::PY314;
use super::{Idioms, Release};

pub(super) const PY315: Release = Release {
    minor: Minor::PY315,
    newest: 2,
    idioms: Idioms { one_handler: 8, ..PY314.idioms },
    ..PY314
};
