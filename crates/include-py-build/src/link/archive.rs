//! Reads the properties of an archive of object files that matter for linking.
//!
//! ```text
//! "!<arch>\n"  then for each member:  name[16] … size[10] "`\n"  content, padded to an even length
//!                                     ELF object: machine; do its relocations need fixed addresses?
//! ```
//!
//! ELF-64 gABI, chapters "Section Header" and "Relocation"; the x86-64 psABI, table "Relocation
//! Types".

use std::path::Path;

use crate::error::{ErrorKind, Problem};

/// The properties of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Archive {
    /// The architecture as Cargo names it, if it is known.
    pub(super) arch: Option<&'static str>,
    pub(super) code: Code,
}

/// The addresses at which the code can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Any: the code works in a position-independent executable.
    AnyAddress,
    /// Fixed ones: the program must be linked with `-no-pie`.
    FixedAddress,
}

/// Machine numbers in ELF headers, and Cargo's names for them.
const MACHINES: &[(u16, &str)] = &[
    (3, "x86"),
    (21, "powerpc64"),
    (22, "s390x"),
    (40, "arm"),
    (62, "x86_64"),
    (183, "aarch64"),
    (243, "riscv64"),
    (258, "loongarch64"),
];

/// `R_X86_64_32`, `32S`, `16` and `8`: addresses truncated to less than 64 bits, which only
/// programs at fixed addresses can have. Other machines don't generate such code by default.
const CUT_ADDRESSES: [u32; 4] = [10, 11, 12, 14];

/// Reads the archive at `path`.
pub(super) fn read(path: &Path) -> Result<Archive, Problem> {
    let problem = |text: String| Problem::new(ErrorKind::Link, text);
    let bytes = std::fs::read(path)
        .map_err(|error| problem(format!("`{}` can't be read: {error}", path.display())))?;
    inspect(&bytes).map_err(|fault| {
        let text = format!("`{}` {}", path.display(), fault.what());
        problem(text).help("install a libpython that the system's compiler has made for linking")
    })
}

/// Why an archive can't be linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Thin,
    Bitcode,
    NoArchive,
}

impl Fault {
    fn what(self) -> &'static str {
        match self {
            Self::Thin => "is a thin archive, which only names object files that stayed elsewhere",
            Self::Bitcode => {
                "holds LLVM's bitcode and no machine code: it was built with `--with-lto` by Clang"
            }
            Self::NoArchive => "isn't an archive of ELF objects",
        }
    }
}

fn inspect(bytes: &[u8]) -> Result<Archive, Fault> {
    if bytes.starts_with(b"!<thin>\n") {
        return Err(Fault::Thin);
    }
    let mut rest = bytes.strip_prefix(b"!<arch>\n").ok_or(Fault::NoArchive)?;
    let mut archive = None;
    while let Some((header, after)) = rest.split_first_chunk::<60>() {
        let size = std::str::from_utf8(&header[48..58]).ok();
        let size = size.and_then(|size| size.trim_end().parse::<usize>().ok());
        let size = size.filter(|&size| size <= after.len()).ok_or(Fault::NoArchive)?;
        let (member, after) = after.split_at(size);
        rest = after.get(size % 2..).unwrap_or_default();
        if member.starts_with(b"BC\xc0\xde") {
            return Err(Fault::Bitcode);
        }
        let Some(object) = Object::of(member) else { continue };
        let found = archive.get_or_insert(Archive { arch: object.arch(), code: Code::AnyAddress });
        if object.wants_a_fixed_address() {
            found.code = Code::FixedAddress;
            break;
        }
    }
    archive.ok_or(Fault::NoArchive)
}

/// The machine that an ELF file is for, as Cargo names it, from at least the first 20 bytes.
pub(crate) fn machine(file: &[u8]) -> Option<&'static str> {
    let header: &[u8; 20] = file.first_chunk().filter(|header| header.starts_with(b"\x7fELF"))?;
    let field = [header[18], header[19]];
    // EI_DATA: 1 is little-endian, 2 big-endian.
    let machine =
        if header[5] == 2 { u16::from_be_bytes(field) } else { u16::from_le_bytes(field) };
    MACHINES.iter().find(|(number, _)| *number == machine).map(|(_, name)| *name)
}

/// An ELF object with 64 or 32 bits.
struct Object<'b> {
    bytes: &'b [u8],
}

impl<'b> Object<'b> {
    fn of(bytes: &'b [u8]) -> Option<Self> {
        (bytes.starts_with(b"\x7fELF") && bytes.len() >= 52).then_some(Self { bytes })
    }

