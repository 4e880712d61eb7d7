//! Reads the code object in a stream and passes its parts to a builder.
//!
//! `63 … 29 01 4e …` is a code object whose constants are `(None,)`: `leaf`, `sequence`, …, `code`.
//!
//! This reader accepts what `read.rs` accepts, except for values that no code object can contain.
//! It keeps open containers in `open` instead of recursing, so nesting can't overflow the call
//! stack.

mod fields;
mod slots;

use super::MAX_DEPTH;
use super::build::Build;
use super::cursor::{Content, Cursor, Head, REFERENCE_LEN};
use super::leaf::Leaf;
use super::tag::Tag;
use crate::error::{Error, ErrorKind};
use crate::version::{Layout, Minor};
use fields::Start;
use slots::{Slot, Slots};

/// Reads the code object at the start of `stream` and returns where it ends.
pub(super) fn code<'d, B: Build<'d>>(
    stream: &'d [u8],
    minor: Minor,
    build: &mut B,
) -> Result<(B::Constant, usize), Error> {
    let mut parser = Parser {
        cursor: Cursor::new(stream)?,
        minor,
        layout: minor.layout(),
        slots: Slots::new(stream.len() / 32),
        build,
        open: Vec::with_capacity(16),
        constants: Vec::with_capacity(64),
        strings: Vec::with_capacity(64),
    };
    let code = parser.run()?;
    Ok((code, parser.cursor.at()))
}

struct Parser<'d, 'b, B: Build<'d>> {
    cursor: Cursor<'d>,
    minor: Minor,
    layout: Layout,
    build: &'b mut B,
    slots: Slots<'d, B>,
    /// The containers being read, outermost first.
    open: Vec<Open<B::Bytes>>,
    /// The children read so far of all open containers. They are allocated as they are read, never
    /// by the count that the stream claims.
    constants: Vec<B::Constant>,
    /// The items of the field tuple being read.
    strings: Vec<B::Str>,
}

/// A container being read.
enum Open<Bytes> {
    Sequence(Sequence),
    /// A code object, read up to its constants.
    Code(Start<Bytes>),
}

#[derive(Clone, Copy)]
struct Sequence {
    head: Head,
    slot: Slot,
    /// Number of children still to be read.
    left: u32,
    /// Index in `constants` of the first child.
    base: usize,
    /// Maximum height of the children read so far; 0 if there are none.
    height: u16,
}

/// A complete value.
struct Done<Value> {
    value: Value,
    /// Levels of nesting, including the value itself; 1 for a leaf.
    height: u16,
}

impl<'d, B: Build<'d>> Parser<'d, '_, B> {
    fn run(&mut self) -> Result<B::Constant, Error> {
        let head = self.cursor.head(self.minor)?;
        if head.tag != Tag::Code {
            return Err(Error::at(ErrorKind::NotCode, head.at));
        }
        let mut done = self.start_code(head)?;
        loop {
            let Some(Done { value, height }) = done else {
                done = self.items()?;
                continue;
            };
            match self.open.last_mut() {
                None => return Ok(value),
                Some(Open::Sequence(sequence)) => {
                    self.constants.push(value);
                    sequence.height = sequence.height.max(height);
                    done = self.items()?;
                }
                Some(Open::Code(_)) => {
                    let Some(Open::Code(start)) = self.open.pop() else { return Ok(value) };
                    done = Some(self.finish_code(start, Done { value, height })?);
                }
            }
        }
    }

