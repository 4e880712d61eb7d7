//! What the tokenizer of CPython refuses or warns of, and ruff's doesn't: nesting, and numbers before keywords.
//!
//! | | at most |
//! |---|---|
//! | open brackets | 200 |
//! | levels of indentation | 99 |
//! | f-strings in each other | 149 |

use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::{Ranged, TextRange};

use super::cursor::Cursor;
use super::warnings::Warnings;
use crate::error::{ErrorKind, Fault, Result};

/// `MAXLEVEL`, `MAXINDENT` and `MAXFSTRINGLEVEL` of CPython's tokenizer (`lexer/state.h`, 3.13).
const MOST_BRACKETS: u32 = 200;
const MOST_INDENTS: u32 = 99;
const MOST_JOINED: u32 = 149;

/// Goes over the tokens of `text`, and gives what is to be warned of.
pub(super) fn check(text: &str, tokens: &[Token]) -> Result<Warnings> {
    let mut warnings = Warnings::default();
    let (mut brackets, mut indents, mut joined) = (0u32, 0u32, 0u32);
    let mut cursor = None;
    for (index, token) in tokens.iter().enumerate() {
        let (nesting, most, kind, message) = match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                (&mut brackets, MOST_BRACKETS, ErrorKind::Syntax, "too many nested parentheses")
            }
            TokenKind::Indent => {
                let message = "too many levels of indentation";
                (&mut indents, MOST_INDENTS, ErrorKind::Indentation, message)
            }
            TokenKind::FStringStart => {
                (&mut joined, MOST_JOINED, ErrorKind::Syntax, "too many nested f-strings")
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                brackets = brackets.saturating_sub(1);
                continue;
            }
            TokenKind::Dedent => {
                indents = indents.saturating_sub(1);
                continue;
            }
            TokenKind::FStringEnd => {
                joined = joined.saturating_sub(1);
                continue;
            }
            TokenKind::Int | TokenKind::Float | TokenKind::Complex => {
                if let Some(next) = tokens.get(index + 1).filter(|next| next.start() == token.end())
                {
                    let cursor = cursor.get_or_insert_with(|| Cursor::new(text));
                    number(text, token.range(), next.range(), cursor, &mut warnings);
                }
                continue;
            }
            _ => continue,
        };
        *nesting += 1;
        if *nesting > most {
            return Err(Fault::new(kind, Cursor::new(text).location(token.range()), message));
        }
    }
    Ok(warnings)
}

/// Warns of `1if` and the like (`lexer.c: verify_end_of_number`, 3.13).
fn number(
    text: &str,
    number: TextRange,
    next: TextRange,
    cursor: &mut Cursor,
    warnings: &mut Warnings,
) {
    let follows = ["and", "else", "for", "if", "in", "is", "not", "or"];
    if !follows.contains(&&text[next]) {
        return;
    }
    let kind = number_kind(&text[number]);
    let location = cursor.location(number);
    warnings.add(number.start(), location, format!("invalid {kind} literal"));
}

/// What CPython calls a number that is written so.
pub(crate) fn number_kind(number: &str) -> &'static str {
    match number.as_bytes() {
        [b'0', b'x' | b'X', ..] => "hexadecimal",
        [b'0', b'o' | b'O', ..] => "octal",
        [b'0', b'b' | b'B', ..] => "binary",
        [.., b'j' | b'J'] => "imaginary",
        _ => "decimal",
    }
}
