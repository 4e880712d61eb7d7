//! `co_linetable` of 3.10 (PEP 626).
//!
//! ```
//! use pyc_code::tables::linetable::{self, Range};
//!
//! let table = b"\x04\x01\x02\x80\x06\x00"; // 4 bytes on line 8, 2 without a line, 6 on line 8
//! let ranges = linetable::decode(table, 7)?;
//! assert_eq!(ranges[1], Range { bytes: 2, line: None });
//! assert_eq!(linetable::encode(&ranges, 7), table);
//! # Ok::<(), pyc_code::Error>(())
//! ```
//!
//! The table consists of pairs: an unsigned length and a signed line step, where -128 means "no
//! line" (`lnotab_notes.txt`, 3.10).

use crate::error::{Error, ErrorKind};

/// A range of code and its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Length in bytes of code.
    pub bytes: u32,
    /// The line; `None` if the code belongs to none.
    pub line: Option<i32>,
}

/// The line step that means "no line".
const NO_LINE: i8 = -128;

/// Decodes a `co_linetable` of 3.10.
///
/// An empty range only carries a line step that is too large for one pair; it is merged into the
/// next range.
pub fn decode(table: &[u8], first_line: i32) -> Result<Vec<Range>, Error> {
    if table.len() % 2 != 0 {
        return Err(Error::at(ErrorKind::BadTable("line table"), table.len() - 1));
    }
    let mut line = first_line;
    let mut ranges = Vec::with_capacity(table.len() / 2);
    for pair in table.chunks_exact(2) {
        let step = i8::from_le_bytes([pair[1]]);
        if step != NO_LINE {
            line = line.wrapping_add(step.into());
        }
        if pair[0] != 0 {
            ranges.push(Range { bytes: pair[0].into(), line: (step != NO_LINE).then_some(line) });
        }
    }
    Ok(ranges)
}

/// Encodes a `co_linetable` of 3.10 (`compile.c: assemble_line_range`, 3.10).
#[must_use]
pub fn encode(ranges: &[Range], first_line: i32) -> Vec<u8> {
    let mut table = Vec::with_capacity(ranges.len() * 2);
    let mut previous = first_line;
    for range in ranges {
        let mut step = match range.line {
            None => NO_LINE,
            Some(line) => {
                let mut step = line.wrapping_sub(previous);
                previous = line;
                while step > 127 {
                    table.extend_from_slice(&[0, 127]);
                    step -= 127;
                }
                while step < -127 {
                    table.extend_from_slice(&[0, 0x81]);
                    step += 127;
                }
                i8::from_le_bytes([step.to_le_bytes()[0]])
            }
        };
        let mut bytes = range.bytes;
        // Instructions have an even number of bytes, so 254 is the largest length of a pair.
        while bytes > 254 {
            table.extend_from_slice(&[254, step.to_le_bytes()[0]]);
            step = if range.line.is_none() { NO_LINE } else { 0 };
            bytes -= 254;
        }
        table.extend_from_slice(&[bytes.to_le_bytes()[0], step.to_le_bytes()[0]]);
    }
    table
}
