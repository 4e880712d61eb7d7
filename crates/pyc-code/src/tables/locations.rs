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
//! The first byte of an entry is `1 cccc lll`: a form, and one less than the number of code units. The forms
//! (`Objects/locations.md`, 3.13):
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

/// Some code units and where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Code units, of two bytes each; an entry of the table has 1 to 8.
    pub units: u32,
    /// The place in the source, if there is one.
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

const ONE_LINE: u8 = 10;
const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NONE: u8 = 15;

/// Reads a location table, one span for each entry.
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

/// Writes a location table (`assemble.c: write_location_info_entry`, 3.13). Spans of more than eight units take
/// several entries; spans at one place are not joined.
#[must_use]
pub fn encode(spans: &[Span], first_line: i32) -> Vec<u8> {
    let mut table = Vec::with_capacity(spans.len() * 3);
    let mut encoder = Encoder::new(&mut table, first_line);
    for &span in spans {
        encoder.write(span);
    }
    table
}

/// Appends a location table to some bytes, span by span.
///
/// [`encode`] says how.
#[derive(Debug)]
pub struct Encoder<'t> {
    table: &'t mut Vec<u8>,
    line: i32,
}

impl<'t> Encoder<'t> {
    /// Begins a table of code whose first line is this.
    pub const fn new(table: &'t mut Vec<u8>, first_line: i32) -> Self {
        Self { table, line: first_line }
    }

    /// Appends a span.
    pub fn write(&mut self, span: Span) {
        let mut units = span.units;
        while units > 8 {
            self.entry(8, span.position);
            units -= 8;
        }
        if units > 0 {
            self.entry(units, span.position);
        }
    }

    /// Appends a span as CPython's compiler has it: first and last line, first column and the one after the last, -1 for
    /// what isn't there.
    #[inline]
    pub fn write_raw(&mut self, units: u32, place: [i32; 4]) {
        let [line, end_line, column, end_column] = place;
        let column = u32::try_from(column).ok();
        let end_column = u32::try_from(end_column).ok();
        if let (1..=8, Some(column), Some(end_column)) = (units, column, end_column) {
            if line >= 0 && line == end_line && self.short_entry(units, line, column, end_column) {
                return;
            }
        }
        let end_line = if end_line < 0 { line } else { end_line };
        let position = Position { line, end_line, column, end_column };
        self.write(Span { units, position: (line >= 0).then_some(position) });
    }

    /// Appends an entry of at most eight units.
    fn entry(&mut self, units: u32, position: Option<Position>) {
        let first = |form| first_byte(form, units);
        let Some(Position { line, end_line, column, end_column }) = position else {
            self.table.push(first(NONE));
            return;
        };
        if let (true, Some(column), Some(end_column)) = (end_line == line, column, end_column) {
            if self.short_entry(units, line, column, end_column) {
                return;
            }
        }
        let step = line.wrapping_sub(self.line);
        self.line = line;
        if end_line == line && (column.is_none() || end_column.is_none()) {
            self.table.push(first(NO_COLUMNS));
            varint::signed(step, self.table);
            return;
        }
        self.table.push(first(LONG));
        varint::signed(step, self.table);
        varint::little(end_line.wrapping_sub(line).unsigned_abs(), self.table);
        for column in [column, end_column] {
            varint::little(column.map_or(0, |column| column.saturating_add(1)), self.table);
        }
    }

    /// Appends an entry in a form of two or three bytes, if one fits a place on one line.
    #[inline]
    fn short_entry(&mut self, units: u32, line: i32, column: u32, end_column: u32) -> bool {
        let low = |number: u32| number.to_le_bytes()[0];
        let step = line.wrapping_sub(self.line);
        let width = end_column.wrapping_sub(column);
        if step == 0 && column < 80 && width < 16 {
            let first = first_byte(low(column >> 3), units);
            self.table.extend_from_slice(&[first, low((column & 7) << 4 | width)]);
            return true;
        }
        if (0..3).contains(&step) && column < 128 && end_column < 128 {
            let first = first_byte(ONE_LINE + low(step.unsigned_abs()), units);
            self.table.extend_from_slice(&[first, low(column), low(end_column)]);
            self.line = line;
            return true;
        }
        false
    }
}

/// The first byte of an entry of 1 to 8 units.
#[inline]
fn first_byte(form: u8, units: u32) -> u8 {
    0x80 | form << 3 | (units - 1).to_le_bytes()[0]
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
