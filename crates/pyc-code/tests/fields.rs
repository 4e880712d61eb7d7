//! Handmade streams that test what each field of a code object accepts, inline or by reference.

use pyc_code::marshal::{self, Graph, MAX_DEPTH};
use pyc_code::{Const, ErrorKind, Minor, Text};

/// A code object of 3.13 with these constants and names.
fn code(consts: &[u8], names: &[u8]) -> Vec<u8> {
    let mut stream = b"c".to_vec();
    stream.extend([0; 20]);
    stream.extend(b"s\0\0\0\0");
    stream.extend(consts);
    stream.extend(names);
    stream.extend(b")\0s\0\0\0\0z\x04m.pyz\x01fz\x01f\x01\0\0\0s\0\0\0\0s\0\0\0\0");
    stream
}

/// The error for a stream, which must be the same in all readers of code objects.
fn kind(stream: &[u8]) -> ErrorKind {
    let error = marshal::read(stream, Minor::PY313).unwrap_err();
    assert_eq!(marshal::canonical(stream, Minor::PY313).as_ref(), Err(&error));
    error.kind().clone()
}

#[test]
fn claims_beyond_the_input_are_refused_at_once() {
    let huge = i32::MAX.to_le_bytes();
    for head in [b'(', b'>', b's', b'a', b'u', b'l'] {
        let mut constant = [&b")\x01"[..], &[head], &huge].concat();
        constant.resize(1024, b'N');
        assert_eq!(kind(&code(&constant, b"")), ErrorKind::Truncated, "{}", char::from(head));
    }
    for field in [&[b"(", &huge[..]].concat()[..], &[b")\x01a", &huge[..]].concat()] {
        assert_eq!(kind(&code(b")\0", field)), ErrorKind::Truncated);
    }
    assert_eq!(kind(&code(&[b"(", &huge[..]].concat(), b"")), ErrorKind::Truncated);
    assert_eq!(kind(&code(b")\0", b"")[..30]), ErrorKind::Truncated);
}

#[test]
fn fields_of_wrong_types_are_rejected() {
    for (consts, names, field) in [
        (&b"N"[..], &b")\0"[..], "co_consts"),
        (b">\0\0\0\0", b")\0", "co_consts"),
        (b")\0", b"N", "co_names"),
        (b")\0", b"z\x01x", "co_names"),
        (b")\0", b")\x01N", "co_names"),
        // Slot 0 is a tuple of other things than strings, slot 1 a string.
        (b")\x02\xa9\x01N\xda\x01x", b"r\0\0\0\0", "co_names"),
        (b")\x02\xa9\x01N\xda\x01x", b"r\x01\0\0\0", "co_names"),
        (b")\x02\xa9\x01N\xda\x01x", b")\x01r\0\0\0\0", "co_names"),
    ] {
        let stream = code(consts, names);
        assert_eq!(kind(&stream), ErrorKind::BadField(field), "{}", stream.escape_ascii());
        assert!(Graph::read(&stream, Minor::PY313).is_ok());
    }
}

#[test]
fn references_are_checked_where_they_stand() {
    for (consts, names) in [
        (&b"r\0\0\0\0"[..], &b")\0"[..]),
        (b")\x01r\0\0\0\0", b")\0"),
        (b")\0", b"r\0\0\0\0"),
        (b")\0", b")\x01r\0\0\0\0"),
        // A flag on a reference is invalid.
        (b")\x02\xda\x01x\xf2\0\0\0\0", b")\0"),
        (b")\x01\xda\x01x", b")\x01\xf2\0\0\0\0"),
    ] {
        let stream = code(consts, names);
        assert_eq!(kind(&stream), ErrorKind::BadReference(0), "{}", stream.escape_ascii());
        assert!(Graph::read(&stream, Minor::PY313).is_err());
    }
    assert_eq!(kind(&code(b"\xa9\x01r\0\0\0\0", b")\0")), ErrorKind::Recursive);
    assert_eq!(kind(&code(b")\x01\xbe\x01\0\0\0r\0\0\0\0", b"")), ErrorKind::BadReference(0));
}

/// `names` and a constant are both `("x",)`; either of them may be the one that is written out.
#[test]
fn a_shared_tuple_may_be_names_and_a_constant() {
    let constant_first = code(b")\x02\xa9\x01\xda\x01xr\0\0\0\0", b"r\0\0\0\0");
    let inner = code(b")\0", b"\xa9\x01\xda\x01x");
    let names_first = code(&[b")\x02", &inner[..], b"r\0\0\0\0"].concat(), b"r\0\0\0\0");
    for (stream, at) in [(constant_first, 0), (names_first, 1)] {
        let code = marshal::read(&stream, Minor::PY313).unwrap();
        assert_eq!(code.names[..], [Text::from("x")]);
        assert_eq!(code.consts[at], Const::Tuple([Const::from("x")].into()));
        let canonical = marshal::canonical(&stream, Minor::PY313).unwrap();
        assert_eq!(marshal::write(&code, Minor::PY313).unwrap(), canonical);
        assert_eq!(marshal::read(&canonical, Minor::PY313).unwrap(), code);
    }
}

/// A code object with its tuple of constants takes two levels, a tuple takes one.
#[test]
fn nesting_is_limited_as_in_any_stream() {
    let nested = |codes: usize, tuples: usize, innermost: &[u8]| {
        let mut constant = [&b")\x01".repeat(tuples)[..], innermost].concat();
        for _ in 0..codes {
            constant = [b")\x01", &code(&constant, b")\x01z\x01x")[..]].concat();
        }
        constant.drain(..2);
        constant
    };
    let tuples = MAX_DEPTH - 2 * 9;
    for innermost in [&b"N"[..], b")\0"] {
        let stream = nested(9, tuples, innermost);
        assert!(Graph::read(&stream, Minor::PY313).is_ok());
        let code = marshal::read(&stream, Minor::PY313).unwrap();
        let canonical = marshal::canonical(&stream, Minor::PY313).unwrap();
        assert_eq!(marshal::write(&code, Minor::PY313), Ok(canonical));
        let deeper = nested(9, tuples + 1, innermost);
        assert_eq!(kind(&deeper), ErrorKind::TooDeep);
        assert!(Graph::read(&deeper, Minor::PY313).is_err());
        let mut outer = code.clone();
        outer.consts = [Const::Tuple([code.into()].into())].into();
        assert_eq!(marshal::write(&outer, Minor::PY313).unwrap_err().kind(), &ErrorKind::TooDeep);
    }
}
