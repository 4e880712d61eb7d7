//! The tables of a code object: lines, columns and exception handlers.
//!
//! | version | lines | handlers |
//! |---|---|---|
//! | 3.8, 3.9 | [`lnotab`] | none, handlers are set up by instructions |
//! | 3.10 | [`linetable`] (PEP 626) | none |
//! | 3.11 and later | [`locations`] (PEP 657) | [`exceptions`] |
//!
//! Each module decodes a table into plain entries and encodes entries as CPython's assembler does,
//! so a table written by CPython is reproduced byte for byte. [`line_starts`] reads the line table
//! of any version.

pub mod exceptions;
pub mod linetable;
pub mod lnotab;
pub mod locations;
mod starts;
mod varint;

pub use starts::{LineStart, line_starts};
