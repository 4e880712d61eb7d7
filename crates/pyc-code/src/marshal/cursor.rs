//! A position in a stream, and the reading steps that all readers share.
//!
//! At `7a 02 68 69`, `head` returns `ShortAscii` without a flag; `payload` then skips the length
//! `02` and returns `hi`.

use super::tag::{FLAG_REF, Form, Tag};
use crate::error::{Error, ErrorKind};
use crate::int::Sign;
use crate::text::is_surrogatepass;
use crate::version::Minor;

/// Maximum length or count: they are non-negative `i32`s.
pub(super) const MAX_LENGTH: u32 = i32::MAX as u32;

/// Encoded length of a reference: type byte and index.
pub(super) const REFERENCE_LEN: usize = 5;

/// The rest of a stream, and its offset.
pub(super) struct Cursor<'d> {
    rest: &'d [u8],
    end: usize,
}

/// A type byte.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) tag: Tag,
    pub(super) flagged: bool,
    /// Offset of the type byte.
    pub(super) at: usize,
}

/// The bytes of a string or `bytes`.
#[derive(Clone, Copy)]
pub(super) struct Content<'d> {
    pub(super) bytes: &'d [u8],
    /// Whether the type byte has `FLAG_REF`.
    pub(super) flagged: bool,
}

impl<'d> Cursor<'d> {
    /// A cursor at the start of `stream`, whose length must fit 32-bit offsets.
    pub(super) fn new(stream: &'d [u8]) -> Result<Self, Error> {
        if i32::try_from(stream.len()).is_err() {
            return Err(Error::new(ErrorKind::TooLarge));
        }
        Ok(Self { rest: stream, end: stream.len() })
    }

    /// Number of bytes read so far.
    #[inline(always)]
    pub(super) fn at(&self) -> usize {
        self.end - self.rest.len()
    }

    /// Number of bytes left.
    #[inline(always)]
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Reads a type byte, which must exist in `minor`.
    #[inline]
    pub(super) fn head(&mut self, minor: Minor) -> Result<Head, Error> {
        let at = self.at();
        let byte = self.u8()?;
        match Tag::of(byte & !FLAG_REF) {
            Some(tag) if tag.is_known_to(minor) => {
                Ok(Head { tag, flagged: byte & FLAG_REF != 0, at })
            }
            _ => Err(Error::at(ErrorKind::UnknownType(byte), at)),
        }
    }

