//! From ruff's errors to faults, in CPython's words where it has words of its own for them.
//!
//! The first error counts, as CPython gives only one. What CPython calls no more than `invalid syntax` keeps ruff's
//! words, which say more.

mod layout;
mod target;
mod token;
mod words;

use ruff_python_ast::Mod;
use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType, Parsed};
use ruff_text_size::TextRange;

use super::cursor::Cursor;
use crate::error::{ErrorKind, Fault, Result};

/// The first error, if there is one that CPython has too.
pub(super) fn check(text: &str, parsed: &Parsed<Mod>) -> Result<()> {
    let source = Text { text, tokens: parsed.tokens() };
    let complaint = match parsed.errors().iter().find(|error| !is_false(text, error)) {
        Some(error) => source.complaint(error),
        None => match parsed.unsupported_syntax_errors().first() {
            Some(error) => source.unsupported(error),
            None => return Ok(()),
        },
    };
    let location = Cursor::new(text).location(complaint.range);
    Err(Fault::new(complaint.kind, location, complaint.message))
}

/// What is looked at for the words.
#[derive(Clone, Copy)]
struct Text<'t> {
    text: &'t str,
    tokens: &'t [ruff_python_ast::token::Token],
}

/// A fault before its line is known.
struct Complaint {
    kind: ErrorKind,
    range: TextRange,
    message: String,
}

impl Complaint {
    fn syntax(range: TextRange, message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Syntax, range, message: message.into() }
    }
}

/// Errors that CPython doesn't have, after which ruff's tree is right nevertheless.
fn is_false(text: &str, error: &ParseError) -> bool {
    match error.error {
        ParseErrorType::ExpectedExpression => is_bare_raise(text, error.location),
        // A name behind a semicolon; the statements are looked at again when they are lowered.
        ParseErrorType::SimpleAndCompoundStatementOnSameLine => &text[error.location] == "match",
        _ => false,
    }
}

/// Whether `;` at `range` ends a `raise` without an exception.
fn is_bare_raise(text: &str, range: TextRange) -> bool {
    let mut before = &text[..range.start().to_usize()];
    loop {
        before = before.trim_end_matches([' ', '\t', '\x0c']);
        match before.strip_suffix("\\\n") {
            Some(continued) => before = continued,
            None => break,
        }
    }
    let Some(before) = before.strip_suffix("raise") else { return false };
    let joins = |character: char| character.is_alphanumeric() || "_.".contains(character);
    &text[range] == ";" && !before.ends_with(joins)
}

impl Text<'_> {
    fn complaint(self, error: &ParseError) -> Complaint {
        let range = error.location;
        if let Some(complaint) = self.brackets(error).or_else(|| self.indentation(error)) {
            return complaint;
        }
        let message = match &error.error {
            ParseErrorType::Lexical(LexicalErrorType::UnrecognizedToken { tok }) => {
                token::character(*tok)
            }
            ParseErrorType::Lexical(lexical) => self.lexical(lexical, range),
            ParseErrorType::InvalidAssignmentTarget
            | ParseErrorType::InvalidNamedAssignmentTarget
            | ParseErrorType::InvalidAnnotatedAssignmentTarget
            | ParseErrorType::InvalidAugmentedAssignmentTarget
            | ParseErrorType::InvalidDeleteTarget => self.target(&error.error, range),
            other => self.words(other, range),
        };
        let message = message.unwrap_or_else(|| lower_case(&error.error.to_string()));
        Complaint::syntax(range, message)
    }
}

fn lower_case(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(characters).collect()
}
