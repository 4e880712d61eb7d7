//! The canonical form CF1: one stream for one value.
//!
//! `{"a", "b"}` and `{"b", "a"}`, flagged or not, interned or not, come out as the same bytes.
//!
//! docs/reference/marshal.md states the rules. Equal values are merged into one node (`merge`), frozensets are sorted
//! (`order`), and what then has two uses is written once and referred to (`emit`).

mod emit;
mod merge;
mod order;

use super::graph::Graph;
use super::tag::Tag;
use crate::error::{Error, ErrorKind};

/// CF1 of the code object at the root of `graph`.
pub(super) fn write(graph: &Graph<'_>) -> Result<Vec<u8>, Error> {
    if let Some(offset) = graph.recursion {
        return Err(Error::at(ErrorKind::Recursive, offset));
    }
    if graph.node(graph.root).tag != Tag::Code {
        return Err(Error::at(ErrorKind::NotCode, 0));
    }
    let merged = merge::merge(graph)?;
    emit::emit(graph, &merged)
}
