//! Writes a graph back as the stream it was read from; the counterpart of `read.rs`.
//!
//! The first edge to a node writes the node itself, each later edge a reference to its slot.

use super::graph::{Graph, Id};
use super::layout;
use super::tag::{FLAG_REF, Form, Tag};

/// The stream from which `graph` was read.
pub(super) fn exact(graph: &Graph<'_>) -> Vec<u8> {
    let mut writer = Writer {
        graph,
        out: Vec::with_capacity(graph.data.len()),
        slots: vec![None; graph.nodes.len()],
        next_slot: 0,
        open: Vec::new(),
    };
    writer.object(graph.root);
    while let Some(open) = writer.open.last_mut() {
        let Some(edge) = graph.edges(graph.node(open.id)).get(open.next).copied() else {
            let Some(done) = writer.open.pop() else { break };
            writer.end(done.id);
            continue;
        };
        let number = open.next < open.numbers || open.next == open.number;
        open.next += 1;
        if number {
            writer.out.extend_from_slice(&edge.to_le_bytes());
        } else {
            writer.object(edge);
        }
    }
    writer.out
}

struct Writer<'g> {
    graph: &'g Graph<'g>,
    out: Vec<u8>,
    /// The slot of each node; `None` if the node is not flagged or not written yet.
    slots: Vec<Option<u32>>,
    next_slot: u32,
    open: Vec<Open>,
}

struct Open {
    id: Id,
    /// The index of the next edge to write.
    next: usize,
    /// Number of leading edges that are numbers.
    numbers: usize,
    /// The index of the other edge that is a number.
    number: usize,
}

impl Writer<'_> {
    fn object(&mut self, id: Id) {
        let node = self.graph.node(id);
        if let Some(slot) = self.slots[id as usize] {
            self.out.push(Tag::Reference.byte());
            self.out.extend_from_slice(&slot.to_le_bytes());
            return;
        }
        if node.flagged && node.tag.takes_slot() {
            self.slots[id as usize] = Some(self.next_slot);
            self.next_slot += 1;
        }
        if !node.tag.is_container() {
            let end = (node.start + node.len) as usize;
            self.out.extend_from_slice(&self.graph.data[node.at as usize..end]);
            return;
        }
        self.out.push(node.tag.byte() | if node.flagged { FLAG_REF } else { 0 });
        match node.tag.form() {
            Form::ShortSequence => self.out.push(node.len as u8),
            Form::Sequence => self.out.extend_from_slice(&node.len.to_le_bytes()),
            _ => {}
        }
        let minor = self.graph.minor;
        let (numbers, number) = if node.tag == Tag::Code {
            (layout::leading_numbers(minor), layout::first_line(minor))
        } else {
            (0, usize::MAX)
        };
        self.open.push(Open { id, next: 0, numbers, number });
    }

    fn end(&mut self, id: Id) {
        if self.graph.node(id).tag.form() == Form::Pairs {
            self.out.push(Tag::Null.byte());
        }
    }
}
