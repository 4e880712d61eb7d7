//! Checks that every table of a code object is written back byte for byte after decoding.
//!
//! `80 00 …` is decoded to locations and encoded again as `80 00 …`.

use pyc_code::tables::{exceptions, linetable, lnotab, locations};
use pyc_code::{CodeObject, LineFormat, Minor};

/// Whether the tables of `code` and of all nested code are.
pub(super) fn come_back(code: &CodeObject<'_>, minor: Minor) -> bool {
    let handlers = exceptions::decode(&code.exceptiontable);
    lines(code, minor).is_some_and(|table| table == code.linetable[..])
        && handlers.is_ok_and(|handlers| exceptions::encode(&handlers) == code.exceptiontable[..])
        && code.children().all(|child| come_back(child, minor))
}

fn lines(code: &CodeObject<'_>, minor: Minor) -> Option<Vec<u8>> {
    let (table, first) = (&code.linetable[..], code.firstlineno);
    Some(match minor.line_format() {
        LineFormat::Lnotab => lnotab::encode(&lnotab::decode(table).ok()?),
        LineFormat::LineTable => linetable::encode(&linetable::decode(table, first).ok()?, first),
        LineFormat::Locations => locations::encode(&locations::decode(table, first).ok()?, first),
        _ => return None,
    })
}
