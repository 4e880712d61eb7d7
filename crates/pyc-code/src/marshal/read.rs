//! Reads any marshal stream as a graph; the counterpart of `write.rs`.
//!
//! `e9 07 00 00 00` is `i` with a flag, then an `i32`: one node with a slot.
//!
//! The rules are those of `marshal.c: r_object` (3.8 to 3.15). Four kinds of streams that CPython
//! reads but never writes are rejected: a flag on a reference or on `NULL`, bytes above 127 in an
//! ASCII string, a dict with a key but no value, and a value that exceeds the maximum depth through
//! references.

use super::MAX_DEPTH;
use super::cursor::{Cursor, Head};
use super::graph::{Graph, Id, Node};
use super::layout;
use super::tag::{Form, Tag};
use crate::error::{Error, ErrorKind};
use crate::version::Minor;

/// Reads the object in `stream`. Nothing may follow it.
pub(super) fn whole(stream: &[u8], minor: Minor) -> Result<Graph<'_>, Error> {
    let (graph, end) = prefix(stream, minor)?;
    if end == stream.len() {
        Ok(graph)
    } else {
        Err(Error::at(ErrorKind::TrailingBytes(stream.len() - end), end))
    }
}

/// Reads the object at the start of `stream` and returns where it ends.
pub(super) fn prefix(stream: &[u8], minor: Minor) -> Result<(Graph<'_>, usize), Error> {
    // Typical streams have fewer nodes; the estimate stays linear for any stream.
    let guess = stream.len() / 16;
    let mut reader = Reader {
        cursor: Cursor::new(stream)?,
        minor,
        nodes: Vec::with_capacity(guess),
        edges: Vec::with_capacity(guess),
        slots: Vec::with_capacity(guess / 2),
        open: Vec::with_capacity(16),
        pending: Vec::with_capacity(64),
    };
    let root = reader.object()?;
    let Reader { cursor, nodes, edges, .. } = reader;
    let end = cursor.at();
    Ok((Graph { data: &stream[..end], minor, nodes, edges, root }, end))
}

struct Reader<'d> {
    cursor: Cursor<'d>,
    minor: Minor,
    nodes: Vec<Node>,
    edges: Vec<u32>,
    slots: Vec<Slot>,
    /// The containers being read, outermost first.
    open: Vec<Open>,
    /// The edges read so far of all open containers; between those of a code object are its
    /// numbers. A container's edges become contiguous in `edges` when it is complete. They are
    /// allocated as they are read, never by the count that the stream claims.
    pending: Vec<u32>,
}

struct Slot {
    id: Id,
    /// Levels of nesting of the object, including itself; 0 while it is incomplete.
    height: u16,
}

struct Open {
    id: Id,
    /// Number of children still to be read; `None` for a dict, which ends at `NULL`.
    left: Option<u32>,
    /// Index in `pending` of the first edge.
    base: u32,
    slot: Option<u32>,
    /// Maximum height of the children read so far.
    height: u16,
}

/// The result of one reading step.
enum Step {
    Done(Id, u16),
    Opened,
    DictEnd,
}

