//! Errors of brackets and of indentation, which CPython's tokenizer finds (`lexer.c: tok_get_normal_mode`, 3.13).
//!
//! | source | |
//! |---|---|
//! | `f(a` | '(' was never closed |
//! | `f(a]` | closing parenthesis ']' does not match opening parenthesis '(' |
//! | a tab where eight spaces were | inconsistent use of tabs and spaces in indentation |

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Complaint, Text};
use crate::error::ErrorKind;

impl Text<'_> {
    /// A bracket that is too many, of another kind, or missing, if that is what the error comes from.
    pub(super) fn brackets(self, error: &ParseError) -> Option<Complaint> {
        let mut open: Vec<(char, TextRange)> = Vec::new();
        for token in self.tokens {
            let Some(bracket) = bracket(token.kind()) else { continue };
            let range = token.range();
            if "([{".contains(bracket) {
                open.push((bracket, range));
                continue;
            }
            if range.end() > error.location.end() {
                break;
            }
            let words = match open.pop() {
                None => format!("unmatched '{bracket}'"),
                Some((opening, _)) if closing(opening) == bracket => continue,
                Some((opening, at)) => {
                    let between = &self.text[at.start().to_usize()..range.start().to_usize()];
                    let line = if between.contains('\n') {
                        format!(" on line {}", self.line(at.start()))
                    } else {
                        String::new()
                    };
                    format!(
                        "closing parenthesis '{bracket}' does not match opening parenthesis '{opening}'{line}"
                    )
                }
            };
            return Some(Complaint::syntax(range, words));
        }
        let at_end = self.text[error.location.start().to_usize()..].trim().is_empty();
        let (opening, range) = open.last()?;
        let never = at_end && !matches!(error.error, ParseErrorType::FStringError(_));
        never.then(|| Complaint::syntax(*range, format!("'{opening}' was never closed")))
    }

    /// An `IndentationError` or `TabError`.
    pub(super) fn indentation(self, error: &ParseError) -> Option<Complaint> {
        let range = error.location;
        let message = match &error.error {
            ParseErrorType::UnexpectedIndentation => "unexpected indent".to_owned(),
            ParseErrorType::Lexical(LexicalErrorType::IndentationError) => {
                "unindent does not match any outer indentation level".to_owned()
            }
            ParseErrorType::OtherError(words) => {
                let header = words.strip_prefix("Expected an indented block after ")?;
                let header = match header {
                    "function definition" => header.to_owned(),
                    "`class` definition" => "class definition".to_owned(),
                    other => other.replace('`', "'"),
                };
                let at = self.tokens.partition_point(|token| token.start() < range.start());
                let colon = self.tokens[..at]
                    .iter()
                    .rev()
                    .find(|token| token.kind() == TokenKind::Colon)?;
                format!(
                    "expected an indented block after {header} on line {}",
                    self.line(colon.start())
                )
            }
            _ => return None,
        };
        let (kind, message) = if self.mixes_tabs(range.start()) {
            (ErrorKind::Tab, "inconsistent use of tabs and spaces in indentation".to_owned())
        } else {
            (ErrorKind::Indentation, message)
        };
        Some(Complaint { kind, range, message })
    }

    /// Whether, up to the line of `end`, an indentation is deeper or not depending on how wide tabs are.
    fn mixes_tabs(self, end: TextSize) -> bool {
        let mut levels = vec![(0, 0)];
        let mut at_start = true;
        for token in self.tokens {
            match token.kind() {
                TokenKind::Newline => at_start = true,
                TokenKind::Indent | TokenKind::Dedent => {}
                kind if kind.is_trivia() => {}
                _ if at_start => {
                    at_start = false;
                    let (wide, narrow) = self.widths(token.start());
                    while levels.last().is_some_and(|level| level.0 > wide) {
                        levels.pop();
                    }
                    let level = levels.last().copied().unwrap_or_default();
                    let differs =
                        if level.0 == wide { level.1 != narrow } else { narrow <= level.1 };
                    if differs {
                        return true;
                    }
                    if level.0 < wide {
                        levels.push((wide, narrow));
                    }
                    if token.start() > end {
                        return false;
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// The column with tabs to eight, and with tabs of one.
    fn widths(self, at: TextSize) -> (usize, usize) {
        let before = &self.text[..at.to_usize()];
        let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
        line.chars().fold((0, 0), |(wide, narrow), character| match character {
            '\t' => ((wide / 8 + 1) * 8, narrow + 1),
            '\x0c' => (0, 0),
            _ => (wide + 1, narrow + 1),
        })
    }

    fn line(self, at: TextSize) -> usize {
        memchr::memchr_iter(b'\n', &self.text.as_bytes()[..at.to_usize()]).count() + 1
    }
}

fn bracket(kind: TokenKind) -> Option<char> {
    Some(match kind {
        TokenKind::Lpar => '(',
        TokenKind::Lsqb => '[',
        TokenKind::Lbrace => '{',
        TokenKind::Rpar => ')',
        TokenKind::Rsqb => ']',
        TokenKind::Rbrace => '}',
        _ => return None,
    })
}

const fn closing(opening: char) -> char {
    match opening {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}
