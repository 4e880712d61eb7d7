//! All tokens of a text, as CPython's tokenizer produces them, and the tokenizer's first error.
//!
//! ```text
//! f"a{x}"     Joined f"   Middle a   LeftBrace   Name x   RightBrace   JoinedEnd "
//! f"a{x"      Joined f"   Middle a   LeftBrace   Name x   JoinedOpen, a fault
//! ```
//!
//! This is used only for sources that were refused. The parser reads tokens one at a time, and
//! f-strings without tokens.

mod content;
mod joined;
mod layout;
mod lexical;
mod number;
mod plain;
mod quoted;
mod scanner;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::token::Token;
use crate::error::Fault;
use crate::location::{Line, Location};
use crate::options::{Mode, Options};
use crate::source::{Source, Undecodable};
use crate::target::{Feature, Target};
pub(super) use content::{ONLY_ASCII, runs_words, text_words};
use lexical::Lexical;
use scanner::Scanner;

/// The tokens up to the first error.
pub(crate) struct Tokens<'s> {
    /// The source. Its last line ends with `\n`.
    pub(super) text: Cow<'s, str>,
    pub(super) list: Vec<Item>,
    /// The bytes of the source, if they differ from the text.
    original: Option<Vec<u8>>,
    fault: Option<Lexical>,
    /// The innermost bracket that is open at the end of the list.
    open: Option<Lexical>,
    /// Whether the list ends inside an f-string.
    in_joined: bool,
    pub(super) target: Target,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) token: Token,
    /// Its location. Indents, dedents and the end have no columns in CPython: theirs is the
    /// position of the tokenizer.
    pub(super) at: Location,
    /// Where it is in the text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The number of open brackets after it.
    pub(super) level: u32,
    /// Whether it is text of a format spec.
    in_spec: bool,
    /// Whether it is the line end that CPython adds at the end of an interactive text.
    pub(super) end_of_text: bool,
}

/// Whether the end of an interactive text ends a line here, too: only once, and not before the
/// first token (`pegen.c: _PyPegen_fill_token`, 3.13).
fn has_begun(list: &[Item]) -> bool {
    list.last().is_some_and(|last| !last.end_of_text)
}

impl<'s> Tokens<'s> {
    #[cold]
    pub(crate) fn read(source: &'s Source<'_>, options: &Options) -> Self {
        let text = source.text();
        let undecodable = source.undecodable();
        let original = undecodable.first(0).map(|_| undecodable.original(0, text));
        let (target, mode) = (*options.target(), options.get_mode());
        let mut text = Cow::Borrowed(text);
        let mut original = original;
        if source.ends_in_crlf()
            && mode == Mode::Module
            && target.has(Feature::LineAddedAfterCarriageReturn)
        {
            text.to_mut().push('\n');
            if let Some(bytes) = &mut original {
                bytes.push(b'\n');
            }
        }
        Self::scan(text, original, target, mode)
    }

    /// The tokens of a text. `original` are its bytes if they differ from it.
    fn scan(
        mut text: Cow<'s, str>,
        mut original: Option<Vec<u8>>,
        target: Target,
        mode: Mode,
    ) -> Self {
        // `helpers.c: translate_newlines`, 3.13.
        if mode == Mode::Module && !text.ends_with('\n') {
            text.to_mut().push('\n');
            if let Some(bytes) = &mut original {
                bytes.push(b'\n');
            }
        }
        let bytes = original.as_deref().unwrap_or(text.as_bytes());
        let mut scanner = Scanner::new(bytes, target);
        let mut list = Vec::new();
        let fault = loop {
            match scanner.token() {
                Ok(item) if item.token != Token::EndOfFile => list.push(item),
                Ok(end) if mode == Mode::Interactive && has_begun(&list) => {
                    list.push(Item { token: Token::Newline, end_of_text: true, ..end });
                    scanner.close_indents();
                }
                Ok(end) => {
                    list.push(end);
                    break None;
                }
                Err(fault) => break Some(fault),
            }
        };
        let open = scanner.never_closed();
        let in_joined = !scanner.joined.is_empty();
        Self { text, list, original, fault, open, in_joined, target }
    }

    /// The tokens of a field's expression. `original` are its bytes if they differ from the text.
    pub(super) fn of_field(text: &'s str, original: Option<Vec<u8>>, target: Target) -> Self {
        Self::scan(text.into(), original, target, Mode::Module)
    }

    /// Whether the error after the last token is raised by the tokenizer itself.
    pub(super) fn is_raised(&self) -> bool {
        self.fault.as_ref().is_some_and(Lexical::is_raised)
    }

    /// The tokens of a text in 3.13.0.
    #[cfg(test)]
    pub(super) fn of(text: &'s str) -> Self {
        Self::in_mode(text, Mode::Module)
    }

    #[cfg(test)]
    pub(super) fn in_mode(text: &'s str, mode: Mode) -> Self {
        let target = "3.13.0".parse().ok().and_then(|version| Target::for_version(version).ok());
        Self::scan(text.into(), None, target.expect("3.13.0 is known"), mode)
    }

    /// Whether bytes that aren't UTF-8 are in a token or in an error of the tokenizer.
    pub(crate) fn has_undecodable(&self, undecodable: &Undecodable) -> bool {
        let is_in = |item: &Item| {
            // A line end includes the comment before it, which CPython doesn't decode.
            item.token != Token::Newline
                && undecodable.first(item.start as usize).is_some_and(|at| at < item.end as usize)
        };
        self.fault.is_some() || self.list.iter().any(is_in)
    }

    /// The error after the last token. `None` if that is the end of the file.
    #[cold]
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault.as_ref().map(Lexical::fault)
    }

    /// The tokenizer's error that has precedence over a parser's error at a token in `line`
    /// (`pegen_errors.c: _PyPegen_tokenize_full_source_to_check_for_errors`, 3.13). This is a later
    /// error of the tokenizer, or a bracket that was opened in an earlier line and isn't closed, if
    /// reporting that is left to the parser. There is none inside an f-string: there the parser's
    /// error is more helpful.
    #[cold]
    pub(crate) fn fault_over(&self, line: Line) -> Option<Fault> {
        let fault = self.fault.as_ref().filter(|_| !self.in_joined)?;
        if fault.what.is_raised() {
            return Some(fault.fault_after());
        }
        self.open.as_ref().filter(|open| line > open.at.line).map(Lexical::fault)
    }
}
