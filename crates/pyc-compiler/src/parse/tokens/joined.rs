//! The text of f-strings and t-strings (`lexer.c: tok_get_fstring_mode`, 3.13).
//!
//! In `f"a{x:>{w}}"` the texts are `a` and `>`. Between braces there are tokens as everywhere else,
//! but a colon can begin text.

use super::Item;
use super::lexical::{Letter, Lexical, What};
use super::scanner::{Line, Scanned, Scanner};
use crate::location::Column;
use crate::parse::token::Token;
use crate::target::{Feature, Target};

/// The maximum depth of replacement fields in format specs (`MAX_EXPR_NESTING`, 3.13).
const MOST_FIELDS: i32 = 3;

/// An f-string or t-string that hasn't ended yet.
pub(super) struct Joined {
    pub(super) letter: Letter,
    pub(super) quote: u8,
    pub(super) size: u8,
    pub(super) raw: bool,
    /// Where it starts, including its prefix.
    pub(super) start: usize,
    pub(super) first: Line,
    /// Whether text comes next.
    pub(super) in_text: bool,
    /// Whether the text is a format spec that has had no replacement field so far.
    pub(super) in_spec: bool,
    /// The number of open brackets in it.
    pub(super) brackets: i32,
    /// The number of brackets around the innermost replacement field; -1 if there is none.
    pub(super) fields: i32,
}

impl Joined {
    /// Whether it is in a replacement field.
    fn in_field(&self) -> bool {
        self.fields > 0
    }

    /// Whether its text is a format spec in which `{{` opens a field.
    fn is_in_spec(&self, target: &Target) -> bool {
        self.in_field() && (self.in_spec || !target.has(Feature::BracesInSpecAfterField))
    }
}

impl Scanner<'_> {
    fn innermost(&mut self) -> Scanned<&mut Joined> {
        // This function isn't called without one.
        let at = self.line_from(Column::new(0));
        let none = Lexical { what: What::JoinedOpen(Letter::F), at };
        self.joined.last_mut().ok_or(none)
    }

    /// Whether a colon ends a field's expression here, so that text comes next.
    pub(super) fn begins_spec(&mut self) -> bool {
        match self.joined.last_mut() {
            Some(joined) if joined.in_field() && joined.brackets == joined.fields => {
                joined.in_text = true;
                joined.in_spec = true;
                true
            }
            _ => false,
        }
    }

    /// Begins a replacement field. Its brace is read next.
    fn begin_field(&mut self) -> Scanned<()> {
        let joined = self.innermost()?;
        joined.fields += 1;
        if joined.fields > MOST_FIELDS {
            let of = joined.letter;
            return self.fail(What::JoinedTooDeep(of));
        }
        joined.in_text = false;
        Ok(())
    }

    /// Text, or what ends it.
    pub(super) fn joined_token(&mut self) -> Scanned {
        let start = self.at;
        self.start = Some(start);
        // Its line may not be loaded yet.
        self.peek();
        self.first = self.here();
        let rest = &self.bytes[start..];
        if rest.first() == Some(&b'{') && rest.get(1) != Some(&b'{') {
            self.begin_field()?;
            return self.plain_token();
        }
        let joined = self.innermost()?;
        let in_spec = joined.in_field();
        let (quote, size) = (joined.quote, usize::from(joined.size));
        if rest.starts_with(&[quote; 3][..size]) {
            self.at += size;
            let end = match self.joined.pop().map(|joined| joined.letter) {
                Some(Letter::T) => Token::TemplateEnd,
                _ => Token::JoinedEnd,
            };
            return Ok(self.item(end, start, self.first));
        }
        self.in_spec = in_spec;
        self.joined_text(start, quote, size)
    }

    fn joined_text(&mut self, start: usize, quote: u8, size: usize) -> Scanned {
        let raw = self.innermost()?.raw;
        let (mut quotes, mut names_character) = (0, false);
        while quotes != size {
            let next = self.next();
            if next.is_none() || size == 1 && next == Some(b'\n') {
                return self.joined_line_end(start, next);
            }
            if next == Some(quote) {
                quotes += 1;
                continue;
            }
            quotes = 0;
            match next {
                Some(b'{') => return self.opening_brace(start),
                Some(b'}') if names_character => return Ok(self.middle(start)),
                Some(b'}') => return self.closing_brace(start),
                Some(b'\\') => match self.next() {
                    // A backslash doesn't escape a brace.
                    brace @ Some(b'{' | b'}') => self.back(brace),
                    Some(b'N') if !raw => match self.next() {
                        Some(b'{') => names_character = true,
                        other => self.back(other),
                    },
                    _ => {}
                },
                _ => {}
            }
        }
        self.at -= size;
        Ok(self.middle(start))
    }

    fn middle(&self, start: usize) -> Item {
        let is_template = self.joined.last().is_some_and(|joined| joined.letter == Letter::T);
        let token = if is_template { Token::TemplateMiddle } else { Token::Middle };
        self.item(token, start, self.first)
    }

    /// A doubled brace is text. A single one begins a field.
    fn opening_brace(&mut self, start: usize) -> Scanned {
        let next = self.next();
        let target = self.target;
        let joined = self.innermost()?;
        let in_spec = joined.is_in_spec(&target);
        if next != Some(b'{') || in_spec {
            joined.in_spec = false;
            self.back(next);
            self.back(Some(b'{'));
            self.begin_field()?;
        }
        Ok(self.middle(start))
    }

    /// A doubled brace is text. A single one ends a format spec, or is invalid.
    fn closing_brace(&mut self, start: usize) -> Scanned {
        let next = self.next();
        let target = self.target;
        let joined = self.innermost()?;
        let in_spec = joined.is_in_spec(&target);
        if next != Some(b'}') || in_spec || joined.brackets != 0 {
            joined.in_text = false;
            joined.in_spec = false;
            self.back(next);
            self.back(Some(b'}'));
        }
        Ok(self.middle(start))
    }

    /// The line or the text ends before the f-string does.
    #[cold]
    fn joined_line_end(&mut self, start: usize, next: Option<u8>) -> Scanned {
        let (line, refuses) = (self.line, self.target.has(Feature::NoNewlineInFormatSpec));
        let target = self.target;
        let joined = self.innermost()?;
        let of = joined.letter;
        if joined.is_in_spec(&target) && next == Some(b'\n') {
            if refuses {
                return self.fail(What::NewlineInSpec(of));
            }
            joined.in_text = false;
            joined.in_spec = false;
            self.back(next);
            return Ok(self.middle(start));
        }
        let what = if joined.size == 3 {
            What::UnterminatedTripleJoined { of, line }
        } else {
            What::UnterminatedJoined { of, line }
        };
        let (start, first) = (joined.start, joined.first);
        self.fail_at_start(start, first, what)
    }
}
