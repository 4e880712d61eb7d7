//! One module compiled by the interpreter of each version is read, written, canonicalised and
//! listed.
//!
//! `specimen/make.py` makes the files. `cargo xtask conformance marshal` checks the whole standard
//! library.

use std::path::PathBuf;

use pyc_code::pyc::{Check, Header, Origin};
use pyc_code::tables::{exceptions, linetable, lnotab, locations};
use pyc_code::{CodeObject, LineFormat, Minor, diff, dis, marshal};

fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/specimen").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The marshal stream of a version's specimen.
fn stream(minor: Minor) -> Vec<u8> {
    file(&format!("specimen.3{:02}.pyc", minor.number()))[16..].to_vec()
}

#[test]
fn streams_come_back_byte_for_byte() {
    for minor in Minor::ALL {
        let stream = stream(minor);
        assert!(marshal::Graph::read(&stream, minor).unwrap().write() == stream, "{minor}");
    }
}

#[test]
fn canonical_forms_are_those_of_the_oracle() {
    for minor in Minor::ALL {
        let (stream, expected) =
            (stream(minor), file(&format!("specimen.3{:02}.cf1", minor.number())));
        assert!(pyc_code::canonical(&stream, minor).unwrap() == expected, "{minor}");
        assert!(pyc_code::canonical(&expected, minor).unwrap() == expected, "{minor}: idempotent");
        let code = marshal::read(&stream, minor).unwrap();
        assert!(marshal::write(&code, minor).unwrap() == expected, "{minor}: from the value");
        let again = marshal::read(&expected, minor).unwrap();
        assert!(diff::first(&code, &again, minor).is_none(), "{minor}: the same value");
    }
}

#[test]
fn listings_are_those_of_dis() {
    for minor in Minor::ALL {
        let stream = stream(minor);
        let code = marshal::read(&stream, minor).unwrap();
        let ours = dis::listing(&code, minor).to_string();
        let theirs =
            String::from_utf8(file(&format!("specimen.3{:02}.dis", minor.number()))).unwrap();
        let different = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
        assert_eq!(different, None, "{minor}");
        assert_eq!(ours.len(), theirs.len(), "{minor}");
    }
}

#[test]
fn tables_come_back_byte_for_byte() {
    fn check(code: &CodeObject<'_>, minor: Minor) {
        let (table, line) = (&code.linetable[..], code.firstlineno);
        let again = match minor.line_format() {
            LineFormat::Lnotab => lnotab::encode(&lnotab::decode(table).unwrap()),
            LineFormat::LineTable => {
                linetable::encode(&linetable::decode(table, line).unwrap(), line)
            }
            _ => locations::encode(&locations::decode(table, line).unwrap(), line),
        };
        assert_eq!(again, table, "{minor}: {}", code.name);
        let handlers = exceptions::decode(&code.exceptiontable).unwrap();
        assert_eq!(
            exceptions::encode(&handlers),
            &code.exceptiontable[..],
            "{minor}: {}",
            code.name
        );
        code.children().for_each(|child| check(child, minor));
    }
    for minor in Minor::ALL {
        check(&marshal::read(&stream(minor), minor).unwrap(), minor);
    }
}

#[test]
fn headers_hold_the_hash_of_the_source() {
    let source = file("specimen.py");
    for minor in Minor::ALL {
        let pyc = file(&format!("specimen.3{:02}.pyc", minor.number()));
        let (header, _) = Header::read(&pyc).unwrap();
        assert_eq!(header, Header::new(minor, Origin::hash_of(&source, minor, Check::Checked)));
    }
}

#[test]
fn differences_are_found_at_their_locations() {
    let stream = stream(Minor::PY313);
    let (left, mut right) = (
        marshal::read(&stream, Minor::PY313).unwrap(),
        marshal::read(&stream, Minor::PY313).unwrap(),
    );
    let mut consts = right.consts.to_vec();
    let function = consts.iter_mut().find_map(|constant| match constant {
        pyc_code::Const::Code(code) if code.name == "unpack" => {
            Some(std::sync::Arc::make_mut(code))
        }
        _ => None,
    });
    function.unwrap().code.to_mut()[7] ^= 1;
    right.consts = consts.into();
    let difference = diff::first(&left, &right, Minor::PY313).unwrap();
    assert_eq!(difference.path().collect::<Vec<_>>(), ["<module>", "unpack"]);
    assert_eq!(difference.field(), "co_code");
    assert!(difference.to_string().lines().any(|line| line.starts_with("+ ")), "{difference}");
    assert_eq!(diff::all(&left, &right, Minor::PY313).count(), 1);
}
