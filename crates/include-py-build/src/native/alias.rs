//! Makes a library that only gives a loaded library another name.
//!
//! ```text
//! numba/…/omppool.….so  needs libgomp.so.1.0.0, the file's name on the machine where it was built
//! libgomp.so.1          the name in that file, by which glibc knows it after it is loaded
//! ▶ DT_SONAME libgomp.so.1.0.0, DT_NEEDED libgomp.so.1
//! ```
//!
//! A loaded library is found by its `DT_SONAME`, wherever it came from. If the alias is loaded as
//! well, both names are found. A symbol lookup through the alias works, since it also searches the
//! libraries that the alias needs.
//!
//! ```text
//!   0  ELF header
//!  64  program headers: PT_LOAD of all of it, PT_DYNAMIC, PT_GNU_STACK
//! 232  dynamic section: DT_SONAME, DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_SYMTAB, DT_SYMENT, DT_NULL
//! 344  symbols: only the null symbol
//! 368  strings
//! ```

const HEADER: u64 = 64;
const PROGRAM_HEADER: u64 = 56;
const DYNAMIC: u64 = HEADER + 3 * PROGRAM_HEADER;
const SYMBOLS: u64 = DYNAMIC + 7 * 16;
const SYMBOL: u64 = 24;
const STRINGS: u64 = SYMBOLS + SYMBOL;

/// The largest page size of Linux on any processor.
const PAGE: u64 = 0x1_0000;

const READ_WRITE: u64 = 4 + 2;

/// Makes a library `name` that needs `target`, for the same machine as `like`, the content of
/// another library. `None` unless that has 64 bits.
pub(super) fn alias(name: &str, target: &str, like: &[u8]) -> Option<Vec<u8>> {
    let ident = like.get(..8)?;
    if ident[4] != 2 {
        return None;
    }
    let strings = format!("\0{name}\0{target}\0");
    let length = u64::try_from(strings.len()).ok()?;
    let (total, target) = (STRINGS + length, u64::try_from(name.len()).ok()? + 2);
    let mut out = Writer { bytes: Vec::new(), little: ident[5] == 1 };
    out.bytes.extend(ident);
    out.bytes.extend([0; 8]);
    // A shared library, the machine, the version, no entry point, the headers' positions, flags of
    // the machine.
    out.number(3, 2);
    out.bytes.extend(like.get(18..24)?);
    for (value, size) in [(0, 8), (HEADER, 8), (0, 8)] {
        out.number(value, size);
    }
    out.bytes.extend(like.get(48..52)?);
    for value in [HEADER, PROGRAM_HEADER, 3, 0, 0, 0] {
        out.number(value, 2);
    }
    // The dynamic linker writes addresses into the dynamic section, so it must be writable. Without
    // PT_GNU_STACK the linker would make the stack executable.
    for (kind, start, size, align) in
        [(1, 0, total, PAGE), (2, DYNAMIC, SYMBOLS - DYNAMIC, 8), (0x6474_e551, 0, 0, 16)]
    {
        out.number(kind, 4);
        out.number(READ_WRITE, 4);
        for value in [start, start, start, size, size, align] {
            out.number(value, 8);
        }
    }
    let entries =
        [(14, 1), (1, target), (5, STRINGS), (10, length), (6, SYMBOLS), (11, SYMBOL), (0, 0)];
    for (tag, value) in entries {
        out.number(tag, 8);
        out.number(value, 8);
    }
    out.bytes.extend([0; 24]);
    out.bytes.extend(strings.as_bytes());
    Some(out.bytes)
}

struct Writer {
    bytes: Vec<u8>,
    little: bool,
}

impl Writer {
    fn number(&mut self, value: u64, size: usize) {
        if self.little {
            self.bytes.extend(&value.to_le_bytes()[..size]);
        } else {
            self.bytes.extend(&value.to_be_bytes()[8 - size..]);
        }
    }
}

#[cfg(all(test, target_os = "linux", target_pointer_width = "64"))]
mod tests {
    use super::super::elf::Elf;
    use super::*;

    #[test]
    fn an_alias_is_a_library_of_the_same_machine() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let made = alias("liba.so.1.0", "liba.so.1", &own).unwrap();
        let (elf, like) = (Elf::read(&made).unwrap(), Elf::read(&own).unwrap());
        assert_eq!(elf.soname.as_deref(), Some("liba.so.1.0"));
        assert_eq!(elf.needed, ["liba.so.1"]);
        assert_eq!((elf.machine, elf.bits), (like.machine, 64));
        assert_eq!(made.len(), 368 + "_liba.so.1.0_liba.so.1_".len());
    }

    #[test]
    fn the_byte_order_is_the_other_librarys() {
        let mut like = vec![0; 64];
        like[..6].copy_from_slice(b"\x7fELF\x02\x02");
        like[18..20].copy_from_slice(&[0, 22]);
        let made = alias("a", "b", &like).unwrap();
        assert_eq!(made[16..20], [0, 3, 0, 22]);
        assert_eq!(Elf::read(&made).unwrap().needed, ["b"]);
        like[4] = 1;
        assert_eq!(alias("a", "b", &like), None);
    }
}
