//! The tokenizer's state, and how it advances by bytes.
//!
//! A line is *loaded* when its first byte is read. Until then, errors are located in the line
//! before; some locations depend on this (`lexer.c: tok_nextc`, `tok_backup`, 3.13).

use super::Item;
use super::joined::Joined;
use super::lexical::{Lexical, What};
use crate::location::{Column, Location};
use crate::name::count;
use crate::parse::token::Token;
use crate::target::Target;

/// Reads all tokens of a text.
pub(super) struct Scanner<'t> {
    pub(super) bytes: &'t [u8],
    pub(super) target: Target,
    pub(super) at: usize,
    /// The end of the line that was loaded last.
    pub(super) loaded: usize,
    /// The start of the token, if it has begun.
    pub(super) start: Option<usize>,
    /// The start of the first line that was loaded since the last token.
    pub(super) buffer: usize,
    pub(super) line: i32,
    pub(super) line_start: usize,
    /// The start of a literal that may span several lines.
    pub(super) first: Line,
    pub(super) brackets: Vec<Bracket>,
    pub(super) joined: Vec<Joined>,
    /// Whether the text being read is that of a format spec.
    pub(super) in_spec: bool,
    pub(super) begins_line: bool,
    /// The levels of indentation: the column with tab stops every eight columns, and the column
    /// with tabs as one.
    pub(super) indents: Vec<(u32, u32)>,
    /// The number of indent tokens that are still to come; of dedents if it is negative.
    pub(super) pending: i32,
}

#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) number: i32,
    pub(super) start: usize,
}

/// An open bracket.
#[derive(Clone, Copy)]
pub(super) struct Bracket {
    pub(super) byte: u8,
    pub(super) line: i32,
    pub(super) column: usize,
}

pub(super) type Scanned<T = Item> = Result<T, Lexical>;

impl<'t> Scanner<'t> {
    pub(super) fn new(bytes: &'t [u8], target: Target) -> Self {
        Self {
            bytes,
            target,
            at: 0,
            loaded: 0,
            start: None,
            buffer: 0,
            line: 0,
            line_start: 0,
            first: Line { number: 0, start: 0 },
            brackets: Vec::new(),
            joined: Vec::new(),
            in_spec: false,
            begins_line: true,
            indents: vec![(0, 0)],
            pending: 0,
        }
    }

    pub(super) fn token(&mut self) -> Scanned {
        match self.joined.last() {
            Some(joined) if joined.in_text => self.joined_token(),
            _ => self.plain_token(),
        }
    }

    /// Consumes a byte; `None` at the end.
    pub(super) fn next(&mut self) -> Option<u8> {
        if self.at == self.loaded && !self.load() {
            return None;
        }
        self.at += 1;
        Some(self.bytes[self.at - 1])
    }

    fn load(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        if rest.is_empty() {
            return false;
        }
        // `string_tokenizer.c: tok_underflow_string`, 3.13.
        let len = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        if self.start.is_none() {
            self.buffer = self.at;
        }
        self.line += 1;
        self.line_start = self.at;
        self.loaded = self.at + len;
        true
    }

    /// Goes to the first of these bytes in the line, or to the line's end.
    pub(super) fn skip_to(&mut self, find: impl FnOnce(&[u8]) -> Option<usize>) {
        let rest = self.bytes.get(self.at..self.loaded).unwrap_or_default();
        self.at += find(rest).unwrap_or(rest.len());
    }

    /// Goes back by one byte, which was read.
    pub(super) fn back(&mut self, read: Option<u8>) {
        self.at -= usize::from(read.is_some());
    }

    /// The next byte.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let next = self.next();
        self.back(next);
        next
    }

    /// The token from `start` to here.
    pub(super) fn item(&self, token: Token, start: usize, first: Line) -> Item {
        let at = Location {
            column: Column::between(first.start, start),
            end_column: self.column(),
            ..Location::new(first.number, self.line, 0, 0)
        };
        self.item_at(token, at, start)
    }

    /// The token from `start`, which is in this line, to here.
    pub(super) fn item_here(&self, token: Token, start: usize) -> Item {
        self.item(token, start, self.here())
    }

    /// A layout token, which has no text.
    pub(super) fn layout(&self, token: Token) -> Item {
        let at = self.column();
        self.item_at(token, Location { end_column: at, ..self.line_from(at) }, self.at)
    }

    fn item_at(&self, token: Token, at: Location, start: usize) -> Item {
        let level = count(self.brackets.len());
        let is_text = matches!(token, Token::Middle | Token::TemplateMiddle);
        let in_spec = self.in_spec && is_text;
        let (start, end) = (count(start), count(self.at));
        Item { token, at, start, end, level, in_spec, end_of_text: false }
    }

    /// Where the next byte is in its line.
    pub(super) fn column(&self) -> Column {
        Column::between(self.line_start, self.at)
    }

    /// From a column of this line on.
    pub(super) fn line_from(&self, column: Column) -> Location {
        Location::from(crate::location::Line::new(self.line), column)
    }

    pub(super) fn here(&self) -> Line {
        Line { number: self.line, start: self.line_start }
    }

    /// An error located at the last byte that was read (`helpers.c: _syntaxerror_range`, 3.13).
    #[cold]
    pub(super) fn fail<T>(&self, what: What) -> Scanned<T> {
        // A character may consist of several bytes.
        let mut start = self.at.saturating_sub(1);
        while start > self.line_start && matches!(self.bytes[start], 0x80..=0xbf) {
            start -= 1;
        }
        let column = Column::between(self.line_start, start);
        Err(Lexical { what, at: Location { end_column: column, ..self.line_from(column) } })
    }

    /// An error located at the opening quote or the prefix.
    #[cold]
    pub(super) fn fail_at_start<T>(&mut self, start: usize, first: Line, what: What) -> Scanned<T> {
        self.at = start + 1;
        (self.line, self.line_start) = (first.number, first.start);
        self.fail(what)
    }

    /// An error located at the whole line. Its line end counts as a column.
    #[cold]
    pub(super) fn fail_line<T>(&mut self, what: What) -> Scanned<T> {
        self.at = self.loaded;
        let end = Column::between(self.line_start, self.loaded.saturating_sub(1));
        Err(Lexical { what, at: self.line_from(end) })
    }

    /// The error about the innermost open bracket.
    #[cold]
    pub(super) fn never_closed(&self) -> Option<Lexical> {
        let Bracket { byte, line, column } = *self.brackets.last()?;
        let at = Location::from(crate::location::Line::new(line), Column::between(0, column));
        Some(Lexical { what: What::NeverClosed(byte), at })
    }
}
