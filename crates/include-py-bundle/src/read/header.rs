//! Opens a bundle: checks the header and the bounds of the sections.
//!
//! A bundle's first 16 bytes: `f1 49 50 59 0d 0a 1a 0a  03 00 00 00 00 01 00 00`.

use super::{Bundle, Part};
use crate::layout::{ALIGNMENT, COMPILES_SOURCE, Extent, Field, Header, MAGIC, SECTIONS, Section};
use crate::{Error, ErrorKind, FORMAT, index, names};

/// Byte offsets of the header's fields.
const FORMAT_AT: usize = MAGIC.len();
const SIZE_AT: usize = FORMAT_AT + u32::SIZE;
const DIGEST_AT: usize = SIZE_AT + u32::SIZE;
const FLAGS_AT: usize = Header::SIZE - u64::SIZE;
const LENGTH_AT: usize = FLAGS_AT - SECTIONS * Extent::SIZE - u64::SIZE;

pub(super) fn open(bytes: &[u8]) -> Result<Bundle<'_>, Error> {
    check_magic(bytes)?;
    let truncated = || Error::read(ErrorKind::Truncated, bytes.len(), "it ends too early");
    // The format number is checked first, because everything else can differ in another format.
    let found = field::<u32>(bytes, FORMAT_AT).ok_or_else(truncated)?;
    if found != FORMAT {
        return Err(Error::read(ErrorKind::Format { found }, FORMAT_AT, ""));
    }
    let header: Header = field(bytes, 0).ok_or_else(truncated)?;
    if usize::try_from(header.size) != Ok(Header::SIZE) {
        return Err(Error::corrupt(SIZE_AT, "its header doesn't have the format's size"));
    }
    let length = usize::try_from(header.length).map_err(|_| truncated())?;
    if bytes.len() < length {
        return Err(truncated());
    }
    if bytes.len() > length {
        return Err(Error::corrupt(LENGTH_AT, "bytes follow its end"));
    }
    if header.flags & !COMPILES_SOURCE != 0 {
        return Err(Error::corrupt(FLAGS_AT, "it has an unknown flag"));
    }
    check_extents(bytes, &header.sections)?;

    let bundle = Bundle { bytes, name: "" };
    let name = std::str::from_utf8(bundle.part(Section::Name).bytes()).unwrap_or_default();
    let bundle = Bundle { bytes, name };
    check_across(&bundle)?;
    Ok(bundle)
}

/// The bytes of the bundle at the start of `bytes` according to its header; all bytes if that is
/// invalid.
pub(super) fn prefix(bytes: &[u8]) -> &[u8] {
    let length = field::<u64>(bytes, LENGTH_AT).and_then(|length| usize::try_from(length).ok());
    length.and_then(|length| bytes.get(..length)).unwrap_or(bytes)
}

/// The bytes of `section`; `bytes` must have been accepted by [`open`].
#[inline]
pub(super) fn part(bytes: &[u8], section: Section) -> Part<'_> {
    let range = || {
        let extent: Extent = field(bytes, extent_at(section))?;
        let start = usize::try_from(extent.offset).ok()?;
        let end = start.checked_add(usize::try_from(extent.length).ok()?)?;
        Some((start, bytes.get(start..end)?))
    };
    let (start, content) = range().unwrap_or_default();
    Part::new(section, start, content)
}

pub(super) fn digest(bytes: &[u8]) -> &[u8; 32] {
    bytes.get(DIGEST_AT..).and_then(|digest| digest.first_chunk()).unwrap_or(&[0; 32])
}

pub(super) fn compiles_source(bytes: &[u8]) -> bool {
    field::<u64>(bytes, FLAGS_AT).is_some_and(|flags| flags & COMPILES_SOURCE != 0)
}

#[inline]
fn field<T: Field>(bytes: &[u8], offset: usize) -> Option<T> {
    T::read(&mut bytes.get(offset..)?)
}

const fn extent_at(section: Section) -> usize {
    LENGTH_AT + u64::SIZE + section as usize * Extent::SIZE
}

/// Distinguishes other files, the start of a bundle, and a bundle that was processed as text.
fn check_magic(bytes: &[u8]) -> Result<(), Error> {
    // The first four bytes: unchanged; without high bits; read as Latin-1 and written as UTF-8; and
    // with a replacement character for the invalid UTF-8.
    const MANGLED: [&[u8]; 4] = [b"\xf1IPY", b"qIPY", b"\xc3\xb1IPY", b"\xef\xbf\xbdIPY"];
    if bytes.starts_with(&MAGIC) {
        return Ok(());
    }
    let kind = if MAGIC.starts_with(bytes) {
        ErrorKind::Truncated
    } else if MANGLED.iter().any(|start| bytes.starts_with(start)) {
        ErrorKind::Mangled
    } else {
        ErrorKind::NotABundle
    };
    Err(Error::read(kind, 0, "it ends within its magic bytes"))
}

/// Checks that each section starts at the first boundary after the previous one, and that the last
/// section ends the bundle.
fn check_extents(bytes: &[u8], extents: &[Extent; SECTIONS]) -> Result<(), Error> {
    let mut end = Header::SIZE;
    for (section, extent) in Section::ALL.into_iter().zip(extents) {
        let corrupt = |what| Error::corrupt(extent_at(section), what);
        let start = end.next_multiple_of(ALIGNMENT);
        if usize::try_from(extent.offset) != Ok(start) {
            return Err(corrupt("a section doesn't start at the end of the previous one"));
        }
        let length = u32::try_from(extent.length).ok().and_then(|length| length.try_into().ok());
        let length: usize = length.ok_or_else(|| corrupt("a section is too long"))?;
        end = start.saturating_add(length);
        if end > bytes.len() {
            return Err(corrupt("a section goes beyond the end"));
        }
        if length % section.record_size() != 0 {
            return Err(corrupt("a section ends within a record"));
        }
    }
    if end.next_multiple_of(ALIGNMENT) != bytes.len() {
        return Err(Error::corrupt(LENGTH_AT, "it doesn't end where its last section does"));
    }
    Ok(())
}

/// Checks relations between sections on which lookups rely.
fn check_across(bundle: &Bundle<'_>) -> Result<(), Error> {
    let corrupt = |section, what| Err(Error::corrupt(extent_at(section), what));
    if names::check_bundle_name(bundle.name).is_err() {
        return corrupt(Section::Name, "its name is invalid");
    }
    let modules = bundle.module_count();
    if bundle.part(Section::Index).count() != index::slots(modules) {
        return corrupt(Section::Index, "its index doesn't have the size for its modules");
    }
    let codes = modules.checked_mul(bundle.part(Section::Targets).count());
    if Some(bundle.part(Section::Codes).count()) != codes {
        return corrupt(
            Section::Codes,
            "the number of codes differs from that of modules and targets",
        );
    }
    let digests = match bundle.part(Section::Unpacked).count() {
        0 => 0,
        _ => bundle.part(Section::Targets).count() + 1,
    };
    if bundle.part(Section::Digests).count() != digests {
        return corrupt(
            Section::Digests,
            "the number of digests of unpacked files differs from that of targets",
        );
    }
    Ok(())
}
