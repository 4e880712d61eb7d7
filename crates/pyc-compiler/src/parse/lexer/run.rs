//! The lengths of runs of equal bytes, counted eight bytes at a time.
//!
//! ```text
//! spam(x)   ─▶ a word of 4      "        x"   ─▶ 8 spaces      spam"   ─▶ 4 quoted bytes
//! ```
//!
//! A processor can't predict where words, indentation and literals end. So there is no branch for
//! each byte, but arithmetic on eight bytes at once. Except in [`zero`], no operation carries into
//! the next byte.

/// How many bytes at the start can continue a name or number.
#[inline]
pub(super) fn word(bytes: &[u8]) -> usize {
    let mut len = 0;
    loop {
        let others = !in_word(eight(bytes, len)) & TOPS;
        if others != 0 {
            return len + first(others);
        }
        len += 8;
    }
}

/// The first `len` bytes, at least one, padded with zeros. `None` if they are more than eight.
#[inline(always)]
pub(super) fn key(bytes: &[u8], len: usize) -> Option<u64> {
    let missing = 8_usize.checked_sub(len)?;
    Some(eight(bytes, 0) << (8 * missing) >> (8 * missing))
}

/// How many spaces there are at the start.
#[inline]
pub(super) fn spaces(bytes: &[u8]) -> usize {
    let mut len = 0;
    loop {
        let others = eight(bytes, len) ^ all(b' ');
        if others != 0 {
            return len + first(others);
        }
        len += 8;
    }
}

/// How many bytes at the start of a literal's content are neither quotes nor backslashes nor line
/// ends.
#[inline]
pub(super) fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut len = 0;
    loop {
        let eight = eight(bytes, len);
        // A zero is what pads the text's end.
        let ends = zero(eight ^ all(quote)) | zero(eight ^ all(b'\\')) | zero(eight ^ all(b'\n'));
        let ends = ends | zero(eight);
        if ends != 0 {
            return len + first(ends);
        }
        len += 8;
    }
}

/// Sets the top bit of the first byte that is zero. The bits of later bytes are undefined.
#[inline(always)]
const fn zero(eight: u64) -> u64 {
    eight.wrapping_sub(all(1)) & !eight & TOPS
}

/// The index of the first of eight bytes that isn't zero.
#[inline(always)]
const fn first(eight: u64) -> usize {
    eight.trailing_zeros() as usize / 8
}

/// The eight bytes at `at`, padded with zeros after the end of the text.
#[inline(always)]
fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes[at..].first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => last(&bytes[at..]),
    }
}

#[cold]
fn last(bytes: &[u8]) -> u64 {
    let mut last = [0; 8];
    last[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(last)
}

const TOP: u8 = 0x80;

const TOPS: u64 = all(TOP);

/// The same byte, eight times.
#[inline(always)]
const fn all(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// Sets the top bit of the bytes that are ASCII letters, digits or underscores.
#[inline(always)]
const fn in_word(eight: u64) -> u64 {
    let low = eight & !TOPS;
    // Upper and lower case differ in one bit. With it set, no other character becomes a letter.
    let small = low | all(b'a' - b'A');
    let letter = not_below(small, b'a') & !not_below(small, b'z' + 1);
    let digit = not_below(low, b'0') & !not_below(low, b'9' + 1);
    // The top bit is left only if nothing is subtracted.
    let underscore = TOPS - (low ^ all(b'_'));
    (letter | digit | underscore) & !eight & TOPS
}

/// Sets the top bit of the bytes that aren't less than `least`. All bytes must be below 128. The
/// other bits of the result are undefined.
#[inline(always)]
const fn not_below(eight: u64, least: u8) -> u64 {
    eight + all(TOP - least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_at_every_other_byte() {
        for other in 0..=u8::MAX {
            let is_word = other.is_ascii_alphanumeric() || other == b'_';
            for len in 0..20 {
                let mut bytes = b"_aZ09zA".repeat(4);
                bytes[len] = other;
                bytes[len + 1] = b'.';
                assert_eq!(word(&bytes), len + usize::from(is_word), "{other} at {len}");
                bytes[..len].fill(b' ');
                assert_eq!(spaces(&bytes), len + usize::from(other == b' '), "{other} at {len}");
            }
        }
    }

    #[test]
    fn quoted_bytes_end_at_quotes_backslashes_and_line_ends() {
        for other in 1..=u8::MAX {
            for len in 0..20 {
                let mut bytes = b"x\x80 '\x01\xff\x7f".repeat(4);
                bytes[len] = other;
                bytes[len + 1] = b'"';
                let ends = matches!(other, b'"' | b'\\' | b'\n');
                assert_eq!(quoted(&bytes, b'"'), len + usize::from(!ends), "{other} at {len}");
            }
        }
    }

    #[test]
    fn keys_are_filled_up() {
        assert_eq!(key(b"if x", 2), Some(u64::from_le_bytes(*b"if\0\0\0\0\0\0")));
        assert_eq!(key(b"continue", 8), Some(u64::from_le_bytes(*b"continue")));
        assert_eq!(key(b"continued", 9), None);
    }

    #[test]
    fn runs_end_with_the_text() {
        for len in 0..20 {
            assert_eq!(word(&b"x".repeat(len)), len);
            assert_eq!(spaces(&b" ".repeat(len)), len);
            assert_eq!(quoted(&b"x".repeat(len), b'"'), len);
        }
    }
}
