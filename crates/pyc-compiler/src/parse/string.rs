//! Strings and bytes, of one or several literals.
//!
//! `"a" 'b'` is one constant. If one of them is an f-string, they become a joined string.

use super::escape::{self, Kind};
use super::invalid;
use super::joined::Joining;
use super::lexer::{StringKind, StringToken};
use super::parser::Parser;
use super::token::Token;
use super::warnings::Origin;
use super::{Doubt, Result};
use crate::constant::Constant;
use crate::tree::{ExprId, ExprKind, StrPrefix};

impl<'s> Parser<'s, '_, '_> {
    /// Consecutive literals.
    pub(super) fn strings(&mut self) -> Result<ExprId> {
        let (start, origin) = (self.here(), self.origin());
        if self.at(Token::Joined) {
            let joining = Joining::new(self.mark::<ExprId>(), self.bytes.len());
            return self.joined(joining, start);
        }
        if self.at(Token::Template) {
            return self.template(start);
        }
        let (first, mark) = (self.lexer.string, self.bytes.len());
        self.advance()?;
        if first.kind == StringKind::Bytes {
            return self.bytes_literal(first, origin);
        }
        // A fast path: most strings are one literal without escapes, which needn't be copied.
        if !first.backslash && !self.at(Token::String) && !self.at(Token::Joined) {
            let text = self.content(first);
            let name = self.context.names.intern(text.as_bytes());
            let value = self.context.constants.str(name);
            let prefix = first.str_prefix();
            return Ok(self.push_since(ExprKind::Constant { value, prefix }, start));
        }
        self.add_text(first, origin)?;
        while self.at(Token::String) {
            self.add_text(self.lexer.string, self.origin())?;
            self.advance()?;
        }
        if self.at(Token::Joined) {
            let mut joining = Joining::new(self.mark::<ExprId>(), mark);
            let end = self.lexer.cursor.end;
            joining.extend(start, end, first.str_prefix());
            return self.joined(joining, start);
        }
        let name = self.context.names.intern(&self.bytes[mark..]);
        self.bytes.truncate(mark);
        let value = self.context.constants.str(name);
        Ok(self.push_since(ExprKind::Constant { value, prefix: first.str_prefix() }, start))
    }

    /// Appends a string's value to `self.bytes`.
    pub(super) fn add_text(&mut self, string: StringToken, origin: Origin) -> Result<()> {
        if string.kind == StringKind::Bytes {
            return Err(Doubt);
        }
        let text = self.content(string);
        if string.raw || !string.backslash {
            self.bytes.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        self.warn_in_string(string, origin, invalid::Kind::Text);
        escape::decode(text, Kind::Text, &self.context.facts, &mut self.bytes)
    }

    fn bytes_literal(&mut self, first: StringToken, origin: Origin) -> Result<ExprId> {
        let mut value = Vec::new();
        self.add_bytes(first, origin, &mut value)?;
        while self.at(Token::String) {
            self.add_bytes(self.lexer.string, self.origin(), &mut value)?;
            self.advance()?;
        }
        if self.at(Token::Joined) {
            return Err(Doubt);
        }
        let value = self.context.constants.intern(Constant::Bytes(value.into()));
        let at = self.since(origin.position());
        Ok(self.constant(value, at))
    }

    fn add_bytes(&mut self, string: StringToken, origin: Origin, into: &mut Vec<u8>) -> Result<()> {
        let text = self.content(string);
        if string.kind != StringKind::Bytes || !text.is_ascii() {
            return Err(Doubt);
        }
        if string.raw || !string.backslash {
            into.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        self.warn_in_string(string, origin, invalid::Kind::Bytes);
        escape::decode(text, Kind::Bytes, &self.context.facts, into)
    }

    /// The text between the quotes.
    fn content(&self, string: StringToken) -> &'s str {
        let text: &'s str = self.lexer.text;
        &text[string.start as usize..string.end as usize]
    }
}

impl StringToken {
    pub(super) fn str_prefix(self) -> StrPrefix {
        if self.kind == StringKind::Unicode { StrPrefix::Unicode } else { StrPrefix::None }
    }
}
