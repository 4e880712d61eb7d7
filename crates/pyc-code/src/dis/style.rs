//! Formatting differences between the `dis` modules of the versions.
//!
//! `>>   12 LOAD_CONST …` up to 3.12, `L1: LOAD_CONST …` from 3.13.

use crate::version::Minor;

/// The differences between the versions' listings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Whether jump targets have labels. Such listings omit offsets, and code without a source line
    /// starts a line of its own, shown as `--`.
    pub(super) labels: bool,
    /// Whether targets of absolute jumps are shown.
    pub(super) absolute_targets: bool,
    /// Whether exception handlers count as jump targets.
    pub(super) handlers: bool,
    /// Text before the label that ends an `async for`.
    pub(super) end_async_for: &'static str,
}

const PY38: Style =
    Style { labels: false, absolute_targets: false, handlers: false, end_async_for: "to" };
const PY310: Style = Style { absolute_targets: true, ..PY38 };
const PY311: Style = Style { handlers: true, ..PY310 };
const PY313: Style = Style { labels: true, ..PY311 };
const PY314: Style = Style { end_async_for: "from", ..PY313 };

/// One row for each of 3.8 to 3.15.
static STYLES: [Style; 8] = [PY38, PY38, PY310, PY311, PY311, PY313, PY314, PY314];

impl Style {
    pub(super) fn of(minor: Minor) -> Self {
        STYLES[minor.index()]
    }
}