    fn arch(&self) -> Option<&'static str> {
        machine(self.bytes)
    }

    /// Whether a loaded section has relocations that a PIE can't have.
    fn wants_a_fixed_address(&self) -> bool {
        // EI_CLASS: 2 is 64 bits.
        if self.arch() != Some("x86_64") || self.bytes[4] != 2 {
            return false;
        }
        let sections = self.sections();
        sections.iter().filter(|section| section.kind == Section::RELA).any(|section| {
            let target = usize::try_from(section.info).ok().and_then(|index| sections.get(index));
            let loaded = target.is_some_and(|target| target.flags & Section::ALLOC != 0);
            loaded && self.relocations(section).any(|kind| CUT_ADDRESSES.contains(&kind))
        })
    }

    fn sections(&self) -> Vec<Section> {
        let header = |offset, len| number(self.bytes, offset, len);
        let (offset, size, count) = (header(40, 8), header(58, 2), header(60, 2));
        (0..count).filter_map(|index| self.section(offset.saturating_add(index * size))).collect()
    }

    fn section(&self, offset: u64) -> Option<Section> {
        let bytes = self.bytes.get(usize::try_from(offset).ok()?..)?.get(..64)?;
        Some(Section {
            kind: number(bytes, 4, 4),
            flags: number(bytes, 8, 8),
            offset: number(bytes, 24, 8),
            size: number(bytes, 32, 8),
            info: number(bytes, 44, 4),
        })
    }

    /// The types of a section's relocations.
    fn relocations(&self, section: &Section) -> impl Iterator<Item = u32> {
        let start = usize::try_from(section.offset).unwrap_or(usize::MAX);
        let size = usize::try_from(section.size).unwrap_or_default();
        let entries = self.bytes.get(start..).and_then(|bytes| bytes.get(..size));
        let entries = entries.unwrap_or_default().chunks_exact(24);
        entries.map(|entry| u32::from_le_bytes([entry[8], entry[9], entry[10], entry[11]]))
    }
}

struct Section {
    kind: u64,
    flags: u64,
    offset: u64,
    size: u64,
    /// For relocations, the index of the section to which they apply.
    info: u64,
}

impl Section {
    const RELA: u64 = 4;
    const ALLOC: u64 = 2;
}

/// A little-endian number in an existing header.
fn number(bytes: &[u8], offset: usize, len: usize) -> u64 {
    let field = bytes.get(offset..offset + len).unwrap_or_default();
    field.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An x86-64 object with a loaded section, and a relocation of this type for it.
    fn object(relocation: u32) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[18] = 62;
        bytes[40] = 64 + 24;
        (bytes[58], bytes[60]) = (64, 2);
        let mut entry = [0; 24];
        entry[8..12].copy_from_slice(&relocation.to_le_bytes());
        bytes.extend(entry);
        let mut sections = [0; 128];
        sections[8] = 2;
        (sections[64 + 4], sections[64 + 24], sections[64 + 32]) = (4, 64, 24);
        bytes.extend(sections);
        bytes
    }

    fn archive(members: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = b"!<arch>\n".to_vec();
        for member in members {
            bytes.extend(format!("{:48}{:<10}`\n", "a.o/", member.len()).into_bytes());
            bytes.extend(member);
            bytes.resize(bytes.len().next_multiple_of(2), b'\n');
        }
        bytes
    }

    #[test]
    fn relocations_tell_where_code_can_run() {
        let x86_64 = |code| Ok(Archive { arch: Some("x86_64"), code });
        // R_X86_64_PC32, then R_X86_64_32S.
        let (free, fixed) = (object(2), object(11));
        let symbols = b"symbols".to_vec();
        assert_eq!(inspect(&archive(&[symbols, free.clone()])), x86_64(Code::AnyAddress));
        assert_eq!(inspect(&archive(&[free.clone(), fixed.clone()])), x86_64(Code::FixedAddress));
        // A section that isn't loaded, such as debug information.
        let mut unloaded = fixed;
        let at = unloaded.len() - 128 + 8;
        unloaded[at] = 0;
        assert_eq!(inspect(&archive(&[unloaded])), x86_64(Code::AnyAddress));
        let mut arm = free;
        arm[18] = 183;
        let arm = inspect(&archive(&[arm]));
        assert_eq!(arm, Ok(Archive { arch: Some("aarch64"), code: Code::AnyAddress }));
    }

    #[test]
    fn archives_that_cant_be_linked_are_rejected() {
        assert_eq!(inspect(b"!<thin>\nabc"), Err(Fault::Thin));
        assert_eq!(inspect(&archive(&[b"BC\xc0\xde...".to_vec()])), Err(Fault::Bitcode));
        assert_eq!(inspect(&archive(&[])), Err(Fault::NoArchive));
        assert_eq!(inspect(b"INPUT(libpython3.13.so)"), Err(Fault::NoArchive));
    }

    #[test]
    fn damaged_archives_give_an_answer() {
        let whole = archive(&[object(2), object(11)]);
        for end in 0..whole.len() {
            let _ = inspect(&whole[..end]);
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] = 0xff;
            let _ = inspect(&damaged);
        }
    }
}