    /// Reads the rest of the innermost sequence. Returns `None` when it has opened a nested
    /// container.
    fn items(&mut self) -> Result<Option<Done<B::Constant>>, Error> {
        let depth = self.open.len();
        let Some(Open::Sequence(sequence)) = self.open.last() else { return Ok(None) };
        let Sequence { head, slot, mut left, base, mut height } = *sequence;
        while left != 0 {
            left -= 1;
            if let Some(index) = self.cursor.reference() {
                let known = self.constant_of(index)?;
                self.check_height(depth, known.height)?;
                height = height.max(known.height);
                self.constants.push(known.value);
                continue;
            }
            if let Some(text) = self.cursor.short_ascii() {
                let text = self.string_constant(text);
                self.constants.push(text);
                continue;
            }
            let head = self.cursor.head(self.minor)?;
            if !head.tag.is_container() {
                let leaf = self.leaf(head)?;
                self.constants.push(leaf);
                continue;
            }
            if let Some(Open::Sequence(sequence)) = self.open.last_mut() {
                (sequence.left, sequence.height) = (left, height);
            }
            return match head.tag {
                Tag::Code => self.start_code(head),
                Tag::SmallTuple | Tag::Tuple | Tag::FrozenSet | Tag::Slice => {
                    self.start_sequence(head)?;
                    Ok(None)
                }
                tag => Err(Error::at(ErrorKind::NotConstant(tag.python_type()), head.at)),
            };
        }
        self.open.pop();
        let sequence = self.build.sequence(head.tag, self.constants.drain(base..));
        let value = sequence.map_err(|kind| Error::at(kind, head.at))?;
        let height = height + 1;
        self.slots.fill_constant(slot, &value, height);
        Ok(Some(Done { value, height }))
    }

    /// Starts reading a sequence.
    fn start_sequence(&mut self, head: Head) -> Result<(), Error> {
        let left = self.cursor.count(head)?.unwrap_or(0);
        let height = u16::from(left != 0);
        self.check_height(self.open.len(), 1 + height)?;
        let slot = self.slots.reserve(head);
        let base = self.constants.len();
        self.open.push(Open::Sequence(Sequence { head, slot, left, base, height }));
        Ok(())
    }

    /// The constant that a reference leads to.
    #[inline(always)]
    fn constant_of(&mut self, index: u32) -> Result<Done<B::Constant>, Error> {
        self.slots.constant(index, self.cursor.at() - REFERENCE_LEN, self.build)
    }

    #[inline]
    fn string_constant(&mut self, text: Content<'d>) -> B::Constant {
        let Content { bytes, flagged } = text;
        let text = self.build.str(bytes);
        if flagged {
            self.slots.add_str(text);
        }
        self.build.str_constant(text)
    }

    /// Checks that a value of this height in `open` containers doesn't exceed the maximum depth.
    #[inline]
    fn check_height(&self, open: usize, height: u16) -> Result<(), Error> {
        if open + usize::from(height) > MAX_DEPTH {
            return Err(Error::at(ErrorKind::TooDeep, self.cursor.at()));
        }
        Ok(())
    }

    /// Reads a constant without children.
    fn leaf(&mut self, head: Head) -> Result<B::Constant, Error> {
        let leaf = match head.tag {
            tag if tag.is_str() => {
                let bytes = self.cursor.payload(head)?;
                return Ok(self.string_constant(Content { bytes, flagged: head.flagged }));
            }
            Tag::Bytes => {
                let bytes = self.build.bytes(self.cursor.payload(head)?);
                if head.flagged {
                    self.slots.add_bytes(bytes);
                }
                return Ok(self.build.bytes_constant(bytes));
            }
            Tag::None | Tag::True | Tag::False | Tag::Ellipsis => {
                return Ok(self.build.leaf(Leaf::Singleton(head.tag.byte())));
            }
            Tag::BigInt => {
                let sign = self.cursor.peek_sign();
                Leaf::big_int(sign, self.cursor.payload(head)?)
            }
            tag => match Leaf::of_bytes(tag, self.cursor.payload(head)?) {
                Ok(leaf) => leaf,
                Err(kind) => return Err(Error::at(kind, head.at)),
            },
        };
        let value = self.build.leaf(leaf);
        let slot = self.slots.reserve(head);
        self.slots.fill_constant(slot, &value, 1);
        Ok(value)
    }
}
