//! Characters by name, except those whose names follow a rule.
//!
//! ```text
//! block 17:  EM DASH …                binary search over the first names
//!            EM |QUAD, EM |SPACE      then a linear search in the block
//! ```
//!
//! The format of the table is described where it is written, in
//! `crates/xtask/src/gen_unicode/tables.py`.

use super::identifiers::number;

static TABLE: &[u8] = include_bytes!("names.bin");

/// The character with this name or alias; the case is ignored.
pub(super) fn find(name: &str) -> Option<char> {
    let name = name.to_ascii_uppercase();
    let table = Table::open(TABLE)?;
    let (mut low, mut high) = (0, table.blocks);
    while high - low > 1 {
        let middle = low.midpoint(high);
        let first = table.block(middle)?.next()?.name;
        if first.as_slice() <= name.as_bytes() {
            low = middle;
        } else {
            high = middle;
        }
    }
    let found = table.block(low)?.find(|entry| entry.name == name.as_bytes())?;
    char::from_u32(found.code)
}

/// The parts of the table.
#[derive(Clone, Copy)]
struct Table {
    /// The string for each byte of a name, each with its length before it.
    strings: &'static [u8],
    offsets: &'static [u8],
    entries: &'static [u8],
    blocks: usize,
}

/// A name and its character.
#[derive(Clone, Debug, Default)]
struct Entry {
    name: Vec<u8>,
    code: u32,
}

impl Table {
    fn open(data: &'static [u8]) -> Option<Self> {
        let mut rest = data;
        for _ in 0..=u8::MAX {
            let (&size, after) = rest.split_first()?;
            rest = after.get(usize::from(size)..)?;
        }
        let strings = &data[..data.len() - rest.len()];
        let (blocks, rest) = rest.split_first_chunk()?;
        let blocks = usize::try_from(u32::from_le_bytes(*blocks)).ok()?;
        let (offsets, entries) = rest.split_at_checked(4 * blocks)?;
        Some(Self { strings, offsets, entries, blocks })
    }

    /// The entries of a block.
    fn block(&self, index: usize) -> Option<impl Iterator<Item = Entry> + use<'_>> {
        let offset = |index: usize| {
            let bytes = self.offsets.get(4 * index..)?.first_chunk()?;
            usize::try_from(u32::from_le_bytes(*bytes)).ok()
        };
        let end = offset(index + 1).unwrap_or(self.entries.len());
        let mut rest = self.entries.get(offset(index)?..end)?;
        let mut entry = Entry::default();
        Some(std::iter::from_fn(move || {
            self.read(&mut rest, &mut entry)?;
            Some(entry.clone())
        }))
    }

    /// Changes an entry to the next one.
    fn read(&self, rest: &mut &[u8], entry: &mut Entry) -> Option<()> {
        let ([same, size], after) = rest.split_first_chunk()?;
        let (bytes, after) = after.split_at_checked(usize::from(*size))?;
        *rest = after;
        entry.name.truncate(usize::from(*same));
        for &byte in bytes {
            entry.name.extend_from_slice(self.string(byte)?);
        }
        let zigzag = number(rest);
        let change = zigzag.div_ceil(2);
        entry.code = if zigzag % 2 == 0 {
            entry.code.wrapping_add(change)
        } else {
            entry.code.wrapping_sub(change)
        };
        Some(())
    }

    /// The string for a byte.
    fn string(&self, byte: u8) -> Option<&'static [u8]> {
        let mut rest = self.strings;
        for _ in 0..byte {
            rest = rest.get(1 + usize::from(*rest.first()?)..)?;
        }
        rest.get(1..=usize::from(*rest.first()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_in_its_place() {
        let table = Table::open(TABLE).unwrap();
        let mut last = Vec::new();
        let mut many = 0;
        for block in 0..table.blocks {
            for entry in table.block(block).unwrap() {
                assert!(last < entry.name, "names are in order");
                let name = std::str::from_utf8(&entry.name).unwrap();
                if many % 7 == 0 {
                    assert_eq!(find(name).map(u32::from), Some(entry.code), "{name}");
                }
                last = entry.name;
                many += 1;
            }
        }
        assert!(many > 33_000, "{many} names");
    }
}
