//! Reads from ELF files whether they can be loaded, and what they need.
//!
//! ```text
//! header ─▶ program headers ─▶ PT_DYNAMIC ─▶ DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH
//!                              PT_LOAD       maps addresses to positions in the file
//! ```

/// A shared library, or an extension module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Elf {
    /// `e_machine`
    pub(super) machine: u16,
    /// 32 or 64.
    pub(super) bits: u8,
    pub(super) soname: Option<String>,
    pub(super) needed: Vec<String>,
    /// The directories of `DT_RPATH`, which also apply to libraries that the needed libraries need.
    pub(super) rpath: Vec<String>,
    /// The directories of `DT_RUNPATH`; if it exists, `DT_RPATH` is ignored.
    pub(super) runpath: Option<Vec<String>>,
}

/// The encoding of numbers in the file.
#[derive(Clone, Copy)]
struct Shape {
    wide: bool,
    little: bool,
}

/// A mapped part of the file.
struct Load {
    address: u64,
    offset: u64,
    size: u64,
}

const PT_LOAD: u64 = 1;
const PT_DYNAMIC: u64 = 2;
const DT_NULL: u64 = 0;
const DT_NEEDED: u64 = 1;
const DT_STRTAB: u64 = 5;
const DT_SONAME: u64 = 14;
const DT_RPATH: u64 = 15;
const DT_RUNPATH: u64 = 29;

pub(super) fn is_elf(content: &[u8]) -> bool {
    content.starts_with(b"\x7fELF")
}

impl Elf {
    /// Reads the file. The error says why it can't be loaded, as the end of a sentence.
    pub(super) fn read(content: &[u8]) -> Result<Self, String> {
        if content.is_empty() {
            return Err("it is empty".to_owned());
        }
        if !is_elf(content) {
            return Err("it isn't an ELF file".to_owned());
        }
        read(content).ok_or_else(|| "it is truncated or damaged".to_owned())?
    }

    /// The machine's name in Rust's terms.
    pub(super) fn machine_name(&self) -> String {
        let name = match (self.machine, self.bits) {
            (62, 64) => "x86_64",
            (62, _) => "x32",
            (3, _) => "x86",
            (183, _) => "aarch64",
            (40, _) => "arm",
            (21, _) => "powerpc64",
            (22, _) => "s390x",
            (243, _) => "riscv64",
            (number, bits) => return format!("machine {number} of {bits} bits"),
        };
        name.to_owned()
    }
}

/// `None` if something is out of bounds.
fn read(content: &[u8]) -> Option<Result<Elf, String>> {
    // `EI_CLASS`, then `EI_DATA`.
    let wide = match content.get(4)? {
        1 => false,
        2 => true,
        _ => return None,
    };
    let little = match content.get(5)? {
        1 => true,
        2 => false,
        _ => return None,
    };
    let shape = Shape { wide, little };
    let number = |at: u64, size| shape.number(content, at, size);
    let kind = number(16, 2)?;
    let mut elf = Elf {
        machine: u16::try_from(number(18, 2)?).ok()?,
        bits: if wide { 64 } else { 32 },
        ..Elf::default()
    };
    // `ET_DYN`
    if kind != 3 {
        return Some(Err("it is an ELF file, but no shared library".to_owned()));
    }
    // `e_phoff`, `e_phentsize` and `e_phnum`: the program headers.
    let (table, size, count) = if wide {
        (number(32, 8)?, number(54, 2)?, number(56, 2)?)
    } else {
        (number(28, 4)?, number(42, 2)?, number(44, 2)?)
    };
    let mut loads = Vec::new();
    let mut dynamic = None;
    for index in 0..count {
        let at = table.checked_add(index.checked_mul(size)?)?;
        let word = |wide_at: u64, narrow_at: u64| {
            number(at + if wide { wide_at } else { narrow_at }, shape.word())
        };
        let (offset, address, length) = (word(8, 4)?, word(16, 8)?, word(32, 16)?);
        match number(at, 4)? {
            PT_LOAD => {
                content.get(
                    usize::try_from(offset).ok()?
                        ..usize::try_from(offset.checked_add(length)?).ok()?,
                )?;
                loads.push(Load { address, offset, size: length });
            }
            PT_DYNAMIC => dynamic = Some((offset, length)),
            _ => {}
        }
    }
    let Some((offset, length)) = dynamic else {
        return Some(Err("it is an ELF file, but no shared library".to_owned()));
    };
    let mut strings = None;
    let mut entries = Vec::new();
    let step = shape.word() * 2;
    for index in 0..length / step {
        let at = offset.checked_add(index * step)?;
        let (tag, value) = (number(at, shape.word())?, number(at + shape.word(), shape.word())?);
        match tag {
            DT_NULL => break,
            DT_STRTAB => {
                // The tag has an address. The segment that is loaded there gives the offset in the
                // file.
                let load = loads
                    .iter()
                    .find(|load| value >= load.address && value - load.address < load.size)?;
                strings = Some(load.offset + (value - load.address));
            }
            _ => entries.push((tag, value)),
        }
    }
    let text = |value: u64| -> Option<String> {
        let start = usize::try_from(strings?.checked_add(value)?).ok()?;
        let rest = content.get(start..)?;
        let end = memchr::memchr(0, rest)?;
        Some(String::from_utf8_lossy(&rest[..end]).into_owned())
    };
    let paths = |value| Some(text(value)?.split(':').map(str::to_owned).collect::<Vec<_>>());
    // Only now, since the table of strings may come after the tags that refer to it.
    for (tag, value) in entries {
        match tag {
            DT_NEEDED => elf.needed.push(text(value)?),
            DT_SONAME => elf.soname = Some(text(value)?),
            DT_RPATH => elf.rpath = paths(value)?,
            DT_RUNPATH => elf.runpath = Some(paths(value)?),
            _ => {}
        }
    }
    Some(Ok(elf))
}

impl Shape {
    fn word(self) -> u64 {
        if self.wide { 8 } else { 4 }
    }

    fn number(self, content: &[u8], at: u64, size: u64) -> Option<u64> {
        let start = usize::try_from(at).ok()?;
        let bytes = content.get(start..start.checked_add(usize::try_from(size).ok()?)?)?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if self.little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// The running program: a position-independent executable is a shared library, too.
    fn own() -> Vec<u8> {
        std::fs::read(std::env::current_exe().unwrap()).unwrap()
    }

    #[test]
    fn needed_libraries_are_read() {
        let elf = Elf::read(&own()).unwrap();
        assert_eq!(elf.bits, 8 * u8::try_from(size_of::<usize>()).unwrap());
        assert_eq!(elf.machine_name(), std::env::consts::ARCH);
        assert!(elf.needed.iter().any(|name| name.starts_with("libc.")), "{elf:?}");
    }

    #[test]
    fn truncated_files_are_rejected_without_a_panic() {
        let whole = own();
        let wrong = |content: &[u8]| Elf::read(content).unwrap_err();
        assert_eq!(wrong(b""), "it is empty");
        assert_eq!(wrong(b"#!/bin/sh"), "it isn't an ELF file");
        for length in (4..64).chain([100, 1000, 5000]) {
            assert_eq!(wrong(&whole[..length]), "it is truncated or damaged", "{length}");
        }
        for at in 4..4096 {
            let mut damaged = whole[..whole.len().min(1 << 20)].to_vec();
            damaged[at] ^= 0xff;
            let _ = Elf::read(&damaged);
        }
        let mut object = whole;
        object[16] = 1;
        assert_eq!(wrong(&object), "it is an ELF file, but no shared library");
    }
}
