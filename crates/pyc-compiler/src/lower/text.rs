//! Escapes in string literals, as far as ruff leaves them to us: invalid ones and lone surrogates.
//!
//! | source | value |
//! |---|---|
//! | `\d` | the same, with a warning |
//! | `\ud800` | a lone surrogate, which ruff replaces by U+FFFD |
//! | `{{` in an f-string | `{` |

/// Where a text is written, which decides its escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string.
    Text,
    /// Bytes: no `\u`, `\U`, `\N`.
    Bytes,
    /// Between an f-string's replacement fields: braces are doubled.
    Middle,
}

/// An escape that CPython warns of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// Of the backslash.
    pub(crate) offset: usize,
    pub(crate) message: String,
}

/// The first invalid escape: CPython warns of one in each token (`unicodeobject.c:
/// _PyUnicode_DecodeUnicodeEscapeInternal`, 3.13).
pub(crate) fn first_invalid(source: &str, kind: Kind) -> Option<Invalid> {
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        let offset = at + found;
        let after = source[offset + 1..].chars().next()?;
        at = offset + 1 + after.len_utf8();
        let message = match after {
            '\n' | '\\' | '\'' | '"' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' => continue,
            'u' | 'U' | 'N' if kind != Kind::Bytes => continue,
            '0'..='7' => {
                let digits = octal(&source[offset + 1..]);
                if digits.len() < 3 || after < '4' {
                    continue;
                }
                format!("invalid octal escape sequence '\\{digits}'")
            }
            // The tokenizer has warned of these itself, and a backslash before other than ASCII passes.
            '{' | '}' if kind == Kind::Middle => continue,
            _ if !after.is_ascii() => continue,
            _ => format!("invalid escape sequence '\\{after}'"),
        };
        return Some(Invalid { offset, message });
    }
    None
}

/// Appends the value of a string literal, which ruff has as `value`, with its surrogates as they were written.
pub(super) fn restore_surrogates(source: &str, value: &str, kind: Kind, into: &mut Vec<u8>) {
    let mut known = value.chars();
    let mut copy = |into: &mut Vec<u8>| {
        if let Some(character) = known.next() {
            into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    };
    let mut rest = source;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        if character != '\\' {
            copy(into);
            let doubled = matches!(character, '{' | '}') && rest.starts_with(character);
            rest = &rest[usize::from(kind == Kind::Middle && doubled)..];
            continue;
        }
        let Some(after) = rest.chars().next() else {
            copy(into);
            break;
        };
        if kind == Kind::Middle && matches!(after, '{' | '}') {
            copy(into);
            continue;
        }
        rest = &rest[after.len_utf8()..];
        match after {
            '\n' => {}
            'x' => {
                rest = rest.get(2..).unwrap_or("");
                copy(into);
            }
            'u' | 'U' => {
                let (digits, left) = rest.split_at(if after == 'u' { 4 } else { 8 });
                rest = left;
                match u32::from_str_radix(digits, 16) {
                    Ok(code @ 0xd800..=0xdfff) => {
                        copy(&mut Vec::new());
                        into.extend(surrogate(code));
                    }
                    _ => copy(into),
                }
            }
            'N' => {
                rest = rest.split_once('}').map_or("", |(_, left)| left);
                copy(into);
            }
            '0'..='7' => {
                rest = &rest[octal(rest).len().min(2)..];
                copy(into);
            }
            '\\' | '\'' | '"' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' => copy(into),
            _ => {
                copy(into);
                copy(into);
            }
        }
    }
}

/// The tokens that text between replacement fields is made of: one ends in the middle of a doubled brace, and after the
/// name of a `\N{…}` (`lexer.c: tok_get_fstring_mode`, 3.13). Their lengths sum up to the text's.
pub(crate) fn pieces(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let bytes = rest.as_bytes();
        let (mut at, mut named) = (0, false);
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if bytes[at + 1..].starts_with(b"N{") => {
                    named = true;
                    at += 2;
                }
                b'\\' if !matches!(bytes.get(at + 1), Some(b'{' | b'}')) => at += 1,
                b'}' if named => break,
                brace @ (b'{' | b'}') if bytes.get(at + 1) == Some(&brace) => {
                    at += 1;
                    break;
                }
                _ => {}
            }
            at += 1;
        }
        let mut end = (at + 1).min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, left) = rest.split_at(end);
        rest = left;
        Some(piece)
    })
}

/// Whether the backslash at `at` is itself escaped: an odd number of others stands before it.
pub(super) fn is_escaped(source: &str, at: usize) -> bool {
    source[..at].bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1
}

/// The octal digits, at most three, that `source` starts with.
pub(crate) fn octal(source: &str) -> &str {
    let others = |character: char| !('0'..='7').contains(&character);
    let end = source.find(others).unwrap_or(source.len());
    &source[..end.min(3)]
}

/// A lone surrogate as `surrogatepass` encodes it.
pub(crate) fn surrogate(code: u32) -> [u8; 3] {
    let [.., high, low] = code.to_be_bytes();
    [0xe0 | high >> 4, 0x80 | (high & 0xf) << 2 | low >> 6, 0x80 | low & 0x3f]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_escapes_are_found() {
        let found = |source: &str, kind| first_invalid(source, kind).map(|one| one.message);
        for fine in ["", r"\n\x41\u1234\N{DASH}\0\377", "\\\n", r"\é"] {
            assert_eq!(found(fine, Kind::Text), None, "{fine}");
        }
        assert_eq!(found(r"a\\\d", Kind::Text).unwrap(), r"invalid escape sequence '\d'");
        assert_eq!(found(r"\400", Kind::Text).unwrap(), r"invalid octal escape sequence '\400'");
        assert_eq!(found(r"\u1234", Kind::Bytes).unwrap(), r"invalid escape sequence '\u'");
        assert_eq!(found(r"\{", Kind::Middle), None);
        assert_eq!(first_invalid(r"ab\c", Kind::Text).unwrap().offset, 2);
    }

    #[test]
    fn surrogates_come_back() {
        let restored = |source, value, kind| {
            let mut bytes = Vec::new();
            restore_surrogates(source, value, kind, &mut bytes);
            bytes
        };
        assert_eq!(restored(r"a\ud800b", "a\u{fffd}b", Kind::Text), b"a\xed\xa0\x80b");
        assert_eq!(
            restored(r"\U0000DFFF\x41\101\d\N{DIGIT ONE}", "\u{fffd}AA\\d1", Kind::Text),
            b"\xed\xbf\xbfAA\\d1"
        );
        assert_eq!(restored(r"{{\ud900}}\{{", "{\u{fffd}}\\{", Kind::Middle), b"{\xed\xa4\x80}\\{");
        assert_eq!(restored("\\\n\u{fffd}", "\u{fffd}", Kind::Text), "\u{fffd}".as_bytes());
    }
}
