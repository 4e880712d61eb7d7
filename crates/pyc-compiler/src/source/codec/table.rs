//! What byte sequences stand for in a codec of CPython's: tables that were generated from its
//! codecs.
//!
//! ```text
//! gb2312: 0xb0a1 ─▶ its own differences: none ─▶ gbk's: none ─▶ gb18030: 啊
//! ```
//!
//! The format is described where it is written, in `crates/xtask/src/gen_codecs/tables.py`.

use std::sync::OnceLock;

/// The tables, then `names.txt` in their order: both by `cargo xtask gen-codecs`.
const PACKED: &[u8] = include_bytes!("tables.bin");
const NAMES: &str = include_str!("names.txt");

const MORE: u32 = 0x11_0000;
const GONE: u32 = 0x11_0001;
const PAIR: u32 = 0x11_0002;
/// Added to the number of a four-byte sequence in GB 18030.
const FOUR: u32 = 0x100_0000;

/// What some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    One(char),
    Two(char, char),
    /// The start of a longer sequence.
    Start,
    Nothing,
}

pub(super) struct Table {
    parent: Option<usize>,
    pairs: Vec<(u32, u32)>,
    runs: Vec<Run>,
}

/// Keys that follow each other, whose values do, too.
struct Run {
    start: u32,
    len: u32,
    value: u32,
}

/// The codec's official name and the number of its table, from its name or an alias.
///
/// In an alias a dot may stand for the underscore (`encodings.search_function`, 3.13).
pub(super) fn number(normalized: &str) -> Option<(&'static str, usize)> {
    let dotless = normalized.replace('.', "_");
    let lines = NAMES.lines().filter(|line| !line.starts_with('#'));
    lines.enumerate().find_map(|(number, line)| {
        let mut names = line.split(' ');
        let official = names.next()?;
        (official == normalized || names.any(|name| name == normalized || name == dotless))
            .then_some((official, number))
    })
}

/// How many codecs have a table; the others' names follow theirs.
pub(super) fn count() -> usize {
    tables().len()
}

/// The official names, in the order of the tables.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(' ').next())
}

/// What the bytes of a sequence stand for.
pub(super) fn meaning(number: usize, key: u32) -> Meaning {
    let tables = tables();
    let mut next = Some(number);
    while let Some(table) = next.and_then(|number| tables.get(number)) {
        match table.own(key) {
            None => next = table.parent,
            Some(MORE) => return Meaning::Start,
            Some(GONE) => return Meaning::Nothing,
            Some(value @ PAIR..) => {
                let pair = table.pairs.get((value - PAIR) as usize);
                return pair.map_or(Meaning::Nothing, |&(first, second)| {
                    match (char::from_u32(first), char::from_u32(second)) {
                        (Some(first), Some(second)) => Meaning::Two(first, second),
                        _ => Meaning::Nothing,
                    }
                });
            }
            Some(value) => return char::from_u32(value).map_or(Meaning::Nothing, Meaning::One),
        }
    }
    Meaning::Nothing
}

/// The key of a four-byte sequence of GB 18030, if its second and last bytes are digits
/// (`_codecs_cn.c: DECODER(gb18030)`, 3.13).
pub(super) fn four([first, second, third, fourth]: [u8; 4]) -> Option<u32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    let lead = |byte: u8| matches!(byte, 0x81..=0xfe).then(|| u32::from(byte - 0x81));
    let pair = lead(first)? * 10 + digit(second)?;
    Some(FOUR + (pair * 126 + lead(third)?) * 10 + digit(fourth)?)
}

impl Table {
    fn own(&self, key: u32) -> Option<u32> {
        let index = self.runs.partition_point(|run| run.start <= key).checked_sub(1)?;
        let run = &self.runs[index];
        let at = key - run.start;
        (at < run.len).then(|| run.value + at)
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let parent = (reader.number() as usize).checked_sub(1);
        let pairs = (0..reader.number()).map(|_| (reader.number(), reader.number())).collect();
        let mut runs = Vec::new();
        let (mut key, mut value) = (0, 0_u32);
        for _ in 0..reader.number() {
            key += reader.number();
            let end = key + reader.number();
            while key < end {
                let change = reader.number();
                let start = if change % 2 == 0 {
                    value.wrapping_add(1 + change / 2)
                } else {
                    value.wrapping_sub(change / 2)
                };
                let len = if change == 0 { 1 + reader.number() } else { 1 };
                runs.push(Run { start: key, len, value: start });
                key += len;
                value = start + len - 1;
            }
        }
        Self { parent, pairs, runs }
    }
}

fn tables() -> &'static [Table] {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let heading = PACKED.iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let mut reader = Reader(&PACKED[heading..]);
        let mut tables = Vec::new();
        while !reader.0.is_empty() {
            tables.push(Table::read(&mut reader));
        }
        tables
    })
}

/// LEB128 numbers.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> u32 {
        let mut number = 0;
        let mut shift = 0;
        while let Some((&byte, rest)) = self.0.split_first() {
            self.0 = rest;
            number |= u32::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        number
    }
}
