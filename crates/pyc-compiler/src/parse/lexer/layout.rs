//! Lines and their indentation.
//!
//! After `if x:`, a line with more indentation gives an [`Token::Indent`], and the first with less
//! a [`Token::Dedent`].

use super::{Lexer, MOST_INDENTS, run};
use crate::name::count;
use crate::options::Mode;
use crate::parse::Doubt;
use crate::parse::token::Token;

/// The distance of tab stops. Indentation is refused if counting a tab as one column would change
/// the nesting.
const TAB: u32 = 8;

impl Lexer<'_> {
    /// Skips lines without tokens, then compares the indentation with that of the lines before.
    pub(super) fn begin_line(&mut self) -> Result<(), Doubt> {
        let mut at = self.cursor.at;
        let (wide, narrow) = loop {
            // Almost all indentation consists of spaces only.
            let spaces = count(run::spaces(&self.text.as_bytes()[at as usize..]));
            let (mut wide, mut narrow, mut continued) = (spaces, spaces, 0);
            at += spaces;
            loop {
                match self.byte(at) {
                    b' ' => (wide, narrow) = (wide + 1, narrow + 1),
                    b'\t' => (wide, narrow) = ((wide / TAB + 1) * TAB, narrow + 1),
                    b'\x0c' => (wide, narrow) = (0, 0),
                    b'\\' => {
                        // After a `\`, the indentation of the first line counts, unless it is zero.
                        continued = if continued > 0 { continued } else { wide };
                        at = self.continuation(at)?;
                        continue;
                    }
                    _ => break,
                }
                at += 1;
            }
            match self.byte(at) {
                b'\n' => {}
                b'#' => at = self.comment_end(at),
                _ if continued > 0 => break (continued, continued),
                _ => break (wide, narrow),
            }
            if at as usize == self.text.len() {
                if self.mode != Mode::Module {
                    return self.end_of_file(at);
                }
                break (0, 0);
            }
            at += 1;
            self.next_line(at);
        };
        self.cursor.at = at;
        // A missing line end at the end of the text is added only to a module. In other modes a
        // last line of blanks doesn't count as empty.
        if at as usize == self.text.len() && self.mode == Mode::Module {
            return self.close(0, 0);
        }
        let level = self.indents[usize::from(self.cursor.indents)];
        if wide == level.0 {
            return if narrow == level.1 { self.read() } else { Err(Doubt) };
        }
        if wide < level.0 {
            return self.close(wide, narrow);
        }
        let depth = usize::from(self.cursor.indents) + 1;
        if narrow <= level.1 || depth >= MOST_INDENTS {
            return Err(Doubt);
        }
        self.indents[depth] = (wide, narrow);
        self.cursor.indents += 1;
        self.layout(Token::Indent);
        Ok(())
    }

    /// Closes the levels of indentation that are deeper.
    fn close(&mut self, wide: u32, narrow: u32) -> Result<(), Doubt> {
        let mut closed = 0;
        while self.indents[usize::from(self.cursor.indents)].0 > wide {
            self.cursor.indents -= 1;
            closed += 1;
        }
        if self.indents[usize::from(self.cursor.indents)] != (wide, narrow) {
            return Err(Doubt);
        }
        if closed == 0 {
            return self.read();
        }
        self.cursor.dedents = closed - 1;
        self.layout(Token::Dedent);
        Ok(())
    }

    fn layout(&mut self, token: Token) {
        self.cursor.token = token;
        self.cursor.start = self.cursor.at;
    }

    /// Adds a missing line end, closes the open levels of indentation, then ends the text.
    pub(super) fn end_of_file(&mut self, at: u32) -> Result<(), Doubt> {
        if at as usize != self.text.len() || self.cursor.brackets > 0 {
            return Err(Doubt);
        }
        self.cursor.at = at;
        let ends_line = match self.mode {
            Mode::Module => !self.cursor.token.is_layout(),
            Mode::Interactive => self.cursor.token != Token::Newline || !self.cursor.ended,
            Mode::Expression => false,
        };
        self.cursor.ended |= ends_line;
        self.layout(if ends_line { Token::Newline } else { Token::EndOfFile });
        Ok(())
    }

    /// The offset after a backslash and line end. They mustn't be the end of the text.
    pub(super) fn continuation(&mut self, backslash: u32) -> Result<u32, Doubt> {
        let at = backslash + 2;
        if self.byte(backslash + 1) != b'\n' || at as usize == self.text.len() {
            return Err(Doubt);
        }
        self.next_line(at);
        Ok(at)
    }
}
