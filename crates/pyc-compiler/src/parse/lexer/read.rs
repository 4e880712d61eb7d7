//! The tokens in a line.
//!
//! Two thirds of all tokens are known by their first byte, and most others are words: for these,
//! one table lookup is enough.

use super::{Lexer, MOST_BRACKETS, StringToken};
use crate::name::count;
use crate::parse::Doubt;
use crate::parse::token::Token;

/// The token that begins with some byte.
#[derive(Clone, Copy)]
enum First {
    /// A name or keyword, or the prefix of a string
    Word,
    /// A token of this byte alone
    Alone(Token),
    /// A token of this byte alone that opens or closes a bracket
    Bracket(Token),
    /// No token: a byte between tokens, or a line end
    Blank,
    /// The following bytes decide
    Other,
}

static FIRST: [First; 256] = {
    let mut table = [First::Other; 256];
    let mut byte = 0u8;
    while byte.is_ascii() {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => First::Word,
            b',' => First::Alone(Token::Comma),
            b';' => First::Alone(Token::Semicolon),
            b'~' => First::Alone(Token::Tilde),
            b'(' => First::Bracket(Token::LeftParenthesis),
            b'[' => First::Bracket(Token::LeftBracket),
            b'{' => First::Bracket(Token::LeftBrace),
            b')' => First::Bracket(Token::RightParenthesis),
            b']' => First::Bracket(Token::RightBracket),
            b'}' => First::Bracket(Token::RightBrace),
            b' ' | b'\t' | b'\x0c' | b'#' | b'\n' | b'\\' => First::Blank,
            _ => First::Other,
        };
        byte += 1;
    }
    table
};

impl Lexer<'_> {
    /// Reads a token in a line, or the line end.
    pub(super) fn read(&mut self) -> Result<(), Doubt> {
        self.read_here()
    }

    /// [`Self::read`] for the call that reads most tokens.
    #[inline(always)]
    pub(super) fn read_here(&mut self) -> Result<(), Doubt> {
        let mut at = self.cursor.at + u32::from(self.byte(self.cursor.at) == b' ');
        let mut first = self.byte(at);
        if let First::Blank = FIRST[usize::from(first)] {
            at = self.skip(at)?;
            first = self.byte(at);
        }
        self.cursor.start = at;
        self.cursor.begin = self.position_at(at);
        match FIRST[usize::from(first)] {
            First::Word => self.word(at),
            First::Alone(token) => {
                self.cursor.token = token;
                self.cursor.at = at + 1;
                Ok(())
            }
            First::Bracket(token) => {
                let opens =
                    matches!(token, Token::LeftParenthesis | Token::LeftBracket | Token::LeftBrace);
                let change = if opens { 1 } else { -1 };
                // If no bracket is open, this wraps around to a very large number.
                let brackets = self.cursor.brackets.wrapping_add_signed(change);
                if brackets > MOST_BRACKETS {
                    return Err(Doubt);
                }
                self.cursor.brackets = brackets;
                self.cursor.token = token;
                self.cursor.at = at + 1;
                Ok(())
            }
            First::Blank | First::Other => self.other(first, at),
        }
    }

    /// Skips blanks and comments.
    fn skip(&mut self, mut at: u32) -> Result<u32, Doubt> {
        loop {
            match self.byte(at) {
                b' ' | b'\t' | b'\x0c' => at += 1,
                b'#' => at = self.comment_end(at),
                b'\n' if self.cursor.brackets > 0 => {
                    at += 1;
                    self.next_line(at);
                }
                b'\\' if self.byte(at + 1) == b'\n' => at = self.continuation(at)?,
                _ => return Ok(at),
            }
        }
    }

    pub(super) fn comment_end(&self, at: u32) -> u32 {
        let rest = &self.text.as_bytes()[at as usize..];
        at + count(memchr::memchr(b'\n', rest).unwrap_or(rest.len()))
    }

    /// A token that isn't known by its first byte.
    fn other(&mut self, first: u8, at: u32) -> Result<(), Doubt> {
        let (token, len) = match first {
            b'\n' => {
                self.next_line(at + 1);
                (Token::Newline, 1)
            }
            b'0'..=b'9' => return self.number(at),
            b'"' | b'\'' => return self.quoted(at, StringToken::PLAIN),
            b'.' if self.byte(at + 1).is_ascii_digit() => return self.number(at),
            b'.' if self.byte(at + 1) == b'.' && self.byte(at + 2) == b'.' => (Token::Ellipsis, 3),
            b'.' => (Token::Dot, 1),
            b':' if self.byte(at + 1) == b'=' && self.cursor.brackets != self.cursor.field => {
                (Token::ColonEqual, 2)
            }
            b':' => (Token::Colon, 1),
            0 => return self.end_of_file(at),
            0x80.. => return self.foreign_word(at),
            _ => self.operator(first, at)?,
        };
        self.cursor.token = token;
        self.cursor.at = at + len;
        Ok(())
    }

    /// An operator whose character may be doubled or followed by `=`.
    fn operator(&self, first: u8, at: u32) -> Result<(Token, u32), Doubt> {
        let (second, third) = (self.byte(at + 1), self.byte(at + 2));
        let choose = |alone, equal| if second == b'=' { (equal, 2) } else { (alone, 1) };
        let twice = |alone, equal| if third == b'=' { (equal, 3) } else { (alone, 2) };
        Ok(match (first, second) {
            (b'=', _) => choose(Token::Equal, Token::EqualEqual),
            (b'+', _) => choose(Token::Plus, Token::PlusEqual),
            (b'-', b'>') => (Token::Arrow, 2),
            (b'-', _) => choose(Token::Minus, Token::MinusEqual),
            (b'*', b'*') => twice(Token::DoubleStar, Token::DoubleStarEqual),
            (b'*', _) => choose(Token::Star, Token::StarEqual),
            (b'/', b'/') => twice(Token::DoubleSlash, Token::DoubleSlashEqual),
            (b'/', _) => choose(Token::Slash, Token::SlashEqual),
            (b'%', _) => choose(Token::Percent, Token::PercentEqual),
            (b'@', _) => choose(Token::At, Token::AtEqual),
            (b'<', b'<') => twice(Token::LeftShift, Token::LeftShiftEqual),
            (b'<', b'>') => (Token::NotEqual, 2),
            (b'<', _) => choose(Token::Less, Token::LessEqual),
            (b'>', b'>') => twice(Token::RightShift, Token::RightShiftEqual),
            (b'>', _) => choose(Token::Greater, Token::GreaterEqual),
            (b'&', _) => choose(Token::Ampersand, Token::AmpersandEqual),
            (b'^', _) => choose(Token::Caret, Token::CaretEqual),
            (b'|', _) => choose(Token::Bar, Token::BarEqual),
            (b'!', _) => choose(Token::Exclamation, Token::NotEqual),
            (b'$' | b'?' | b'`', _) => (Token::Unknown, 1),
            _ => return Err(Doubt),
        })
    }
}
