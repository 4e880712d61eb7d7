//! What must hold for any bytes: the fuzz targets and their smoke test check it.
//!
//! `laws::marshal(b"\xff\x00…", Minor::PY313)` returns, whatever the bytes are.

use std::fmt::{self, Write};

use crate::marshal::{self, Graph};
use crate::pyc::Header;
use crate::tables::{exceptions, line_starts, linetable, lnotab, locations};
use crate::{CodeObject, Minor, diff, dis};

/// Reading, writing and canonicalising a stream agree with each other.
///
/// # Panics
///
/// If they don't.
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

/// Listing and taking apart any code object ends, and tables come back from what they say.
///
/// # Panics
///
/// If it doesn't, or they don't.
pub fn listing(bytes: &[u8], minor: Minor) {
    let Ok(code) = marshal::read(bytes, minor) else { return };
    // A listing may be far longer than its file: many instructions may show one long name.
    let _ = write!(Bounded(1 << 20), "{}", dis::listing(&code, minor));
    tables(&code, minor);
}

/// The header comes back as it was.
///
/// # Panics
///
/// If it doesn't.
pub fn header(bytes: &[u8]) {
    if let Ok((header, rest)) = Header::read(bytes) {
        assert_eq!([&header.to_bytes()[..], rest].concat(), bytes, "the header is written back");
    }
}

fn tables(code: &CodeObject<'_>, minor: Minor) {
    let _ = line_starts(code, minor);
    let (table, line) = (&code.linetable, code.firstlineno);
    if let Ok(handlers) = exceptions::decode(&code.exceptiontable) {
        assert_eq!(exceptions::decode(&exceptions::encode(&handlers)), Ok(handlers));
    }
    if let Ok(steps) = lnotab::decode(table) {
        let total = |steps: &[lnotab::Step]| {
            steps
                .iter()
                .fold((0, 0), |(bytes, lines), step| (bytes + step.bytes, lines + step.lines))
        };
        let again = lnotab::decode(&lnotab::encode(&steps)).unwrap_or_default();
        assert_eq!(total(&again), total(&steps));
    }
    if let Ok(ranges) = linetable::decode(table, line) {
        assert_eq!(linetable::decode(&linetable::encode(&ranges, line), line), Ok(ranges));
    }
    if let Ok(spans) = locations::decode(table, line) {
        assert_eq!(locations::decode(&locations::encode(&spans, line), line), Ok(spans));
    }
}

/// Text that is thrown away, so much and no more.
struct Bounded(usize);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
        Ok(())
    }
}
