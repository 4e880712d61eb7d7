//! Latin-1 with escapes: `unicode_escape` has those of string literals, `raw_unicode_escape` has
//! `\u` and `\U`.
//!
//! ```text
//! unicode_escape   x = '\xe9'\ny = 1   ─▶   two lines, with é in the first
//! ```

use super::points::Points;
use super::undecodable;
use crate::target::Facts;
use crate::unicode;

/// The code points (`unicodeobject.c: _PyUnicode_DecodeUnicodeEscapeInternal`, 3.13). Unknown
/// escapes are kept. CPython warns about them while it decodes, but without a position in the
/// source, so there is no warning here.
pub(super) fn cooked(bytes: &[u8], facts: &Facts) -> Result<Points, String> {
    let mut points = Points::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        if byte != b'\\' {
            points.push(u32::from(byte));
            continue;
        }
        let refused = |end: usize, reason: &str| {
            Err(undecodable("unicodeescape", &bytes[start..end], start, reason))
        };
        let Some(&after) = bytes.get(at) else { return refused(at, "\\ at end of string") };
        at += 1;
        let point = match after {
            b'\n' => continue,
            b'\\' | b'\'' | b'"' => u32::from(after),
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => 0x0a,
            b'r' => 0x0d,
            b't' => 0x09,
            b'v' => 0x0b,
            b'0'..=b'7' => {
                let octal = |byte: &&u8| matches!(byte, b'0'..=b'7');
                let digits: Vec<_> = bytes[at - 1..].iter().take(3).take_while(octal).collect();
                at += digits.len() - 1;
                digits.into_iter().fold(0, |point, digit| point * 8 + u32::from(digit - b'0'))
            }
            b'x' | b'u' | b'U' => match hexadecimal(bytes, at, after) {
                Ok((point, end)) => {
                    at = end;
                    point
                }
                Err((end, reason)) => return refused(end, reason),
            },
            b'N' => match named(bytes, at, facts) {
                Ok((point, end)) => {
                    at = end;
                    point
                }
                Err((end, reason)) => return refused(end, reason),
            },
            _ => {
                points.push(u32::from(b'\\'));
                u32::from(after)
            }
        };
        points.push(point);
    }
    Ok(points)
}

/// The code points (`unicodeobject.c: _PyUnicode_DecodeRawUnicodeEscapeStateful`, 3.13).
pub(super) fn raw(bytes: &[u8]) -> Result<Points, String> {
    let mut points = Points::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match (byte, bytes.get(at)) {
            (b'\\', Some(&after @ (b'u' | b'U'))) => match hexadecimal(bytes, at + 1, after) {
                Ok((point, end)) => {
                    points.push(point);
                    at = end;
                }
                Err((end, reason)) => {
                    let reason = match reason {
                        TOO_LARGE => "\\Uxxxxxxxx out of range",
                        reason => reason,
                    };
                    let bytes = &bytes[start..end];
                    return Err(undecodable("rawunicodeescape", bytes, start, reason));
                }
            },
            (b'\\', Some(&after)) => {
                points.push(u32::from(byte));
                points.push(u32::from(after));
                at += 1;
            }
            _ => points.push(u32::from(byte)),
        }
    }
    Ok(points)
}

/// A code point and the end of its escape, or the position and the message of an error.
type Read = Result<(u32, usize), (usize, &'static str)>;

const TOO_LARGE: &str = "illegal Unicode character";

fn hexadecimal(bytes: &[u8], start: usize, letter: u8) -> Read {
    let (many, reason) = match letter {
        b'x' => (2, "truncated \\xXX escape"),
        b'u' => (4, "truncated \\uXXXX escape"),
        _ => (8, "truncated \\UXXXXXXXX escape"),
    };
    let digits = bytes[start..].iter().take(many).map_while(|&byte| char::from(byte).to_digit(16));
    let (found, point) =
        digits.fold((0, 0), |(found, point), digit| (found + 1, point << 4 | digit));
    let end = start + found;
    if found < many {
        Err((end, reason))
    } else if point > u32::from(char::MAX) {
        Err((end, TOO_LARGE))
    } else {
        Ok((point, end))
    }
}

fn named(bytes: &[u8], start: usize, facts: &Facts) -> Read {
    const MALFORMED: &str = "malformed \\N character escape";
    if bytes.get(start) != Some(&b'{') {
        return Err((start, MALFORMED));
    }
    let name = &bytes[start + 1..];
    let Some(len) = memchr::memchr(b'}', name) else { return Err((bytes.len(), MALFORMED)) };
    let end = start + 1 + len;
    if len == 0 {
        return Err((end, MALFORMED));
    }
    let name = std::str::from_utf8(&name[..len]).ok();
    match name.and_then(|name| unicode::character(name, facts)) {
        Some(character) => Ok((u32::from(character), end + 1)),
        None => Err((end + 1, "unknown Unicode character name")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest() -> Facts {
        Facts::of_release("3.13.18")
    }

    #[test]
    fn escapes_are_those_of_string_literals() {
        for (bytes, text) in [
            (&br"\x41\101\u00e9\U0001f600\N{DIGIT ONE}\t"[..], "AAé😀1\t"),
            (b"a\\\nb\xe9\\d", "abé\\d"),
            (br"\501", "Ł"),
            (
                br"x\",
                "'unicodeescape' codec can't decode byte 0x5c in position 1: \\ at end of string",
            ),
            (
                br"\x4",
                "'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX escape",
            ),
            (
                br"\N{}",
                "'unicodeescape' codec can't decode bytes in position 0-2: malformed \\N character escape",
            ),
            (
                br"\N{?}",
                "'unicodeescape' codec can't decode bytes in position 0-4: unknown Unicode character name",
            ),
            (
                br"\Uffffffff",
                "'unicodeescape' codec can't decode bytes in position 0-9: illegal Unicode character",
            ),
            (
                br"\ud800",
                "'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed",
            ),
        ] {
            let found = cooked(bytes, &newest()).and_then(Points::into_text);
            assert_eq!(found.unwrap_or_else(|words| words), text, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn only_two_escapes_are_decoded_in_raw_text() {
        for (bytes, text) in [
            (&br"\x41\u00e9\n\\u0041"[..], r"\x41é\n\\u0041"),
            (b"\xe9\\", "é\\"),
            (
                br"\u00",
                "'rawunicodeescape' codec can't decode bytes in position 0-3: truncated \\uXXXX escape",
            ),
            (
                br"\U00110000",
                "'rawunicodeescape' codec can't decode bytes in position 0-9: \\Uxxxxxxxx out of range",
            ),
        ] {
            let found = raw(bytes).and_then(Points::into_text);
            assert_eq!(found.unwrap_or_else(|words| words), text, "{}", bytes.escape_ascii());
        }
    }
}
