//! Puts the sections one behind the other, with the header in front.
//!
//! ```text
//! header 0 name 000 targets index 00000000 modules … data 0000000
//! ```

use sha2::{Digest, Sha256};

use super::pool::{Pool, too_large};
use crate::layout::{ALIGNMENT, DIGESTED_FROM, Extent, Field, Header, MAGIC, SECTIONS, Section};
use crate::{Bundle, Error, FORMAT};

#[allow(clippy::cast_possible_truncation, reason = "a constant that a test compares")]
const HEADER_SIZE: u32 = Header::SIZE as u32;

/// The content of each section.
#[derive(Default)]
pub(super) struct Sections<'a> {
    contents: [Content<'a>; SECTIONS],
}

#[derive(Default)]
struct Content<'a> {
    records: Vec<u8>,
    /// What lies behind the records, not copied before it is written.
    chunks: Vec<&'a [u8]>,
}

impl<'a> Sections<'a> {
    pub(super) fn bytes(&mut self, section: Section, bytes: &'a [u8]) {
        self.contents[section as usize].chunks.push(bytes);
    }

    pub(super) fn record(&mut self, section: Section, record: &impl Field) {
        record.write(&mut self.contents[section as usize].records);
    }

    pub(super) fn records(&mut self, section: Section, records: impl IntoIterator<Item: Field>) {
        for record in records {
            self.record(section, &record);
        }
    }

    pub(super) fn pool(&mut self, pool: Pool<'a>) {
        let (section, chunks) = pool.finish();
        self.contents[section as usize].chunks = chunks;
    }

    pub(super) fn assemble(self, flags: u64) -> Result<Vec<u8>, Error> {
        let mut extents = [Extent::default(); SECTIONS];
        let mut end = Header::SIZE as u64;
        for ((extent, content), section) in extents.iter_mut().zip(&self.contents).zip(Section::ALL)
        {
            let length = u32::try_from(content.length()).map_err(|_| too_large(section))?;
            let offset = end.next_multiple_of(ALIGNMENT as u64);
            *extent = Extent { offset, length: length.into() };
            end = offset + u64::from(length);
        }
        let length = end.next_multiple_of(ALIGNMENT as u64);
        let header = Header {
            magic: MAGIC,
            format: FORMAT,
            size: HEADER_SIZE,
            digest: [0; 32],
            length,
            sections: extents,
            flags,
        };

        let capacity = usize::try_from(length).map_err(|_| too_large(Section::Data))?;
        let mut out = Vec::with_capacity(capacity);
        header.write(&mut out);
        pad(&mut out);
        for content in self.contents {
            out.extend_from_slice(&content.records);
            for chunk in content.chunks {
                out.extend_from_slice(chunk);
            }
            pad(&mut out);
        }
        for (place, digest) in unpacked_digests(&out)? {
            out[place..place + digest.len()].copy_from_slice(&digest);
        }
        let digest = Sha256::digest(&out[DIGESTED_FROM..]);
        out[DIGESTED_FROM - digest.len()..DIGESTED_FROM].copy_from_slice(&digest);
        Ok(out)
    }
}

/// Where the digests of what is unpacked belong, and what they are.
fn unpacked_digests(out: &[u8]) -> Result<Vec<(usize, [u8; 32])>, Error> {
    let bundle = Bundle::open(out)?;
    let part = bundle.part(Section::Digests);
    (0..part.count())
        .map(|number| {
            let target = Some(number).filter(|number| *number < bundle.targets().len());
            Ok((part.offset(number), bundle.unpacked().computed_digest(target)?))
        })
        .collect()
}

impl Content<'_> {
    fn length(&self) -> u64 {
        let chunks: u64 = self.chunks.iter().map(|chunk| chunk.len() as u64).sum();
        self.records.len() as u64 + chunks
    }
}

fn pad(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
}
