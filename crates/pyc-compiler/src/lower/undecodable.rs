//! Bytes that aren't UTF-8: CPython looks at them only in the tokens it uses, so in comments they pass.
//!
//! `x = '\xff'` is refused, at the string; `x = 1  # \xff` isn't.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::cursor::Cursor;
use crate::error::{ErrorKind, Fault, Result};
use crate::source::{Source, complaint};

/// Refuses the first byte outside of comments.
pub(super) fn check(source: &Source<'_>, tokens: &[Token]) -> Result<()> {
    let mut from = 0;
    while let Some(offset) = source.undecodable().first(from) {
        let at = TextSize::try_from(offset).unwrap_or_default();
        let index = tokens.partition_point(|token| token.end() <= at);
        let token = tokens.get(index).filter(|token| token.range().contains(at));
        match token {
            Some(token) if token.kind() == TokenKind::Comment => from = token.end().to_usize(),
            _ => {
                let range = token.map_or(TextRange::empty(at), Ranged::range);
                let message = format!("(unicode error) {}", words(source, range));
                let location = Cursor::new(source.text()).location(range);
                return Err(Fault::new(ErrorKind::Syntax, location, message));
            }
        }
    }
    Ok(())
}

/// CPython decodes what is between a string's quotes; if there are escapes, each run of other characters for itself.
fn words(source: &Source<'_>, token: TextRange) -> String {
    let text = &source.text()[token];
    // The parts of f-strings have no quotes of their own.
    let content = text.find(['"', '\'']).and_then(|prefix| {
        let quote = &text[prefix..=prefix];
        let quotes = if text[prefix..].starts_with(&quote.repeat(3)) { 3 } else { 1 };
        text.get(prefix + quotes..text.len().saturating_sub(quotes))
    });
    let content = content.unwrap_or(text);
    let start = token.start().to_usize() + (content.as_ptr() as usize - text.as_ptr() as usize);
    let bytes = source.undecodable().original(start, content);
    let mut runs = bytes.split(u8::is_ascii);
    let found = if content.contains('\\') { runs.find_map(complaint) } else { complaint(&bytes) };
    found.unwrap_or_else(|| "the source isn't UTF-8".to_owned())
}
