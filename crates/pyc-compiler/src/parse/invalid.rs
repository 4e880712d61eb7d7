//! Invalid escapes, about which CPython warns.
//!
//! | source | |
//! |---|---|
//! | `\d` | invalid escape sequence '\d' |
//! | `\400` | invalid octal escape sequence '\400' |
//! | `b"\u1234"` | invalid escape sequence '\u' |

use super::escape::octal;
use crate::target::{Facts, Feature};

/// Where a text is written: this decides which escapes are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// Bytes: `\u`, `\U` and `\N` are no escapes.
    Bytes,
    /// Between an f-string's replacement fields: braces are doubled.
    Middle,
}

/// An escape about which CPython warns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Invalid {
    /// The position of the backslash.
    pub(super) offset: usize,
    /// As it is in the source.
    pub(super) escape: String,
}

impl Invalid {
    /// CPython's message (`string_parser.c: warn_invalid_escape_sequence`).
    pub(super) fn message(&self, facts: &Facts) -> String {
        let escape = &self.escape;
        let octal = if self.is_octal() { "octal " } else { "" };
        if facts.has(Feature::EscapeAdvice) {
            format!(
                "\"{escape}\" is an invalid {octal}escape sequence. Such sequences will not work in the future. \
                 Did you mean \"\\{escape}\"? A raw string is also an option."
            )
        } else {
            format!("invalid {octal}escape sequence '{escape}'")
        }
    }

    /// Whether it is an octal escape above 0o377.
    pub(super) fn is_octal(&self) -> bool {
        self.escape.len() == 4
    }
}

/// The first invalid escape: CPython warns about one in each token (`unicodeobject.c:
/// _PyUnicode_DecodeUnicodeEscapeInternal`, 3.13).
pub(super) fn first_invalid(source: &str, kind: Kind) -> Option<Invalid> {
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        let offset = at + found;
        let after = source[offset + 1..].chars().next()?;
        at = offset + 1 + after.len_utf8();
        let escape = match after {
            '\n' | '\\' | '\'' | '"' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' => continue,
            'u' | 'U' | 'N' if kind != Kind::Bytes => continue,
            '0'..='7' => {
                let digits = octal(&source[offset + 1..]);
                if digits.len() < 3 || after < '4' {
                    continue;
                }
                format!("\\{digits}")
            }
            // The tokenizer has warned about these itself. A backslash before a non-ASCII character
            // is accepted.
            '{' | '}' if kind == Kind::Middle => continue,
            _ if !after.is_ascii() => continue,
            _ => format!("\\{after}"),
        };
        return Some(Invalid { offset, escape });
    }
    None
}

/// The tokens of the text between replacement fields. A token ends in the middle of a doubled
/// brace, and after the name of a `\N{…}` (`lexer.c: tok_get_fstring_mode`, 3.13). The lengths add
/// up to that of the text.
pub(super) fn pieces(source: &str) -> impl Iterator<Item = &str> {
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

/// An escaped brace.
pub(super) const BRACE: &str = r"\{";

/// The texts between replacement fields. Each doubled brace ends one (`string_parser.c:
/// fstring_find_literal`, 3.11).
pub(super) fn literals(source: &str) -> impl Iterator<Item = &str> {
    let bytes = source.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from;
        let mut at = start;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if bytes[at + 1..].starts_with(b"N{") => {
                    let name = memchr::memchr(b'}', &bytes[at..]);
                    at = name.map_or(bytes.len(), |name| at + name);
                }
                b'\\' if !matches!(bytes.get(at + 1), Some(b'{' | b'}')) => at += 1,
                brace @ (b'{' | b'}') if bytes.get(at + 1) == Some(&brace) => {
                    from = at + 2;
                    return Some(&source[start..from]);
                }
                _ => {}
            }
            at += 1;
        }
        from = bytes.len();
        (start < from).then(|| &source[start..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_escapes_are_found() {
        let facts = Facts::of_release("3.13.0");
        let found = |source: &str, kind| Some(first_invalid(source, kind)?.message(&facts));
        for fine in ["", r"\n\x41\u1234\N{DASH}\0\377", "\\\n", r"\é"] {
            assert_eq!(found(fine, Kind::Text), None, "{fine}");
        }
        assert_eq!(found(r"a\\\d", Kind::Text).unwrap(), r"invalid escape sequence '\d'");
        assert_eq!(found(r"\400", Kind::Text).unwrap(), r"invalid octal escape sequence '\400'");
        assert_eq!(found(r"\u1234", Kind::Bytes).unwrap(), r"invalid escape sequence '\u'");
        assert_eq!(found(r"\{", Kind::Middle), None);
        assert_eq!(first_invalid(r"ab\c", Kind::Text).unwrap().offset, 2);
    }
}
