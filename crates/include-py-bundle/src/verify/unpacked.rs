//! Checks what is unpacked: each path leads to something, none lies in another, the digests are right.
//!
//! `pkg` and `pkg/data` can't both be there, since the second is a part of the first.

use super::sorted;
use super::tiles::Tiles;
use crate::layout::{Section, UnpackedRecord};
use crate::{Bundle, Error, names};

pub(super) fn verify(bundle: &Bundle<'_>, strings: &mut Tiles) -> Result<(), Error> {
    let part = bundle.part(Section::Unpacked);
    for (number, root) in bundle.unpacked().roots().enumerate() {
        let corrupt = |what| Err(Error::corrupt(part.offset(number), what));
        let root = root?;
        if names::check_path(root).is_err() {
            return corrupt("a path isn't relative and normal");
        }
        if bundle.node(root)?.is_none() && !is_module(bundle, root)? {
            return corrupt("there is nothing where something is unpacked");
        }
        if let Some((directory, _)) = root.rsplit_once('/') {
            if bundle.unpacked().holds(directory)? {
                return corrupt("what is unpacked lies in what is unpacked");
            }
        }
        let record: UnpackedRecord = part.record(number).unwrap_or_default();
        strings.see(record.path, part.offset(number))?;
    }
    sorted(&bundle.unpacked_paths(), part)
}

/// The digests are those of what would be written.
pub(super) fn verify_digests(bundle: &Bundle<'_>) -> Result<(), Error> {
    let part = bundle.part(Section::Digests);
    let unpacked = bundle.unpacked();
    for number in 0..part.count() {
        let target = Some(number).filter(|number| *number < bundle.targets().len());
        if unpacked.digest(target) != Some(unpacked.computed_digest(target)?) {
            let what = "the digest of what is unpacked is another";
            return Err(Error::corrupt(part.offset(number), what));
        }
    }
    Ok(())
}

/// Whether a module without source has this path.
fn is_module(bundle: &Bundle<'_>, path: &str) -> Result<bool, Error> {
    for module in bundle.modules() {
        if module?.path() == path {
            return Ok(true);
        }
    }
    Ok(false)
}
