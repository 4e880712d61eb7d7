//! The order of a frozenset's elements: that of their encodings without references and interning.
//!
//! `{2, 1, "a"}` is stored as `1, 2, "a"`, since `i` comes before `z`.
//!
//! The encodings are never made: they can be exponentially long. Equal values are one node, and no encoding is the
//! start of another, so two containers differ where their first different children do.

use std::cmp::Ordering;

use super::merge::{Container, Id, Merger, What};
use crate::error::ErrorKind;
use crate::marshal::tag::Tag;

/// Sorts the elements of a set, which must be different from each other: the last edges, from `start` on.
pub(super) fn sort(merger: &mut Merger<'_>, start: usize) -> Result<(), ErrorKind> {
    let mut elements = merger.edges[start..].to_vec();
    let mut failed = false;
    elements.sort_by(|&left, &right| {
        compare(merger, left, right).unwrap_or_else(|| {
            failed = true;
            left.cmp(&right)
        })
    });
    let twice = elements.windows(2).any(|pair| pair[0] == pair[1]);
    if failed || twice || elements.iter().any(|&id| merger.is_code(id)) {
        return Err(ErrorKind::BadFrozenSet);
    }
    merger.edges[start..].copy_from_slice(&elements);
    Ok(())
}

/// The order of two nodes; none if code objects decide it.
fn compare(merger: &Merger<'_>, mut left: Id, mut right: Id) -> Option<Ordering> {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    while left != right {
        one.clear();
        other.clear();
        head(merger, left, &mut one)?;
        head(merger, right, &mut other)?;
        let heads = one.cmp(&other);
        if heads.is_ne() {
            return Some(heads);
        }
        let children = merger.children(left).iter().zip(merger.children(right));
        (left, right) =
            children.map(|(&left, &right)| (left, right)).find(|(left, right)| left != right)?;
    }
    Some(Ordering::Equal)
}

/// Writes a leaf's encoding, or a container's up to its children.
fn head(merger: &Merger<'_>, id: Id, out: &mut Vec<u8>) -> Option<()> {
    match &merger.node(id).what {
        What::Container(Container { tag: Tag::Code, .. }) => return None,
        What::Container(container) => start(*container, 0, out),
        What::Leaf(leaf) => leaf.write(false, 0, out),
    }
    Some(())
}

/// Writes the type byte and count of a tuple, frozenset or slice in the form of CF1, rule 5.
pub(super) fn start(container: Container, flag: u8, out: &mut Vec<u8>) {
    match container.tag {
        Tag::Slice => out.push(Tag::Slice.byte() | flag),
        Tag::Tuple if container.len < 256 => {
            out.extend_from_slice(&[Tag::SmallTuple.byte() | flag, container.len as u8]);
        }
        tag => {
            out.push(tag.byte() | flag);
            out.extend_from_slice(&container.len.to_le_bytes());
        }
    }
}
