//! Numbers, and errors in them (`lexer.c: tok_get_normal_mode`, `verify_end_of_number`, 3.13).

use super::lexical::{Lexical, Number, What};
use super::scanner::{Scanned, Scanner};
use crate::location::{Column, Location};
use crate::parse::continues_word;
use crate::parse::token::Token;
use crate::target::Feature;

impl Scanner<'_> {
    /// A number whose first digit has been read.
    pub(super) fn number(&mut self, start: usize, first: u8) -> Scanned {
        let end = if first == b'0' { self.after_zero(start)? } else { self.after_digit()? };
        self.back(end);
        Ok(self.item_here(Token::Number, start))
    }

    /// A number that begins with a dot. The digit after it has been read.
    pub(super) fn fraction(&mut self, start: usize) -> Scanned {
        let next = self.digits()?;
        let end = self.after_fraction(next)?;
        self.back(end);
        Ok(self.item_here(Token::Number, start))
    }

    /// Returns the byte after the number.
    fn after_zero(&mut self, start: usize) -> Scanned<Option<u8>> {
        let next = self.next();
        match next {
            Some(b'x' | b'X') => self.radix(Number::Hexadecimal, u8::is_ascii_hexdigit),
            Some(b'o' | b'O') => self.radix(Number::Octal, |byte| matches!(byte, b'0'..=b'7')),
            Some(b'b' | b'B') => self.radix(Number::Binary, |byte| matches!(byte, b'0' | b'1')),
            _ => self.zeros(start, next),
        }
    }

    fn radix(&mut self, number: Number, is_digit: fn(&u8) -> bool) -> Scanned<Option<u8>> {
        let mut next = self.next();
        loop {
            if next == Some(b'_') {
                next = self.next();
            }
            if !next.as_ref().is_some_and(is_digit) {
                return self.fail_digit(next, number);
            }
            while next.as_ref().is_some_and(is_digit) {
                next = self.next();
            }
            if next != Some(b'_') {
                break;
            }
        }
        if let Some(b'0'..=b'9') = next {
            return self.fail_digit(next, number);
        }
        self.check_end(next, number)
    }

    #[cold]
    fn fail_digit<T>(&mut self, found: Option<u8>, number: Number) -> Scanned<T> {
        if let Some(digit @ b'0'..=b'9') = found {
            return self.fail(What::Digit(digit, number));
        }
        self.back(found);
        self.fail(What::Number(number))
    }

    /// Zeros: leading zeros are allowed only if all digits are zeros, or if the number isn't an
    /// integer.
    fn zeros(&mut self, start: usize, mut next: Option<u8>) -> Scanned<Option<u8>> {
        loop {
            if next == Some(b'_') {
                next = self.next();
                if !is_digit(next) {
                    self.back(next);
                    return self.fail(What::Number(Number::Decimal));
                }
            }
            if next != Some(b'0') {
                break;
            }
            next = self.next();
        }
        let zeros_end = self.at;
        let is_octal = is_digit(next);
        if is_octal {
            next = self.digits()?;
        }
        match next {
            Some(b'.' | b'e' | b'E' | b'j' | b'J') => self.after_integer(next),
            _ if is_octal => {
                self.back(next);
                self.fail_zeros(start, zeros_end)
            }
            _ => self.check_end(next, Number::Decimal),
        }
    }

    /// The columns of this error are in bytes, while others are in characters.
    #[cold]
    fn fail_zeros<T>(&self, start: usize, end: usize) -> Scanned<T> {
        let line = &self.bytes[self.line_start..self.loaded];
        let nth = |index: usize| {
            if self.target.has(Feature::RangesInCharacters) {
                return Column::between(0, index);
            }
            let mut starts = (0..line.len()).filter(|&at| !matches!(line[at], 0x80..=0xbf));
            Column::between(0, starts.nth(index).unwrap_or(index))
        };
        let (start, end) = (start - self.line_start, end - self.line_start - 1);
        let at = Location { end_column: nth(end), ..self.line_from(nth(start)) };
        Err(Lexical { what: What::LeadingZeros, at })
    }

    /// A decimal number whose first digit has been read.
    fn after_digit(&mut self) -> Scanned<Option<u8>> {
        let next = self.digits()?;
        self.after_integer(next)
    }

    fn after_integer(&mut self, mut next: Option<u8>) -> Scanned<Option<u8>> {
        if next == Some(b'.') {
            next = self.next();
            if is_digit(next) {
                next = self.digits()?;
            }
        }
        self.after_fraction(next)
    }

    fn after_fraction(&mut self, mut next: Option<u8>) -> Scanned<Option<u8>> {
        if let Some(b'e' | b'E') = next {
            let letter = next;
            next = self.next();
            if let Some(b'+' | b'-') = next {
                next = self.next();
                if !is_digit(next) {
                    self.back(next);
                    return self.fail(What::Number(Number::Decimal));
                }
            } else if !is_digit(next) {
                self.back(next);
                return self.check_end(letter, Number::Decimal);
            }
            next = self.digits()?;
        }
        match next {
            Some(b'j' | b'J') => {
                next = self.next();
                self.check_end(next, Number::Imaginary)
            }
            _ => self.check_end(next, Number::Decimal),
        }
    }

    /// The digits after one that has been read, with single underscores between them. Returns the
    /// byte after them.
    fn digits(&mut self) -> Scanned<Option<u8>> {
        loop {
            let mut next = self.next();
            while is_digit(next) {
                next = self.next();
            }
            if next != Some(b'_') {
                return Ok(next);
            }
            next = self.next();
            if !is_digit(next) {
                self.back(next);
                return self.fail(What::Number(Number::Decimal));
            }
        }
    }

    /// Refuses a number that is directly followed by a name. For some keywords CPython only warns.
    fn check_end(&mut self, next: Option<u8>, number: Number) -> Scanned<Option<u8>> {
        let rest = &self.bytes[self.at..];
        let is_word = |rest: &[u8], word: &[u8]| {
            let following = rest.strip_prefix(word).map(|following| following.first());
            following
                .is_some_and(|byte| !byte.is_some_and(|&byte| continues_word(byte) || byte >= 128))
        };
        let is_keyword = match next {
            Some(b'a') => is_word(rest, b"nd"),
            Some(b'e') => is_word(rest, b"lse"),
            Some(b'f') => is_word(rest, b"or"),
            Some(b'i') => matches!(rest.first(), Some(b'f' | b'n' | b's')),
            Some(b'o') => is_word(rest, b"r"),
            Some(b'n') => is_word(rest, b"ot"),
            _ => false,
        };
        let refuses_letters = !self.target.has(Feature::LettersAfterNumbers);
        match next {
            Some(byte)
                if !is_keyword && (continues_word(byte) || refuses_letters && byte >= 128) =>
            {
                self.back(next);
                self.fail(What::Number(number))
            }
            _ => Ok(next),
        }
    }
}

fn is_digit(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_digit())
}
