//! Strings, and the start of f-strings (`lexer.c: tok_get_normal_mode`, 3.13).

use super::joined::Joined;
use super::lexical::{Escaped, Letter, What};
use super::scanner::{Scanned, Scanner};
use crate::parse::lexer::{StringKind, StringToken};
use crate::parse::token::Token;
use crate::target::Feature;

/// `MAXFSTRINGLEVEL` of CPython. The mode outside of f-strings counts.
const MOST_JOINED: usize = 149;

impl Scanner<'_> {
    /// A string from `start`, whose first opening quote has been read.
    pub(super) fn string(&mut self, start: usize, quote: u8) -> Scanned {
        self.first = self.here();
        let size = match self.next() {
            Some(second) if second == quote => match self.next() {
                Some(third) if third == quote => 3,
                third => {
                    self.back(third);
                    return Ok(self.item(Token::String, start, self.first));
                }
            },
            second => {
                self.back(second);
                1
            }
        };
        let hints = self.target.has(Feature::EscapedEndQuote);
        let (mut quotes, mut escaped) = (0, Escaped::Nothing);
        while quotes != size {
            match self.next() {
                None => return self.unterminated(start, quote, size, escaped),
                Some(b'\n') if size == 1 => {
                    return self.unterminated(start, quote, size, escaped);
                }
                Some(byte) if byte == quote => quotes += 1,
                Some(byte) => {
                    quotes = 0;
                    if byte == b'\\' && self.next() == Some(quote) && hints {
                        escaped = Escaped::Quote;
                    }
                    let end = if size == 1 { b'\n' } else { quote };
                    self.skip_to(|rest| memchr::memchr3(quote, b'\\', end, rest));
                }
            }
        }
        Ok(self.item(Token::String, start, self.first))
    }

    #[cold]
    fn unterminated(&mut self, start: usize, quote: u8, size: u8, escaped: Escaped) -> Scanned {
        let line = self.line;
        // If a brace had closed the field, these would have been the f-string's own quotes.
        let is_own = |joined: &&Joined| joined.quote == quote && joined.size == size;
        let what = if let Some(joined) = self.joined.last().filter(is_own) {
            self.open_field(joined)
        } else if size == 3 {
            What::UnterminatedTriple { line }
        } else {
            What::Unterminated { line, escaped }
        };
        self.fail_at_start(start, self.first, what)
    }

    /// The innermost field is open where its f-string's quotes are.
    fn open_field(&self, joined: &Joined) -> What {
        let outside = i32::try_from(self.brackets.len()).unwrap_or(i32::MAX) - joined.brackets;
        let brace = usize::try_from(outside + joined.fields - 1).ok();
        let brace = brace.and_then(|brace| self.brackets.get(brace));
        match brace.filter(|brace| brace.line != self.first.number) {
            Some(brace) if self.target.has(Feature::OpenFieldsLocated) => {
                What::JoinedOpenSince { of: joined.letter, line: brace.line }
            }
            _ => What::JoinedOpen(joined.letter),
        }
    }

    /// An f-string's opening quotes, the first of which has been read.
    pub(super) fn joined_start(&mut self, start: usize, quote: u8, prefix: StringToken) -> Scanned {
        self.first = self.here();
        let rest = &self.bytes[self.at..];
        let size = if rest.starts_with(&[quote; 2]) { 3 } else { 1 };
        self.at += usize::from(size) - 1;
        if self.joined.len() >= MOST_JOINED {
            return self.fail(if self.target.has(Feature::TemplateStrings) {
                What::TooManyJoinedOrTemplates
            } else {
                What::TooManyJoined
            });
        }
        let is_template = prefix.kind == StringKind::Template;
        self.joined.push(Joined {
            letter: if is_template { Letter::T } else { Letter::F },
            quote,
            size,
            raw: prefix.raw,
            start,
            first: self.first,
            in_text: true,
            in_spec: false,
            brackets: 0,
            fields: 0,
        });
        let token = if is_template { Token::Template } else { Token::Joined };
        Ok(self.item(token, start, self.first))
    }
}
