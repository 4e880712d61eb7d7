//! A stream that is written in one pass, before it is known which objects are shared.
//!
//! ```text
//! 5a 01 "x"  72 <object 0>      while writing: the string x, then a reference to it
//! da 01 "x"  72 00000000        finished: the string is flagged and has slot 0
//! ```

use std::num::NonZeroU32;

use crate::error::{Error, ErrorKind};
use crate::marshal::cursor::MAX_LENGTH;
use crate::marshal::leaf::{self, Interned, Leaf};
use crate::marshal::tag::{FLAG_REF, Tag};

/// An object in the stream that can be referred to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object(NonZeroU32);

/// The stream written so far.
#[derive(Debug, Default)]
pub(super) struct Stream {
    out: Vec<u8>,
    /// The objects written so far, in stream order.
    objects: Vec<Written>,
    /// Positions of the references. Each holds an object's index, which `finish` replaces by a
    /// slot.
    references: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Written {
    /// Position of the type byte; `finish` replaces it by the slot.
    at: u32,
    /// Levels of nesting, including the object itself.
    height: u16,
    /// Whether there is a reference to it.
    shared: bool,
    /// Whether CPython interns this string on loading, or the strings of this tuple.
    interned: bool,
}

impl Stream {
    /// Clears the stream and reserves `guess` bytes.
    pub(super) fn reset(&mut self, guess: usize) {
        self.out = Vec::with_capacity(guess);
        self.objects.clear();
        self.references.clear();
    }

    /// Flags all shared objects and puts their slots into the references (CF1, rule 6).
    pub(super) fn finish(&mut self) -> Result<Vec<u8>, Error> {
        let Self { out, objects, references } = self;
        if out.len() > MAX_LENGTH as usize {
            return Err(Error::new(ErrorKind::TooLarge));
        }
        for (slot, object) in objects.iter_mut().filter(|object| object.shared).enumerate() {
            out[object.at as usize] |= FLAG_REF;
            object.at = slot as u32;
        }
        for &at in &*references {
            if let Some(number) = out.get_mut(at as usize..).and_then(<[u8]>::first_chunk_mut) {
                *number = objects[u32::from_le_bytes(*number) as usize].at.to_le_bytes();
            }
        }
        Ok(std::mem::take(out))
    }

    /// Writes a reference to an object and returns the object's height.
    #[inline]
    pub(super) fn again(&mut self, object: Object) -> u16 {
        let written = &mut self.objects[object.index()];
        written.shared = true;
        self.references.push(self.out.len() as u32 + 1);
        let [a, b, c, d] = (object.index() as u32).to_le_bytes();
        self.out.extend_from_slice(&[Tag::Reference.byte(), a, b, c, d]);
        written.height
    }

    /// The object that will be written next.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Object {
        let (at, object) = (self.out.len() as u32, Object::at(self.objects.len()));
        self.objects.push(Written { at, height: 1, shared: false, interned: false });
        object
    }

    /// Writes a string.
    #[inline]
    pub(super) fn str(&mut self, text: &[u8], interned: Interned) -> Object {
        let object = self.next();
        self.objects[object.index()].interned = interned == Interned::Yes;
        leaf::write_str(text, interned, 0, &mut self.out);
        object
    }

    /// Writes a `bytes`; `next` has returned its object.
    #[inline(always)]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let [a, b, c, d] = (bytes.len() as u32).to_le_bytes();
        self.out.extend_from_slice(&[Tag::Bytes.byte(), a, b, c, d]);
        self.out.extend_from_slice(bytes);
    }

    /// Writes any other object without children.
    pub(super) fn leaf(&mut self, leaf: Leaf<'_>) -> Object {
        let object = self.next();
        leaf.write(0, &mut self.out);
        object
    }

    /// Writes a constant without content, which is never referred to.
    pub(super) fn singleton(&mut self, byte: u8) {
        self.out.push(byte);
    }

    /// Writes the start of a code object, which is never referred to.
    pub(super) fn code(&mut self, numbers: [u32; 5]) {
        self.out.push(Tag::Code.byte());
        self.out.extend_from_slice(numbers.map(u32::to_le_bytes).as_flattened());
    }

    pub(super) fn number(&mut self, number: i32) {
        self.out.extend_from_slice(&number.to_le_bytes());
    }

    /// The raw output, for writing the start of a container.
    pub(super) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    /// Records the height of a container from the maximum height of its children, and returns it.
    pub(super) fn close(&mut self, container: Object, height: u16) -> u16 {
        let height = height + 1;
        self.objects[container.index()].height = height;
        height
    }

    /// Marks a string, or the strings of a tuple, as interned. Returns whether it was marked
    /// before.
    #[inline(always)]
    pub(super) fn mark_interned(&mut self, object: Object) -> bool {
        std::mem::replace(&mut self.objects[object.index()].interned, true)
    }

    /// [`Stream::mark_interned`] for a string; changes the type byte if it was written as not
    /// interned.
    #[inline]
    pub(super) fn mark_str_interned(&mut self, text: Object) {
        if !self.mark_interned(text) {
            let byte = &mut self.out[self.objects[text.index()].at as usize];
            *byte = leaf::interned(*byte);
        }
    }

    /// The content of a `bytes` in the stream, followed by the rest of the stream.
    #[inline(always)]
    pub(super) fn content(&self, bytes: Object) -> &[u8] {
        &self.out[self.objects[bytes.index()].at as usize + 5..]
    }
}

impl Object {
    fn at(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(index as u32))
    }

    #[inline(always)]
    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}
