//! The exception table of 3.11 and later.
//!
//! ```
//! use pyc_code::tables::exceptions::{self, Handler};
//!
//! let table = exceptions::encode(&[Handler { start: 4, end: 12, target: 20, depth: 1, lasti: true }]);
//! assert_eq!(table, b"\x82\x04\x0a\x03");
//! assert_eq!(exceptions::decode(&table)?[0].end, 12);
//! # Ok::<(), pyc_code::Error>(())
//! ```
//!
//! An entry is four numbers: start, length and target in code units, then the depth with `lasti` as
//! its lowest bit (`Objects/exception_handling_notes.txt`, 3.11).

use super::varint::{self, Bytes};
use crate::error::{Error, ErrorKind};

/// A range of instructions and its exception handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// Offset of the first instruction in the range, in bytes.
    pub start: u32,
    /// Offset after the last instruction in the range.
    pub end: u32,
    /// Offset of the handler.
    pub target: u32,
    /// The depth to which the stack is unwound before the exception is pushed.
    pub depth: u32,
    /// Whether the offset of the failing instruction is pushed before the exception.
    pub lasti: bool,
}

/// Decodes an exception table.
pub fn decode(table: &[u8]) -> Result<Vec<Handler>, Error> {
    let mut bytes = Bytes::new(table);
    let mut handlers = Vec::new();
    while !bytes.is_empty() {
        let at = bytes.at;
        let handler = entry(&mut bytes);
        handlers
            .push(handler.ok_or_else(|| Error::at(ErrorKind::BadTable("exception table"), at))?);
    }
    Ok(handlers)
}

/// Encodes an exception table.
///
/// The table stores offsets in code units of two bytes, so odd offsets are rounded down.
#[must_use]
pub fn encode(handlers: &[Handler]) -> Vec<u8> {
    let mut table = Vec::with_capacity(handlers.len() * 5);
    for &handler in handlers {
        write(&mut table, handler);
    }
    table
}

/// Appends one entry to an exception table.
pub fn write(table: &mut Vec<u8>, handler: Handler) {
    varint::big(handler.start / 2, 0x80, table);
    varint::big(handler.end.saturating_sub(handler.start) / 2, 0, table);
    varint::big(handler.target / 2, 0, table);
    varint::big(handler.depth << 1 | u32::from(handler.lasti), 0, table);
}

fn entry(bytes: &mut Bytes<'_>) -> Option<Handler> {
    let start = bytes.big()?.checked_mul(2)?;
    let end = bytes.big()?.checked_mul(2)?.checked_add(start)?;
    let target = bytes.big()?.checked_mul(2)?;
    let last = bytes.big()?;
    Some(Handler { start, end, target, depth: last >> 1, lasti: last & 1 == 1 })
}
