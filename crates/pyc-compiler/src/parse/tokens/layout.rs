//! Indentation, continued lines, and the end (`lexer.c: tok_get_normal_mode`, 3.13).

use super::Item;
use super::lexical::{Lexical, What};
use super::scanner::{Scanned, Scanner};
use crate::location::Column;
use crate::parse::token::Token;
use crate::target::Feature;

/// `MAXINDENT` of CPython.
const MOST_INDENTS: usize = 100;

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Blank,
    Full,
}

impl Scanner<'_> {
    /// Reads a line's indentation, and records which levels it opens or closes.
    pub(super) fn indentation(&mut self) -> Scanned<Line> {
        let (mut wide, mut narrow, mut continued) = (0u32, 0u32, 0u32);
        let first = loop {
            match self.next() {
                Some(b' ') => (wide, narrow) = (wide + 1, narrow + 1),
                Some(b'\t') => (wide, narrow) = ((wide / 8 + 1) * 8, narrow + 1),
                Some(b'\x0c') => (wide, narrow) = (0, 0),
                Some(b'\\') => {
                    // After a `\`, the indentation of the first line counts.
                    continued = if continued > 0 { continued } else { wide };
                    self.continuation()?;
                }
                other => break other,
            }
        };
        self.back(first);
        if matches!(first, Some(b'#' | b'\n')) {
            return Ok(Line::Blank);
        }
        if self.brackets.is_empty() {
            if continued > 0 {
                (wide, narrow) = (continued, continued);
            }
            self.indent(wide, narrow)?;
        }
        Ok(Line::Full)
    }

    fn indent(&mut self, wide: u32, narrow: u32) -> Scanned<()> {
        let mut level = self.level();
        if wide > level.0 {
            if self.indents.len() >= MOST_INDENTS {
                return self.fail_indentation(What::TooManyIndents);
            }
            if narrow <= level.1 {
                return self.fail_indentation(What::Tabs);
            }
            self.pending += 1;
            self.indents.push((wide, narrow));
            return Ok(());
        }
        while wide < level.0 {
            self.pending -= 1;
            self.indents.pop();
            level = self.level();
        }
        if wide != level.0 {
            return self.fail_line(What::Dedent);
        }
        if narrow != level.1 {
            return self.fail_indentation(What::Tabs);
        }
        Ok(())
    }

    fn level(&self) -> (u32, u32) {
        self.indents.last().copied().unwrap_or_default()
    }

    #[cold]
    fn fail_indentation<T>(&self, what: What) -> Scanned<T> {
        Err(Lexical { what, at: self.line_from(Column::new(0)) })
    }

    /// An indent or dedent token that is still to come.
    pub(super) fn pending(&mut self) -> Option<Item> {
        match self.pending {
            0 => None,
            1.. => {
                self.pending -= 1;
                Some(self.layout(Token::Indent))
            }
            _ => {
                self.pending += 1;
                Some(self.layout(Token::Dedent))
            }
        }
    }

    /// Closes all levels of indentation at the end of an interactive text.
    pub(super) fn close_indents(&mut self) {
        let open = self.indents.len().saturating_sub(1);
        self.pending = -i32::try_from(open).unwrap_or(0);
        self.indents.truncate(1);
    }

    /// Consumes the line end after a backslash.
    pub(super) fn continuation(&mut self) -> Scanned<()> {
        if self.next() != Some(b'\n') {
            return self.fail_continuation();
        }
        match self.next() {
            None => self.fail_end(),
            next => {
                self.back(next);
                Ok(())
            }
        }
    }

    /// The column is counted from the start of the statement's first line, across lines
    /// (`pegen_errors.c: _Pypegen_tokenizer_error`, 3.13).
    #[cold]
    fn fail_continuation<T>(&self) -> Scanned<T> {
        let line = &self.bytes[self.line_start..self.loaded];
        let before = self.bytes.get(self.buffer..self.at.saturating_sub(1)).unwrap_or_default();
        let characters =
            |bytes: &[u8]| bytes.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count();
        // As many characters of this line, and one byte for each column after its end.
        let wanted = characters(before);
        let starts = (0..line.len()).filter(|&at| !matches!(line[at], 0x80..=0xbf));
        let offset = starts.clone().nth(wanted);
        let mut excess = wanted.saturating_sub(characters(line));
        if !self.target.has(Feature::TextOfManyLines) {
            // The column is at most that after the line's end.
            excess = 0;
        }
        let column = Column::between(0, offset.unwrap_or(line.len() + excess));
        Err(Lexical { what: What::Continuation, at: self.line_from(column) })
    }

    /// The text ends where it mustn't.
    #[cold]
    fn fail_end<T>(&mut self) -> Scanned<T> {
        match self.never_closed() {
            Some(lexical) => Err(lexical),
            None => self.fail_line(What::UnexpectedEnd),
        }
    }

    /// The end of the text, between tokens.
    pub(super) fn end(&mut self) -> Scanned {
        match self.never_closed() {
            Some(lexical) => Err(lexical),
            None => Ok(self.layout(Token::EndOfFile)),
        }
    }
}
