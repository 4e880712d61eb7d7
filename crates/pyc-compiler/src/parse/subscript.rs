//! Subscripts and slices.
//!
//! `a[b:c, *d]` has a tuple as its index: a slice and a starred expression.

use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::fold;
use crate::location::Position;
use crate::tree::{Context, ExprId, ExprKind};

impl Parser<'_, '_, '_> {
    /// A subscript of `value`, which begins at `start`. The token is the opening bracket.
    pub(super) fn subscript(&mut self, value: ExprId, start: Position) -> Result<ExprId> {
        self.advance()?;
        let index = self.index()?;
        self.expect(Token::RightBracket)?;
        let at = self.since(start);
        if self.folds() {
            if let Some(folded) = fold::subscript(&mut self.tree, self.context, value, index, at) {
                self.folded.keep_subscript(folded, value, index);
                return Ok(folded);
            }
        }
        Ok(self.push(ExprKind::Subscript { value, index, context: Context::Load }, at))
    }

    fn index(&mut self) -> Result<ExprId> {
        let start = self.here();
        let first = self.index_part()?;
        // A starred index makes a tuple even without a comma.
        if !self.at(Token::Comma) && !self.is_starred(first) {
            return Ok(first);
        }
        let mark = self.mark::<ExprId>();
        self.put(first);
        while self.accept(Token::Comma)? {
            if self.at(Token::RightBracket) {
                break;
            }
            let part = self.index_part()?;
            self.put(part);
        }
        Ok(self.tuple_of(mark, start))
    }

    fn index_part(&mut self) -> Result<ExprId> {
        let start = self.here();
        let lower = match self.token() {
            Token::Star => return self.unpacked_argument(),
            Token::Colon => None,
            _ => {
                let is_name = self.at(Token::Name);
                let part = self.named()?;
                if !self.at(Token::Colon) {
                    return Ok(part);
                }
                // A bound can be `name := value` only in parentheses.
                if is_name && self.is_named(part) {
                    return Err(Doubt);
                }
                Some(part)
            }
        };
        self.expect(Token::Colon)?;
        let upper = self.bound()?;
        let step = if self.accept(Token::Colon)? { self.bound()? } else { None };
        Ok(self.push_since(ExprKind::Slice { lower, upper, step }, start))
    }

    fn bound(&mut self) -> Result<Option<ExprId>> {
        match self.token() {
            Token::Colon | Token::Comma | Token::RightBracket => Ok(None),
            _ => self.expression().map(Some),
        }
    }
}
