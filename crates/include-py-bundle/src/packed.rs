//! The content of a file as a bundle holds it: as it is, or compressed.
//!
//! ```
//! use include_py_bundle::Packed;
//!
//! let source = "print('hello')\n".repeat(100);
//! let packed = Packed::compressed(source.as_bytes());
//! assert!(packed.len() < 100);
//! // What wouldn't get smaller stays as it is.
//! assert_eq!(Packed::compressed(b"x = 1\n").len(), 6);
//! ```

use std::borrow::Cow;

use miniz_oxide::{deflate, inflate};

use crate::layout::Field;

/// In a build script, which Cargo doesn't optimise, a higher level costs seconds and gains 4 %.
const LEVEL: u8 = 3;

/// The size of the length that stands in front of what is compressed.
const PREFIX: usize = u32::SIZE;

/// The content of a file, ready to be added to a bundle.
#[derive(Clone, Debug)]
pub struct Packed<'a> {
    form: Form,
    bytes: Cow<'a, [u8]>,
}

/// How a file's content is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Plain,
    /// A u32 that says how long the content is, and the content by DEFLATE (RFC 1951).
    Deflated,
}

impl<'a> Packed<'a> {
    /// The content as it is.
    pub fn plain(content: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { form: Form::Plain, bytes: content.into() }
    }

    /// The content compressed, if that makes it smaller.
    #[must_use]
    pub fn compressed(content: &'a [u8]) -> Self {
        // Longer than a file can be: the writer reports that.
        let Ok(length) = u32::try_from(content.len()) else { return Self::plain(content) };
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend(deflate::compress_to_vec(content, LEVEL));
        if bytes.len() < content.len() {
            Self { form: Form::Deflated, bytes: bytes.into() }
        } else {
            Self::plain(content)
        }
    }

    pub(crate) fn stored(form: Form, bytes: &'a [u8]) -> Self {
        Self { form, bytes: bytes.into() }
    }

    /// How many bytes it takes in the bundle.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether it is the content of an empty file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn form(&self) -> Form {
        self.form
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Form {
    /// The length of the content, `None` if that can't be read.
    pub(crate) fn size(self, mut stored: &[u8]) -> Option<usize> {
        match self {
            Self::Plain => Some(stored.len()),
            Self::Deflated => usize::try_from(u32::read(&mut stored)?).ok(),
        }
    }

    /// The content, `None` if it can't be read or has another length than it says.
    pub(crate) fn unpack(self, stored: &[u8]) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Plain => Some(Cow::Borrowed(stored)),
            Self::Deflated => {
                let size = self.size(stored)?;
                // Grows with what comes out: a wrong length doesn't take memory.
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
    fn what_is_compressed_comes_back() {
        let content = b"def f():\n    return 1\n".repeat(50);
        let packed = Packed::compressed(&content);
        assert_eq!(packed.form(), Form::Deflated);
        assert_eq!(packed.form().size(packed.bytes()), Some(content.len()));
        assert_eq!(packed.form().unpack(packed.bytes()).unwrap(), content);
        assert!(Packed::compressed(b"").is_empty());
    }

    #[test]
    fn damage_gives_nothing() {
        let content = b"def f():\n    return 1\n".repeat(50);
        let packed = Packed::compressed(&content);
        let unpack = |bytes: &[u8]| Form::Deflated.unpack(bytes).map(Cow::into_owned);
        for end in 0..packed.len() {
            assert_eq!(unpack(&packed.bytes()[..end]), None);
        }
        for length in [0, 1, u32::MAX] {
            let mut wrong = packed.bytes().to_vec();
            wrong[..PREFIX].copy_from_slice(&length.to_le_bytes());
            assert_eq!(unpack(&wrong), None);
        }
    }
}
