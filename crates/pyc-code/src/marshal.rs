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
//! A [`Graph`] is exactly what a stream says, references and interned strings included; [`read`] gives the
//! [`CodeObject`] it means; [`canonical`] writes the one stream that stands for that value.

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

/// How deep objects may nest: CPython's `MAX_MARSHAL_STACK_DEPTH` (1000 on Windows, 1500 on WASI).
pub const MAX_DEPTH: usize = 2000;

/// Reads the code object in `stream`, which must hold nothing else; strings and bytes are borrowed from it.
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
/// The result depends on the code object's value and the minor version alone: whatever order, hash seed, cache or
/// reference count the writer of `stream` had, equal code objects come out as equal bytes. Doing it again changes
/// nothing.
pub fn canonical(stream: &[u8], minor: impl Into<Minor>) -> Result<Vec<u8>, Error> {
    canonical::of_stream(stream, minor.into())
}
