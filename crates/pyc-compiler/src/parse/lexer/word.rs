//! Names and keywords.
//!
//! `é` and `ﬁ` are names; the second is the same one as `fi`, which is seen to when it is interned.

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
        let word = &rest[..len];
        let at = start + count(len);
        match self.byte(at) {
            b'"' | b'\'' if len <= 2 => {
                if let Some(prefix) = StringToken::prefix(word) {
                    return self.quoted(at, prefix);
                }
            }
            0x80.. => return self.foreign_word(start),
            _ => {}
        }
        self.place.token = Token::of_word(word);
        self.place.at = at;
        self.place.foreign = false;
        Ok(())
    }

    /// A name with characters beyond ASCII (PEP 3131).
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
        // The character that ended an ASCII word may be none of a name.
        if rest[..len].is_ascii() {
            return Err(Doubt);
        }
        self.place.token = Token::Name;
        self.place.at = start + count(len);
        self.place.foreign = true;
        Ok(())
    }
}

/// Whether a name can begin with the character (PEP 3131).
pub(in crate::parse) fn begins_name(character: char) -> bool {
    character == '_' || character.is_ascii_alphabetic() || unicode::begins_name(character)
}

/// Whether a name can go on with the character.
pub(in crate::parse) fn continues_name(character: char) -> bool {
    character == '_' || character.is_ascii_alphanumeric() || unicode::continues_name(character)
}

/// Whether an ASCII name or number can go on with it.
#[inline]
pub(in crate::parse) fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
