//! Errors inside literals: escapes, bytes that aren't ASCII or UTF-8, integers with too many
//! digits.
//!
//! | source | CPython says |
//! |---|---|
//! | `'\x4'` | (unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: truncated \xXX escape |
//! | `b'\x4'` | (value error) invalid \x escape at position 0 |
//! | `b'é'` | bytes can only contain ASCII literal characters |
//!
//! CPython's parser finds them when it reaches the token (`string_parser.c: _PyPegen_parse_string`,
//! 3.13).

use unicode_normalization::UnicodeNormalization as _;

use super::{Item, Tokens};
use crate::error::{ErrorKind, Fault};
use crate::location::Location;
use crate::name::count;
use crate::parse::lexer::StringKind;
use crate::parse::lexer::StringToken;
use crate::parse::number::integer;
use crate::parse::token::Token;
use crate::source::complaint;
use crate::target::{Facts, Feature, Target};
use crate::unicode::character;

/// The message about bytes with other characters.
pub(in crate::parse) const ONLY_ASCII: &str = "bytes can only contain ASCII literal characters";

impl Tokens<'_> {
    /// The error inside a literal that the parser has reached.
    #[cold]
    pub(in crate::parse) fn content_fault(&self, index: u32) -> Option<Fault> {
        let item = self.list.get(index as usize)?;
        match item.token {
            Token::String if self.target.has(Feature::JoinedStringTokens) => None,
            Token::String => {
                let (string, content) = self.literal(index)?;
                let words = self.literal_words(string, content)?;
                Some(Fault::syntax(item.at, words))
            }
            Token::Middle | Token::TemplateMiddle => {
                let words = self.middle_words(item)?;
                Some(Fault::new(ErrorKind::Undecodable, Location::NONE, words))
            }
            Token::JoinedEnd | Token::TemplateEnd => {
                let (text, words) = self.joined_words(index as usize)?;
                let located = self.target.has(Feature::EscapesLocated);
                let at = if located { text.at } else { item.at };
                Some(Fault::syntax(at, format!("(unicode error) {words}")))
            }
            Token::Number => {
                let words = self.number_words(item)?;
                Some(Fault::syntax(item.at.without_columns(), words))
            }
            Token::Name if self.target.has(Feature::ConstantsInNormalForm) => {
                let words = constant_words(self.bytes_of(item))?;
                Some(Fault::new(ErrorKind::Value, Location::NONE, words))
            }
            _ => None,
        }
    }

    fn bytes_of(&self, item: &Item) -> &[u8] {
        let bytes = self.original.as_deref().unwrap_or(self.text.as_bytes());
        bytes.get(item.start as usize..item.end as usize).unwrap_or_default()
    }

    /// A literal's prefix and quotes, and the bytes between the quotes. Its start is counted from
    /// that of the token.
    pub(in crate::parse) fn literal(&self, index: u32) -> Option<(StringToken, &[u8])> {
        let bytes = self.bytes_of(self.list.get(index as usize)?);
        let prefix = bytes.iter().position(|byte| matches!(byte, b'\'' | b'"'))?;
        let mut string = StringToken::prefix(&bytes[..prefix])?;
        let rest = &bytes[prefix..];
        let is_triple = rest.len() >= 6 && rest[1] == rest[0] && rest[2] == rest[0];
        let quotes = if is_triple { 3 } else { 1 };
        string.start = count(prefix + quotes);
        Some((string, rest.get(quotes..rest.len() - quotes)?))
    }

    /// The error in a literal that isn't an f-string.
    pub(in crate::parse) fn literal_words(
        &self,
        string: StringToken,
        content: &[u8],
    ) -> Option<String> {
        if string.kind == StringKind::Bytes {
            if !content.is_ascii() {
                return Some(ONLY_ASCII.to_owned());
            }
            return if string.raw { None } else { bytes_words(content) };
        }
        let words =
            if string.raw { complaint(content)? } else { text_words(content, &self.target)? };
        Some(format!("(unicode error) {words}"))
    }

    /// Text of an f-string or t-string must be UTF-8. That of a format spec is decoded at once, by
    /// non-ASCII runs, other text with the whole string (`action_helpers.c:
    /// _PyPegen_decoded_constant_from_token`, 3.13).
    fn middle_words(&self, item: &Item) -> Option<String> {
        let bytes = self.bytes_of(item);
        if !item.in_spec {
            return complaint(bytes);
        }
        runs_words(bytes).or_else(|| text_words(bytes, &self.target))
    }

    /// The error in a text between the fields of the f-string that ends at `end`, and that text.
    fn joined_words(&self, end: usize) -> Option<(&Item, String)> {
        let mut inner = 0;
        let start = self.list[..end].iter().rposition(|item| {
            match item.token {
                Token::JoinedEnd | Token::TemplateEnd => inner += 1,
                Token::Joined | Token::Template if inner == 0 => return true,
                Token::Joined | Token::Template => inner -= 1,
                _ => {}
            }
            false
        })?;
        let is_raw =
            self.bytes_of(&self.list[start]).iter().any(|byte| matches!(byte, b'r' | b'R'));
        if is_raw {
            return None;
        }
        self.list[start + 1..end].iter().find_map(|item| {
            match item.token {
                Token::Joined | Token::Template => inner += 1,
                Token::JoinedEnd | Token::TemplateEnd => inner -= 1,
                Token::Middle | Token::TemplateMiddle if inner == 0 && !item.in_spec => {
                    let words = text_words(self.bytes_of(item), &self.target)?;
                    return Some((item, words));
                }
                _ => {}
            }
            None
        })
    }

    fn number_words(&self, item: &Item) -> Option<String> {
        let digits = self.bytes_of(item);
        if !digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_') {
            return None;
        }
        let many = integer(std::str::from_utf8(digits).ok()?).err()?;
        Some(too_many_digits(many))
    }
}

