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
    pub(super) cache_fields: CacheFields,
    /// The code flags that have names; others are shown as numbers.
    pub(super) named_flags: u32,
    /// Text before the label that ends an `async for`.
    pub(super) end_async_for: &'static str,
}

/// Whether listings show what is in inline caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CacheFields {
    Hidden,
    Shown,
}

const PY38: Style = Style {
    labels: false,
    absolute_targets: false,
    handlers: false,
    cache_fields: CacheFields::Hidden,
    named_flags: 0x3ff,
    end_async_for: "to",
};
const PY310: Style = Style { absolute_targets: true, ..PY38 };
const PY311: Style = Style { handlers: true, ..PY310 };
const PY312: Style = Style { cache_fields: CacheFields::Shown, ..PY311 };
const PY313: Style = Style { labels: true, ..PY312 };
const PY314: Style = Style { named_flags: 0xc00_03ff, end_async_for: "from", ..PY313 };

/// One row for each of 3.8 to 3.15.
static STYLES: [Style; 8] = [PY38, PY38, PY310, PY311, PY312, PY313, PY314, PY314];

impl Style {
    pub(super) fn of(minor: Minor) -> Self {
        STYLES[minor.index()]
    }
}
