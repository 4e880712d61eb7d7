//! Integers in groups of six bits, as the location and exception tables encode them.
//!
//! 200 is `48 03` with the lowest group first (locations) and `43 08` with the highest group first
//! (exceptions). Bit 6 means that another group follows.

/// Reads bytes one at a time.
#[derive(Clone, Debug)]
pub(super) struct Bytes<'t> {
    table: &'t [u8],
    pub(super) at: usize,
}

impl<'t> Bytes<'t> {
    pub(super) const fn new(table: &'t [u8]) -> Self {
        Self { table, at: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at >= self.table.len()
    }

    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = *self.table.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// Reads an integer whose lowest group comes first.
    pub(super) fn little(&mut self) -> Option<u32> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.next()?;
            value |= u32::from(byte & 0x3f).checked_shl(shift)?;
            if byte & 0x40 == 0 {
                return Some(value);
            }
            shift += 6;
        }
    }

    /// Reads an integer whose lowest bit is its sign.
    pub(super) fn signed(&mut self) -> Option<i32> {
        let value = self.little()?;
        let magnitude = i32::try_from(value >> 1).ok()?;
        Some(if value & 1 == 1 { -magnitude } else { magnitude })
    }

    /// Reads an integer whose highest group comes first.
    pub(super) fn big(&mut self) -> Option<u32> {
        let mut value = 0u32;
        loop {
            let byte = self.next()?;
            value = value.checked_mul(64)? | u32::from(byte & 0x3f);
            if byte & 0x40 == 0 {
                return Some(value);
            }
        }
    }
}

/// Writes an integer, lowest group first.
pub(super) fn little(mut value: u32, out: &mut Vec<u8>) {
    while value >= 64 {
        out.push(0x40 | low_group(value));
        value >>= 6;
    }
    out.push(low_group(value));
}

/// Writes an integer whose lowest bit is its sign.
pub(super) fn signed(value: i32, out: &mut Vec<u8>) {
    little(value.unsigned_abs() << 1 | u32::from(value < 0), out);
}

/// Writes an integer, highest group first; `mark` is added to the first byte.
pub(super) fn big(value: u32, mark: u8, out: &mut Vec<u8>) {
    let mut mark = mark;
    let mut shift = 30;
    while shift > 0 {
        if value >> shift != 0 {
            out.push(mark | 0x40 | low_group(value >> shift));
            mark = 0;
        }
        shift -= 6;
    }
    out.push(mark | low_group(value));
}

fn low_group(value: u32) -> u8 {
    value.to_le_bytes()[0] & 0x3f
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_back() {
        for value in [0, 1, 63, 64, 200, 4095, 4096, 1 << 30, u32::MAX >> 1] {
            let mut bytes = Vec::new();
            little(value, &mut bytes);
            big(value, 0x80, &mut bytes);
            let mut reader = Bytes::new(&bytes);
            assert_eq!(reader.little(), Some(value));
            assert_eq!(reader.big(), Some(value));
            assert!(reader.is_empty());
        }
        for value in [0, 1, -1, 127, -128, 1_000_000, -1_000_000] {
            let mut bytes = Vec::new();
            signed(value, &mut bytes);
            assert_eq!(Bytes::new(&bytes).signed(), Some(value));
        }
    }

    #[test]
    fn endless_numbers_are_refused() {
        let endless = [0x7f; 100];
        assert_eq!(Bytes::new(&endless).little(), None);
        assert_eq!(Bytes::new(&endless).big(), None);
    }
}