/// CPython's message about an integer with this many decimal digits (`longobject.c:
/// long_from_non_binary_base`, 3.13).
fn too_many_digits(many: usize) -> String {
    format!(
        "Exceeds the limit (4300 digits) for integer string conversion: value has {many} digits; use \
         sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid \
         decimal conversion limits."
    )
}

/// The error in the escapes of bytes (`bytesobject.c: _PyBytes_DecodeEscape`, 3.13).
fn bytes_words(content: &[u8]) -> Option<String> {
    let mut at = 0;
    while let Some(offset) = memchr::memchr(b'\\', &content[at..]) {
        at += offset;
        if content.get(at + 1) == Some(&b'x') {
            let digits = content.get(at + 2..at + 4).unwrap_or_default();
            if digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
                return Some(format!("(value error) invalid \\x escape at position {at}"));
            }
        }
        at = (at + 2).min(content.len());
    }
    None
}

/// The error in a text that isn't raw. Non-ASCII runs are decoded first; each of their characters
/// then counts as ten bytes in the positions of escapes (`string_parser.c:
/// decode_unicode_with_escapes`, 3.13).
pub(in crate::parse) fn text_words(content: &[u8], target: &Target) -> Option<String> {
    if !content.contains(&b'\\') {
        return complaint(content);
    }
    if let Some(words) = runs_words(content) {
        return Some(words);
    }
    let text = std::str::from_utf8(content).ok()?;
    let mut expanded = Vec::with_capacity(content.len());
    for (at, character) in text.char_indices() {
        if character.is_ascii() {
            expanded.push(content[at]);
            continue;
        }
        if is_after_backslash(&content[..at]) {
            expanded.extend_from_slice(b"u005c");
        }
        expanded.extend(format!("\\U{:08x}", u32::from(character)).bytes());
    }
    // In a text that ends before a brace, a final backslash is a character.
    if is_after_backslash(content) {
        expanded.extend_from_slice(b"u005c");
    }
    escape_words(&expanded, target)
}

/// The error in a non-ASCII run.
pub(in crate::parse) fn runs_words(content: &[u8]) -> Option<String> {
    content.split(u8::is_ascii).find_map(complaint)
}

