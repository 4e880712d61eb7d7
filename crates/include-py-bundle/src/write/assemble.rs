//! Concatenates the header and the sections.
//!
//! ```text
//! header 0 name 000 targets index 00000000 modules … data 0000000
//! ```

use super::image::{Image, padding};
use super::pool::{Payloads, Strings, too_large};
use crate::digest::{HASHED_BY_PAYLOAD, Hasher};
use crate::layout::{ALIGNMENT, DIGESTED_FROM, Extent, Field, Header, MAGIC, SECTIONS, Section};
use crate::{Error, FORMAT};

#[allow(clippy::cast_possible_truncation, reason = "a constant that a test compares")]
const HEADER_SIZE: u32 = Header::SIZE as u32;

/// The content of each section except `code` and `data`, which aren't copied.
#[derive(Default)]
pub(super) struct Sections {
    contents: [Vec<u8>; SECTIONS],
}

impl Sections {
    pub(super) fn bytes(&mut self, section: Section, bytes: &[u8]) {
        self.contents[section as usize].extend_from_slice(bytes);
    }

    pub(super) fn record(&mut self, section: Section, record: &impl Field) {
        record.write(&mut self.contents[section as usize]);
    }

    pub(super) fn records(&mut self, section: Section, records: impl IntoIterator<Item: Field>) {
        for record in records {
            self.record(section, &record);
        }
    }

    pub(super) fn strings(&mut self, pool: &Strings<'_>) {
        self.contents[Section::Strings as usize] = pool.contents().concat();
    }

    /// The bundle with an empty digest.
    pub(super) fn assemble(self, flags: u64, pools: [Payloads<'_>; 2]) -> Result<Image<'_>, Error> {
        let mut lengths = [0; SECTIONS];
        for ((length, content), section) in lengths.iter_mut().zip(&self.contents).zip(Section::ALL)
        {
            *length = u32::try_from(content.len()).map_err(|_| too_large(section))?;
        }
        for (pool, section) in pools.iter().zip(HASHED_BY_PAYLOAD) {
            lengths[section as usize] = pool.length();
        }
        let mut extents = [Extent::default(); SECTIONS];
        let mut end = Header::SIZE as u64;
        for (extent, length) in extents.iter_mut().zip(lengths) {
            let offset = end.next_multiple_of(ALIGNMENT as u64);
            *extent = Extent { offset, length: length.into() };
            end = offset + u64::from(length);
        }
        let length = end.next_multiple_of(ALIGNMENT as u64);
        // A bundle that is too large for the address space couldn't be read.
        usize::try_from(length).map_err(|_| too_large(Section::Data))?;
        let header = Header {
            magic: MAGIC,
            format: FORMAT,
            size: HEADER_SIZE,
            digest: [0; 32],
            length,
            sections: extents,
            flags,
        };

        let mut tables = Vec::new();
        header.write(&mut tables);
        pad(&mut tables);
        for (content, section) in self.contents.iter().zip(Section::ALL) {
            if !HASHED_BY_PAYLOAD.contains(&section) {
                tables.extend_from_slice(content);
                pad(&mut tables);
            }
        }
        let starts = HASHED_BY_PAYLOAD.map(|section| extents[section as usize].offset);
        let [code, data] = pools;
        Ok(Image { tables, pools: [(starts[0], code), (starts[1], data)], length })
    }
}

/// Computes the digest and puts it into the header.
pub(super) fn seal(image: &mut Image<'_>) {
    let mut hasher = Hasher::new(&image.tables[DIGESTED_FROM..]);
    for (_, pool) in &image.pools {
        pool.contents().iter().for_each(|(_, digest)| hasher.payload(digest));
        hasher.padding(padding(pool));
    }
    let digest = hasher.finish();
    image.tables[DIGESTED_FROM - digest.len()..DIGESTED_FROM].copy_from_slice(&digest);
}

fn pad(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
}
