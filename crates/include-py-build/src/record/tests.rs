//! Records as bytes, and which of them are trusted.

use include_py_bundle::{Builder, Packed, Target};

use super::*;
use crate::backend::{Level, Warning};

fn payload() -> Payload {
    let mut builder = Builder::new("app", &[Target::new(3571, 0x030d_00f0, 4, 0)]);
    builder.file("a", &b"content"[..]);
    builder.image().unwrap().payload(&Packed::plain(&b"content"[..])).unwrap()
}

fn record(path: &Path, stamp: Stamp) -> Record<'_> {
    let seen = |stamp| Seen::new(path, stamp, [3; 32]);
    let warnings = vec![Warning { line: 3, message: "invalid escape".to_owned() }];
    let coded = Coded { code: vec![payload(), payload()], warnings };
    let module = |name, level, result, text| ModuleRow {
        name,
        path: "app/a.py",
        level,
        source: seen(Some(stamp)),
        result,
        text,
    };
    Record {
        context: [1; 32],
        bundle: [2; 32],
        stamp,
        fingerprint: [4; 32],
        modules: vec![
            module("app.a", Level::NoAssertsNoDocstrings, Ok(coded), None),
            module("app.b", Level::NoDocstrings, Err("invalid syntax"), Some(payload())),
        ],
        files: vec![
            FileRow { path: "app/a.txt", source: seen(None), payload: Some(payload()) },
            FileRow { path: "app/b.txt", source: seen(Some(stamp)), payload: None },
        ],
        roots: "python",
        verdicts: vec![verdict("app.one", Some("app.a".to_owned())), verdict("app.two", None)],
    }
}

fn verdict(directory: &str, named_by: Option<String>) -> Verdict {
    let members = vec![format!("{directory}.m"), format!("{directory}.n")];
    Verdict { directory: directory.to_owned(), members, named_by }
}

#[test]
fn a_record_survives_its_bytes() {
    let (path, stamp) = (Path::new("python/app/a.py"), Stamp::of(Path::new(".")).unwrap());
    let record = record(path, stamp);
    let bytes = record.to_bytes();
    assert_eq!(Record::from_bytes(&bytes).as_ref(), Some(&record));
    for end in 0..bytes.len() {
        assert_eq!(Record::from_bytes(&bytes[..end]), None, "{end}");
    }
    for position in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[position] ^= 4;
        assert_eq!(Record::from_bytes(&damaged), None, "{position}");
    }
}

#[test]
fn a_file_is_known_by_its_path_and_stamp() {
    let (path, stamp) = (Path::new("python/app/a.py"), Stamp::of(Path::new(".")).unwrap());
    let seen = Seen::new(path, Some(stamp), [3; 32]);
    assert_eq!(seen.known(path, &stamp), Some([3; 32]));
    assert_eq!(seen.known(Path::new("python/app/b.py"), &stamp), None);
    let other = Stamp::of(Path::new("src")).unwrap();
    assert_eq!(seen.known(path, &other), None);
    // It could have been changed since.
    assert_eq!(Seen::new(path, None, [3; 32]).known(path, &stamp), None);
}

#[test]
fn a_record_belongs_to_its_bundle() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("app.bundle");
    let mut builder = Builder::new("app", &[Target::new(3571, 0x030d_00f0, 4, 0)]);
    builder.file("a", &b"content"[..]);
    let bundle = builder.image().unwrap().to_bytes().unwrap();
    std::fs::write(&path, &bundle).unwrap();

    let source = Path::new("python/app/a.py");
    let stamp = Stamp::of(&path).unwrap();
    let mut digest = [0; 32];
    digest.copy_from_slice(&bundle[16..48]);
    let good = Record { bundle: digest, ..record(source, stamp) };
    let known = |record: &Record<'_>, trust| {
        let bytes = record.to_bytes();
        let previous = Previous::open(&bytes, &path, "python", trust)?;
        let members = ["app.one.m", "app.one.n"].into_iter();
        assert!(previous.verdict("app.one", members.clone()).is_some());
        assert!(previous.verdict("app.one", members.clone().skip(1)).is_none());
        assert!(previous.verdict("app.two", members.clone()).is_none());
        let other = Previous::open(&bytes, &path, "elsewhere", trust)?;
        assert!(other.verdict("app.one", members).is_none());
        assert_eq!(previous.read(&payload()).unwrap(), b"content");
        let seen = previous.module("app.a").unwrap().source;
        Some(previous.known(&seen, source, &stamp).is_some())
    };
    assert_eq!(known(&good, Trust::Stamps), Some(true));
    assert_eq!(known(&good, Trust::Contents), Some(false));
    // Copied together with the bundle: the digest identifies it.
    let elsewhere = Stamp::of(dir.path()).unwrap();
    assert_eq!(known(&Record { stamp: elsewhere, ..record(source, stamp) }, Trust::Stamps), None);
    let moved = Record { bundle: digest, stamp: elsewhere, ..record(source, stamp) };
    assert_eq!(known(&moved, Trust::Stamps), Some(true));
    // A damaged bundle is noticed only if contents are to be checked.
    let mut damaged = bundle.clone();
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    assert_eq!(known(&moved, Trust::Stamps), None);
    let now = Record { stamp: Stamp::of(&path).unwrap(), ..good };
    assert_eq!(known(&now, Trust::Contents), None);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(known(&now, Trust::Stamps), None);
}
