//! A stream that is written in one go, though only its end tells which objects are shared.
//!
//! ```text
//! 5a 01 "x"  72 <object 0>      x, and x again, while it is written
//! da 01 "x"  72 00000000        finished: flagged, in slot 0
//! ```

use std::num::NonZeroU32;

use crate::error::{Error, ErrorKind};
use crate::marshal::cursor::MAX_LENGTH;
use crate::marshal::leaf::{self, Leaf};
use crate::marshal::tag::{FLAG_REF, Tag};

/// An object that has been written and may be referred to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object(NonZeroU32);

/// The bytes so far.
#[derive(Debug, Default)]
pub(super) struct Stream {
    out: Vec<u8>,
    /// What has been written, in the order of the stream.
    objects: Vec<Written>,
    /// Where the numbers of references stand, which are those of objects until the end.
    references: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Written {
    /// Where its type byte is; in the end its slot.
    at: u32,
    /// How many objects deep it nests, itself among them.
    height: u16,
    /// It comes again.
    shared: bool,
    /// A string that stands where CPython interns it on loading, or a tuple of such.
    named: bool,
}

impl Stream {
    /// Empties it, with room for `guess` bytes.
    pub(super) fn reset(&mut self, guess: usize) {
        self.out = Vec::with_capacity(guess);
        self.objects.clear();
        self.references.clear();
    }

    /// Makes references of what stands for them, and flags what they refer to (CF1, rule 6).
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

    /// Refers to an object; tells how high it is.
    #[inline]
    pub(super) fn again(&mut self, object: Object) -> u16 {
        let written = &mut self.objects[object.index()];
        written.shared = true;
        self.references.push(self.out.len() as u32 + 1);
        let [a, b, c, d] = (object.index() as u32).to_le_bytes();
        self.out.extend_from_slice(&[Tag::Reference.byte(), a, b, c, d]);
        written.height
    }

    /// The object that is written next.
    #[inline]
    pub(super) fn next(&mut self) -> Object {
        let (at, object) = (self.out.len() as u32, Object::at(self.objects.len()));
        self.objects.push(Written { at, height: 1, shared: false, named: false });
        object
    }

    /// Writes a string that CPython interns on loading, or not.
    #[inline]
    pub(super) fn str(&mut self, text: &[u8], interned: bool) -> Object {
        let object = self.next();
        self.objects[object.index()].named = interned;
        leaf::write_str(text, interned, 0, &mut self.out);
        object
    }

    /// Writes a `bytes`, which is the object that was told to come next.
    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let [a, b, c, d] = (bytes.len() as u32).to_le_bytes();
        self.out.extend_from_slice(&[Tag::Bytes.byte(), a, b, c, d]);
        self.out.extend_from_slice(bytes);
    }

    /// Writes any other object without children.
    pub(super) fn leaf(&mut self, leaf: Leaf<'_>) -> Object {
        let object = self.next();
        leaf.write(false, 0, &mut self.out);
        object
    }

    /// Writes what nothing ever refers to: a constant without content.
    pub(super) fn singleton(&mut self, byte: u8) {
        self.out.push(byte);
    }

    /// Writes the start of a code object, to which nothing ever refers.
    pub(super) fn code(&mut self, numbers: [u32; 5]) {
        self.out.push(Tag::Code.byte());
        self.out.extend_from_slice(numbers.map(u32::to_le_bytes).as_flattened());
    }

    pub(super) fn number(&mut self, number: i32) {
        self.out.extend_from_slice(&number.to_le_bytes());
    }

    /// The stream itself, to write the start of a container.
    pub(super) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    /// Notes how high a container is whose children are so high.
    pub(super) fn close(&mut self, container: Object, height: u16) -> u16 {
        let height = height + 1;
        self.objects[container.index()].height = height;
        height
    }

    /// Notes that CPython interns a string on loading, or a tuple's strings; tells whether that was known.
    #[inline]
    pub(super) fn name(&mut self, object: Object) -> bool {
        std::mem::replace(&mut self.objects[object.index()].named, true)
    }

    /// [`Stream::name`], for a string, which may have been written otherwise.
    #[inline]
    pub(super) fn name_str(&mut self, text: Object) {
        if !self.name(text) {
            let byte = &mut self.out[self.objects[text.index()].at as usize];
            *byte = leaf::interned(*byte);
        }
    }

    /// The content of a `bytes` that was written, with what follows it.
    #[inline]
    pub(super) fn content(&self, bytes: Object) -> &[u8] {
        &self.out[self.objects[bytes.index()].at as usize + 5..]
    }
}

impl Object {
    fn at(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(index as u32))
    }

    #[inline]
    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}
