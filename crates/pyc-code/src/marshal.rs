//! The marshal format: how CPython writes code objects.
//!
//! ```
//! use pyc_code::{Minor, marshal::Graph};
//!
//! let stream = b"\xa9\x02\xda\x01x\x72\x01\x00\x00\x00"; // the tuple ("x", "x"), its string written once
//! let graph = Graph::read(stream, Minor::PY313)?;
//! assert_eq!(graph.write(), stream);
//! # Ok::<(), pyc_code::Error>(())
//! ```
//!
//! A [`Graph`] is an exact image of a stream, including references and interned strings. [`read`]
//! returns the [`CodeObject`] that it represents. [`canonical`] writes the one stream that
//! represents this value in canonical form.

#![allow(
    clippy::cast_possible_truncation,
    reason = "the reader and the builder refuse more than 2 GiB, so indices and lengths fit 32 bits"
)]

mod build;
mod canonical;
mod compose;
mod cursor;
mod graph;
mod layout;
mod leaf;
mod objects;
mod parse;
mod read;
mod tag;
mod walk;
mod write;

pub use compose::{CodeParts, Composer, Item, Numbered, Values};
pub use graph::Graph;

use std::sync::Arc;

use crate::code::CodeObject;
use crate::constant::Const;
use crate::error::{Error, ErrorKind};
use crate::version::Minor;

/// Maximum nesting of objects: CPython's `MAX_MARSHAL_STACK_DEPTH` (1000 on Windows, 1500 on WASI).
pub const MAX_DEPTH: usize = 2000;

/// Reads the code object in `stream`. Nothing may follow it. Strings and bytes are borrowed from
/// the stream.
pub fn read(stream: &[u8], minor: impl Into<Minor>) -> Result<CodeObject<'_>, Error> {
    let (code, end) = parse::code(stream, minor.into(), &mut objects::Objects)?;
    if end != stream.len() {
        return Err(Error::at(ErrorKind::TrailingBytes(stream.len() - end), end));
    }
    match code {
        Const::Code(code) => Ok(Arc::unwrap_or_clone(code)),
        _ => Err(Error::at(ErrorKind::NotCode, 0)),
    }
}

/// Writes `code` in the canonical form CF1.
pub fn write(code: &CodeObject<'_>, minor: impl Into<Minor>) -> Result<Vec<u8>, Error> {
    canonical::of_code(code, minor.into())
}

/// Rewrites the code object in `stream` in the canonical form CF1.
///
/// The result depends only on the code object's value and the minor version, not on the order, hash
/// seed, caches or reference counts in the process that wrote `stream`. Equal code objects become
/// equal bytes. The function is idempotent.
pub fn canonical(stream: &[u8], minor: impl Into<Minor>) -> Result<Vec<u8>, Error> {
    canonical::of_stream(stream, minor.into())
}