    /// Reads the rest of a leaf after its type byte; returns its content without the length.
    #[inline]
    pub(super) fn payload(&mut self, head: Head) -> Result<&'d [u8], Error> {
        let Head { tag, at, .. } = head;
        match tag.form() {
            Form::Short => {
                let len = self.u8()?;
                self.ascii(len.into(), at)
            }
            Form::Fixed(len) => self.take(len.into()),
            Form::Long => {
                let len = self.length(at)?;
                match tag {
                    Tag::Bytes => self.take(len),
                    Tag::Unicode | Tag::Interned => {
                        let text = self.take(len)?;
                        if is_surrogatepass(text) { Ok(text) } else { Err(bad_text(at)) }
                    }
                    _ => self.ascii(len, at),
                }
            }
            Form::Digits => self.digits(at),
            Form::Numerals(parts) => {
                let start = self.rest;
                for _ in 0..parts {
                    let len = self.u8()?;
                    self.take(len.into())?;
                }
                Ok(&start[..start.len() - self.rest.len()])
            }
            // Callers read valid references with `reference` before they come here.
            Form::Reference => Err(Error::at(ErrorKind::BadReference(self.u32()?), at)),
            _ => Ok(&[]),
        }
    }

    /// Reads the number of children of a container after its type byte; `None` for a dict, which
    /// ends at `NULL`.
    ///
    /// Every object takes at least one byte. So a count that exceeds the rest of the stream is
    /// rejected before anything is allocated for it.
    #[inline]
    pub(super) fn count(&mut self, head: Head) -> Result<Option<u32>, Error> {
        let count = match head.tag.form() {
            Form::ShortSequence => self.u8()?.into(),
            Form::Sequence => self.length(head.at)?,
            Form::Objects(count) => count.into(),
            _ => return Ok(None),
        };
        if count > self.left() {
            return Err(Error::at(ErrorKind::Truncated, head.at));
        }
        Ok(Some(count as u32))
    }

    /// Reads a reference, if one comes next.
    #[inline]
    pub(super) fn reference(&mut self) -> Option<u32> {
        const BYTE: u8 = Tag::Reference.byte();
        let [BYTE, a, b, c, d, rest @ ..] = self.rest else { return None };
        self.rest = rest;
        Some(u32::from_le_bytes([*a, *b, *c, *d]))
    }

    /// Reads a short ASCII string and its flag, if a valid one comes next.
    #[inline]
    pub(super) fn short_ascii(&mut self) -> Option<Content<'d>> {
        let (&[byte, len], rest) = self.rest.split_first_chunk()?;
        let tag = byte & !FLAG_REF;
        if tag != Tag::ShortAscii.byte() && tag != Tag::ShortAsciiInterned.byte() {
            return None;
        }
        let (text, rest) = rest.split_at_checked(len.into())?;
        if !text.is_ascii() {
            return None;
        }
        self.rest = rest;
        Some(Content { bytes: text, flagged: byte & FLAG_REF != 0 })
    }

    /// Reads a `bytes` and its flag, if one comes next.
    #[inline]
    pub(super) fn bytes(&mut self) -> Option<Content<'d>> {
        let (&[byte, a, b, c, d], rest) = self.rest.split_first_chunk()?;
        let len = u32::from_le_bytes([a, b, c, d]);
        if byte & !FLAG_REF != Tag::Bytes.byte() || len > MAX_LENGTH {
            return None;
        }
        let (bytes, rest) = rest.split_at_checked(len as usize)?;
        self.rest = rest;
        Some(Content { bytes, flagged: byte & FLAG_REF != 0 })
    }

    /// The sign of the next `i32`, which stays unread.
    pub(super) fn peek_sign(&self) -> Sign {
        match self.rest.get(3) {
            Some(0x80..) => Sign::Negative,
            _ => Sign::Positive,
        }
    }

    #[inline]
    pub(super) fn u32(&mut self) -> Result<u32, Error> {
        let Some((bytes, rest)) = self.rest.split_first_chunk() else {
            return Err(self.truncated());
        };
        self.rest = rest;
        Ok(u32::from_le_bytes(*bytes))
    }

    #[inline(always)]
    fn u8(&mut self) -> Result<u8, Error> {
        let Some((&byte, rest)) = self.rest.split_first() else { return Err(self.truncated()) };
        self.rest = rest;
        Ok(byte)
    }

    #[inline]
    fn take(&mut self, count: usize) -> Result<&'d [u8], Error> {
        let Some((bytes, rest)) = self.rest.split_at_checked(count) else {
            return Err(self.truncated());
        };
        self.rest = rest;
        Ok(bytes)
    }

    #[inline(always)]
    fn ascii(&mut self, len: usize, at: usize) -> Result<&'d [u8], Error> {
        let text = self.take(len)?;
        if text.is_ascii() { Ok(text) } else { Err(bad_text(at)) }
    }

    /// Reads the digits of an integer, which must be normalised as CPython writes them.
    fn digits(&mut self, at: usize) -> Result<&'d [u8], Error> {
        let count = i32::from_le_bytes(self.u32()?.to_le_bytes()).unsigned_abs() as usize;
        let bytes =
            self.take(count.checked_mul(2).ok_or_else(|| Error::at(ErrorKind::Truncated, at))?)?;
        let in_range = bytes.chunks_exact(2).all(|digit| digit[1] & 0x80 == 0);
        let normalised = !bytes.ends_with(&[0, 0]);
        if in_range && normalised { Ok(bytes) } else { Err(Error::at(ErrorKind::BadInteger, at)) }
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

    #[cold]
    fn truncated(&self) -> Error {
        Error::at(ErrorKind::Truncated, self.at())
    }
}

#[cold]
fn bad_text(at: usize) -> Error {
    Error::at(ErrorKind::BadText, at)
}
