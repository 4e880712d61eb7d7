//! Sorts a frozenset's elements by their encodings without references and interning.
//!
//! `{2, 1, "a"}` is stored as `1, 2, "a"`, because the type byte `i` is less than `z`.
//!
//! The encodings are never created, because sharing can make them exponentially long. Equal values
//! are one node, and no encoding is a prefix of another. So the order of two containers is the
//! order of their first children that differ.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::merge::{Container, Id, Merger, What};
use crate::error::ErrorKind;
use crate::marshal::tag::Tag;

/// Numbered values; equal values have the same number.
pub(in crate::marshal) trait Nodes {
    type Id: Copy + Ord;

    /// Writes the encoding of a leaf, or that of a container up to its children; `None` for code.
    fn write_head(&self, id: Self::Id, out: &mut Vec<u8>) -> Option<()>;

    /// The children of a container, those of a frozenset sorted; `None` if they have no order.
    fn children(&self, id: Self::Id) -> Option<Cow<'_, [Self::Id]>>;
}

/// Sorts the elements of a frozenset, which must be distinct.
pub(in crate::marshal) fn sort<N: Nodes>(
    nodes: &N,
    elements: &mut [N::Id],
) -> Result<(), ErrorKind> {
    let mut failed = false;
    elements.sort_by(|&left, &right| {
        compare(nodes, left, right).unwrap_or_else(|| {
            failed = true;
            left.cmp(&right)
        })
    });
    let twice = elements.windows(2).any(|pair| pair[0] == pair[1]);
    let mut head = Vec::new();
    let holds_code = elements.iter().any(|&id| nodes.write_head(id, &mut head).is_none());
    if failed || twice || holds_code { Err(ErrorKind::BadFrozenSet) } else { Ok(()) }
}

/// The order of two nodes; `None` if it depends on code objects, which have no order.
fn compare<N: Nodes>(nodes: &N, mut left: N::Id, mut right: N::Id) -> Option<Ordering> {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    while left != right {
        one.clear();
        other.clear();
        nodes.write_head(left, &mut one)?;
        nodes.write_head(right, &mut other)?;
        let heads = one.cmp(&other);
        if heads.is_ne() {
            return Some(heads);
        }
        let (ones, others) = (nodes.children(left)?, nodes.children(right)?);
        let children = ones.iter().copied().zip(others.iter().copied());
        (left, right) = { children }.find(|(left, right)| left != right)?;
    }
    Some(Ordering::Equal)
}

impl Nodes for Merger<'_> {
    type Id = Id;

    fn write_head(&self, id: Id, out: &mut Vec<u8>) -> Option<()> {
        match &self.node(id).what {
            What::Container(Container { tag: Tag::Code, .. }) => return None,
            What::Container(Container { tag, len, .. }) => start(*tag, *len, 0, out),
            What::Leaf(leaf) => leaf.write(0, out),
        }
        Some(())
    }

    fn children(&self, id: Id) -> Option<Cow<'_, [Id]>> {
        Some(Cow::Borrowed(self.children(id)))
    }
}

/// Writes the type byte and count of a tuple, frozenset or slice in the form of CF1, rule 5.
#[inline]
pub(in crate::marshal) fn start(tag: Tag, len: u32, flag: u8, out: &mut Vec<u8>) {
    match tag {
        Tag::Slice => out.push(Tag::Slice.byte() | flag),
        Tag::Tuple if len < 256 => {
            out.extend_from_slice(&[Tag::SmallTuple.byte() | flag, len as u8]);
        }
        tag => {
            out.push(tag.byte() | flag);
            out.extend_from_slice(&len.to_le_bytes());
        }
    }
}
