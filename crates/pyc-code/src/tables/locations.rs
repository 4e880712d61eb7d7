//! The location table of 3.11 and later (PEP 657).
//!
//! ```
//! use pyc_code::tables::locations::{self, Position, Span};
//!
//! let table = b"\x80\x04\xd9\x04\x06\xf8"; // one unit at 1:0-4, two at 2:4-6, one nowhere
//! let spans = locations::decode(table, 1)?;
//! let position = Position { line: 2, end_line: 2, column: Some(4), end_column: Some(6) };
//! assert_eq!(spans[1], Span { units: 2, position: Some(position) });
//! assert_eq!(locations::encode(&spans, 1), table);
//! # Ok::<(), pyc_code::Error>(())
//! ```
//!
//! The first byte of an entry is `1 cccc lll`: the form `cccc`, and the number of code units minus
//! one. The forms are (`Objects/locations.md`, 3.13):
//!
//! | form | line | columns |
//! |---|---|---|
//! | 0–9 | same | start / 8 in the form; start % 8 and length in one byte |
//! | 10–12 | 0, 1, 2 on | two bytes |
//! | 13 | signed step | none |
//! | 14 | signed step, lines to the end | each plus one, 0 for none |
//! | 15 | none | none |

use super::varint::{self, Bytes};
use crate::error::{Error, ErrorKind};

/// Some code units with a common source position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Number of code units, two bytes each; an entry of the table has 1 to 8.
    pub units: u32,
    /// The source position, if there is one.
    pub position: Option<Position>,
}

/// A range of source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line it starts on.
    pub line: i32,
    /// The line it ends on.
    pub end_line: i32,
    /// The column it starts at, in bytes of UTF-8 from 0.
    pub column: Option<u32>,
    /// The column after its end.
    pub end_column: Option<u32>,
}

/// The number of a line or a column, or none, in four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i32);

impl Number {
    /// No number. It is less than all others.
    pub const NONE: Self = Self(-1);

    /// This number, which mustn't be negative: that would count as none.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// Whether there is a number.
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.0 >= 0
    }

    /// The number, which isn't negative.
    #[must_use]
    pub const fn get(self) -> Option<i32> {
        if self.is_some() { Some(self.0) } else { None }
    }
}

/// A source position, or none, in the form that the table's writer takes: sixteen bytes, which can
/// be compared at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PackedPosition([i32; 4]);

impl PackedPosition {
    /// In no line.
    pub const NONE: Self = Self::new([Number::NONE; 4]);

    /// The first line, the last line, the first column, and the column after the last.
    #[must_use]
    #[inline(always)]
    pub const fn new([line, end_line, column, end_column]: [Number; 4]) -> Self {
        Self([line.0, end_line.0, column.0, end_column.0])
    }

    /// Like `==`, which is several calls without optimisation.
    #[must_use]
    #[inline(always)]
    pub const fn is(self, Self(other): Self) -> bool {
        // Which number differs is unpredictable, so this is one comparison.
        wide(self.0) == wide(other)
    }
}

/// All four numbers as one.
#[inline(always)]
#[expect(clippy::cast_sign_loss, reason = "only the bits count")]
const fn wide([a, b, c, d]: [i32; 4]) -> u128 {
    a as u32 as u128
        | (b as u32 as u128) << 32
        | (c as u32 as u128) << 64
        | (d as u32 as u128) << 96
}

const ONE_LINE: u8 = 10;
const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NONE: u8 = 15;

/// Decodes a location table; each entry becomes a span.
pub fn decode(table: &[u8], first_line: i32) -> Result<Vec<Span>, Error> {
    let mut bytes = Bytes::new(table);
    let mut line = first_line;
    let mut spans = Vec::with_capacity(table.len() / 3);
    while !bytes.is_empty() {
        let at = bytes.at;
        let span = entry(&mut bytes, &mut line);
        spans.push(span.ok_or_else(|| Error::at(ErrorKind::BadTable("location table"), at))?);
    }
    Ok(spans)
}

/// Encodes a location table (`assemble.c: write_location_info_entry`, 3.13). A span of more than
/// eight units takes several entries. Adjacent spans with the same position are not merged.
#[must_use]
pub fn encode(spans: &[Span], first_line: i32) -> Vec<u8> {
    let mut table = Vec::with_capacity(spans.len() * 3);
    let mut encoder = Encoder::new(&mut table, first_line);
    for &span in spans {
        encoder.write(span);
    }
    table
}

/// Appends a location table to a byte vector, span by span.
///
/// [`encode`] describes the result.
#[derive(Debug)]
pub struct Encoder<'t> {
    table: &'t mut Vec<u8>,
    line: i32,
}

impl<'t> Encoder<'t> {
    /// Starts a table for code with this first line.
    pub const fn new(table: &'t mut Vec<u8>, first_line: i32) -> Self {
        Self { table, line: first_line }
    }

