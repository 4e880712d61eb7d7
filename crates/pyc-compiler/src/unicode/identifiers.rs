//! Non-ASCII characters that can begin or continue an identifier (PEP 3131).
//!
//! The format of the table is described where it is written, in
//! `crates/xtask/src/gen_unicode/tables.py`.

use std::sync::OnceLock;

static TABLE: &[u8] = include_bytes!("identifiers.bin");

/// Ranges of code points; the ends are exclusive.
type Ranges = Vec<(u32, u32)>;

/// Whether an identifier can begin with it.
pub(crate) fn begins_name(character: char) -> bool {
    contains(&tables().0, character)
}

/// Whether an identifier can contain it after its start.
pub(crate) fn continues_name(character: char) -> bool {
    contains(&tables().1, character)
}

fn contains(ranges: &Ranges, character: char) -> bool {
    let code = u32::from(character);
    let after = ranges.partition_point(|(start, _)| *start <= code);
    after.checked_sub(1).is_some_and(|at| code < ranges[at].1)
}

fn tables() -> &'static (Ranges, Ranges) {
    static TABLES: OnceLock<(Ranges, Ranges)> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut rest = TABLE;
        let start = ranges(&mut rest);
        (start, ranges(&mut rest))
    })
}

fn ranges(rest: &mut &[u8]) -> Ranges {
    let many = number(rest);
    let mut end = 0;
    let range = |_| {
        // Each number is the distance from the one before.
        let start = end + number(rest);
        end = start + number(rest);
        (start, end)
    };
    (0..many).map(range).collect()
}

/// A number in LEB128: seven bits a byte, the lowest first.
pub(super) fn number(rest: &mut &[u8]) -> u32 {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, after)) = rest.split_first() {
        *rest = after;
        number |= u32::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    number
}
