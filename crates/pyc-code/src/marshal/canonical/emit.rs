//! Writes the merged graph.
//!
//! A value with two uses is flagged where it stands first and referred to at the other: `e9 07 00 00 00 … 72 00 00 00 00`.

use super::merge::Merged;
use super::order;
use crate::error::Error;
use crate::marshal::graph::{Graph, Id, Node};
use crate::marshal::layout;
use crate::marshal::leaf::Leaf;
use crate::marshal::tag::{FLAG_REF, Tag};

/// The canonical stream of a merged graph.
pub(super) fn emit(graph: &Graph<'_>, merged: &Merged) -> Result<Vec<u8>, Error> {
    let mut emitter = Emitter {
        graph,
        merged,
        numbers: layout::numbers(graph.minor),
        out: Vec::with_capacity(graph.data.len()),
        slots: vec![0; graph.nodes.len()],
        next_slot: 0,
        open: Vec::with_capacity(16),
    };
    emitter.object(graph.root)?;
    while let Some(open) = emitter.open.last_mut() {
        if open.next == open.end {
            emitter.open.pop();
            continue;
        }
        let edge = merged.edges[open.next as usize];
        open.next += 1;
        let number = open.numbers & 1 == 1;
        open.numbers >>= 1;
        if number {
            emitter.out.extend_from_slice(&edge.to_le_bytes());
        } else {
            emitter.object(edge)?;
        }
    }
    Ok(emitter.out)
}

struct Emitter<'g> {
    graph: &'g Graph<'g>,
    merged: &'g Merged,
    numbers: u16,
    out: Vec<u8>,
    /// One more than the slot of a node that has been written; 0 for others.
    slots: Vec<u32>,
    next_slot: u32,
    open: Vec<Open>,
}

/// A container that is being written.
struct Open {
    /// The edge to write next.
    next: u32,
    /// Where its edges end.
    end: u32,
    /// Which of the edges still to come are numbers, the next one's bit lowest.
    numbers: u16,
}

impl Emitter<'_> {
    #[inline]
    fn object(&mut self, id: Id) -> Result<(), Error> {
        let node = self.graph.node(id);
        let mut flag = 0;
        if self.merged.facts[id as usize].uses > 1 && node.tag.takes_slot() {
            let slot = self.slots[id as usize];
            if slot != 0 {
                let [a, b, c, d] = (slot - 1).to_le_bytes();
                self.out.extend_from_slice(&[Tag::Reference.byte(), a, b, c, d]);
                return Ok(());
            }
            self.next_slot += 1;
            self.slots[id as usize] = self.next_slot;
            flag = FLAG_REF;
        }
        if !node.tag.is_container() {
            return self.leaf(id, node, flag);
        }
        let mut numbers = 0;
        if node.tag == Tag::Code {
            self.out.push(Tag::Code.byte());
            numbers = self.numbers;
        } else {
            order::start(node, flag, &mut self.out);
        }
        self.open.push(Open { next: node.start, end: node.start + node.len, numbers });
        Ok(())
    }

    #[inline]
    fn leaf(&mut self, id: Id, node: Node, flag: u8) -> Result<(), Error> {
        let data = &self.graph.data;
        let tag = match node.tag {
            Tag::Bytes
            | Tag::Int
            | Tag::Float
            | Tag::Complex
            | Tag::None
            | Tag::True
            | Tag::False
            | Tag::Ellipsis => node.tag,
            Tag::ShortAscii | Tag::ShortAsciiInterned => {
                let interned =
                    self.merged.facts[id as usize].named || is_identifier(node.payload(data));
                if interned { Tag::ShortAsciiInterned } else { Tag::ShortAscii }
            }
            _ => {
                let leaf = self.graph.leaf(node)?;
                let interned = match leaf {
                    Leaf::Str(text) => self.merged.facts[id as usize].named || is_identifier(text),
                    _ => false,
                };
                leaf.write(interned, flag != 0, &mut self.out);
                return Ok(());
            }
        };
        // These have one form but for the type byte, which the reader saw.
        self.out.push(tag.byte() | flag);
        self.out.extend_from_slice(&data[node.at as usize + 1..(node.start + node.len) as usize]);
        Ok(())
    }
}

/// The bytes of names.
static NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    table
};

/// Whether CPython interns a constant string for its characters alone (`codeobject.c: all_name_chars`).
#[inline]
fn is_identifier(text: &[u8]) -> bool {
    text.iter().all(|&byte| NAME[usize::from(byte)])
}
