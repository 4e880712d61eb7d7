//! The order of a frozenset's elements: that of their encodings without references and interning.
//!
//! `{2, 1, "a"}` is stored as `1, 2, "a"`, since `i` comes before `z`.
//!
//! The encodings are never made: they can be exponentially long. Equal values are one node, and no encoding is the
//! start of another, so two containers differ where their first different children do.

use std::cmp::Ordering;

use super::merge::Merged;
use crate::error::{Error, ErrorKind};
use crate::marshal::graph::{Graph, Id, Node};
use crate::marshal::tag::Tag;

/// Sorts the elements of `set`, which must be different from each other.
pub(super) fn sort(graph: &Graph<'_>, merged: &mut Merged, set: Node) -> Result<(), Error> {
    let range = set.start as usize..(set.start + set.len) as usize;
    let mut elements = merged.edges[range.clone()].to_vec();
    let bad = || Error::at(ErrorKind::BadFrozenSet, set.at as usize);
    let mut failed = false;
    elements.sort_by(|&left, &right| {
        compare(graph, merged, left, right).unwrap_or_else(|| {
            failed = true;
            left.cmp(&right)
        })
    });
    if failed || elements.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(bad());
    }
    if elements.iter().any(|&id| graph.node(id).tag == Tag::Code) {
        return Err(bad());
    }
    merged.edges[range].copy_from_slice(&elements);
    Ok(())
}

/// The order of two merged nodes; none if code objects decide it.
fn compare(graph: &Graph<'_>, merged: &Merged, mut left: Id, mut right: Id) -> Option<Ordering> {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    while left != right {
        one.clear();
        other.clear();
        head(graph, graph.node(left), &mut one)?;
        head(graph, graph.node(right), &mut other)?;
        let heads = one.cmp(&other);
        if heads.is_ne() {
            return Some(heads);
        }
        let children = merged.edges(graph.node(left)).iter().zip(merged.edges(graph.node(right)));
        (left, right) =
            children.map(|(&left, &right)| (left, right)).find(|(left, right)| left != right)?;
    }
    Some(Ordering::Equal)
}

/// Writes a leaf's encoding, or a container's up to its children.
fn head(graph: &Graph<'_>, node: Node, out: &mut Vec<u8>) -> Option<()> {
    match node.tag {
        Tag::Code => return None,
        Tag::SmallTuple | Tag::Tuple | Tag::FrozenSet | Tag::Slice => start(node, 0, out),
        _ => graph.leaf(node).ok()?.write(false, false, out),
    }
    Some(())
}

/// Writes the type byte and count of a tuple, frozenset or slice in the form of CF1, rule 5.
pub(super) fn start(node: Node, flag: u8, out: &mut Vec<u8>) {
    match node.tag {
        Tag::Slice => out.push(Tag::Slice.byte() | flag),
        Tag::SmallTuple | Tag::Tuple if node.len < 256 => {
            out.extend_from_slice(&[Tag::SmallTuple.byte() | flag, node.len as u8]);
        }
        tag => {
            out.push(if tag == Tag::FrozenSet { tag } else { Tag::Tuple }.byte() | flag);
            out.extend_from_slice(&node.len.to_le_bytes());
        }
    }
}