    /// Appends a span. A position above the first line of the file counts as none.
    pub fn write(&mut self, span: Span) {
        let place = span.position.map_or(PackedPosition::NONE, |position| {
            let Position { line, end_line, column, end_column } = position;
            let raw = |column: Option<u32>| {
                let column = column.and_then(|column| i32::try_from(column).ok());
                column.map_or(Number::NONE, Number)
            };
            PackedPosition::new([Number(line), Number(end_line), raw(column), raw(end_column)])
        });
        self.write_packed(span.units, place);
    }

    /// Appends a span of this many code units.
    #[inline]
    pub fn write_packed(&mut self, units: u32, position: PackedPosition) {
        let PackedPosition(place) = position;
        if units == 0 || !self.is_near(place) {
            return self.write_any(units, place);
        }
        // Once there, a position that is near stays near.
        let mut left = units;
        while left > 8 {
            self.write_near(8, place);
            left -= 8;
        }
        self.write_near(left, place);
    }

    #[inline(never)]
    fn write_any(&mut self, units: u32, place: [i32; 4]) {
        let mut left = units;
        while left > 0 {
            let taken = left.min(8);
            if self.is_near(place) {
                self.write_near(taken, place);
            } else {
                self.write_far(taken, place);
            }
            left -= taken;
        }
    }

    /// Whether a position lies on a single line, is 0 to 2 lines below the current one, and has
    /// columns below 128.
    #[inline(always)]
    fn is_near(&self, [line, end_line, start, end]: [i32; 4]) -> bool {
        let step = line.wrapping_sub(self.line);
        line == end_line && matches!(step, 0..=2) && ((start | end) & !0x7f) == 0 && line >= 0
    }

    /// Appends an entry for a position that is near.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "`&&` would be branches")]
    fn write_near(&mut self, units: u32, [line, _, start, end]: [i32; 4]) {
        let step = line.wrapping_sub(self.line);
        let (step, start, end) = (low_byte(step), low_byte(start), low_byte(end));
        let width = end.wrapping_sub(start);
        // Which form is needed is unpredictable, so there is no branch: the short form is the long
        // one without its last byte.
        let is_short = (step == 0) & (start < 80) & (width < 16);
        let short = (start >> 3, (start & 7) << 4 | width);
        let (form, second) = if is_short { short } else { (ONE_LINE + step, start) };
        self.table.extend_from_slice(&[first_byte(form, units), second, end]);
        self.table.truncate(self.table.len() - usize::from(is_short));
        self.line = line;
    }

    /// Appends an entry in a form that can hold any position, or none.
    fn write_far(&mut self, units: u32, place: [i32; 4]) {
        let [line, end_line, column, end_column] = place;
        if line < 0 {
            self.table.push(first_byte(NONE, units));
            return;
        }
        let step = line.wrapping_sub(self.line);
        self.line = line;
        let end_line = if end_line < 0 { line } else { end_line };
        if line == end_line && (column < 0 || end_column < 0) {
            self.table.push(first_byte(NO_COLUMNS, units));
            varint::signed(step, self.table);
            return;
        }
        self.table.push(first_byte(LONG, units));
        varint::signed(step, self.table);
        varint::little(end_line.wrapping_sub(line).unsigned_abs(), self.table);
        for column in [column, end_column] {
            varint::little(column.saturating_add(1).unsigned_abs(), self.table);
        }
    }
}

/// The first byte of an entry; `units` is 1 to 8.
#[expect(clippy::cast_possible_truncation, reason = "1 to 8")]
#[inline(always)]
fn first_byte(form: u8, units: u32) -> u8 {
    0x80 | form << 3 | (units as u8).wrapping_sub(1)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "meant")]
#[inline(always)]
const fn low_byte(number: i32) -> u8 {
    number as u8
}

fn entry(bytes: &mut Bytes<'_>, line: &mut i32) -> Option<Span> {
    let first = bytes.next()?;
    if first & 0x80 == 0 {
        return None;
    }
    let (form, units) = (first >> 3 & 0xf, u32::from(first & 7) + 1);
    let on_line = |line: i32, columns: Option<(u32, u32)>| {
        let (column, end_column) = columns.unzip();
        Some(Position { line, end_line: line, column, end_column })
    };
    let position = match form {
        NONE => None,
        LONG => {
            *line = line.checked_add(bytes.signed()?)?;
            let end_line = line.checked_add_unsigned(bytes.little()?)?;
            let column = bytes.little()?.checked_sub(1);
            Some(Position {
                line: *line,
                end_line,
                column,
                end_column: bytes.little()?.checked_sub(1),
            })
        }
        NO_COLUMNS => {
            *line = line.checked_add(bytes.signed()?)?;
            on_line(*line, None)
        }
        ONE_LINE.. => {
            *line = line.checked_add(i32::from(form - ONE_LINE))?;
            on_line(*line, Some((bytes.next()?.into(), bytes.next()?.into())))
        }
        _ => {
            let second = bytes.next()?;
            let start = u32::from(form << 3 | second >> 4);
            on_line(*line, Some((start, start + u32::from(second & 0xf))))
        }
    };
    Some(Span { units, position })
}
