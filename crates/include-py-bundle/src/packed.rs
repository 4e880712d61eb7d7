//! A file's content as stored in a bundle: plain or compressed.
//!
//! ```
//! use include_py_bundle::Packed;
//!
//! let source = "print('hello')\n".repeat(100);
//! let packed = Packed::compressed(source.as_bytes());
//! assert!(packed.len() < 100);
//! // Content that compression doesn't make smaller is stored as it is.
//! assert_eq!(Packed::compressed(b"x = 1\n").len(), 6);
//! ```

use std::borrow::Cow;
use std::ops::Range;

use miniz_oxide::{deflate, inflate};

use crate::Segment;
use crate::digest::{self, Digest};
use crate::layout::Field;

/// Compression level. In a build script, which Cargo doesn't optimise, higher levels cost seconds
/// and save 4 %.
const LEVEL: u8 = 3;

/// Size of the length that precedes compressed content.
const PREFIX: usize = u32::SIZE;

/// The content of a file or a code object, ready to be added to a bundle.
#[derive(Clone, Debug)]
pub struct Packed<'a> {
    form: Form,
    /// The stored bytes, if they are in memory. Otherwise `earlier` is set.
    bytes: Option<Cow<'a, [u8]>>,
    /// Their range in the file of an earlier bundle. At least one of the two fields is set.
    earlier: Option<Range<u64>>,
    /// The SHA-256, once it is known.
    digest: Option<Digest>,
}

/// How a file's content is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Plain,
    /// A u32 with the length of the content, then the content compressed with DEFLATE (RFC 1951).
    Deflated,
}

/// A payload of a written bundle: its range in the file, its form, and its SHA-256.
///
/// With payloads from [`Image::payload`](crate::Image::payload), passed to [`Packed::earlier`], the
/// next bundle can be written without reading this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload {
    offset: u64,
    length: u32,
    form: Form,
    digest: Digest,
}

impl<'a> Packed<'a> {
    /// Content that is stored as it is.
    pub fn plain(content: impl Into<Cow<'a, [u8]>>) -> Self {
        Self::stored(Form::Plain, content)
    }

    /// Content that is compressed if that makes it smaller.
    #[must_use]
    pub fn compressed(content: &'a [u8]) -> Self {
        // The content is longer than a file can be; the writer reports this.
        let Ok(length) = u32::try_from(content.len()) else { return Self::plain(content) };
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend(deflate::compress_to_vec(content, LEVEL));
        if bytes.len() < content.len() {
            Self::stored(Form::Deflated, bytes)
        } else {
            Self::plain(content)
        }
    }

    /// A payload of an earlier bundle. Only [`Builder::image`](crate::Builder::image) can write it.
    #[must_use]
    pub fn earlier(payload: Payload) -> Self {
        let Payload { form, digest, .. } = payload;
        Self { form, bytes: None, earlier: Some(payload.range()), digest: Some(digest) }
    }

    /// A payload of an earlier bundle together with its stored bytes.
    #[must_use]
    pub fn loaded(payload: Payload, bytes: Vec<u8>) -> Self {
        Self { bytes: Some(bytes.into()), ..Self::earlier(payload) }
    }

    /// The payload of the earlier bundle, if it was created from one.
    #[must_use]
    pub fn payload(&self) -> Option<Payload> {
        let Range { start, end } = self.earlier.clone()?;
        let length = u32::try_from(end - start).ok()?;
        Some(Payload::new(start, length, self.form, self.digest()))
    }

    /// The same, borrowing the bytes.
    #[must_use]
    pub fn by_ref(&self) -> Packed<'_> {
        let bytes = self.bytes.as_deref().map(Cow::Borrowed);
        Packed { form: self.form, bytes, earlier: self.earlier.clone(), digest: self.digest }
    }

    /// Computes the SHA-256 now. The writer would compute it later on a single thread.
    #[must_use]
    pub fn digested(self) -> Self {
        Self { digest: Some(self.digest()), ..self }
    }

    /// Sets the SHA-256, which must be correct.
    #[must_use]
    pub fn with_digest(self, digest: [u8; 32]) -> Self {
        Self { digest: Some(digest), ..self }
    }

    pub(crate) fn stored(form: Form, bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { form, bytes: Some(bytes.into()), earlier: None, digest: None }
    }

    /// Number of bytes it takes in the bundle.
    #[must_use]
    pub fn len(&self) -> usize {
        match (&self.bytes, &self.earlier) {
            (Some(bytes), _) => bytes.len(),
            // The length was stored in 32 bits.
            (None, Some(range)) => usize::try_from(range.end - range.start).unwrap_or(usize::MAX),
            (None, None) => 0,
        }
    }

    /// Whether the stored content is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The SHA-256 of the stored bytes.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest.unwrap_or_else(|| digest::of(self.bytes().unwrap_or_default()))
    }

    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// The stored bytes, if they are in memory.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// The segment to write.
    pub(crate) fn segment(&self) -> Segment<'_> {
        match &self.earlier {
            Some(range) => Segment::Earlier(range.clone()),
            None => Segment::Bytes(self.bytes().unwrap_or_default()),
        }
    }
}

