//! A section of strings or payloads: each content once, in the order of the first use.
//!
//! Adding `b"ab"`, `b"c"` and `b"ab"` makes the section `abc`.

use std::collections::HashMap;

use crate::layout::{Section, Span};
use crate::{Error, ErrorKind};

/// Borrows what is added; equal contents share their place.
pub(super) struct Pool<'a> {
    section: Section,
    chunks: Vec<&'a [u8]>,
    length: u32,
    /// Only looked up in, never iterated: its order is random.
    places: HashMap<&'a [u8], Span>,
}

impl<'a> Pool<'a> {
    pub(super) fn new(section: Section) -> Self {
        Self { section, chunks: Vec::new(), length: 0, places: HashMap::new() }
    }

    /// Where the content is. An empty one is at 0.
    pub(super) fn add(&mut self, content: &'a [u8]) -> Result<Span, Error> {
        if content.is_empty() {
            return Ok(Span::default());
        }
        if let Some(place) = self.places.get(content) {
            return Ok(*place);
        }
        let length = u32::try_from(content.len()).map_err(|_| too_large(self.section))?;
        let place = Span { offset: self.length, length };
        self.length = self.length.checked_add(length).ok_or_else(|| too_large(self.section))?;
        self.chunks.push(content);
        self.places.insert(content, place);
        Ok(place)
    }

    /// What has been added, to be written one behind the other.
    pub(super) fn finish(self) -> (Section, Vec<&'a [u8]>) {
        (self.section, self.chunks)
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
    fn equal_contents_share_their_place() {
        let mut pool = Pool::new(Section::Data);
        let places = [&b"ab"[..], b"c", b"ab", b""].map(|content| pool.add(content).unwrap());
        assert_eq!(
            places.map(|place| (place.offset, place.length)),
            [(0, 2), (2, 1), (0, 2), (0, 0)]
        );
        assert_eq!(pool.finish().1.concat(), b"abc");
    }

    #[test]
    fn offsets_end_where_32_bits_do() {
        let mut pool = Pool::new(Section::Data);
        pool.length = u32::MAX - 2;
        assert_eq!(pool.add(b"ab").unwrap().offset, u32::MAX - 2);
        let error = pool.add(b"c").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert!(error.to_string().contains("`data` section"), "{error}");
    }
}
