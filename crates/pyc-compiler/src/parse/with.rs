//! `with`, whose items may be in parentheses that look like those of a tuple.
//!
//! `with (a as b, c): …` and `with (a, c): …` have two items, `with (a, c) as b: …` has one.

use super::compound::Async;
use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::tree::{List, StmtKind, WithItem};

impl Parser<'_, '_, '_> {
    pub(super) fn with(&mut self, prefix: Async) -> Result<StmtKind> {
        self.advance()?;
        let in_parentheses = if self.at(Token::LeftParenthesis) {
            self.attempt(Self::items_in_parentheses)
        } else {
            None
        };
        let items = match in_parentheses {
            Some(items) => items,
            None => self.items(Token::Colon)?,
        };
        let body = self.block()?;
        Ok(StmtKind::With { items, body, is_async: prefix == Async::Yes })
    }

    fn items_in_parentheses(&mut self) -> Result<List<WithItem>> {
        self.advance()?;
        let items = self.items(Token::RightParenthesis)?;
        self.advance()?;
        if self.at(Token::Colon) { Ok(items) } else { Err(Doubt) }
    }

    /// Items up to `end`. A trailing comma is allowed only before a parenthesis.
    fn items(&mut self, end: Token) -> Result<List<WithItem>> {
        let mark = self.mark::<WithItem>();
        loop {
            let context = self.expression()?;
            let has_target = self.accept(Token::As)?;
            let target = if has_target { Some(self.starred_target()?) } else { None };
            self.put(WithItem { context, target });
            let more = self.accept(Token::Comma)?;
            if self.at(end) && !(more && end == Token::Colon) {
                return Ok(self.take_list(mark));
            }
            if !more {
                return Err(Doubt);
            }
        }
    }
}
