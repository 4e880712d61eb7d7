//! The canonical form CF1: one stream for one value.
//!
//! `{"a", "b"}` and `{"b", "a"}`, flagged or not, interned or not, come out as the same bytes.
//!
//! docs/reference/marshal.md states the rules. Equal values become one node as they are read (`merge`), elements of
//! frozensets sorted (`order`), and what then has two uses is written once and referred to (`emit`).

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

/// CF1 of the code object in `stream`, which must hold nothing else.
pub(super) fn of_stream(stream: &[u8], minor: Minor) -> Result<Vec<u8>, Error> {
    // Most streams have a different value for every 50 to 60 bytes, and three edges to it.
    let mut merger = Merger::new(minor, stream.len() / 48);
    let (root, end) = parse::code(stream, minor, &mut merger)?;
    if end != stream.len() {
        return Err(Error::at(ErrorKind::TrailingBytes(stream.len() - end), end));
    }
    finish(&merger, root, stream.len())
}

/// CF1 of `code`.
pub(super) fn of_code(code: &CodeObject<'_>, minor: Minor) -> Result<Vec<u8>, Error> {
    let mut merger = Merger::new(minor, different_values(code));
    let root = walk::code(code, minor, &mut merger)?;
    let guess = merger.size();
    finish(&merger, root, guess)
}

/// About how many different values `code` holds: half of all, if they are not too many to count.
fn different_values(code: &CodeObject<'_>) -> usize {
    // Constants may be shared so that there is no end of them.
    const ENOUGH: usize = 1 << 20;
    let (mut values, mut open) = (0, vec![code]);
    while let Some(code) = open.pop().filter(|_| values < ENOUGH) {
        // Beside the constants and names, two strings and three tables that no other code object has.
        values += 2 * (code.consts.len() + 5) + code.names.len();
        open.extend(code.children());
    }
    values / 2
}

/// The stream of a merged graph, which is about `guess` bytes long.
fn finish(merger: &Merger<'_>, root: merge::Id, guess: usize) -> Result<Vec<u8>, Error> {
    let stream = emit::emit(merger, root, guess);
    if stream.len() > MAX_LENGTH as usize {
        return Err(Error::new(ErrorKind::TooLarge));
    }
    Ok(stream)
}
