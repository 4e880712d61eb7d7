//! Tokens, one at a time.
//!
//! ```text
//! if x:  # why        If  Name  Colon  Newline
//!     y               Indent  Name  Newline  Dedent  EndOfFile
//! ```
//!
//! There is no list of tokens: the parser sees only the current one, and copies the lexer's
//! [`Cursor`] if it may have to go back. This is `lexer.c: tok_get_normal_mode`, 3.13.

mod layout;
mod number;
mod quoted;
mod read;
mod run;
mod word;

pub(super) use word::{begins_name, continues_name, continues_word};

use super::Doubt;
use super::token::Token;
use super::warnings::Warnings;
use crate::location::{Location, Position};
use crate::options::Mode;

/// `MAXINDENT`: the maximum number of levels of indentation in CPython.
const MOST_INDENTS: usize = 100;

/// `MAXLEVEL`: the maximum depth of nested brackets.
const MOST_BRACKETS: u32 = 200;

/// `MAXFSTRINGLEVEL`: the maximum depth of nested f-strings. The mode outside of f-strings counts.
const MOST_JOINED: u8 = 149;

/// Reads tokens from a text that has only `\n` as line ends and no null bytes.
pub(super) struct Lexer<'s> {
    pub(super) text: &'s str,
    pub(super) cursor: Cursor,
    /// Details of the token, if it is a [`Token::String`], [`Token::Joined`] or
    /// [`Token::Template`].
    pub(super) string: StringToken,
    pub(super) warnings: Warnings,
    /// The mode, which affects the tokens at the end of the text.
    mode: Mode,
    /// The levels of indentation: the column with tab stops every eight columns, and the column
    /// with tabs as one. `Cursor` says how many of them are in use.
    indents: Box<[(u32, u32); MOST_INDENTS]>,
}

/// The state that changes from token to token.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    pub(super) token: Token,
    /// The token's start.
    pub(super) start: u32,
    /// The token's end.
    pub(super) at: u32,
    /// The position of the token's start.
    pub(super) begin: Position,
    /// The end of the last token that isn't layout.
    pub(super) end: Position,
    /// The line of the token's end, and where that line starts.
    pub(super) line: i32,
    pub(super) line_start: u32,
    /// The number of open brackets. Inside brackets, line ends are ignored.
    pub(super) brackets: u32,
    /// The number of brackets that were open at the start of the innermost replacement field.
    /// Directly in the field, `:=` isn't an operator.
    pub(super) field: u32,
    /// Whether the token is a name with non-ASCII characters.
    pub(super) foreign: bool,
    indents: u8,
    /// The number of dedent tokens that are still to come.
    dedents: u8,
    /// The number of f-strings around the token.
    joined: u8,
    /// Whether a missing line end at the end of the text was added already.
    ended: bool,
}

/// A string literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StringToken {
    pub(super) kind: StringKind,
    pub(super) raw: bool,
    pub(super) quote: u8,
    pub(super) triple: bool,
    pub(super) backslash: bool,
    /// The start of what is between the quotes.
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The kind of a literal, by its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StringKind {
    Text,
    /// `u"…"`
    Unicode,
    Bytes,
    Joined,
    /// `t"…"`
    Template,
}

/// Outside of replacement fields.
pub(super) const NO_FIELD: u32 = u32::MAX;

impl<'s> Lexer<'s> {
    /// Starts before the first token: call [`Self::advance`] to read it.
    pub(super) fn new(text: &'s str, mode: Mode) -> Self {
        let origin = Position { line: 1, column: 0 };
        let cursor = Cursor {
            token: Token::Newline,
            start: 0,
            at: 0,
            begin: origin,
            end: origin,
            line: 1,
            line_start: 0,
            brackets: 0,
            field: NO_FIELD,
            foreign: false,
            indents: 0,
            dedents: 0,
            joined: 0,
            ended: true,
        };
        let indents = Box::new([(0, 0); MOST_INDENTS]);
        Self {
            text,
            cursor,
            string: StringToken::PLAIN,
            warnings: Warnings::default(),
            mode,
            indents,
        }
    }

    /// An interactive statement begins: from now on, the end of the text ends its line, too
    /// (`pegen.c: _PyPegen_fill_token`, 3.13).
    pub(super) fn begin_statement(&mut self) {
        self.cursor.ended = false;
    }

    /// Whether only blanks and comments follow the token (`pegen.c: bad_single_statement`, 3.13).
    pub(super) fn precedes_nothing(&self) -> bool {
        let mut at = self.cursor.at;
        loop {
            match self.byte(at) {
                b' ' | b'\t' | b'\x0c' | b'\n' => at += 1,
                b'#' => at = self.comment_end(at),
                _ => return at as usize == self.text.len(),
            }
        }
    }

    /// Counts an opening bracket or a replacement field.
    pub(super) fn open(&mut self) -> Result<(), Doubt> {
        self.cursor.brackets += 1;
        if self.cursor.brackets > MOST_BRACKETS { Err(Doubt) } else { Ok(()) }
    }

