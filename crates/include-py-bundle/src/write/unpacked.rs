//! Computes the digests of the unpacked files.
//!
//! The reader decides which files these are and computes their digests. For this it gets a bundle
//! in memory that contains their payloads, and zeros in place of all others.

use super::image::{Image, not_in_memory};
use super::{Builder, outside};
use crate::layout::Section;
use crate::packed::Packed;
use crate::{Bundle, Error};

pub(super) fn digests(builder: &Builder<'_>, image: &mut Image<'_>) -> Result<(), Error> {
    // The system doesn't allocate zeroed pages before they are written.
    let mut bytes = vec![0; usize::try_from(image.length).unwrap_or_default()];
    bytes[..image.tables.len()].copy_from_slice(&image.tables);
    let modules = builder.modules.iter();
    let modules =
        modules.flat_map(|one| one.code.iter().chain(&one.source).map(|c| (&one.path, c)));
    let files = builder.files.iter().map(|file| (&file.path, &file.data));
    for (_, packed) in modules.chain(files).filter(|(path, _)| !outside(path, &builder.unpacked)) {
        copy_payload(packed, image, &mut bytes)?;
    }
    let bundle = Bundle::open(&bytes)?;
    let part = bundle.part(Section::Digests);
    for number in 0..part.count() {
        let target = Some(number).filter(|number| *number < bundle.targets().len());
        let digest = bundle.unpacked().computed_digest(target)?;
        let start = part.offset(number);
        image.tables[start..start + digest.len()].copy_from_slice(&digest);
    }
    Ok(())
}

fn copy_payload(packed: &Packed<'_>, image: &Image<'_>, bytes: &mut [u8]) -> Result<(), Error> {
    // The pools of code and of data can both have this content, and the reader may use either.
    for payload in image.payloads_of(packed) {
        let content = packed.bytes().ok_or_else(not_in_memory)?;
        let start = usize::try_from(payload.range().start).unwrap_or(usize::MAX);
        if let Some(to) = bytes.get_mut(start..).and_then(|rest| rest.get_mut(..content.len())) {
            to.copy_from_slice(content);
        }
    }
    Ok(())
}
