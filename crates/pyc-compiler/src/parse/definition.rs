//! Functions and classes.
//!
//! `@d` before `def f(): …` is a decorator, but the location of the function begins at `def`.

use super::Result;
use super::argument::BareGenerator;
use super::compound::Async;
use super::parser::Parser;
use super::token::Token;
use crate::tree::{Class, ExprId, Function, List, StmtKind};

impl Parser<'_, '_, '_> {
    /// Adds a definition with decorators to its block.
    pub(super) fn decorated(&mut self) -> Result<()> {
        let mark = self.mark::<ExprId>();
        while self.accept(Token::At)? {
            let decorator = self.named()?;
            self.put(decorator);
            self.expect(Token::Newline)?;
        }
        let decorators = self.take_list(mark);
        let start = self.here();
        let kind = self.deeper(|this| match this.token() {
            Token::Class => this.class(decorators),
            Token::Async => {
                this.advance()?;
                this.function(decorators, Async::Yes)
            }
            _ => this.function(decorators, Async::No),
        })?;
        self.put_statement(kind, start);
        Ok(())
    }

    pub(super) fn function(&mut self, decorators: List<ExprId>, prefix: Async) -> Result<StmtKind> {
        self.expect(Token::Def)?;
        let name = self.name()?;
        let (type_params_block, type_params) = self.type_params()?;
        self.expect(Token::LeftParenthesis)?;
        let parameters = self.parameters(Token::RightParenthesis)?;
        self.expect(Token::RightParenthesis)?;
        let returns = if self.accept(Token::Arrow)? {
            Some(self.annotation(Self::expression)?)
        } else {
            None
        };
        let block = self.tree.new_block();
        self.end_chains();
        let body = self.documented()?;
        Ok(StmtKind::Function(self.tree.push_function(Function {
            name,
            parameters,
            body,
            decorators,
            returns,
            type_params,
            is_async: prefix == Async::Yes,
            block,
            type_params_block,
        })))
    }

    pub(super) fn class(&mut self, decorators: List<ExprId>) -> Result<StmtKind> {
        let start = self.here();
        self.expect(Token::Class)?;
        let name = self.name()?;
        let (type_params_block, type_params) = self.type_params()?;
        let (bases, keywords) = if self.at(Token::LeftParenthesis) {
            self.arguments(BareGenerator::Refused)?
        } else {
            (List::EMPTY, List::EMPTY)
        };
        let block = self.tree.new_block();
        self.end_chains();
        let body = self.documented()?;
        let generic_bases = if type_params_block.is_some() {
            let at = self.since(start);
            self.tree.generic_bases(bases, at)
        } else {
            List::EMPTY
        };
        Ok(StmtKind::Class(self.tree.push_class(Class {
            name,
            bases,
            generic_bases,
            keywords,
            body,
            decorators,
            type_params,
            block,
            type_params_block,
        })))
    }
}
