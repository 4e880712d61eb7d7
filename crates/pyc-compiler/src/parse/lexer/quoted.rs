//! String literals.
//!
//! `rb"\d"` is one token, raw bytes. For `f"{x}"` and `t"{x}"` the token is only `f"` or `t"`; the
//! parser reads the rest.

use super::{Lexer, StringKind, StringToken, run};
use crate::name::count;
use crate::parse::Doubt;
use crate::parse::token::Token;

impl StringToken {
    /// An empty value without a prefix.
    pub(in crate::parse) const PLAIN: Self = Self {
        kind: StringKind::Text,
        raw: false,
        quote: 0,
        triple: false,
        backslash: false,
        start: 0,
        end: 0,
    };

    /// The kind of a literal by the letters before its quotes, in upper or lower case and any
    /// order.
    pub(in crate::parse) fn prefix(letters: &[u8]) -> Option<Self> {
        let mut token = Self::PLAIN;
        for letter in letters {
            let kind = match letter {
                b'r' | b'R' if !token.raw => {
                    token.raw = true;
                    continue;
                }
                b'b' | b'B' => StringKind::Bytes,
                b'f' | b'F' => StringKind::Joined,
                b't' | b'T' => StringKind::Template,
                // CPython records only the lower-case letter (`action_helpers.c:
                // _PyPegen_constant_from_string`, 3.13).
                b'u' if letters.len() == 1 => StringKind::Unicode,
                b'U' if letters.len() == 1 => continue,
                _ => return None,
            };
            if token.kind != StringKind::Text {
                return None;
            }
            token.kind = kind;
        }
        Some(token)
    }

    /// The number of quotes on each side.
    pub(in crate::parse) fn quotes(self) -> u32 {
        if self.triple { 3 } else { 1 }
    }
}

impl StringKind {
    /// The token for a literal of which only the opening quotes are read here; the parser reads the
    /// rest.
    pub(in crate::parse) fn opening(self) -> Option<Token> {
        match self {
            Self::Joined => Some(Token::Joined),
            Self::Template => Some(Token::Template),
            Self::Text | Self::Unicode | Self::Bytes => None,
        }
    }
}

impl Lexer<'_> {
    /// Reads a literal whose quotes begin at `at`. For an f-string, reads only the opening quotes.
    pub(super) fn quoted(&mut self, at: u32, prefix: StringToken) -> Result<(), Doubt> {
        let quote = self.byte(at);
        let triple = self.byte(at + 1) == quote && self.byte(at + 2) == quote;
        let mut string = StringToken { quote, triple, ..prefix };
        string.start = at + string.quotes();
        if let Some(token) = string.kind.opening() {
            self.cursor.token = token;
            self.cursor.at = string.start;
        } else {
            if triple {
                self.scan_triple(&mut string)?;
            } else {
                self.scan_line(&mut string)?;
            }
            self.cursor.token = Token::String;
            self.cursor.at = string.end + string.quotes();
        }
        self.string = string;
        Ok(())
    }

    fn scan_line(&mut self, string: &mut StringToken) -> Result<(), Doubt> {
        let mut at = string.start;
        loop {
            let rest = self.text.as_bytes().get(at as usize..).unwrap_or_default();
            at += count(run::quoted(rest, string.quote));
            let byte = self.byte(at);
            if byte == string.quote {
                string.end = at;
                return Ok(());
            }
            match byte {
                b'\\' => {
                    string.backslash = true;
                    at += 1;
                    if self.byte(at) == b'\n' {
                        self.next_line(at + 1);
                    }
                }
                b'\n' | 0 => return Err(Doubt),
                _ => {}
            }
            at += 1;
        }
    }

    fn scan_triple(&mut self, string: &mut StringToken) -> Result<(), Doubt> {
        let text = self.text.as_bytes();
        let mut at = string.start as usize;
        loop {
            // Lines are short: searching them by `memchr` is slower.
            at += run::quoted(&text[at.min(text.len())..], string.quote);
            if at >= text.len() {
                return Err(Doubt);
            }
            match text[at] {
                b'\n' => self.next_line(count(at + 1)),
                b'\\' => {
                    string.backslash = true;
                    at += 1;
                    if text.get(at) == Some(&b'\n') {
                        self.next_line(count(at + 1));
                    }
                }
                _ if text[at + 1..].starts_with(&[string.quote; 2]) => {
                    string.end = count(at);
                    return Ok(());
                }
                _ => {}
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Mode;

    fn content(text: &str) -> Result<(&str, StringToken), Doubt> {
        let mut lexer = Lexer::new(text, Mode::Module);
        lexer.advance()?;
        let string = lexer.string;
        Ok((&text[string.start as usize..string.end as usize], string))
    }

    #[test]
    fn quotes_close_what_they_open() {
        assert_eq!(content(r#"'a"b\'c'"#).unwrap().0, r#"a"b\'c"#);
        assert_eq!(content("\"\"\"a\"\"b\n\\\"\"\"\"").unwrap().0, "a\"\"b\n\\\"");
        assert_eq!(content("''").unwrap().0, "");
        assert!(content("'a\n'").is_err());
        assert!(content("'''a''").is_err());
    }

    #[test]
    fn prefixes_have_any_case_and_order() {
        let kind = |text| content(text).unwrap().1.kind;
        assert!(content("Rb'x'").unwrap().1.raw);
        assert_eq!(kind("Rb'x'"), StringKind::Bytes);
        assert_eq!([kind("u'x'"), kind("U'x'")], [StringKind::Unicode, StringKind::Text]);
        assert_eq!(StringToken::prefix(b"bf"), None);
        assert_eq!(StringToken::prefix(b"ft"), None);
        assert_eq!(StringToken::prefix(b"ur"), None);
        assert_eq!(StringToken::prefix(b"rr"), None);
    }
}
