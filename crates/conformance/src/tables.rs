//! Whether every table of a code object comes back, byte for byte, from what it says.
//!
//! `80 00 …` is decoded to locations and written again as `80 00 …`.

use pyc_code::tables::{exceptions, linetable, lnotab, locations};
use pyc_code::{CodeObject, LineFormat, Minor};

/// Whether those of `code` and of all code in it do.
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
