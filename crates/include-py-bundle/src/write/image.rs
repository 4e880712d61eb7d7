//! A bundle that is laid out and not written yet: its tables as bytes, its payloads where they are.
//!
//! ```text
//! Bytes(tables and strings) Earlier(5120..9200) Bytes(code of the one module that changed) Earlier(9344..71200) …
//! ```

use std::ops::Range;

use super::pool::Payloads;
use crate::digest::Digest;
use crate::layout::{ALIGNMENT, DIGESTED_FROM, Span};
use crate::{Error, ErrorKind, Packed, Payload};

/// What [`Builder::image`](crate::Builder::image) makes: all that is to be written, in order.
pub struct Image<'b> {
    /// Everything before `code`.
    pub(super) tables: Vec<u8>,
    /// `code` and `data`, each with where it starts.
    pub(super) pools: [(u64, Payloads<'b>); 2],
    pub(super) length: u64,
}

/// A part of a bundle's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Segment<'b> {
    /// These.
    Bytes(&'b [u8]),
    /// What the file of the earlier bundle has there.
    Earlier(Range<u64>),
}

impl Image<'_> {
    /// The SHA-256 that will be in its header.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        let digest = self.tables.get(..DIGESTED_FROM).and_then(<[u8]>::last_chunk);
        digest.unwrap_or(&[0; size_of::<Digest>()])
    }

    /// How many bytes it will have.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Its bytes, one part after the other; what is next to each other in the earlier bundle is one part.
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

    /// Where it will have something that was added to it; `None` for what is empty or wasn't added.
    #[must_use]
    pub fn payload(&self, packed: &Packed<'_>) -> Option<Payload> {
        self.places(packed).next()
    }

    /// In each of the pools.
    pub(super) fn places(&self, packed: &Packed<'_>) -> impl Iterator<Item = Payload> {
        let (digest, form) = (packed.digest(), packed.form());
        self.pools.iter().filter_map(move |(start, pool)| {
            let Span { offset, length } = pool.place(&digest)?;
            Some(Payload::new(start + u64::from(offset), length, form, digest))
        })
    }

    /// Its bytes.
    ///
    /// # Errors
    ///
    /// [`Earlier`](ErrorKind::Earlier) if not all of them are in memory.
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

/// The zeros after a pool, up to the next section or the end.
pub(super) fn padding(pool: &Payloads<'_>) -> &'static [u8] {
    const ZEROS: [u8; ALIGNMENT] = [0; ALIGNMENT];
    let surplus = pool.length() as usize % ALIGNMENT;
    if surplus == 0 { &[] } else { &ZEROS[surplus..] }
}
