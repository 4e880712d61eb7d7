//! A bundle that is laid out but not yet written: its tables as bytes, its payloads by reference.
//!
//! ```text
//! Bytes(tables and strings) Earlier(5120..9200) Bytes(code of the one module that changed) Earlier(9344..71200) …
//! ```

use std::fmt;
use std::ops::Range;

use super::pool::Payloads;
use crate::digest::Digest;
use crate::layout::{ALIGNMENT, DIGESTED_FROM, Span};
use crate::{Error, ErrorKind, Packed, Payload};

/// The result of [`Builder::image`](crate::Builder::image): all parts to write, in order.
pub struct Image<'b> {
    /// The bytes before `code`.
    pub(super) tables: Vec<u8>,
    /// `code` and `data`, each with its offset.
    pub(super) pools: [(u64, Payloads<'b>); 2],
    pub(super) length: u64,
}

/// A contiguous part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Segment<'b> {
    /// Bytes in memory.
    Bytes(&'b [u8]),
    /// A range of the earlier bundle's file.
    Earlier(Range<u64>),
}

impl Image<'_> {
    /// The SHA-256 in the bundle's header.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        let digest = self.tables.get(..DIGESTED_FROM).and_then(<[u8]>::last_chunk);
        digest.unwrap_or(&[0; size_of::<Digest>()])
    }

    /// Length of the bundle in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The bundle's parts in order. Adjacent ranges of the earlier bundle are merged.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        let mut parts =
            std::iter::once(Segment::Bytes(&self.tables)).chain(self.payloads()).peekable();
        std::iter::from_fn(move || {
            let mut part = parts.next()?;
            while let Segment::Earlier(range) = &mut part {
                let Some(Segment::Earlier(next)) = parts.peek() else { break };
                if next.start != range.end {
                    break;
                }
                range.end = next.end;
                parts.next();
            }
            Some(part)
        })
    }

    fn payloads(&self) -> impl Iterator<Item = Segment<'_>> {
        self.pools.iter().flat_map(|(_, pool)| {
            let contents = pool.contents().iter().map(|(packed, _)| packed.segment());
            contents.chain([Segment::Bytes(padding(pool))])
        })
    }

    /// The payload of something that was added; `None` if it is empty or wasn't added.
    #[must_use]
    pub fn payload(&self, packed: &Packed<'_>) -> Option<Payload> {
        self.payloads_of(packed).next()
    }

    /// The payload in each of the pools.
    pub(super) fn payloads_of(&self, packed: &Packed<'_>) -> impl Iterator<Item = Payload> {
        let (digest, form) = (packed.digest(), packed.form());
        self.pools.iter().filter_map(move |(start, pool)| {
            let Span { offset, length } = pool.span(&digest)?;
            Some(Payload::new(start + u64::from(offset), length, form, digest))
        })
    }

    /// The bundle's bytes.
    ///
    /// # Errors
    ///
    /// [`Earlier`](ErrorKind::Earlier) if a payload isn't in memory.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.length).unwrap_or_default());
        for segment in self.segments() {
            match segment {
                Segment::Bytes(part) => bytes.extend_from_slice(part),
                Segment::Earlier(_) => return Err(not_in_memory()),
            }
        }
        Ok(bytes)
    }
}

pub(super) fn not_in_memory() -> Error {
    let message = "a payload is in an earlier bundle's file: give its bytes".to_owned();
    Error::write(ErrorKind::Earlier, message)
}

/// Shows the length only, not the content.
impl fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("length", &self.length).finish_non_exhaustive()
    }
}

/// The padding after a pool, up to the next section or the end.
pub(super) fn padding(pool: &Payloads<'_>) -> &'static [u8] {
    const ZEROS: [u8; ALIGNMENT] = [0; ALIGNMENT];
    let surplus = pool.length() as usize % ALIGNMENT;
    if surplus == 0 { &[] } else { &ZEROS[surplus..] }
}
