//! Properties that hold for all inputs; the fuzz targets and their smoke test check them.
//!
//! `laws::marshal(b"\xff\x00…", Minor::PY313)` returns without a panic for any bytes.

use std::fmt::{self, Write};

use crate::marshal::{self, Graph};
use crate::pyc::Header;
use crate::tables::{exceptions, line_starts, linetable, lnotab, locations};
use crate::{CodeObject, Minor, diff, dis};

/// Reading, writing and canonicalising a stream are consistent with each other.
///
/// # Panics
///
/// If they are not.
pub fn marshal(bytes: &[u8], minor: Minor) {
    let Ok((graph, len)) = Graph::read_prefix(bytes, minor) else {
        assert!(marshal::read(bytes, minor).is_err(), "what is no object is no code object");
        return;
    };
    assert_eq!(graph.write(), bytes[..len], "what was read is written back");
    let Ok(code) = graph.code() else {
        assert!(graph.canonical().is_err(), "what is no code object has no canonical form");
        return;
    };
    let Ok(canonical) = graph.canonical() else { return };
    assert_eq!(
        marshal::canonical(&canonical, minor).as_ref(),
        Ok(&canonical),
        "CF1 is its own CF1"
    );
    assert_eq!(
        marshal::write(&code, minor).as_ref(),
        Ok(&canonical),
        "the value is all that counts"
    );
    let again = marshal::read(&canonical, minor);
    assert!(again.is_ok(), "CF1 can be read");
    if let Ok(again) = again {
        assert!(diff::first(&code, &again, minor).is_none(), "CF1 is the same value");
    }
}

/// Listing and decoding any code object ends, and encoding is the inverse of decoding for its
/// tables.
///
/// # Panics
///
/// If encoding a table's entries and decoding them again gives other entries.
pub fn listing(bytes: &[u8], minor: Minor) {
    let Ok(code) = marshal::read(bytes, minor) else { return };
    // A listing can be far longer than its file, because many instructions can show one long name.
    let _ = write!(Bounded(1 << 20), "{}", dis::listing(&code, minor));
    tables(&code, minor);
}

/// A header that was read is written back unchanged.
///
/// # Panics
///
/// If it is changed.
pub fn header(bytes: &[u8]) {
    if let Ok((header, rest)) = Header::read(bytes) {
        assert_eq!([&header.to_bytes()[..], rest].concat(), bytes, "the header is written back");
    }
}

/// Encoded tables decode to entries that encode to the same bytes. The original table need not be
/// reproduced: the same entries can be encoded in many ways, and `encode` chooses CPython's.
fn tables(code: &CodeObject<'_>, minor: Minor) {
    let _ = line_starts(code, minor);
    let (table, line) = (&code.linetable[..], code.firstlineno);
    settles(&code.exceptiontable, |table| {
        Some(exceptions::encode(&exceptions::decode(table).ok()?))
    });
    settles(table, |table| Some(lnotab::encode(&lnotab::decode(table).ok()?)));
    settles(table, |table| Some(linetable::encode(&linetable::decode(table, line).ok()?, line)));
    settles(table, |table| Some(locations::encode(&locations::decode(table, line).ok()?, line)));
}

fn settles(table: &[u8], rewrite: impl Fn(&[u8]) -> Option<Vec<u8>>) {
    if let Some(once) = rewrite(table) {
        assert_eq!(rewrite(&once).as_ref(), Some(&once), "a table's own form is written back");
    }
}

/// Discards the text written to it; fails after a number of bytes.
struct Bounded(usize);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
        Ok(())
    }
}
