//! Reads from ELF files what a library needs from the system.
//!
//! ```text
//! PT_DYNAMIC ─▶ DT_SONAME, DT_NEEDED      names in DT_STRTAB
//!               DT_VERNEED ─▶ libc.so.6 ─▶ GLIBC_2.17, GLIBC_2.34
//! ```
//!
//! Only 64-bit little-endian files are read, which covers all machines on which glibc is common.
//! The format is described in the System V gABI, "Dynamic Linking", and in the LSB, "Symbol
//! Versioning".

/// The requirements and the name of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Elf {
    pub(super) soname: Option<String>,
    pub(super) needed: Vec<String>,
    /// Required libraries and versions of their symbols.
    pub(super) versions: Vec<(String, String)>,
}

const PT_LOAD: u64 = 1;
const PT_DYNAMIC: u64 = 2;
const DT_NULL: u64 = 0;
const DT_NEEDED: u64 = 1;
const DT_STRTAB: u64 = 5;
const DT_SONAME: u64 = 14;
const DT_VERNEED: u64 = 0x6fff_fffe;
const DT_VERNEEDNUM: u64 = 0x6fff_ffff;
/// Flag of a weak requirement: the program also runs without it.
const VER_FLG_WEAK: u64 = 2;

/// The length that an ELF file has at least, by its tables of segments and sections, if the file is
/// shorter.
pub(crate) fn whole_length(bytes: &[u8]) -> Option<u64> {
    if !bytes.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let file = File { bytes, loads: Vec::new() };
    let table = |at, size, count| {
        let (at, size, count) =
            (file.number(at, 8)?, file.number(size, 2)?, file.number(count, 2)?);
        Some((at, size, count, at.checked_add(size * count)?))
    };
    let (at, size, count, end) = table(32, 54, 56)?;
    let (.., sections) = table(40, 58, 60)?;
    let mut length = end.max(sections);
    for index in 0..count {
        let segment = at.checked_add(index * size)?;
        let field = |offset: u64| file.number(segment.checked_add(offset)?, 8);
        // The table itself is beyond the end otherwise.
        let (Some(offset), Some(stored)) = (field(8), field(32)) else { break };
        length = length.max(offset.saturating_add(stored));
    }
    (length > bytes.len() as u64).then_some(length)
}

struct File<'b> {
    bytes: &'b [u8],
    /// Address, file offset and size of each mapped segment.
    loads: Vec<[u64; 3]>,
}

impl Elf {
    /// Reads a file; `None` if it isn't such an ELF file, is damaged, or is linked statically.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if !bytes.starts_with(b"\x7fELF\x02\x01") {
            return None;
        }
        let mut file = File { bytes, loads: Vec::new() };
        let (table, size, count) = (file.number(32, 8)?, file.number(54, 2)?, file.number(56, 2)?);
        let mut dynamic = None;
        for index in 0..count {
            let at = table.checked_add(index * size)?;
            let field = |offset: u64| file.number(at.checked_add(offset)?, 8);
            let (offset, address, length) = (field(8)?, field(16)?, field(32)?);
            match file.number(at, 4)? {
                PT_LOAD => file.loads.push([address, offset, length]),
                PT_DYNAMIC => dynamic = Some((offset, length)),
                _ => {}
            }
        }
        let (offset, length) = dynamic?;
        let mut entries = Vec::new();
        for index in 0..length / 16 {
            let at = offset.checked_add(index * 16)?;
            let entry = (file.number(at, 8)?, file.number(at.checked_add(8)?, 8)?);
            if entry.0 == DT_NULL {
                break;
            }
            entries.push(entry);
        }
        let value = |tag| entries.iter().find(|entry| entry.0 == tag).map(|entry| entry.1);
        let strings = file.place(value(DT_STRTAB)?)?;
        let names = |tag| {
            let entries = entries.iter().filter(move |entry| entry.0 == tag);
            entries.map(|entry| file.text(strings, entry.1)).collect::<Option<Vec<_>>>()
        };
        let versions = match (value(DT_VERNEED), value(DT_VERNEEDNUM)) {
            (Some(table), Some(count)) => file.versions(file.place(table)?, count, strings)?,
            _ => Vec::new(),
        };
        Some(Self { soname: names(DT_SONAME)?.pop(), needed: names(DT_NEEDED)?, versions })
    }
}

impl File<'_> {
    fn number(&self, at: u64, size: usize) -> Option<u64> {
        let start = usize::try_from(at).ok()?;
        let field = self.bytes.get(start..start.checked_add(size)?)?;
        Some(field.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    /// The file offset of an address.
    fn place(&self, address: u64) -> Option<u64> {
        let holds = |load: &&[u64; 3]| address >= load[0] && address - load[0] < load[2];
        self.loads.iter().find(holds)?[1].checked_add(address - self.loads.iter().find(holds)?[0])
    }

    fn text(&self, strings: u64, offset: u64) -> Option<String> {
        let start = usize::try_from(strings.checked_add(offset)?).ok()?;
        let rest = self.bytes.get(start..)?;
        let end = memchr::memchr(0, rest)?;
        Some(String::from_utf8_lossy(&rest[..end]).into_owned())
    }

    /// The required symbol versions of each library.
    fn versions(&self, table: u64, count: u64, strings: u64) -> Option<Vec<(String, String)>> {
        let mut versions = Vec::new();
        let mut at = table;
        for _ in 0..count {
            let library = self.text(strings, self.number(at.checked_add(4)?, 4)?)?;
            let mut entry = at.checked_add(self.number(at.checked_add(8)?, 4)?)?;
            for _ in 0..self.number(at.checked_add(2)?, 2)? {
                let version = self.text(strings, self.number(entry.checked_add(8)?, 4)?)?;
                if self.number(entry.checked_add(4)?, 2)? & VER_FLG_WEAK == 0 {
                    versions.push((library.clone(), version));
                }
                entry = entry.checked_add(self.number(entry.checked_add(12)?, 4)?)?;
            }
            at = at.checked_add(self.number(at.checked_add(12)?, 4)?)?;
        }
        Some(versions)
    }
}

#[cfg(all(test, target_os = "linux", target_pointer_width = "64", target_endian = "little"))]
mod tests {
    use super::*;

    #[test]
    fn needed_libraries_and_versions_are_read() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let elf = Elf::read(&own).unwrap();
        assert!(elf.needed.iter().any(|name| name.starts_with("libc.")), "{elf:?}");
        if cfg!(target_env = "gnu") {
            let glibc = |(library, version): &(String, String)| {
                library == "libc.so.6" && version.starts_with("GLIBC_2.")
            };
            assert!(elf.versions.iter().any(glibc), "{elf:?}");
        }
        assert_eq!(elf.soname, None);
    }

    #[test]
    fn damaged_files_give_an_answer() {
        assert_eq!(Elf::read(b"\x7fELF"), None);
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let head = &own[..own.len().min(1 << 16)];
        for at in 0..2048 {
            let mut damaged = head.to_vec();
            damaged[at] ^= 0xff;
            let _ = Elf::read(&damaged);
        }
    }
}
