//! Invalid and hostile bytes are rejected quickly, with little memory and little stack.

#![allow(clippy::cast_possible_truncation, reason = "all numbers here are small")]

use pyc_code::marshal::{self, Graph, MAX_DEPTH};
use pyc_code::{ErrorKind, Minor, laws};

/// A pseudorandom generator with a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // The constants are those of Knuth's MMIX generator, whose high bits are the most random.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }
}

fn kind(bytes: &[u8]) -> ErrorKind {
    Graph::read(bytes, Minor::PY315).unwrap_err().kind().clone()
}

#[test]
fn claims_beyond_the_input_are_refused_at_once() {
    for head in [b'(', b'[', b'<', b'>', b's', b'a', b'u', b'l'] {
        let mut bytes = vec![head];
        bytes.extend(i32::MAX.to_le_bytes());
        bytes.resize(1024, b'N');
        assert_eq!(kind(&bytes), ErrorKind::Truncated, "{}", char::from(head));
        bytes[1..5].copy_from_slice(&(-1i32).to_le_bytes());
        if head != b'l' {
            assert_eq!(kind(&bytes), ErrorKind::Truncated, "{} of negative size", char::from(head));
        }
    }
    // 2000 nested tuples, each of which claims all remaining bytes.
    let mut nested = Vec::new();
    for level in 0..MAX_DEPTH as u32 {
        nested.push(b'(');
        nested.extend((5 * (MAX_DEPTH as u32 - level)).to_le_bytes());
    }
    assert!(Graph::read(&nested, Minor::PY315).is_err());
}

#[test]
fn nesting_is_limited_as_in_cpython() {
    let nested = |depth: usize| {
        let mut bytes = b")\x01".repeat(depth - 1);
        bytes.push(b'N');
        bytes
    };
    let deepest = nested(MAX_DEPTH);
    let graph = Graph::read(&deepest, Minor::PY38).unwrap();
    assert_eq!(graph.write(), deepest);
    assert_eq!(kind(&nested(MAX_DEPTH + 1)), ErrorKind::TooDeep);
    assert_eq!(kind(&nested(1 << 20)), ErrorKind::TooDeep);
    assert_eq!(kind(&b"{".repeat(1 << 20)), ErrorKind::TooDeep);
}

#[test]
fn references_cannot_nest_deeper_than_objects() {
    // Each tuple refers to the previous one: the stream is flat, the value is deeply nested.
    let chain = |links: u32| {
        let mut bytes = b"(".to_vec();
        bytes.extend((links + 1).to_le_bytes());
        bytes.extend(b"\xa9\x00");
        for link in 0..links {
            bytes.extend(b"\xa9\x01r");
            bytes.extend(link.to_le_bytes());
        }
        bytes
    };
    assert!(Graph::read(&chain(MAX_DEPTH as u32 - 3), Minor::PY313).is_ok());
    assert_eq!(kind(&chain(MAX_DEPTH as u32)), ErrorKind::TooDeep);
}

#[test]
fn references_lead_to_complete_objects() {
    assert_eq!(kind(b"r\x00\x00\x00\x00"), ErrorKind::BadReference(0));
    assert_eq!(kind(b"\xbe\x01\x00\x00\x00r\x00\x00\x00\x00"), ErrorKind::BadReference(0));
    // Marshal allows a tuple that contains itself, but it can't be a constant.
    let recursive = b"\xa9\x01r\x00\x00\x00\x00";
    assert_eq!(Graph::read(recursive, Minor::PY313).unwrap().write(), recursive);
    let mut code = vec![b'c'];
    code.extend([0; 20]);
    code.extend(b"s\x00\x00\x00\x00");
    code.extend(recursive);
    let error = marshal::read(&code, Minor::PY313).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (&ErrorKind::Recursive, Some(28)));
}

#[test]
fn types_belong_to_versions() {
    let slice = b":NNN";
    assert_eq!(Graph::read(slice, Minor::PY313).unwrap_err().kind(), &ErrorKind::UnknownType(b':'));
    assert!(Graph::read(slice, Minor::PY314).is_ok());
    assert_eq!(Graph::read(b"}0", Minor::PY314).unwrap_err().kind(), &ErrorKind::UnknownType(b'}'));
    assert!(Graph::read(b"}0", Minor::PY315).is_ok());
}

#[test]
fn malformed_leaves_are_refused() {
    for (bytes, expected) in [
        (&b"l\x01\x00\x00\x00\x00\x80"[..], ErrorKind::BadInteger),
        (b"l\x02\x00\x00\x00\x01\x00\x00\x00", ErrorKind::BadInteger),
        (b"z\x01\xff", ErrorKind::BadText),
        (b"u\x02\x00\x00\x00\xed\xa0", ErrorKind::BadText),
        (b"0", ErrorKind::UnexpectedNull),
        (b"{N0", ErrorKind::UnexpectedNull),
        (b"", ErrorKind::Truncated),
        (b"NN", ErrorKind::TrailingBytes(1)),
        (b"c", ErrorKind::Truncated),
    ] {
        assert_eq!(kind(bytes), expected, "{}", bytes.escape_ascii());
    }
}

/// Checks the fuzz targets' laws on real files with some bytes changed, moved or removed.
#[test]
fn laws_hold_for_damaged_files() {
    let mut random = Random(1);
    for minor in Minor::ALL {
        let path = format!(
            "{}/tests/specimen/specimen.3{:02}.pyc",
            env!("CARGO_MANIFEST_DIR"),
            minor.number()
        );
        let whole = std::fs::read(path).unwrap();
        laws::header(&whole);
        for _ in 0..120 {
            let mut bytes = whole[16..].to_vec();
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len());
                match random.below(4) {
                    0 => bytes[at] = random.below(256) as u8,
                    1 => bytes[at] ^= 1 << random.below(8),
                    2 => bytes.truncate(at + 1),
                    _ => {
                        let end = bytes.len().min(at + random.below(40));
                        let from = random.below(bytes.len());
                        let piece = bytes[at..end].to_vec();
                        bytes.splice(from..from, piece);
                    }
                }
            }
            laws::marshal(&bytes, minor);
            laws::listing(&bytes, minor);
        }
    }
}
