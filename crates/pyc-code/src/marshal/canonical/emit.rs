//! Writes the merged graph as a stream.
//!
//! A value with two uses is flagged at the first and referred to at the second: `e9 07 00 00 00 …
//! 72 00 00 00 00`.

use super::merge::{Id, Merger, What};
use super::order;
use crate::marshal::layout;
use crate::marshal::leaf::{self, Interned, Leaf};
use crate::marshal::tag::{FLAG_REF, Tag};

/// The canonical stream of a merged graph; `guess` is its approximate length.
pub(super) fn emit(merger: &Merger<'_>, root: Id, guess: usize) -> Vec<u8> {
    let slots = merger.uses.iter().map(|&uses| if uses > 1 { SHARED } else { SINGLE }).collect();
    let mut emitter = Emitter { merger, out: Vec::with_capacity(guess), slots, next_slot: 0 };
    let mut outer: Vec<Open<'_>> = Vec::with_capacity(16);
    let mut open = emitter.first(root);
    while let Some(mut container) = open.take().or_else(|| outer.pop()) {
        while let Some((&edge, left)) = container.left.split_first() {
            let number = container.left.len() == container.number;
            container.left = left;
            if number {
                emitter.out.extend_from_slice(&edge.to_le_bytes());
                continue;
            }
            if let Some(slot) = emitter.slots[edge as usize].checked_sub(WRITTEN) {
                let [a, b, c, d] = slot.to_le_bytes();
                emitter.out.extend_from_slice(&[Tag::Reference.byte(), a, b, c, d]);
                continue;
            }
            open = emitter.first(edge);
            if open.is_some() {
                outer.push(container);
                break;
            }
        }
    }
    emitter.out
}

struct Emitter<'m> {
    merger: &'m Merger<'m>,
    out: Vec<u8>,
    /// For each node [`SINGLE`], [`SHARED`] or, once a shared node is written, [`WRITTEN`] plus its
    /// slot.
    slots: Vec<u32>,
    next_slot: u32,
}

/// The node has one use.
const SINGLE: u32 = 0;
/// The node has several uses and isn't written yet.
const SHARED: u32 = 1;
const WRITTEN: u32 = 2;

/// A container that is being written.
struct Open<'m> {
    /// The edges that are still to be written.
    left: &'m [u32],
    /// The value of `left.len()` at which the next edge is a number.
    number: usize,
}

impl<'m> Emitter<'m> {
    /// Writes a node for the first time; of a container only the start.
    fn first(&mut self, id: Id) -> Option<Open<'m>> {
        let merger = self.merger;
        let node = merger.node(id);
        let mut flag = 0;
        if self.slots[id as usize] == SHARED && !matches!(node.what, What::Leaf(Leaf::Singleton(_)))
        {
            self.slots[id as usize] = WRITTEN + self.next_slot;
            self.next_slot += 1;
            flag = FLAG_REF;
        }
        let container = match &node.what {
            What::Leaf(Leaf::Str(text)) => {
                let interned = if node.interned || leaf::is_identifier(text) {
                    Interned::Yes
                } else {
                    Interned::No
                };
                leaf::write_str(text, interned, flag, &mut self.out);
                return None;
            }
            What::Leaf(leaf) => {
                leaf.write(flag, &mut self.out);
                return None;
            }
            What::Container(container) => container,
        };
        let mut left = merger.edges(*container);
        let mut number = usize::MAX;
        if container.tag == Tag::Code {
            self.out.push(Tag::Code.byte());
            let (numbers, objects) = left.split_at(layout::leading_numbers(merger.minor));
            self.out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            left = objects;
            number = layout::FIELDS - layout::first_line(merger.minor);
        } else {
            order::start(container.tag, container.len, flag, &mut self.out);
        }
        Some(Open { left, number })
    }
}
