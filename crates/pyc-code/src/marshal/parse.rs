//! Reads the code object in a stream and hands its parts to a builder.
//!
//! `63 … 29 01 4e …` is a code object whose constants are `(None,)`: `leaf`, `sequence`, …, `code`.
//!
//! What is read here is what `read.rs` reads too, less what no code object can hold. Nesting lives in `open`, not on
//! the call stack.

mod fields;
mod slots;

use super::MAX_DEPTH;
use super::build::Build;
use super::cursor::{Cursor, Head, REFERENCE_LEN};
use super::leaf::Leaf;
use super::tag::Tag;
use crate::error::{Error, ErrorKind};
use crate::version::{Layout, Minor};
use fields::Start;
use slots::{Slot, Slots};

/// Reads the code object at the start of `stream` and tells where it ends.
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
    /// Containers that are not complete, outermost first.
    open: Vec<Open<B::Bytes>>,
    /// The children of all open containers, as far as they are complete. Nothing is allocated for children that a
    /// count merely claims.
    constants: Vec<B::Constant>,
    /// The items of a tuple in a field.
    strings: Vec<B::Str>,
}

/// A container that is not complete.
enum Open<Bytes> {
    Sequence(Sequence),
    /// A code object up to its constants, which are open next, or complete.
    Code(Start<Bytes>),
}

#[derive(Clone, Copy)]
struct Sequence {
    head: Head,
    slot: Slot,
    /// Children that are still to come.
    left: u32,
    /// Where the complete ones start in `constants`.
    base: usize,
    /// The highest of its children so far; 0 if it has none.
    height: u16,
}

/// A complete object.
struct Done<Value> {
    value: Value,
    /// How many containers deep it is, itself among them; 1 for a leaf.
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

    /// Reads what is left of the innermost sequence: to its end, or to a container in it, which is open then.
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
            if let Some((text, flagged)) = self.cursor.short_ascii() {
                let text = self.string_constant(text, flagged);
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

    /// Opens a sequence.
    fn start_sequence(&mut self, head: Head) -> Result<(), Error> {
        let left = self.cursor.count(head)?.unwrap_or(0);
        let height = u16::from(left != 0);
        self.check_height(self.open.len(), 1 + height)?;
        let slot = self.slots.reserve(head);
        let base = self.constants.len();
        self.open.push(Open::Sequence(Sequence { head, slot, left, base, height }));
        Ok(())
    }

    /// What the reference that was read leads to.
    #[inline]
    fn constant_of(&mut self, index: u32) -> Result<Done<B::Constant>, Error> {
        self.slots.constant(index, self.cursor.at() - REFERENCE_LEN, self.build)
    }

    #[inline]
    fn string_constant(&mut self, text: &'d [u8], flagged: bool) -> B::Constant {
        let text = self.build.str(text);
        if flagged {
            self.slots.add_str(text);
        }
        self.build.str_constant(text)
    }

    /// Refuses the object just read if in `open` containers it nests deeper than the limit.
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
                let text = self.cursor.payload(head)?;
                return Ok(self.string_constant(text, head.flagged));
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
                let negative = self.cursor.peeks_negative();
                Leaf::big_int(negative, self.cursor.payload(head)?)
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
