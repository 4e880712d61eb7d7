//! Writes the merged graph.
//!
//! A value with two uses is flagged where it stands first and referred to at the other: `e9 07 00 00 00 … 72 00 00 00 00`.

use super::merge::Merged;
use super::order;
use crate::error::Error;
use crate::marshal::graph::{Graph, Id, Node};
use crate::marshal::layout::{self, Holds};
use crate::marshal::leaf::Leaf;
use crate::marshal::tag::{FLAG_REF, Tag};

/// The canonical stream of a merged graph.
pub(super) fn emit(graph: &Graph<'_>, merged: &Merged) -> Result<Vec<u8>, Error> {
    let fields = layout::fields(graph.minor);
    let mut emitter = Emitter {
        graph,
        merged,
        out: Vec::with_capacity(graph.data.len()),
        slots: vec![0; graph.nodes.len()],
        next_slot: 0,
        open: Vec::new(),
    };
    emitter.object(graph.root)?;
    while let Some((node, next)) = emitter.open.last_mut() {
        let at = *next as usize;
        *next += 1;
        let node = *node;
        match merged.edges(node).get(at) {
            None => drop(emitter.open.pop()),
            Some(number) if node.tag == Tag::Code && fields[at].holds() == Holds::Number => {
                emitter.out.extend_from_slice(&number.to_le_bytes());
            }
            Some(&child) => emitter.object(child)?,
        }
    }
    Ok(emitter.out)
}

struct Emitter<'g> {
    graph: &'g Graph<'g>,
    merged: &'g Merged,
    out: Vec<u8>,
    /// One more than the slot of a node that has been written; 0 for others.
    slots: Vec<u32>,
    next_slot: u32,
    /// Containers that are being written, with the edge to write next.
    open: Vec<(Node, u32)>,
}

impl Emitter<'_> {
    fn object(&mut self, id: Id) -> Result<(), Error> {
        let slot = self.slots[id as usize];
        if slot != 0 {
            self.out.push(Tag::Reference.byte());
            self.out.extend_from_slice(&(slot - 1).to_le_bytes());
            return Ok(());
        }
        let node = self.graph.node(id);
        let shared = self.merged.uses[id as usize] > 1 && node.tag.takes_slot();
        if shared {
            self.next_slot += 1;
            self.slots[id as usize] = self.next_slot;
        }
        match node.tag {
            Tag::Code => self.out.push(Tag::Code.byte()),
            tag if tag.is_container() => {
                order::start(node, if shared { FLAG_REF } else { 0 }, &mut self.out);
            }
            _ => {
                let leaf = self.graph.leaf(node)?;
                let interned = match leaf {
                    Leaf::Str(text) => self.merged.named[id as usize] || is_identifier(text),
                    _ => false,
                };
                leaf.write(interned, shared, &mut self.out);
                return Ok(());
            }
        }
        self.open.push((node, 0));
        Ok(())
    }
}

/// Whether CPython interns a constant string for its characters alone (`codeobject.c: all_name_chars`).
fn is_identifier(text: &[u8]) -> bool {
    text.iter().all(|&byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
