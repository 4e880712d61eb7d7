//! The module, blocks, and the statements in them.
//!
//! `if a: b; c` has a block of two statements in its own line.

use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::constant::Constant;
use crate::fold;
use crate::location::Position;
use crate::options::Mode;
use crate::tree::{Body, ExprId, ExprKind, Root, Stmt, StmtId, StmtKind, Tree};

impl Parser<'_, '_, '_> {
    /// Parses the whole text.
    pub(super) fn root(&mut self) -> Result<Tree> {
        self.advance()?;
        self.tree.root = match self.context.options.get_mode() {
            Mode::Module => Root::Module(self.module()?),
            Mode::Interactive => Root::Interactive(self.interactive()?),
            Mode::Expression => Root::Expression(self.evaluated()?),
        };
        self.measure_depth();
        Ok(std::mem::take(&mut self.tree))
    }

    fn module(&mut self) -> Result<Body> {
        let mark = self.mark::<StmtId>();
        let first = self.tree.expressions();
        let block = self.blocks.open(self.lexer.cursor.start);
        while !self.at(Token::EndOfFile) {
            self.blocks.accept(block, self.lexer.cursor.start);
            self.statement()?;
        }
        let body = self.take_list(mark);
        self.document(body, first);
        Ok(body)
    }

    /// A line of simple statements, or one complete compound statement (`python.gram:
    /// statement_newline`).
    fn interactive(&mut self) -> Result<Body> {
        if self.at(Token::EndOfFile) {
            return Err(Doubt);
        }
        self.lexer.begin_statement();
        let mark = self.mark::<StmtId>();
        if self.compound()?.is_none() {
            self.simple_line()?;
        }
        if self.at(Token::Newline) && self.lexer.precedes_nothing() {
            Ok(self.take_list(mark))
        } else {
            Err(Doubt)
        }
    }

    /// The expression of `eval` mode (`python.gram: eval`).
    fn evaluated(&mut self) -> Result<ExprId> {
        let value = self.plain_expressions()?;
        self.end_chains();
        while self.accept(Token::Newline)? {}
        if self.at(Token::EndOfFile) { Ok(value) } else { Err(Doubt) }
    }

    /// A colon and the statements after it: in the same line, or indented below.
    pub(super) fn block(&mut self) -> Result<Body> {
        self.expect(Token::Colon)?;
        let mark = self.mark::<StmtId>();
        if self.accept(Token::Newline)? {
            self.expect(Token::Indent)?;
            let block = self.blocks.open(self.lexer.cursor.start);
            while !self.at(Token::Dedent) {
                self.blocks.accept(block, self.lexer.cursor.start);
                self.statement()?;
            }
            self.blocks.close(block);
            self.advance()?;
        } else {
            self.simple_statements()?;
        }
        Ok(self.take_list(mark))
    }

    /// The block of a function or class. Its first statement may be a docstring.
    pub(super) fn documented(&mut self) -> Result<Body> {
        let first = self.tree.expressions();
        let body = self.block()?;
        self.document(body, first);
        Ok(body)
    }

    /// The block after `word`, if there is one.
    pub(super) fn block_after(&mut self, word: Token) -> Result<Option<Body>> {
        if self.accept(word)? { self.block().map(Some) } else { Ok(None) }
    }

    /// Prevents a string that was folded from other expressions from becoming a docstring. `first`
    /// is the number of the first statement's first expression.
    fn document(&mut self, body: Body, first: usize) {
        let Some(&statement) = self.tree[body].first() else { return };
        let StmtKind::Expr { value } = self.tree[statement].kind else { return };
        if self.folds() && !self.is_literal(value, first) {
            fold::first_statement(&mut self.tree, self.context, statement);
        }
    }

    /// Whether a statement is a string literal, or several. Its first expression has the number
    /// `first`. A folded string has a higher number.
    pub(super) fn is_literal(&self, id: ExprId, first: usize) -> bool {
        let ExprKind::Constant { value, .. } = self.tree[id].kind else { return false };
        id.index() == first && matches!(self.context.constants[value], Constant::Str(_))
    }

    /// A compound statement, or a line of simple statements.
    fn statement(&mut self) -> Result<()> {
        if let Some(()) = self.compound()? {
            return Ok(());
        }
        self.simple_line()?;
        if !self.at(Token::Newline) {
            return Err(Doubt);
        }
        let end = self.lexer.cursor.start;
        self.advance().inspect_err(|_| self.blocks.accept_line(end))
    }

    /// Simple statements, including the end of their line.
    pub(super) fn simple_statements(&mut self) -> Result<()> {
        self.simple_line()?;
        self.expect(Token::Newline)
    }

    /// Simple statements, up to the end of their line.
    fn simple_line(&mut self) -> Result<()> {
        loop {
            let start = self.here();
            let kind = self.deeper(Self::simple)?;
            self.put_statement(kind, start);
            if !self.accept(Token::Semicolon)? || self.at(Token::Newline) {
                return Ok(());
            }
        }
    }

    /// Adds a statement, which ends with the last token, to its block.
    pub(super) fn put_statement(&mut self, kind: StmtKind, start: Position) {
        let location = self.since(start);
        let statement = self.tree.push_stmt(Stmt { kind, location });
        self.put(statement);
        self.end_chains();
    }
}
