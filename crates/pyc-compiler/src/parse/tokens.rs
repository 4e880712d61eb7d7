//! All tokens of a text, as CPython's tokenizer gives them to its parser, and what is wrong with
//! the first that is none.
//!
//! ```text
//! f"a{x}"     Joined f"   Middle a   LeftBrace   Name x   RightBrace   JoinedEnd "
//! f"a{x"      Joined f"   Middle a   LeftBrace   Name x   JoinedOpen, a fault
//! ```
//!
//! Only for sources that are refused: the parser reads tokens one at a time, and f-strings without
//! any.

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
use crate::target::Target;
pub(super) use content::{ONLY_ASCII, text_words};
use lexical::Lexical;
use scanner::Scanner;

/// The tokens up to the first that is none.
pub(crate) struct Tokens<'s> {
    /// The source, of which the last line ends with `\n`.
    pub(super) text: Cow<'s, str>,
    pub(super) list: Vec<Item>,
    /// The bytes that the text is of, if it isn't the same.
    original: Option<Vec<u8>>,
    fault: Option<Lexical>,
    /// The innermost bracket that is open where the list ends.
    open: Option<Lexical>,
    /// Whether the list ends within an f-string.
    in_joined: bool,
    pub(super) target: Target,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) token: Token,
    /// Of indents, dedents and the end, which have no columns to CPython, where the tokenizer is.
    pub(super) at: Location,
    /// Where it is in the text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many brackets are open behind it.
    pub(super) level: u32,
    /// Whether it is text of a format spec.
    in_spec: bool,
    /// Whether it is a line end that the end of an interactive text stands for.
    pub(super) end_of_text: bool,
}

/// Whether the end of an interactive text ends a line there, too: not where it has done so already,
/// and not before the first token (`pegen.c: _PyPegen_fill_token`, 3.13).
fn has_begun(list: &[Item]) -> bool {
    list.last().is_some_and(|last| !last.end_of_text)
}

impl<'s> Tokens<'s> {
    #[cold]
    pub(crate) fn read(source: &'s Source<'_>, options: &Options) -> Self {
        let text = source.text();
        let undecodable = source.undecodable();
        let original = undecodable.first(0).map(|_| undecodable.original(0, text));
        Self::scan(text, original, *options.target(), options.get_mode())
    }

    /// The tokens of a text of which `original` are the bytes, if they aren't the same.
    fn scan(text: &'s str, original: Option<Vec<u8>>, target: Target, mode: Mode) -> Self {
        let mut text = Cow::Borrowed(text);
        let mut original = original;
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

    /// The tokens of a field's expression.
    pub(super) fn of_field(text: &'s str, target: Target) -> Self {
        Self::scan(text, None, target, Mode::Module)
    }

    /// Whether the tokenizer raises what is wrong behind the last token.
    pub(super) fn is_raised(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.what.is_raised())
    }

    /// The tokens of a text for 3.13.0.
    #[cfg(test)]
    pub(super) fn of(text: &'s str) -> Self {
        Self::in_mode(text, Mode::Module)
    }

    #[cfg(test)]
    pub(super) fn in_mode(text: &'s str, mode: Mode) -> Self {
        let target = "3.13.0".parse().ok().and_then(|version| Target::for_version(version).ok());
        Self::scan(text, None, target.expect("3.13.0 is known"), mode)
    }

    /// Whether bytes that aren't UTF-8 are in a token, or in something that is none.
    pub(crate) fn has_undecodable(&self, undecodable: &Undecodable) -> bool {
        let is_in = |item: &Item| {
            // A line end begins with the comment before it, which CPython doesn't decode.
            item.token != Token::Newline
                && undecodable.first(item.start as usize).is_some_and(|at| at < item.end as usize)
        };
        self.fault.is_some() || self.list.iter().any(is_in)
    }

    /// What is wrong behind the last token; `None` if that is the end of the file.
    #[cold]
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault.as_ref().map(Lexical::fault)
    }

    /// What counts more than a fault that the parser found at a token in `line` (`pegen_errors.c:
    /// _PyPegen_tokenize_full_source_to_check_for_errors`, 3.13): something later that is no token
    /// or, if the tokenizer leaves it to the parser to say so, a bracket that is open from a line
    /// before. Not if that is in an f-string, for whose fields the parser's faults say more.
    #[cold]
    pub(crate) fn fault_over(&self, line: Line) -> Option<Fault> {
        let fault = self.fault.as_ref().filter(|_| !self.in_joined)?;
        if fault.what.is_raised() {
            return Some(fault.fault());
        }
        self.open.as_ref().filter(|open| line > open.at.line).map(Lexical::fault)
    }
}
