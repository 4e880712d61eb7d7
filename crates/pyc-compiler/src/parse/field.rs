//! Replacement fields in releases before 3.12: an f-string is a string token whose text is searched
//! for fields. Each expression is parsed separately, as if in parentheses.
//!
//! `f"{a, b}"`: the tuple's location extends from the brace before it to the end of the brace after
//! it. `f"{'"'}"` ends at its second quote.

use super::lexer::StringToken;
use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::location::{Location, Position};
use crate::name::count;
use crate::tree::{ComprehensionKind, ExprId, ExprKind, StrPrefix};

/// Nodes of f-strings whose location is that of the whole literal. It is set at the literal's end.
#[derive(Default)]
pub(super) struct Spread {
    /// Those whose location is from the first literal of a concatenation to the last.
    whole: Vec<ExprId>,
    /// Those whose location is that of the literal around them.
    literal: Vec<ExprId>,
}

/// The numbers of nodes at some point.
#[derive(Clone, Copy)]
pub(super) struct SpreadMark {
    whole: usize,
    literal: usize,
}

impl Spread {
    pub(super) fn mark(&self) -> SpreadMark {
        SpreadMark { whole: self.whole.len(), literal: self.literal.len() }
    }

    pub(super) fn add_whole(&mut self, id: ExprId) {
        self.whole.push(id);
    }

    /// The last part of a format spec is located at its literal, not at the concatenation.
    pub(super) fn end_spec(&mut self, joined: ExprId, last: Option<ExprId>) {
        self.literal.push(joined);
        if let Some(last) = last.filter(|last| self.whole.last() == Some(last)) {
            self.whole.pop();
            self.literal.push(last);
        }
    }
}

impl Parser<'_, '_, '_> {
    /// Sets the locations at the end of a literal.
    pub(super) fn end_literal(&mut self, mark: SpreadMark, at: Location) {
        for id in self.spread.literal.drain(mark.literal..) {
            self.tree.relocate(id, at);
        }
    }

    /// Sets the locations at the end of a concatenation. Texts in it get the prefix of the first
    /// literal.
    pub(super) fn end_concatenation(&mut self, mark: SpreadMark, at: Location, prefix: StrPrefix) {
        for id in self.spread.whole.drain(mark.whole..) {
            self.tree.relocate(id, at);
            if let ExprKind::Constant { value, .. } = self.tree[id].kind {
                self.tree.replace(id, ExprKind::Constant { value, prefix });
            }
        }
    }

    /// The expression after the brace at `brace`, parsed as if in parentheses.
    ///
    /// The brace is in a literal that begins at `literal`.
    pub(super) fn field_value(
        &mut self,
        string: StringToken,
        (open, brace): (u32, Position),
        literal: Position,
    ) -> Result<ExprId> {
        let end = end_of_value(self.lexer.text.as_bytes(), open, string).ok_or(Doubt)?;
        let value = if self.at(Token::Yield) {
            self.r#yield()?
        } else {
            let first = self.starred_or_named()?;
            let start = self.start_of_field(open, brace, literal);
            match self.token() {
                Token::Comma => {
                    let mark = self.mark::<ExprId>();
                    self.put(first);
                    while self.accept(Token::Comma)? {
                        if self.lexer.cursor.start == end {
                            break;
                        }
                        let element = self.starred_or_named()?;
                        self.put(element);
                    }
                    let tuple = self.tuple_of(mark, start);
                    self.tree.relocate(tuple, start.to(self.after_delimiter()));
                    tuple
                }
                Token::For | Token::Async => {
                    let kind = self.comprehension(ComprehensionKind::Generator, first, None)?;
                    self.push(kind, start.to(self.after_delimiter()))
                }
                _ if self.is_starred(first) => return Err(Doubt),
                _ => first,
            }
        };
        if self.lexer.cursor.start == end { Ok(value) } else { Err(Doubt) }
    }

    /// The position of the imaginary parenthesis in place of the brace. If nothing follows the
    /// brace in its line, it is where the literal begins or in column 0 (`string_parser.c:
    /// fstring_find_expr_location`, 3.11).
    fn start_of_field(&self, open: u32, brace: Position, literal: Position) -> Position {
        let rest = &self.lexer.text.as_bytes()[open as usize..];
        let first = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'));
        match first {
            Some(b'\n' | b'}') if brace.line == literal.line => literal,
            Some(b'\n' | b'}') => Position { column: 0, ..brace },
            _ => brace,
        }
    }

    /// The end of the imaginary closing parenthesis: it replaces the first character after the
    /// expression.
    fn after_delimiter(&self) -> Position {
        let here = self.here();
        Position { column: here.column + 1, ..here }
    }
}

/// The end of the expression that starts at `open`. `None` if the expression contains something
/// invalid (`string_parser.c: fstring_find_expr`, 3.11).
fn end_of_value(text: &[u8], open: u32, string: StringToken) -> Option<u32> {
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    let is_thrice = |at: usize| byte(at) == byte(at + 1) && byte(at) == byte(at + 2);
    let mut brackets = Vec::new();
    let mut quoted: Option<(u8, bool)> = None;
    let mut at = open as usize;
    loop {
        let this = byte(at);
        let closes = this == string.quote && (!string.triple || is_thrice(at));
        // Before 3.12 a field can't contain a backslash or the literal's own quotes.
        if this == 0 || this == b'\\' || closes || this == b'\n' && !string.triple {
            return None;
        }
        if let Some((quote, triple)) = quoted {
            if this == quote && (!triple || is_thrice(at)) {
                quoted = None;
                at += if triple { 2 } else { 0 };
            }
            at += 1;
            continue;
        }
        match this {
            b'\'' | b'"' => {
                let triple = is_thrice(at);
                quoted = Some((this, triple));
                at += if triple { 2 } else { 0 };
            }
            b'[' | b'{' | b'(' => brackets.push(this),
            // A comment would contain the closing brace.
            b'#' => return None,
            // `!=`, `==`, `<=` and `>=` are operators, and don't end the expression.
            b'!' | b'=' | b'<' | b'>' if brackets.is_empty() && byte(at + 1) == b'=' => at += 1,
            b'!' | b':' | b'}' | b'=' if brackets.is_empty() => return Some(count(at)),
            b']' | b'}' | b')' => {
                let opening = brackets.pop()?;
                if !matches!((opening, this), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
                    return None;
                }
            }
            _ => {}
        }
        at += 1;
    }
}
