//! Lists, sets and dicts, and their comprehensions.
//!
//! `{a: b, **c}` is a dict of two items, `{a, *b}` a set of two elements, `{}` a dict.

use super::parser::Parser;
use super::token::{Token, power};
use super::{Doubt, Result};
use crate::tree::{ComprehensionKind, Context, DictItem, ExprId, ExprKind, List};

impl Parser<'_, '_, '_> {
    pub(super) fn list(&mut self) -> Result<ExprId> {
        let start = self.here();
        self.advance()?;
        let mark = self.mark::<ExprId>();
        if !self.accept(Token::RightBracket)? {
            let first = self.starred_or_named()?;
            if matches!(self.token(), Token::For | Token::Async) {
                let kind = self.comprehension(ComprehensionKind::List, first, None)?;
                self.expect(Token::RightBracket)?;
                return Ok(self.push_since(kind, start));
            }
            self.put(first);
            self.elements(Token::RightBracket)?;
        }
        let elements = self.take_list(mark);
        Ok(self.push_since(ExprKind::List { elements, context: Context::Load }, start))
    }

    /// A set or a dict.
    pub(super) fn braces(&mut self) -> Result<ExprId> {
        let start = self.here();
        self.advance()?;
        let kind = match self.token() {
            Token::RightBrace => {
                self.advance()?;
                ExprKind::Dict { items: List::EMPTY }
            }
            Token::DoubleStar => {
                let first = self.unpacked_first()?;
                self.dict(first)?
            }
            Token::Star => {
                let first = self.starred()?;
                self.set(first)?
            }
            _ => {
                let is_name = self.at(Token::Name);
                let first = self.named()?;
                if self.at(Token::Colon) {
                    // A key can be `name := key` only in parentheses.
                    if is_name && self.is_named(first) {
                        return Err(Doubt);
                    }
                    let first = self.value_of(first)?;
                    self.dict(first)?
                } else {
                    self.set(first)?
                }
            }
        };
        Ok(self.push_since(kind, start))
    }

    fn set(&mut self, first: ExprId) -> Result<ExprKind> {
        if matches!(self.token(), Token::For | Token::Async) {
            let kind = self.comprehension(ComprehensionKind::Set, first, None)?;
            self.expect(Token::RightBrace)?;
            return Ok(kind);
        }
        let mark = self.mark::<ExprId>();
        self.put(first);
        self.elements(Token::RightBrace)?;
        Ok(ExprKind::Set { elements: self.take_list(mark) })
    }

    fn dict(&mut self, first: DictItem) -> Result<ExprKind> {
        if matches!(self.token(), Token::For | Token::Async) {
            let (element, value) = match first.key {
                Some(key) => (key, Some(first.value)),
                None => (first.value, None),
            };
            let kind = self.comprehension(ComprehensionKind::Dict, element, value)?;
            self.expect(Token::RightBrace)?;
            return Ok(kind);
        }
        let mark = self.mark::<DictItem>();
        self.put(first);
        while self.accept(Token::Comma)? {
            let item = match self.token() {
                Token::RightBrace => break,
                Token::DoubleStar => self.unpacked()?,
                _ => {
                    let key = self.expression()?;
                    self.value_of(key)?
                }
            };
            self.put(item);
        }
        self.expect(Token::RightBrace)?;
        Ok(ExprKind::Dict { items: self.take_list(mark) })
    }

    /// The value after a key.
    fn value_of(&mut self, key: ExprId) -> Result<DictItem> {
        self.expect(Token::Colon)?;
        Ok(DictItem { key: Some(key), value: self.expression()? })
    }

    /// `**mapping`; the mapping may be any expression if a comprehension follows.
    fn unpacked_first(&mut self) -> Result<DictItem> {
        let before = self.lexer.cursor;
        let first = self.unpacked()?;
        let is_whole =
            matches!(self.token(), Token::Comma | Token::RightBrace | Token::For | Token::Async);
        if is_whole || !self.unpacks_in_comprehensions() {
            return Ok(first);
        }
        self.lexer.cursor = before;
        self.advance()?;
        let value = self.expression()?;
        match self.token() {
            Token::For | Token::Async => Ok(DictItem { key: None, value }),
            _ => Err(Doubt),
        }
    }

    /// `**mapping`
    fn unpacked(&mut self) -> Result<DictItem> {
        self.advance()?;
        Ok(DictItem { key: None, value: self.operators(power::BIT_OR)? })
    }
}
