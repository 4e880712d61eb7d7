//! Reads a marshal stream, twin of `write.rs`.
//!
//! `e9 07 00 00 00` is `i` with a flag and an `i32`: one node, one slot.
//!
//! The rules are those of `marshal.c: r_object` (3.8 to 3.15). Four streams that CPython takes and never writes are
//! refused: a flag on a reference or on `NULL`, bytes above 127 in an ASCII string, a dict with a key and no value,
//! and a value that through references nests deeper than the limit.

use std::borrow::Cow;

use super::MAX_DEPTH;
use super::graph::{Graph, Id, Node};
use super::layout;
use super::tag::{FLAG_REF, Form, Tag};
use crate::error::{Error, ErrorKind};
use crate::text::is_surrogatepass;
use crate::version::Minor;

/// Lengths and counts are `i32` and not negative.
pub(super) const MAX_LENGTH: u32 = i32::MAX as u32;

/// Reads one object that must be all of `stream`.
pub(super) fn whole(stream: &[u8], minor: Minor) -> Result<Graph<'_>, Error> {
    let (graph, end) = prefix(stream, minor)?;
    if end == stream.len() {
        Ok(graph)
    } else {
        Err(Error::at(ErrorKind::TrailingBytes(stream.len() - end), end))
    }
}

/// Reads one object and tells where it ends.
pub(super) fn prefix(stream: &[u8], minor: Minor) -> Result<(Graph<'_>, usize), Error> {
    if i32::try_from(stream.len()).is_err() {
        return Err(Error::new(ErrorKind::TooLarge));
    }
    let mut reader = Reader::new(stream, minor);
    let root = reader.object()?;
    let graph = Graph {
        data: Cow::Borrowed(stream),
        minor,
        nodes: reader.nodes,
        edges: reader.edges,
        containers: reader.containers,
        root,
        recursion: reader.recursion,
    };
    Ok((graph, reader.at))
}

struct Reader<'a> {
    stream: &'a [u8],
    at: usize,
    minor: Minor,
    nodes: Vec<Node>,
    edges: Vec<u32>,
    containers: Vec<Id>,
    slots: Vec<Slot>,
    /// Containers that are not complete, outermost first.
    open: Vec<Open>,
    /// Edges of all open containers. A container's own are in one piece only when it is complete, and nothing is
    /// allocated for children that a count merely claims.
    pending: Vec<u32>,
    /// The node of each constant without content that has no flag, by its letter.
    singletons: [Id; 128],
    recursion: Option<usize>,
}

struct Slot {
    id: Id,
    /// How many containers deep the object is; 0 while it is incomplete.
    height: u16,
    complete: bool,
}

struct Open {
    id: Id,
    /// Children that are still to come; for a dict, until `NULL`.
    left: u32,
    /// Where its edges start in `pending`.
    base: u32,
    slot: Option<u32>,
    /// The highest of its children so far.
    height: u16,
}

/// What one step of reading gave.
enum Step {
    Done(Id, u16),
    Opened,
    DictEnd,
}

impl<'a> Reader<'a> {
    fn new(stream: &'a [u8], minor: Minor) -> Self {
        // A quarter of the bytes as nodes is more than real streams need, and linear in any.
        let guess = stream.len() / 16;
        Self {
            stream,
            at: 0,
            minor,
            nodes: Vec::with_capacity(guess),
            edges: Vec::with_capacity(guess),
            containers: Vec::with_capacity(guess / 8),
            slots: Vec::with_capacity(guess / 2),
            open: Vec::with_capacity(16),
            pending: Vec::with_capacity(64),
            singletons: [Id::MAX; 128],
            recursion: None,
        }
    }

