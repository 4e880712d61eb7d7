//! CPython 3.14, as it differs from 3.13.

use pyc_code::Minor;

use super::{Release, py313::PY313};

pub(super) const PY314: Release = Release { minor: Minor::PY314, newest: 10, ..PY313 };
