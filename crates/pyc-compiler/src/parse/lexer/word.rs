//! Names and keywords.
//!
//! `é` and `ﬁ` are names. The second is the same as `fi`; it is normalised when it is interned.

use super::{Lexer, StringToken, run};
use crate::name::count;
use crate::parse::Doubt;
use crate::parse::token::Token;
use crate::unicode;

impl Lexer<'_> {
    /// A name, a keyword, or the prefix of a string.
    pub(super) fn word(&mut self, start: u32) -> Result<(), Doubt> {
        let rest = &self.text.as_bytes()[start as usize..];
        let len = run::word(rest);
        let at = start + count(len);
        match self.byte(at) {
            b'"' | b'\'' if len <= 2 => {
                if let Some(prefix) = StringToken::prefix(&rest[..len]) {
                    return self.quoted(at, prefix);
                }
            }
            0x80.. => return self.foreign_word(start),
            _ => {}
        }
        self.cursor.token = run::key(rest, len).map_or(Token::Name, Token::of_key);
        self.cursor.at = at;
        self.cursor.foreign = false;
        Ok(())
    }

    /// A name with non-ASCII characters (PEP 3131).
    pub(super) fn foreign_word(&mut self, start: u32) -> Result<(), Doubt> {
        let rest = &self.text[start as usize..];
        if !rest.starts_with(|first: char| first.is_ascii() || begins_name(first)) {
            return Err(Doubt);
        }
        let ends = |character: char| match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => !continues_word(byte),
            _ => !continues_name(character),
        };
        let len = rest.find(ends).unwrap_or(rest.len());
        // The non-ASCII character after an ASCII word may not be part of a name.
        if rest[..len].is_ascii() {
            return Err(Doubt);
        }
        self.cursor.token = Token::Name;
        self.cursor.at = start + count(len);
        self.cursor.foreign = true;
        Ok(())
    }
}

/// Whether the character can begin a name (PEP 3131).
pub(in crate::parse) fn begins_name(character: char) -> bool {
    character == '_' || character.is_ascii_alphabetic() || unicode::begins_name(character)
}

/// Whether the character can continue a name.
pub(in crate::parse) fn continues_name(character: char) -> bool {
    character == '_' || character.is_ascii_alphanumeric() || unicode::continues_name(character)
}

/// Whether the byte can continue an ASCII name or number.
#[inline(always)]
pub(in crate::parse) fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
