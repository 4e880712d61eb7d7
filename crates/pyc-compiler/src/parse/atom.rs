//! Atoms: names, literals and expressions in brackets.
//!
//! `(a)` is `a`, `(a,)` a tuple, `(a for a in b)` a generator expression.

use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::constant::ConstId;
use crate::fold;
use crate::tree::{ComprehensionKind, Context, ExprId, ExprKind};

impl Parser<'_, '_, '_> {
    pub(super) fn atom(&mut self) -> Result<ExprId> {
        let value = match self.token() {
            Token::Name => return self.load_name(),
            Token::String | Token::Joined | Token::Template => return self.strings(),
            Token::Number => self.number()?,
            Token::LeftParenthesis => return self.parenthesized(),
            Token::LeftBracket => return self.list(),
            Token::LeftBrace => return self.braces(),
            Token::None => ConstId::NONE,
            Token::True => ConstId::TRUE,
            Token::False => ConstId::FALSE,
            Token::Ellipsis => ConstId::ELLIPSIS,
            _ => return Err(Doubt),
        };
        let at = self.lexer.location();
        self.advance()?;
        Ok(self.constant(value, at))
    }

    pub(super) fn load_name(&mut self) -> Result<ExprId> {
        let at = self.lexer.location();
        let name = self.name()?;
        if self.prepares() {
            if let Some(value) = fold::name(self.context, name) {
                return Ok(self.constant(value, at));
            }
        }
        Ok(self.push(ExprKind::Name { name, context: Context::Load }, at))
    }

    /// A tuple, a generator expression, or one expression. The location of the last doesn't include
    /// the parentheses.
    fn parenthesized(&mut self) -> Result<ExprId> {
        let start = self.here();
        self.advance()?;
        let first = match self.token() {
            Token::RightParenthesis => {
                self.advance()?;
                let nothing = self.mark::<ExprId>();
                return Ok(self.tuple_of(nothing, start));
            }
            Token::Yield => {
                let value = self.r#yield()?;
                self.expect(Token::RightParenthesis)?;
                return Ok(value);
            }
            Token::Star => self.starred_first()?,
            _ => self.named()?,
        };
        match self.token() {
            // `(*a)` is invalid, while `(*a,)` is a tuple.
            Token::RightParenthesis if !self.is_starred(first) => {
                self.advance()?;
                Ok(first)
            }
            Token::Comma => {
                let mark = self.mark::<ExprId>();
                self.put(first);
                self.elements(Token::RightParenthesis)?;
                Ok(self.tuple_of(mark, start))
            }
            Token::For | Token::Async => {
                let kind = self.comprehension(ComprehensionKind::Generator, first, None)?;
                self.expect(Token::RightParenthesis)?;
                Ok(self.push_since(kind, start))
            }
            _ => Err(Doubt),
        }
    }

    /// `*` and an operand of `|` precedence; or any expression if a comprehension follows.
    fn starred_first(&mut self) -> Result<ExprId> {
        let before = self.lexer.cursor;
        let first = self.starred()?;
        let is_whole = matches!(
            self.token(),
            Token::Comma | Token::RightParenthesis | Token::For | Token::Async
        );
        if is_whole || !self.unpacks_in_comprehensions() {
            return Ok(first);
        }
        self.lexer.cursor = before;
        let first = self.unpacked_argument()?;
        match self.token() {
            Token::For | Token::Async => Ok(first),
            _ => Err(Doubt),
        }
    }

    /// The elements of a display after the first, and its end. The token is a comma or `end`.
    pub(super) fn elements(&mut self, end: Token) -> Result<()> {
        while self.accept(Token::Comma)? {
            if self.at(end) {
                break;
            }
            let element = self.starred_or_named()?;
            self.put(element);
        }
        self.expect(end)
    }

    pub(super) fn is_named(&self, id: ExprId) -> bool {
        matches!(self.tree[id].kind, ExprKind::Named { .. })
    }

    pub(super) fn is_starred(&self, id: ExprId) -> bool {
        matches!(self.tree[id].kind, ExprKind::Starred { .. })
    }
}