impl<'a> From<Cow<'a, [u8]>> for Packed<'a> {
    fn from(content: Cow<'a, [u8]>) -> Self {
        Self::plain(content)
    }
}

impl<'a> From<&'a [u8]> for Packed<'a> {
    fn from(content: &'a [u8]) -> Self {
        Self::plain(content)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Packed<'a> {
    fn from(content: &'a [u8; N]) -> Self {
        Self::plain(&content[..])
    }
}

impl From<Vec<u8>> for Packed<'_> {
    fn from(content: Vec<u8>) -> Self {
        Self::plain(content)
    }
}

impl Payload {
    /// Length of the result of [`to_bytes`](Self::to_bytes).
    pub const SIZE: usize = u64::SIZE + u32::SIZE + 1 + size_of::<Digest>();

    pub(crate) fn new(offset: u64, length: u32, form: Form, digest: Digest) -> Self {
        Self { offset, length, form, digest }
    }

    /// The range in the bundle's file.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        self.offset..self.offset.saturating_add(self.length.into())
    }

    /// The SHA-256 of the stored bytes.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Whether it is stored compressed.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        self.form == Form::Deflated
    }

    /// Encodes the payload, so that it can be kept in a file beside the bundle.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[..8].copy_from_slice(&self.offset.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.length.to_le_bytes());
        bytes[12] = match self.form {
            Form::Plain => 0,
            Form::Deflated => 1,
        };
        bytes[13..].copy_from_slice(&self.digest);
        bytes
    }

    /// Decodes the result of [`to_bytes`](Self::to_bytes); `None` if the bytes are invalid.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::SIZE]) -> Option<Self> {
        let input = &mut &bytes[..];
        let (offset, length, form) = (u64::read(input)?, u32::read(input)?, u8::read(input)?);
        let form = match form {
            0 => Form::Plain,
            1 => Form::Deflated,
            _ => return None,
        };
        Some(Self::new(offset, length, form, Digest::read(input)?))
    }

    /// The content of this payload, given its stored bytes; `None` if the bytes are invalid.
    ///
    /// ```
    /// # use include_py_bundle::{Builder, Packed, Target};
    /// let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
    /// builder.file("a.txt", &b"content"[..]);
    /// let image = builder.image()?;
    /// let payload = image.payload(&Packed::plain(&b"content"[..])).expect("it was added");
    /// assert_eq!(payload.content(b"content").as_deref(), Some(&b"content"[..]));
    /// # Ok::<(), include_py_bundle::Error>(())
    /// ```
    #[must_use]
    pub fn content<'a>(&self, stored: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        self.form.unpack(stored)
    }
}

impl Form {
    /// The length of the content; `None` if it can't be read.
    pub(crate) fn size(self, mut stored: &[u8]) -> Option<usize> {
        match self {
            Self::Plain => Some(stored.len()),
            Self::Deflated => usize::try_from(u32::read(&mut stored)?).ok(),
        }
    }

    /// The content; `None` if it is invalid or doesn't have the stated length.
    pub(crate) fn unpack(self, stored: &[u8]) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Plain => Some(Cow::Borrowed(stored)),
            Self::Deflated => {
                let size = self.size(stored)?;
                // The buffer grows with the output, so that a wrong length can't exhaust memory.
                let content =
                    inflate::decompress_to_vec_with_limit(stored.get(PREFIX..)?, size).ok()?;
                (content.len() == size).then_some(Cow::Owned(content))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_content_is_decompressed() {
        let content = b"def f():\n    return 1\n".repeat(50);
        let packed = Packed::compressed(&content);
        assert_eq!(packed.form(), Form::Deflated);
        let bytes = packed.bytes().unwrap();
        assert_eq!(packed.form().size(bytes), Some(content.len()));
        assert_eq!(packed.form().unpack(bytes).unwrap(), content);
        assert!(Packed::compressed(b"").is_empty());
    }

    #[test]
    fn damaged_content_is_rejected() {
        let content = b"def f():\n    return 1\n".repeat(50);
        let packed = Packed::compressed(&content);
        let unpack = |bytes: &[u8]| Form::Deflated.unpack(bytes).map(Cow::into_owned);
        for end in 0..packed.len() {
            assert_eq!(unpack(&packed.bytes().unwrap()[..end]), None);
        }
        for length in [0, 1, u32::MAX] {
            let mut wrong = packed.bytes().unwrap().to_vec();
            wrong[..PREFIX].copy_from_slice(&length.to_le_bytes());
            assert_eq!(unpack(&wrong), None);
        }
    }

    #[test]
    fn a_payload_survives_its_bytes() {
        for form in [Form::Plain, Form::Deflated] {
            let payload = Payload::new(1 << 40, 7, form, [9; 32]);
            assert_eq!(Payload::from_bytes(&payload.to_bytes()), Some(payload));
        }
        assert_eq!(Payload::from_bytes(&[9; Payload::SIZE]), None);
    }
}