/// Whether `before` ends with a backslash that begins an escape.
fn is_after_backslash(before: &[u8]) -> bool {
    before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// See `unicodeobject.c: _PyUnicode_DecodeUnicodeEscapeInternal`, 3.13.
fn escape_words(content: &[u8], target: &Target) -> Option<String> {
    let mut at = 0;
    while let Some(offset) = memchr::memchr(b'\\', &content[at..]) {
        let start = at + offset;
        let kind = content.get(start + 1).copied();
        let (reason, end) = match kind {
            Some(b'x') => hexadecimal(content, start, 2, "truncated \\xXX escape"),
            Some(b'u') => hexadecimal(content, start, 4, "truncated \\uXXXX escape"),
            Some(b'U') => hexadecimal(content, start, 8, "truncated \\UXXXXXXXX escape"),
            Some(b'N') => named(content, start, target),
            Some(_) => (None, start + 2),
            None => (Some("\\ at end of string"), start + 1),
        };
        if let Some(reason) = reason {
            let which = if end - start == 1 {
                format!("byte 0x5c in position {start}")
            } else {
                format!("bytes in position {start}-{}", end - 1)
            };
            return Some(format!("'unicodeescape' codec can't decode {which}: {reason}"));
        }
        at = end;
    }
    None
}

/// The error, and how far was read.
type Read = (Option<&'static str>, usize);

fn hexadecimal(content: &[u8], start: usize, many: usize, truncated: &'static str) -> Read {
    let rest = &content[start + 2..];
    let digits = rest.iter().take(many).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let end = start + 2 + digits;
    if digits < many {
        return (Some(truncated), end);
    }
    let code = rest[..many]
        .iter()
        .fold(0, |code, digit| code << 4 | char::from(*digit).to_digit(16).unwrap_or_default());
    ((code > u32::from(char::MAX)).then_some("illegal Unicode character"), end)
}

fn named(content: &[u8], start: usize, target: &Target) -> Read {
    let malformed = Some("malformed \\N character escape");
    let rest = &content[start + 2..];
    if rest.first() != Some(&b'{') {
        return (malformed, start + 2);
    }
    let Some(len) = memchr::memchr(b'}', &rest[1..]) else { return (malformed, content.len()) };
    let end = start + 3 + len;
    if len == 0 {
        return (malformed, end);
    }
    let is_known = std::str::from_utf8(&rest[1..=len])
        .is_ok_and(|name| character(name, &Facts::of(target)).is_some());
    ((!is_known).then_some("unknown Unicode character name"), end + 1)
}

/// The error for a name that isn't a keyword, but whose normal form is a constant's
/// (`pegen.c: _PyPegen_new_identifier`, 3.13).
fn constant_words(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok().filter(|name| !name.is_ascii())?;
    let normal: String = name.nfkc().collect();
    let is_constant = matches!(&*normal, "False" | "None" | "True");
    is_constant.then(|| format!("identifier field can't represent '{normal}' constant"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error in the first literal.
    fn words(source: &str) -> Option<String> {
        let tokens = Tokens::of(source);
        let fault =
            (0..tokens.list.len()).find_map(|at| tokens.content_fault(u32::try_from(at).ok()?))?;
        Some(fault.message.clone())
    }

    #[test]
    fn errors_of_escapes_have_positions() {
        let codec = |reason: &str| {
            Some(format!(
                "(unicode error) 'unicodeescape' codec can't decode bytes in position {reason}"
            ))
        };
        for (source, reason) in [
            (r"'\x'", r"0-1: truncated \xXX escape"),
            (r"'a\x4'", r"1-3: truncated \xXX escape"),
            (r"'\uD80'", r"0-4: truncated \uXXXX escape"),
            (r"'é\x'", r"10-11: truncated \xXX escape"),
            (r"'a\é\x'", r"17-18: truncated \xXX escape"),
            (r"'\U00110000'", "0-9: illegal Unicode character"),
            (r"'\N{no}'", "0-5: unknown Unicode character name"),
            (r"'\N{'", r"0-2: malformed \N character escape"),
            (r"'\N{}'", r"0-2: malformed \N character escape"),
            (r"f'a{x}\x'", r"0-1: truncated \xXX escape"),
        ] {
            assert_eq!(words(source), codec(reason), "{source}");
        }
        assert_eq!(
            words(r"b'''a\x4'''").unwrap(),
            r"(value error) invalid \x escape at position 1"
        );
        assert_eq!(words("b'é'").unwrap(), "bytes can only contain ASCII literal characters");
        assert_eq!(
            words(r"f'{x:\x}'").unwrap(),
            r"'unicodeescape' codec can't decode bytes in position 0-1: truncated \xXX escape"
        );
        for right in [
            r"'\x41\d\N{DIGIT ONE}\é'",
            r"r'\x'",
            r"b'\x41\N'",
            r"rf'\x'",
            r"f'{{\x41'",
            r"f'{x:\}'",
        ] {
            assert_eq!(words(right), None, "{right}");
        }
    }

    #[test]
    fn integers_have_a_maximum_number_of_digits() {
        assert!(words(&"1".repeat(4301)).unwrap().contains("value has 4301 digits"));
        for right in ["1".repeat(4300), "0".repeat(5000), format!("{}.0", "1".repeat(5000))] {
            assert_eq!(words(&right), None);
        }
    }
}
