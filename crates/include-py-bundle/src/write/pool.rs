//! A section of strings or payloads: each content is stored once, in the order of its first use.
//!
//! Adding `b"ab"`, `b"c"` and `b"ab"` gives the section `abc`.

use std::collections::HashMap;
use std::hash::Hash;

use crate::digest::Digest;
use crate::layout::{Section, Span};
use crate::{Error, ErrorKind, Packed};

/// Equal contents share a span; `K` is the key by which they are compared.
pub(super) struct Pool<K, C> {
    section: Section,
    contents: Vec<C>,
    length: u32,
    /// Used for lookups only. Its iteration order is random and must not reach the bundle.
    spans: HashMap<K, Span>,
}

/// The pool of `strings`.
pub(super) type Strings<'a> = Pool<&'a [u8], &'a [u8]>;

/// The pool of `code` or of `data`. Payloads are compared by SHA-256, so they need not be in
/// memory.
pub(super) type Payloads<'a> = Pool<Digest, (&'a Packed<'a>, Digest)>;

impl<K: Eq + Hash, C> Pool<K, C> {
    pub(super) fn new(section: Section) -> Self {
        Self { section, contents: Vec::new(), length: 0, spans: HashMap::new() }
    }

    /// Adds content and returns its span. The span of empty content has offset 0.
    fn put(&mut self, key: K, length: usize, content: C) -> Result<Span, Error> {
        if length == 0 {
            return Ok(Span::default());
        }
        if let Some(span) = self.spans.get(&key) {
            return Ok(*span);
        }
        let length = u32::try_from(length).map_err(|_| too_large(self.section))?;
        let span = Span { offset: self.length, length };
        self.length = self.length.checked_add(length).ok_or_else(|| too_large(self.section))?;
        self.contents.push(content);
        self.spans.insert(key, span);
        Ok(span)
    }

    pub(super) fn length(&self) -> u32 {
        self.length
    }

    /// The distinct contents in the order in which they are written.
    pub(super) fn contents(&self) -> &[C] {
        &self.contents
    }

    /// The span of content that was added.
    pub(super) fn span(&self, key: &K) -> Option<Span> {
        self.spans.get(key).copied()
    }
}

impl<'a> Strings<'a> {
    pub(super) fn add(&mut self, text: &'a str) -> Result<Span, Error> {
        self.put(text.as_bytes(), text.len(), text.as_bytes())
    }
}

impl<'a> Payloads<'a> {
    pub(super) fn add(&mut self, packed: &'a Packed<'a>) -> Result<Span, Error> {
        let digest = packed.digest();
        self.put(digest, packed.len(), (packed, digest))
    }
}

pub(super) fn too_large(section: Section) -> Error {
    Error::write(
        ErrorKind::TooLarge,
        format!(
            "the bundle's `{}` section would be longer than the {} bytes that the format allows: \
             exclude what isn't needed or make two bundles",
            section.name(),
            u32::MAX,
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_contents_share_a_span() {
        let contents = [&b"ab"[..], b"c", b"ab", b""].map(Packed::plain);
        let mut pool = Payloads::new(Section::Data);
        let spans = contents.each_ref().map(|content| pool.add(content).unwrap());
        assert_eq!(spans.map(|span| (span.offset, span.length)), [(0, 2), (2, 1), (0, 2), (0, 0)]);
        assert_eq!((pool.contents().len(), pool.length()), (2, 3));
        assert_eq!(pool.span(&contents[1].digest()), Some(spans[1]));
    }

    #[test]
    fn offsets_beyond_32_bits_are_an_error() {
        let mut pool = Strings::new(Section::Data);
        pool.length = u32::MAX - 2;
        assert_eq!(pool.add("ab").unwrap().offset, u32::MAX - 2);
        let error = pool.add("c").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert!(error.to_string().contains("`data` section"), "{error}");
    }
}
