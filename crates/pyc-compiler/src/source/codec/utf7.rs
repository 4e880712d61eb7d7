//! UTF-7 (RFC 2152): ASCII, and UTF-16 in base 64 between `+` and the next byte that isn't a
//! base-64 digit.
//!
//! ```text
//! x = 'Gr+APwA3w-e'   ─▶   x = 'Grüße'
//! ```

use super::points::Points;
use super::undecodable;

/// UTF-16 in base 64.
#[derive(Default)]
struct Shift {
    /// The position of its `+`.
    start: usize,
    bits: u32,
    /// The number of valid bits.
    len: u32,
    /// A high surrogate that needs a low one.
    high: Option<u32>,
}

/// The code points (`unicodeobject.c: PyUnicode_DecodeUTF7Stateful`, 3.13).
pub(super) fn decode(bytes: &[u8]) -> Result<Points, String> {
    let mut points = Points::default();
    let mut shift: Option<Shift> = None;
    let mut at = 0;
    let refused = |start: usize, end: usize, reason: &str| {
        Err(undecodable("utf7", &bytes[start..end], start, reason))
    };
    while let Some(&byte) = bytes.get(at) {
        if let Some(mut inside) = shift.take() {
            if let Some(digit) = digit(byte) {
                inside.add(digit, &mut points);
                at += 1;
                shift = Some(inside);
                continue;
            }
            if inside.len >= 6 {
                return refused(inside.start, at + 1, "partial character in shift sequence");
            }
            if inside.bits != 0 {
                return refused(inside.start, at + 1, "non-zero padding bits in shift sequence");
            }
            // The byte after the digits also counts as a character, except a hyphen. Before a `+` a
            // surrogate is lost.
            if let Some(high) = inside.high.filter(|_| byte.is_ascii() && byte != b'+') {
                points.push(high);
            }
            at += usize::from(byte == b'-');
            continue;
        }
        match (byte, bytes.get(at + 1)) {
            (b'+', Some(b'-')) => {
                points.push(u32::from(b'+'));
                at += 2;
            }
            (b'+', Some(&next)) if digit(next).is_none() => {
                return refused(at, at + 2, "ill-formed sequence");
            }
            (b'+', _) => {
                shift = Some(Shift { start: at, ..Shift::default() });
                at += 1;
            }
            (0..0x80, _) => {
                points.push(u32::from(byte));
                at += 1;
            }
            _ => return refused(at, at + 1, "unexpected special character"),
        }
    }
    match shift {
        Some(left) if left.high.is_some() || left.len >= 6 || left.bits != 0 => {
            refused(left.start, bytes.len(), "unterminated shift sequence")
        }
        _ => Ok(points),
    }
}

impl Shift {
    fn add(&mut self, digit: u32, points: &mut Points) {
        self.bits = self.bits << 6 | digit;
        self.len += 6;
        let Some(rest) = self.len.checked_sub(16) else { return };
        let unit = self.bits >> rest;
        self.bits &= (1 << rest) - 1;
        self.len = rest;
        if let Some(high) = self.high.take() {
            if let 0xdc00..0xe000 = unit {
                points.push(0x1_0000 + (((high - 0xd800) << 10) | (unit - 0xdc00)));
                return;
            }
            points.push(high);
        }
        match unit {
            0xd800..0xdc00 => self.high = Some(unit),
            _ => points.push(unit),
        }
    }
}

fn digit(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(digit))
}

#[cfg(test)]
mod tests {
    use super::super::Points;

    fn decode(bytes: &[u8]) -> Result<String, String> {
        super::decode(bytes).and_then(Points::into_text)
    }

    #[test]
    fn base_64_is_utf_16() {
        for (bytes, text) in [
            (&b"Gr+APwA3w-e"[..], "Grüße"),
            (b"1 +- 1", "1 + 1"),
            (b"+2D3eAA-", "😀"),
            (b"+AGE=", "a="),
            (b"+AGE", "a"),
            (
                b"+AG",
                "'utf7' codec can't decode bytes in position 0-2: unterminated shift sequence",
            ),
            (b"x+*", "'utf7' codec can't decode bytes in position 1-2: ill-formed sequence"),
            (
                b"+AH-",
                "'utf7' codec can't decode bytes in position 0-3: partial character in shift sequence",
            ),
            (
                b"+2Dw-",
                "'utf-8' codec can't encode character '\\ud83c' in position 0: surrogates not allowed",
            ),
        ] {
            let found = decode(bytes).unwrap_or_else(|words| words);
            assert_eq!(found, text, "{}", bytes.escape_ascii());
        }
    }
}
