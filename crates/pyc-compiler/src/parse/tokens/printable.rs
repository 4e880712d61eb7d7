//! Which characters CPython prints as they are (`unicodectype.c: _PyUnicode_IsPrintable`, 3.13).
//!
//! `€` is printable, U+200B isn't. The table is made by `cargo xtask gen-unicode`.

use std::sync::LazyLock;

/// Lengths of runs in LEB128, in turn of characters that are printable and that aren't.
const RUNS: &[u8] = include_bytes!("printable.bin");

/// Where runs end.
static ENDS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let (mut ends, mut end, mut len, mut shift) = (Vec::new(), 0, 0, 0);
    for byte in RUNS {
        len |= u32::from(byte & 0x7f) << shift;
        shift += 7;
        if *byte < 0x80 {
            end += len;
            ends.push(end);
            (len, shift) = (0, 0);
        }
    }
    ends
});

pub(super) fn is_printable(character: char) -> bool {
    let code = u32::from(character);
    ENDS.partition_point(|end| *end <= code) % 2 == 0
}

#[cfg(test)]
mod tests {
    use super::is_printable;

    #[test]
    fn characters_are_printable_as_cpython_says() {
        for character in [' ', 'a', '\u{20ac}', '\u{201c}', '\u{1f40d}'] {
            assert!(is_printable(character), "{character:?}");
        }
        for character in [
            '\0',
            '\x7f',
            '\u{a0}',
            '\u{ad}',
            '\u{200b}',
            '\u{2028}',
            '\u{feff}',
            '\u{e000}',
            '\u{10ffff}',
        ] {
            assert!(!is_printable(character), "{character:?}");
        }
    }
}