impl Reader<'_> {
    /// Reads an object with all its children. Open containers are kept in `open` instead of
    /// recursing, so nesting can't overflow the call stack.
    fn object(&mut self) -> Result<Id, Error> {
        loop {
            let (mut id, mut height) = match self.step()? {
                Step::Done(id, height) => (id, height),
                Step::Opened => continue,
                Step::DictEnd => self.close(),
            };
            loop {
                let Some(parent) = self.open.last_mut() else { return Ok(id) };
                self.pending.push(id);
                parent.height = parent.height.max(height);
                if let Some(left) = &mut parent.left {
                    *left -= 1;
                }
                if parent.left != Some(0) {
                    if self.nodes[parent.id as usize].tag == Tag::Code {
                        self.number_in_code()?;
                    }
                    break;
                }
                (id, height) = self.close();
            }
        }
    }

    /// Reads a type byte and, unless it starts a container, the rest of the object.
    fn step(&mut self) -> Result<Step, Error> {
        let head = self.cursor.head(self.minor)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(Error::at(ErrorKind::TooDeep, head.at));
        }
        match head.tag {
            Tag::Reference => self.reference(head),
            Tag::Null => self.null(head),
            tag if tag.is_container() => self.start(head),
            _ => self.leaf(head),
        }
    }

    fn leaf(&mut self, head: Head) -> Result<Step, Error> {
        let len = self.cursor.payload(head)?.len();
        let id = self.push(head, self.cursor.at() - len, len);
        if head.flagged && head.tag.takes_slot() {
            self.slots.push(Slot { id, height: 1 });
        }
        Ok(Step::Done(id, 1))
    }

    fn start(&mut self, head: Head) -> Result<Step, Error> {
        let left = match head.tag.form() {
            // The fields that are objects: neither the numbers at the start nor the first line.
            Form::Code => Some((layout::FIELDS - layout::leading_numbers(self.minor) - 1) as u32),
            _ => self.cursor.count(head)?,
        };
        let id = self.push(head, 0, 0);
        // A container takes its slot before its children take theirs (`marshal.c: r_ref_reserve`).
        let slot = head.flagged.then_some(self.slots.len() as u32);
        if head.flagged {
            self.slots.push(Slot { id, height: 0 });
        }
        self.open.push(Open { id, left, base: self.pending.len() as u32, slot, height: 0 });
        if head.tag == Tag::Code {
            for _ in 0..layout::leading_numbers(self.minor) {
                self.pending.push(self.cursor.u32()?);
            }
        }
        if left == Some(0) {
            let (id, height) = self.close();
            return Ok(Step::Done(id, height));
        }
        Ok(Step::Opened)
    }

    /// Ends the innermost container.
    fn close(&mut self) -> (Id, u16) {
        let Some(Open { id, base, slot, height, .. }) = self.open.pop() else {
            unreachable!("only an open container is closed")
        };
        let node = &mut self.nodes[id as usize];
        node.start = self.edges.len() as u32;
        node.len = self.pending.len() as u32 - base;
        self.edges.extend(self.pending.drain(base as usize..));
        let height = height + 1;
        if let Some(slot) = slot {
            self.slots[slot as usize].height = height;
        }
        (id, height)
    }

    /// Reads the first line number, which lies between two children of a code object.
    fn number_in_code(&mut self) -> Result<(), Error> {
        let base = self.open.last().map_or(0, |open| open.base as usize);
        if self.pending.len() - base == layout::first_line(self.minor) {
            self.pending.push(self.cursor.u32()?);
        }
        Ok(())
    }

    /// Handles `NULL`, which ends a dict in place of a key.
    fn null(&mut self, head: Head) -> Result<Step, Error> {
        let ends_dict = self.open.last().is_some_and(|open| {
            open.left.is_none() && (self.pending.len() - open.base as usize) % 2 == 0
        });
        if ends_dict && !head.flagged {
            Ok(Step::DictEnd)
        } else {
            Err(Error::at(ErrorKind::UnexpectedNull, head.at))
        }
    }

    fn reference(&mut self, head: Head) -> Result<Step, Error> {
        let index = self.cursor.u32()?;
        let bad = || Error::at(ErrorKind::BadReference(index), head.at);
        let slot = self.slots.get(index as usize).filter(|_| !head.flagged).ok_or_else(bad)?;
        if slot.height == 0 && !self.nodes[slot.id as usize].tag.may_hold_itself() {
            return Err(bad());
        }
        if self.open.len() + usize::from(slot.height) > MAX_DEPTH {
            return Err(Error::at(ErrorKind::TooDeep, head.at));
        }
        Ok(Step::Done(slot.id, slot.height))
    }

    fn push(&mut self, head: Head, start: usize, len: usize) -> Id {
        let Head { tag, flagged, at } = head;
        let (at, start, len) = (at as u32, start as u32, len as u32);
        self.nodes.push(Node { tag, flagged, at, start, len });
        self.nodes.len() as Id - 1
    }
}
