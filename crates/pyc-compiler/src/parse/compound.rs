//! Statements with blocks.
//!
//! An `elif` is an `if` in the `else` block of the one before, and ends where the whole statement
//! ends.

use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::fold;
use crate::target::Feature;
use crate::tree::{Body, Case, ExprId, Handler, List, Stmt, StmtKind};

/// Whether the statement begins with `async`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Async {
    No,
    Yes,
}

impl Parser<'_, '_, '_> {
    /// Adds a compound statement to its block. `None` if the token doesn't begin one.
    pub(super) fn compound(&mut self) -> Result<Option<()>> {
        let rule: fn(&mut Self) -> Result<StmtKind> = match self.token() {
            Token::If => Self::r#if,
            Token::Def => |this| this.function(List::EMPTY, Async::No),
            Token::Class => |this| this.class(List::EMPTY),
            Token::For => |this| this.r#for(Async::No),
            Token::With => |this| this.with(Async::No),
            Token::Try => Self::r#try,
            Token::While => Self::r#while,
            Token::At => return self.decorated().map(Some),
            Token::Async => Self::r#async,
            Token::Name if self.at_word(b"match") => return self.r#match(),
            _ => return Ok(None),
        };
        let start = self.here();
        let kind = self.deeper(rule)?;
        self.put_statement(kind, start);
        Ok(Some(()))
    }

    fn r#async(&mut self) -> Result<StmtKind> {
        self.advance()?;
        match self.token() {
            Token::Def => self.function(List::EMPTY, Async::Yes),
            Token::For => self.r#for(Async::Yes),
            Token::With => self.with(Async::Yes),
            _ => Err(Doubt),
        }
    }

    /// The statement from `if` or `elif` on.
    fn r#if(&mut self) -> Result<StmtKind> {
        self.advance()?;
        let test = self.named()?;
        let body = self.block()?;
        let orelse = if self.at(Token::Elif) {
            let start = self.here();
            let kind = self.deeper(Self::r#if)?;
            let location = self.since(start);
            let nested = self.tree.push_stmt(Stmt { kind, location });
            self.tree.push_list(&[nested])
        } else {
            self.orelse()?
        };
        Ok(StmtKind::If { test, body, orelse })
    }

    fn orelse(&mut self) -> Result<Body> {
        Ok(self.block_after(Token::Else)?.unwrap_or(List::EMPTY))
    }

    fn r#while(&mut self) -> Result<StmtKind> {
        self.advance()?;
        let test = self.named()?;
        let body = self.block()?;
        Ok(StmtKind::While { test, body, orelse: self.orelse()? })
    }

    fn r#for(&mut self, prefix: Async) -> Result<StmtKind> {
        let is_async = prefix == Async::Yes;
        self.advance()?;
        let target = self.targets()?;
        self.expect(Token::In)?;
        let iterable = self.expressions()?;
        let body = self.block()?;
        let orelse = self.orelse()?;
        if self.folds() && !is_async {
            fold::iterable(&mut self.tree, self.context, iterable);
        }
        Ok(StmtKind::For { target, iterable, body, orelse, is_async })
    }

    fn r#try(&mut self) -> Result<StmtKind> {
        self.advance()?;
        let body = self.block()?;
        let mark = self.mark::<Handler>();
        let mut is_star = false;
        while self.at(Token::Except) {
            let first = self.mark::<Handler>() == mark;
            let (handler, starred) = self.handler()?;
            if !first && starred != is_star {
                return Err(Doubt);
            }
            is_star = starred;
            self.put(handler);
        }
        let handlers: List<Handler> = self.take_list(mark);
        let orelse = if handlers.is_empty() { List::EMPTY } else { self.orelse()? };
        let finally = self.block_after(Token::Finally)?;
        if handlers.is_empty() && finally.is_none() {
            return Err(Doubt);
        }
        let finally = finally.unwrap_or(List::EMPTY);
        Ok(StmtKind::Try { body, handlers, orelse, finally, is_star })
    }

    /// A handler, and whether it is `except*`.
    fn handler(&mut self) -> Result<(Handler, bool)> {
        let start = self.here();
        self.advance()?;
        let starred = self.accept(Token::Star)?;
        let class =
            if starred || !self.at(Token::Colon) { Some(self.handled_class()?) } else { None };
        let name =
            if class.is_some() && self.accept(Token::As)? { Some(self.name()?) } else { None };
        let body = self.block()?;
        Ok((Handler { class, name, body, location: self.since(start) }, starred))
    }

    /// The exception class of a handler, or several. Since 3.14 several don't need parentheses if
    /// no `as` follows.
    fn handled_class(&mut self) -> Result<ExprId> {
        let start = self.here();
        let first = self.expression()?;
        if !self.at(Token::Comma) {
            return Ok(first);
        }
        if !self.context.facts.has(Feature::ExceptWithoutParentheses) {
            return Err(Doubt);
        }
        let classes = self.plain_tuple(first, start)?;
        if self.at(Token::As) { Err(Doubt) } else { Ok(classes) }
    }

    /// A `match` statement. `None` if `match` is a name here.
    fn r#match(&mut self) -> Result<Option<()>> {
        let start = self.here();
        let subject = self.attempt(|this| {
            this.advance()?;
            let subject = this.subject()?;
            this.expect(Token::Colon)?;
            this.expect(Token::Newline)?;
            this.expect(Token::Indent)?;
            if this.at_word(b"case") { Ok(subject) } else { Err(Doubt) }
        });
        let Some(subject) = subject else { return Ok(None) };
        let mark = self.mark::<Case>();
        self.deeper(|this| {
            while this.at_word(b"case") {
                let case = this.case()?;
                this.put(case);
            }
            Ok(())
        })?;
        self.expect(Token::Dedent)?;
        let cases = self.take_list(mark);
        self.put_statement(StmtKind::Match { subject, cases }, start);
        Ok(Some(()))
    }
}
