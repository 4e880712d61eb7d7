//! Escapes in literals.
//!
//! `\n` is a line feed, `\ud800` a lone surrogate. `\d` stays as it is, and CPython warns about it.

use super::{Doubt, Result};
use crate::target::Facts;
use crate::unicode;

/// The kind of literal that an escape is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Without `\u`, `\U` and `\N`; `\x` and octal escapes are bytes.
    Bytes,
}

/// Appends the value of the literal text `source`.
pub(super) fn decode(source: &str, kind: Kind, facts: &Facts, into: &mut Vec<u8>) -> Result<()> {
    let mut rest = source;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        into.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = &rest[at + 1..];
        // A backslash before a field or a non-ASCII character is no escape.
        let Some(after) = escape.bytes().next().filter(u8::is_ascii) else {
            into.push(b'\\');
            rest = escape;
            continue;
        };
        rest = &escape[1..];
        let byte = match after {
            b'\n' => continue,
            b'\\' | b'\'' | b'"' => after,
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'0'..=b'7' => {
                let digits = octal(escape);
                rest = &escape[digits.len()..];
                let code = u32::from_str_radix(digits, 8).map_err(|_| Doubt)?;
                push(if kind == Kind::Bytes { code & 0xff } else { code }, kind, into);
                continue;
            }
            b'x' => {
                push(hexadecimal(&mut rest, 2)?, kind, into);
                continue;
            }
            b'u' if kind == Kind::Text => {
                push(hexadecimal(&mut rest, 4)?, kind, into);
                continue;
            }
            b'U' if kind == Kind::Text => {
                push(hexadecimal(&mut rest, 8)?, kind, into);
                continue;
            }
            b'N' if kind == Kind::Text => {
                let name = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
                let (name, left) = name.ok_or(Doubt)?;
                rest = left;
                push(unicode::character(name, facts).ok_or(Doubt)?.into(), kind, into);
                continue;
            }
            _ => {
                into.push(b'\\');
                after
            }
        };
        into.push(byte);
    }
    into.extend_from_slice(rest.as_bytes());
    Ok(())
}

fn push(code: u32, kind: Kind, into: &mut Vec<u8>) {
    match (kind, char::from_u32(code)) {
        (Kind::Bytes, _) => into.extend(u8::try_from(code)),
        (Kind::Text, Some(character)) => {
            into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        (Kind::Text, None) => into.extend(surrogate(code)),
    }
}

fn hexadecimal(rest: &mut &str, many: usize) -> Result<u32> {
    let (digits, left) = rest.split_at_checked(many).ok_or(Doubt)?;
    *rest = left;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(Doubt);
    }
    let code = u32::from_str_radix(digits, 16).map_err(|_| Doubt)?;
    if code > u32::from(char::MAX) { Err(Doubt) } else { Ok(code) }
}

/// The octal digits, at most three, at the start of `source`.
pub(super) fn octal(source: &str) -> &str {
    let others = |character: char| !('0'..='7').contains(&character);
    let end = source.find(others).unwrap_or(source.len());
    &source[..end.min(3)]
}

/// The bytes of a lone surrogate, as `surrogatepass` encodes it.
fn surrogate(code: u32) -> [u8; 3] {
    let [.., high, low] = code.to_be_bytes();
    [0xe0 | high >> 4, 0x80 | (high & 0xf) << 2 | low >> 6, 0x80 | low & 0x3f]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(source: &str, kind: Kind) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let facts = Facts::of_release("3.13.18");
        decode(source, kind, &facts, &mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn known_escapes_are_decoded() {
        let text = |source| decoded(source, Kind::Text);
        assert_eq!(text(r#"a\n\'\"\\\x41\101\0b"#).unwrap(), b"a\n'\"\\AA\0b");
        assert_eq!(text("a\\\nb").unwrap(), b"ab");
        assert_eq!(text(r"\xe9\u00e9\U000000e9\N{DIGIT ONE}").unwrap(), "ééé1".as_bytes());
        assert_eq!(text(r"\ud800").unwrap(), b"\xed\xa0\x80");
        assert_eq!(text(r"\d\é\400\").unwrap(), r"\d\éĀ\".as_bytes());
        assert_eq!(decoded(r"\xe9\377", Kind::Bytes).unwrap(), b"\xe9\xff");
        assert_eq!(decoded(r"\u1234\d\401", Kind::Bytes).unwrap(), b"\\u1234\\d\x01");
    }

    #[test]
    fn unknown_escapes_are_left_to_the_diagnosis() {
        for source in [r"\x4", r"\x+4", r"\u123", r"\U00110000", r"\N{NO}", r"\N", r"\N{EM DASH"] {
            assert!(decoded(source, Kind::Text).is_err(), "{source}");
        }
        assert!(decoded(r"\x4", Kind::Bytes).is_err());
    }
}