    /// Counts the start of an f-string.
    pub(super) fn open_joined(&mut self) -> Result<(), Doubt> {
        self.cursor.joined += 1;
        if self.cursor.joined > MOST_JOINED { Err(Doubt) } else { Ok(()) }
    }

    /// Counts the end of an f-string.
    pub(super) fn close_joined(&mut self) {
        self.cursor.joined -= 1;
    }

    /// Advances to the next token.
    #[inline]
    pub(super) fn advance(&mut self) -> Result<(), Doubt> {
        if self.cursor.token.is_layout() {
            return self.advance_after_layout();
        }
        self.cursor.end = self.position();
        self.read_here()
    }

    #[inline(never)]
    fn advance_after_layout(&mut self) -> Result<(), Doubt> {
        match self.cursor.token {
            Token::Newline => self.begin_line(),
            Token::Dedent if self.cursor.dedents > 0 => {
                self.cursor.dedents -= 1;
                Ok(())
            }
            Token::Indent | Token::Dedent => self.read(),
            _ => {
                self.cursor.end = self.position();
                self.read()
            }
        }
    }

    /// The position after the token.
    #[inline(always)]
    pub(super) fn position(&self) -> Position {
        self.position_at(self.cursor.at)
    }

    /// The position of an offset in the line of the token's end.
    #[inline(always)]
    #[expect(clippy::cast_possible_wrap, reason = "sources of 2 GiB and more aren't parsed")]
    pub(super) fn position_at(&self, offset: u32) -> Position {
        Position { line: self.cursor.line, column: (offset - self.cursor.line_start) as i32 }
    }

    /// The location of a token that is in one line.
    #[inline(always)]
    pub(super) fn location(&self) -> Location {
        self.cursor.begin.to(self.position())
    }

    /// The token's text.
    #[inline(always)]
    pub(super) fn source(&self) -> &'s [u8] {
        &self.text.as_bytes()[self.cursor.start as usize..self.cursor.at as usize]
    }

    /// The byte at an offset; 0 after the end.
    #[inline(always)]
    pub(super) fn byte(&self, offset: u32) -> u8 {
        let text = self.text.as_bytes();
        if (offset as usize) < text.len() { text[offset as usize] } else { 0 }
    }

    /// Whether `=` follows, and not `==`. Only for use inside brackets, where line ends are
    /// ignored.
    pub(super) fn precedes_equal(&self) -> bool {
        let mut at = self.cursor.at;
        loop {
            match self.byte(at) {
                b' ' | b'\t' | b'\x0c' | b'\n' => at += 1,
                b'#' => at = self.comment_end(at),
                b'\\' if self.byte(at + 1) == b'\n' => at += 2,
                b'=' => return self.byte(at + 1) != b'=',
                _ => return false,
            }
        }
    }

    /// Whether the token certainly ends an expression: what follows, perhaps after a space, can't
    /// continue one. May be false even if it does.
    #[inline]
    pub(super) fn precedes_end(&self) -> bool {
        let at = self.cursor.at;
        match self.byte(at) {
            b')' | b',' | b']' | b':' | b'}' => true,
            b'\n' => self.cursor.brackets == 0,
            b' ' => self.byte(at + 1) == b'=' && self.byte(at + 2) != b'=',
            _ => false,
        }
    }

    /// Starts a new line at `offset`.
    #[inline(always)]
    pub(super) fn next_line(&mut self, offset: u32) {
        self.cursor.line += 1;
        self.cursor.line_start = offset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Result<Vec<Token>, Doubt> {
        let mut lexer = Lexer::new(text, Mode::Module);
        let mut tokens = Vec::new();
        loop {
            lexer.advance()?;
            tokens.push(lexer.cursor.token);
            if lexer.cursor.token == Token::EndOfFile {
                return Ok(tokens);
            }
        }
    }

    #[test]
    fn newlines_and_indentation_are_tokens() {
        use Token::{Colon, Dedent, EndOfFile, If, Indent, Name, Newline};
        let expected =
            [If, Name, Colon, Newline, Indent, Name, Newline, Dedent, Name, Newline, EndOfFile];
        assert_eq!(tokens("\n# c\nif x: # why\n\n  # c\n\ty\n\nz").unwrap(), expected);
        assert_eq!(tokens("").unwrap(), [EndOfFile]);
        assert_eq!(tokens("if x:\n  y").unwrap()[5..], [Name, Newline, Dedent, EndOfFile]);
        assert!(tokens("if x:\n\ty\n        z").is_err());
        assert!(tokens("if x:\n   y\n  z").is_err());
        assert!(tokens("(").is_err());
        assert!(tokens("x \\").is_err());
    }

    #[test]
    fn operators_are_as_long_as_they_can_be() {
        use Token::{DoubleStarEqual, Ellipsis, EndOfFile, LessEqual, Newline, Number, RightShift};
        assert_eq!(
            tokens("**=...<=>>.5").unwrap(),
            [DoubleStarEqual, Ellipsis, LessEqual, RightShift, Number, Newline, EndOfFile]
        );
        assert_eq!(tokens("?").unwrap(), [Token::Unknown, Newline, EndOfFile]);
    }
}
