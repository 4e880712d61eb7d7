//! From ruff's errors to faults.
//!
//! The first one counts, as CPython gives only one.

use ruff_python_ast::Mod;
use ruff_python_parser::{ParseError, ParseErrorType, Parsed};
use ruff_text_size::TextRange;

use super::cursor::Cursor;
use crate::error::{Fault, Result};

/// The first error, if there is one that CPython has too.
pub(super) fn check(text: &str, parsed: &Parsed<Mod>) -> Result<()> {
    if let Some(error) = parsed.errors().iter().find(|error| !is_false(text, error)) {
        return fault(text, error.location, &error.error.to_string());
    }
    match parsed.unsupported_syntax_errors().first() {
        Some(error) => fault(text, error.range, &error.to_string()),
        None => Ok(()),
    }
}

/// Errors that CPython doesn't have, after which ruff's tree is right nevertheless.
fn is_false(text: &str, error: &ParseError) -> bool {
    match error.error {
        ParseErrorType::ExpectedExpression => is_bare_raise(text, error.location),
        _ => false,
    }
}

/// Whether `;` at `range` ends a `raise` without an exception.
fn is_bare_raise(text: &str, range: TextRange) -> bool {
    let before = text[..range.start().to_usize()].trim_end_matches([' ', '\t', '\x0c']);
    let Some(before) = before.strip_suffix("raise") else { return false };
    let joins = |character: char| character.is_alphanumeric() || "_.".contains(character);
    &text[range] == ";" && !before.ends_with(joins)
}

fn fault(text: &str, range: TextRange, message: &str) -> Result<()> {
    let mut characters = message.chars();
    let first = characters.next().into_iter().flat_map(char::to_lowercase);
    let message: String = first.chain(characters).collect();
    Err(Fault::syntax(Cursor::new(text).location(range), message))
}
