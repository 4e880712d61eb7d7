//! Checks the unpacked part: each path exists, none lies in another, and the digests are right.
//!
//! `pkg` and `pkg/data` can't both be listed, because the second is a part of the first.

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
            return corrupt("an unpacked path doesn't exist");
        }
        if let Some((directory, _)) = root.rsplit_once('/') {
            if bundle.unpacked().holds(directory)? {
                return corrupt("an unpacked path lies in another");
            }
        }
        let record: UnpackedRecord = part.record(number).unwrap_or_default();
        strings.see(record.path, part.offset(number))?;
    }
    sorted(&bundle.unpacked_paths(), part)
}

/// Checks the digests of the files to be written.
pub(super) fn verify_digests(bundle: &Bundle<'_>) -> Result<(), Error> {
    let part = bundle.part(Section::Digests);
    let unpacked = bundle.unpacked();
    for number in 0..part.count() {
        let target = Some(number).filter(|number| *number < bundle.targets().len());
        if unpacked.digest(target) != Some(unpacked.computed_digest(target)?) {
            let what = "a digest of unpacked files differs";
            return Err(Error::corrupt(part.offset(number), what));
        }
    }
    Ok(())
}

/// Whether there is a module without source at this path.
fn is_module(bundle: &Bundle<'_>, path: &str) -> Result<bool, Error> {
    for module in bundle.modules() {
        if module?.path() == path {
            return Ok(true);
        }
    }
    Ok(false)
}
