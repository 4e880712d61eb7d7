//! Streams of deeply nested and of shared values.

use super::{CodeParts, Composer, Item, Numbered, Values};
use crate::code::CodeFlags;
use crate::marshal::{MAX_DEPTH, read};
use crate::version::Minor;

/// Constant 0 is `None`, and each other constant is a tuple of the constant with the given number.
/// The last of these tuples is the code object's `co_consts`.
struct Nested(Vec<[usize; 1]>);

impl Numbered for usize {
    fn number(self) -> usize {
        self
    }
}

impl Values for Nested {
    type Str = usize;
    type Constant = usize;
    type Code = ();

    fn str_count(&self) -> usize {
        1
    }

    fn constant_count(&self) -> usize {
        self.0.len() + 1
    }

    fn str(&self, _: usize) -> &[u8] {
        b"<spam>"
    }

    fn constant(&self, constant: usize) -> Item<'_, Self> {
        constant.checked_sub(1).map_or(Item::None, |before| Item::Tuple(&self.0[before]))
    }

    fn code(&self, (): ()) -> CodeParts<'_, Self> {
        CodeParts {
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            stacksize: 1,
            flags: CodeFlags::default(),
            code: b"",
            consts: self.0.last().map_or(&[], |last| last),
            names: &[0],
            localsplusnames: &[0],
            localspluskinds: b" ",
            filename: 0,
            name: 0,
            qualname: 0,
            firstlineno: 1,
            linetable: b"",
            exceptiontable: b" ",
        }
    }
}

#[test]
fn the_maximum_nesting_is_the_readers() {
    // Unoptimised, the composer's recursion needs more stack than test threads have.
    let deep = std::thread::Builder::new().stack_size(16 << 20).spawn(compose_deep);
    deep.unwrap().join().unwrap();
}

fn compose_deep() {
    let mut composer = Composer::default();
    // Two levels are taken by the code object and by `None` in the innermost tuple.
    let most = MAX_DEPTH - 2;
    let stream =
        composer.compose(&Nested((0..most).map(|at| [at]).collect()), (), Minor::PY313, 0).unwrap();
    assert!(read(&stream, Minor::PY313).is_ok());
    assert!(
        composer
            .compose(&Nested((0..=most).map(|at| [at]).collect()), (), Minor::PY313, 0)
            .is_err()
    );
    // Nothing of the first stream remains in the composer.
    let again = composer.compose(&Nested((0..most).map(|at| [at]).collect()), (), Minor::PY313, 0);
    assert_eq!(again.unwrap(), stream);
}

#[test]
fn repeated_values_are_references() {
    let stream = Composer::default().compose(&Nested(vec![[0]]), (), Minor::PY313, 0).unwrap();
    let objects = [
        &b"\xf3\0\0\0\0"[..],                 // code, slot 0
        b")\x01N",                            // consts
        b"\xa9\x01\xda\x06<spam>",            // names, slots 1 and 2
        b"r\x01\0\0\0",                       // localsplusnames
        b"\xf3\x01\0\0\0 ",                   // localspluskinds, slot 3
        b"r\x02\0\0\0r\x02\0\0\0r\x02\0\0\0", // names
        b"\x01\0\0\0",                        // firstlineno
        b"r\0\0\0\0r\x03\0\0\0",              // tables
    ];
    assert_eq!(stream[21..], objects.concat());
}