    /// Reads one object with all it holds. Nesting lives in `open`, not on the call stack.
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
                parent.left -= 1;
                if parent.left != 0 {
                    if self.nodes[parent.id as usize].tag == Tag::Code {
                        self.number_in_code()?;
                    }
                    break;
                }
                (id, height) = self.close();
            }
        }
    }

    /// Reads a type byte and, unless it opens a container, what follows.
    fn step(&mut self) -> Result<Step, Error> {
        let at = self.at;
        let byte = self.u8()?;
        let tag = Tag::of(byte & !FLAG_REF)
            .filter(|tag| tag.is_known_to(self.minor))
            .ok_or_else(|| Error::at(ErrorKind::UnknownType(byte), at))?;
        let flagged = byte & FLAG_REF != 0;
        if self.open.len() >= MAX_DEPTH {
            return Err(Error::at(ErrorKind::TooDeep, at));
        }
        let count = match tag.form() {
            Form::Reference => return self.reference(flagged, at),
            Form::Singleton if tag == Tag::Null => return self.null(flagged, at),
            Form::Singleton => return Ok(self.singleton(tag, flagged, at)),
            Form::Fixed(len) => {
                self.skip(usize::from(len))?;
                return Ok(self.leaf(tag, flagged, at, len.into()));
            }
            Form::Short => {
                let len = self.u8()?.into();
                self.text(tag, len, at)?;
                return Ok(self.leaf(tag, flagged, at, len));
            }
            Form::Long => {
                let len = self.length(at)?;
                self.text(tag, len, at)?;
                return Ok(self.leaf(tag, flagged, at, len));
            }
            Form::Digits => {
                let len = self.digits(at)?;
                return Ok(self.leaf(tag, flagged, at, len));
            }
            Form::Numerals(parts) => {
                let start = self.at;
                for _ in 0..parts {
                    let len = self.u8()?;
                    self.skip(len.into())?;
                }
                return Ok(self.leaf(tag, flagged, at, self.at - start));
            }
            Form::Objects(count) => count.into(),
            Form::ShortSequence => self.u8()?.into(),
            Form::Sequence => self.length(at)?,
            Form::Pairs => usize::MAX,
            Form::Code => layout::FIELDS - layout::leading_numbers(self.minor) - 1,
        };
        // Every object takes a byte at least, so a count beyond the rest of the stream is refused at once.
        if tag.form() != Form::Pairs && count > self.stream.len() - self.at {
            return Err(Error::at(ErrorKind::Truncated, at));
        }
        self.open(tag, flagged, at, count)
    }

    fn open(&mut self, tag: Tag, flagged: bool, at: usize, count: usize) -> Result<Step, Error> {
        let id = self.push(tag, flagged, at, 0, 0);
        let slot = if flagged { Some(self.slots.len() as u32 - 1) } else { None };
        let left = u32::try_from(count).unwrap_or(u32::MAX);
        self.open.push(Open { id, left, base: self.pending.len() as u32, slot, height: 0 });
        if tag == Tag::Code {
            for _ in 0..layout::leading_numbers(self.minor) {
                let number = self.u32()?;
                self.pending.push(number);
            }
        }
        if count == 0 {
            let (id, height) = self.close();
            return Ok(Step::Done(id, height));
        }
        Ok(Step::Opened)
    }

    /// Completes the innermost container.
    fn close(&mut self) -> (Id, u16) {
        let Some(Open { id, base, slot, height, .. }) = self.open.pop() else {
            unreachable!("only an open container is closed")
        };
        let node = &mut self.nodes[id as usize];
        node.start = self.edges.len() as u32;
        node.len = self.pending.len() as u32 - base;
        self.edges.extend_from_slice(&self.pending[base as usize..]);
        self.pending.truncate(base as usize);
        self.containers.push(id);
        let height = height + 1;
        if let Some(slot) = slot {
            let slot = &mut self.slots[slot as usize];
            slot.height = height;
            slot.complete = true;
        }
        (id, height)
    }

    /// Reads the first line, which stands between a code object's children.
    fn number_in_code(&mut self) -> Result<(), Error> {
        let base = self.open.last().map_or(0, |open| open.base as usize);
        if self.pending.len() - base == layout::first_line(self.minor) {
            let number = self.u32()?;
            self.pending.push(number);
        }
        Ok(())
    }

    /// `NULL` ends the dict it stands in, before a key.
    fn null(&mut self, flagged: bool, at: usize) -> Result<Step, Error> {
        let ends_dict = self.open.last().is_some_and(|open| {
            self.nodes[open.id as usize].tag.form() == Form::Pairs
                && (self.pending.len() - open.base as usize) % 2 == 0
        });
        if ends_dict && !flagged {
            Ok(Step::DictEnd)
        } else {
            Err(Error::at(ErrorKind::UnexpectedNull, at))
        }
    }

    #[inline]
    fn reference(&mut self, flagged: bool, at: usize) -> Result<Step, Error> {
        let index = self.u32()?;
        let bad = || Error::at(ErrorKind::BadReference(index), at);
        let slot = self.slots.get(index as usize).filter(|_| !flagged).ok_or_else(bad)?;
        if !slot.complete {
            if !self.nodes[slot.id as usize].tag.may_hold_itself() {
                return Err(bad());
            }
            self.recursion.get_or_insert(at);
        }
        if self.open.len() + usize::from(slot.height) > MAX_DEPTH {
            return Err(Error::at(ErrorKind::TooDeep, at));
        }
        self.nodes[slot.id as usize].referred = true;
        Ok(Step::Done(slot.id, slot.height))
    }

    /// Records a constant without content. All that are written alike share a node: nothing can tell them apart.
    #[inline]
    fn singleton(&mut self, tag: Tag, flagged: bool, at: usize) -> Step {
        let known = &mut self.singletons[usize::from(tag.byte())];
        if flagged {
            return self.leaf(tag, flagged, at, 0);
        }
        if *known == Id::MAX {
            *known = self.nodes.len() as Id;
            return self.leaf(tag, flagged, at, 0);
        }
        Step::Done(*known, 1)
    }

    /// Records a leaf whose `len` bytes have been passed.
    #[inline]
    fn leaf(&mut self, tag: Tag, flagged: bool, at: usize, len: usize) -> Step {
        let id = self.push(tag, flagged, at, self.at - len, len);
        if let Some(slot) = self.slots.last_mut().filter(|slot| slot.id == id) {
            slot.complete = true;
        }
        Step::Done(id, 1)
    }

    /// Adds a node and, if it is flagged, its slot, which comes before those of its children.
    #[inline]
    fn push(&mut self, tag: Tag, flagged: bool, at: usize, start: usize, len: usize) -> Id {
        let id = self.nodes.len() as Id;
        self.nodes.push(Node {
            tag,
            flagged,
            referred: false,
            at: at as u32,
            start: start as u32,
            len: len as u32,
        });
        if flagged && tag.takes_slot() {
            self.slots.push(Slot { id, height: 1, complete: false });
        }
        id
    }

    #[inline]
    fn text(&mut self, tag: Tag, len: usize, at: usize) -> Result<(), Error> {
        let bytes = self.skip(len)?;
        let good = match tag {
            Tag::Bytes => true,
            Tag::Unicode | Tag::Interned => is_surrogatepass(bytes),
            _ => bytes.is_ascii(),
        };
        if good { Ok(()) } else { Err(Error::at(ErrorKind::BadText, at)) }
    }

    /// Passes the digits of an integer, which must be as CPython writes them.
    fn digits(&mut self, at: usize) -> Result<usize, Error> {
        let count = i32::from_le_bytes(self.u32()?.to_le_bytes()).unsigned_abs() as usize;
        let bytes =
            self.skip(count.checked_mul(2).ok_or_else(|| Error::at(ErrorKind::Truncated, at))?)?;
        let in_range = bytes.chunks_exact(2).all(|digit| digit[1] & 0x80 == 0);
        let normalised = !bytes.ends_with(&[0, 0]);
        if in_range && normalised {
            Ok(bytes.len())
        } else {
            Err(Error::at(ErrorKind::BadInteger, at))
        }
    }

    /// Reads a length or count, which must not be negative.
    #[inline]
    fn length(&mut self, at: usize) -> Result<usize, Error> {
        let length = self.u32()?;
        if length > MAX_LENGTH {
            return Err(Error::at(ErrorKind::Truncated, at));
        }
        Ok(length as usize)
    }

    #[inline]
    fn u8(&mut self) -> Result<u8, Error> {
        let byte = *self.stream.get(self.at).ok_or_else(|| self.truncated())?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    fn u32(&mut self) -> Result<u32, Error> {
        let bytes = self.stream[self.at..].first_chunk().ok_or_else(|| self.truncated())?;
        self.at += 4;
        Ok(u32::from_le_bytes(*bytes))
    }

    #[inline]
    fn skip(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let bytes = self.stream[self.at..].get(..count).ok_or_else(|| self.truncated())?;
        self.at += count;
        Ok(bytes)
    }

    #[cold]
    fn truncated(&self) -> Error {
        Error::at(ErrorKind::Truncated, self.at)
    }
}
