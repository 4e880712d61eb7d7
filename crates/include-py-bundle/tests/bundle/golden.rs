//! The exact bytes of a small bundle, so that the format can't change by accident.
//!
//! `docs/reference/bundle-format.md` shows them with annotations; this test keeps that example
//! true.

use std::fmt::Write;

use include_py_bundle::{Builder, ModuleKind, NewModule, Packed, Target};

const SPECIFICATION: &str = include_str!("../../../../docs/reference/bundle-format.md");

fn tiny() -> Vec<u8> {
    let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
    builder.module(NewModule {
        name: "p".into(),
        path: "p/__init__.py".into(),
        kind: ModuleKind::Package,
        code: vec![b"code of p".into()],
        source: None,
    });
    builder.module(NewModule {
        name: "p.m".into(),
        path: "p/m.py".into(),
        kind: ModuleKind::Module,
        code: vec![b"code of p.m".into()],
        source: Some(Packed::compressed(b"x = 1\n")),
    });
    builder.distribution("P", "p-1.dist-info");
    builder.file("p-1.dist-info/METADATA", b"Name: P\n");
    builder.unpack("p-1.dist-info");
    builder.finish().unwrap()
}

#[test]
fn bytes_are_those_of_the_specification() {
    let bytes = tiny();
    let (_, example) = SPECIFICATION.split_once("```hexdump\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let lines = example.lines().filter(|line| !line.starts_with(';') && !line.is_empty());
    let specified: Vec<_> = lines.collect();
    assert!(
        specified == dump(&bytes).lines().collect::<Vec<_>>(),
        "the format has changed: if that is meant and a version was released, raise `FORMAT`; put this in the \
         specification\n{}",
        dump(&bytes),
    );
}

/// Formats like `hexdump -C`, without the last line.
fn dump(bytes: &[u8]) -> String {
    let mut dump = String::new();
    for (line, offset) in bytes.chunks(16).zip((0..).step_by(16)) {
        write!(dump, "{offset:08x} ").unwrap();
        for (byte, column) in line.iter().zip(0..) {
            let gap = if column == 8 { " " } else { "" };
            write!(dump, "{gap} {byte:02x}").unwrap();
        }
        let shown = |byte: &u8| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '.' };
        writeln!(dump, "  |{}|", line.iter().map(shown).collect::<String>()).unwrap();
    }
    dump
}
