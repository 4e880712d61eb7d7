//! The canonical form CF1: each value has exactly one stream.
//!
//! `{"a", "b"}` and `{"b", "a"}` become the same bytes, whether their strings are flagged and
//! interned or not.
//!
//! docs/reference/marshal.md states the rules. While reading, equal values are merged into one node
//! (`merge`) and elements of frozensets are sorted (`order`). Then each value with several uses is
//! written once and referred to afterwards (`emit`).

mod emit;
mod merge;
mod order;

use super::cursor::MAX_LENGTH;
use super::{parse, walk};
use crate::code::CodeObject;
use crate::error::{Error, ErrorKind};
use crate::version::Minor;
use merge::Merger;
pub(super) use order::{Nodes, sort, start};

/// The canonical form of the code object in `stream`. Nothing may follow it.
pub(super) fn of_stream(stream: &[u8], minor: Minor) -> Result<Vec<u8>, Error> {
    // Typical streams have one distinct value per 50 to 60 bytes, with three edges to it.
    let mut merger = Merger::new(minor, stream.len() / 48);
    let (root, end) = parse::code(stream, minor, &mut merger)?;
    if end != stream.len() {
        return Err(Error::at(ErrorKind::TrailingBytes(stream.len() - end), end));
    }
    finish(&merger, root, stream.len())
}

/// The canonical form of `code`.
pub(super) fn of_code(code: &CodeObject<'_>, minor: Minor) -> Result<Vec<u8>, Error> {
    let mut merger = Merger::new(minor, different_values(code));
    let root = walk::code(code, minor, &mut merger)?;
    let guess = merger.size();
    finish(&merger, root, guess)
}

/// Estimates the number of distinct values in `code`: half of all values. Counting stops early.
fn different_values(code: &CodeObject<'_>) -> usize {
    // Shared constants can make the number of values exponential.
    const ENOUGH: usize = 1 << 20;
    let (mut values, mut open) = (0, vec![code]);
    while let Some(code) = open.pop().filter(|_| values < ENOUGH) {
        // Apart from constants and names, a code object adds two strings and three tables of its
        // own.
        values += 2 * (code.consts.len() + 5) + code.names.len();
        open.extend(code.children());
    }
    values / 2
}

/// The stream of a merged graph; `guess` is its approximate length.
fn finish(merger: &Merger<'_>, root: merge::Id, guess: usize) -> Result<Vec<u8>, Error> {
    let stream = emit::emit(merger, root, guess);
    if stream.len() > MAX_LENGTH as usize {
        return Err(Error::new(ErrorKind::TooLarge));
    }
    Ok(stream)
}
