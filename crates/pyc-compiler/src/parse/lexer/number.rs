//! Finds the end of numbers.
//!
//! `0x_ff`, `1_000.5e-3` and `2j` are numbers. `07` and `1__0` aren't. CPython warns about `1if x`.

use super::{Lexer, continues_word, run};
use crate::parse::Doubt;
use crate::parse::token::Token;

impl Lexer<'_> {
    /// Reads a number. `start` is the offset of its first digit, or of a dot before a digit.
    pub(super) fn number(&mut self, start: u32) -> Result<(), Doubt> {
        let is_digit: fn(u8) -> bool = match (self.byte(start), self.byte(start + 1)) {
            (b'0', b'x' | b'X') => |byte| byte.is_ascii_hexdigit(),
            (b'0', b'o' | b'O') => |byte| matches!(byte, b'0'..=b'7'),
            (b'0', b'b' | b'B') => |byte| matches!(byte, b'0' | b'1'),
            _ => return self.decimal(start),
        };
        let digits = start + 2 + u32::from(self.byte(start + 2) == b'_');
        let at = self.digits(digits, is_digit)?;
        self.end_number(at)
    }

    fn decimal(&mut self, start: u32) -> Result<(), Doubt> {
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let mut at = start;
        // Leading zeros are allowed only if all digits are zeros, or if the number isn't an
        // integer.
        let mut is_octal = false;
        if self.byte(at) != b'.' {
            at = self.digits(at, is_digit)?;
            let digits = &self.text.as_bytes()[start as usize..at as usize];
            is_octal = digits[0] == b'0' && digits.iter().any(|digit| matches!(digit, b'1'..=b'9'));
        }
        let integer = at;
        if self.byte(at) == b'.' {
            at += 1;
            if is_digit(self.byte(at)) {
                at = self.digits(at, is_digit)?;
            }
        }
        if matches!(self.byte(at), b'e' | b'E') && !self.text[at as usize..].starts_with("else") {
            at += 1;
            at += u32::from(matches!(self.byte(at), b'+' | b'-'));
            at = self.digits(at, is_digit)?;
        }
        at += u32::from(matches!(self.byte(at), b'j' | b'J'));
        if is_octal && at == integer {
            return Err(Doubt);
        }
        self.end_number(at)
    }

    /// The offset after one or more digits, with single underscores between them.
    fn digits(&self, mut at: u32, is_digit: impl Fn(u8) -> bool) -> Result<u32, Doubt> {
        loop {
            if !is_digit(self.byte(at)) {
                return Err(Doubt);
            }
            while is_digit(self.byte(at)) {
                at += 1;
            }
            if self.byte(at) != b'_' {
                return Ok(at);
            }
            at += 1;
        }
    }

    /// Warns about `1if` and the like (`lexer.c: verify_end_of_number`, 3.13).
    #[cold]
    fn keyword_after(&mut self, at: u32) -> Result<(), Doubt> {
        const KEYWORDS: &[&[u8]] = &[b"and", b"else", b"for", b"if", b"in", b"is", b"not", b"or"];
        let rest = &self.text.as_bytes()[at as usize..];
        let (word, following) = rest.split_at(run::word(rest));
        if !KEYWORDS.contains(&word) || following.first().is_some_and(|byte| !byte.is_ascii()) {
            return Err(Doubt);
        }
        let start = self.cursor.start;
        let kind = number_kind(&self.text[start as usize..at as usize]);
        let location = self.position_at(start).to(self.position_at(at));
        self.warnings.add(start, location, format!("invalid {kind} literal"));
        Ok(())
    }

    fn end_number(&mut self, at: u32) -> Result<(), Doubt> {
        let next = self.byte(at);
        if continues_word(next) || !next.is_ascii() {
            self.keyword_after(at)?;
        }
        self.cursor.token = Token::Number;
        self.cursor.at = at;
        Ok(())
    }
}

/// CPython's name for the kind of number with this text.
fn number_kind(number: &str) -> &'static str {
    match number.as_bytes() {
        [b'0', b'x' | b'X', ..] => "hexadecimal",
        [b'0', b'o' | b'O', ..] => "octal",
        [b'0', b'b' | b'B', ..] => "binary",
        [.., b'j' | b'J'] => "imaginary",
        _ => "decimal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Mode;

    fn number(text: &str) -> Result<&str, Doubt> {
        let mut lexer = Lexer::new(text, Mode::Module);
        lexer.advance()?;
        Ok(std::str::from_utf8(lexer.source()).unwrap())
    }

    #[test]
    fn numbers_end_where_they_should() {
        for text in [
            "0", "00_0", "01.5", "09j", "1_0", "0x_fF", "0b1_0", "1.", "1.5e-3", ".5j", "1e5",
            "0.0", "3J",
        ] {
            assert_eq!(number(text).unwrap(), text);
            assert_eq!(number(&format!("{text} + 1")).unwrap(), text);
        }
        assert_eq!(number("1..real").unwrap(), "1.");
        assert_eq!(
            [number("1else"), number("0x1for"), number("1jif")].map(Result::unwrap),
            ["1", "0x1f", "1j"]
        );
        for text in ["01", "0_7", "1__0", "1_", "0x", "0x_", "0o8", "1e", "1iff", "1_000_x", "1é"]
        {
            assert!(number(text).is_err(), "{text}");
        }
    }
}
