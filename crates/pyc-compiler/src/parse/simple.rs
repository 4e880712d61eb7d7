//! Statements without blocks.
//!
//! `a = b = c` has two targets. `a: b = c` is annotated, and `simple` if `a` isn't in parentheses.

use super::lexer::Cursor;
use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::constant::Constant;
use crate::fold::Folding;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{Context, ExprId, ExprKind, List, StmtKind, TypeAlias};

impl Parser<'_, '_, '_> {
    pub(super) fn simple(&mut self) -> Result<StmtKind> {
        let kind = match self.token() {
            Token::Name if self.at_word(b"type") => {
                if let Some(alias) = self.type_alias()? {
                    return Ok(alias);
                }
                return self.expression_statement();
            }
            Token::Name if self.at_word(b"lazy") => {
                if let Some(import) = self.lazy_import()? {
                    return Ok(import);
                }
                return self.expression_statement();
            }
            Token::Return => {
                self.advance()?;
                let has_value = self.token().begins_expression();
                let value = if has_value { Some(self.expressions()?) } else { None };
                return Ok(StmtKind::Return { value });
            }
            Token::Import => return self.import(),
            Token::From => return self.import_from(),
            Token::Raise => return self.raise(),
            Token::Assert => return self.assert(),
            Token::Del => return self.delete(),
            Token::Global => return Ok(StmtKind::Global { names: self.names()? }),
            Token::Nonlocal => return Ok(StmtKind::Nonlocal { names: self.names()? }),
            Token::Pass => StmtKind::Pass,
            Token::Break => StmtKind::Break,
            Token::Continue => StmtKind::Continue,
            _ => return self.expression_statement(),
        };
        self.advance()?;
        Ok(kind)
    }

    /// A statement that begins with an expression, such as an assignment.
    fn expression_statement(&mut self) -> Result<StmtKind> {
        let begins_with = self.token();
        let opening = self.at(Token::LeftParenthesis).then_some(self.lexer.cursor);
        let first = self.value()?;
        match self.token() {
            Token::Equal => self.assign(first),
            Token::Colon => {
                if let Some(opening) = opening {
                    self.check_group(opening)?;
                }
                self.annotated(first, begins_with)
            }
            augmented if augmented.is_augmented() => {
                self.bind_single(first)?;
                let op = augmented.binary().ok_or(Doubt)?;
                self.advance()?;
                let value = self.value()?;
                Ok(StmtKind::AugmentedAssign { target: first, op, value })
            }
            _ => Ok(StmtKind::Expr { value: first }),
        }
    }

    fn assign(&mut self, first: ExprId) -> Result<StmtKind> {
        let mark = self.mark::<ExprId>();
        let mut value = first;
        while self.accept(Token::Equal)? {
            self.bind_element(value, Context::Store)?;
            self.put(value);
            value = self.value()?;
        }
        Ok(StmtKind::Assign { targets: self.take_list(mark), value })
    }

    /// `target: annotation`; `begins_with` is the first token of the target.
    fn annotated(&mut self, target: ExprId, begins_with: Token) -> Result<StmtKind> {
        self.bind_single(target)?;
        // `__debug__` may have been folded to a constant; as a target it is a name again.
        let simple = begins_with == Token::Name && self.tree.as_name(target).is_some();
        self.advance()?;
        let annotation = self.annotation(Self::expression)?;
        let value = if self.accept(Token::Equal)? { Some(self.value()?) } else { None };
        Ok(StmtKind::AnnotatedAssign { target, annotation, value, simple })
    }

    /// Refuses `(a).b: c`, at the colon: once the grammar has accepted `(a)` as a target in
    /// parentheses, it tries no other alternative (`python.gram: assignment`, 3.13). It accepts
    /// `(a().b): c` and `(a()).b: c`.
    fn check_group(&mut self, opening: Cursor) -> Result<()> {
        let colon = self.lexer.cursor;
        let folding = std::mem::replace(&mut self.folding, Folding::Left);
        let group = self.attempt(|this| {
            this.lexer.cursor = opening;
            this.advance()?;
            let inner = this.primary()?;
            this.expect(Token::RightParenthesis)?;
            match this.tree[inner].kind {
                ExprKind::Name { .. } | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => {
                    Ok(this.lexer.cursor.start)
                }
                _ => Err(Doubt),
            }
        });
        self.folding = folding;
        self.lexer.cursor = colon;
        if group.is_some_and(|after| after != colon.start) { Err(Doubt) } else { Ok(()) }
    }

    /// Converts a name, an attribute or a subscript to a target.
    fn bind_single(&mut self, target: ExprId) -> Result<()> {
        match self.tree[target].kind {
            ExprKind::List { .. } | ExprKind::Tuple { .. } => Err(Doubt),
            // The constant may be an empty tuple that was folded.
            ExprKind::Constant { value, .. }
                if matches!(self.context.constants[value], Constant::Tuple(_))
                    && self.folded.subscript(target).is_none() =>
            {
                Err(Doubt)
            }
            _ => self.bind(target, Context::Store),
        }
    }

    fn raise(&mut self) -> Result<StmtKind> {
        self.advance()?;
        if !self.token().begins_expression() {
            return Ok(StmtKind::Raise { exception: None, cause: None });
        }
        let exception = Some(self.expression()?);
        let cause = if self.accept(Token::From)? { Some(self.expression()?) } else { None };
        Ok(StmtKind::Raise { exception, cause })
    }

    fn assert(&mut self) -> Result<StmtKind> {
        self.advance()?;
        let test = self.expression()?;
        let message = if self.accept(Token::Comma)? { Some(self.expression()?) } else { None };
        Ok(StmtKind::Assert { test, message })
    }

    fn delete(&mut self) -> Result<StmtKind> {
        self.advance()?;
        let mark = self.mark::<ExprId>();
        loop {
            let target = self.target(Context::Delete)?;
            self.put(target);
            if !self.accept(Token::Comma)? || !self.token().begins_expression() {
                return Ok(StmtKind::Delete { targets: self.take_list(mark) });
            }
        }
    }

    /// The names after `global` or `nonlocal`.
    fn names(&mut self) -> Result<List<Name>> {
        self.advance()?;
        let mark = self.mark::<Name>();
        loop {
            let name = self.name()?;
            self.put(name);
            if !self.accept(Token::Comma)? {
                return Ok(self.take_list(mark));
            }
        }
    }

    /// `type name[…] = value`. `None` if no name follows `type`.
    fn type_alias(&mut self) -> Result<Option<StmtKind>> {
        if !self.context.facts.has(Feature::TypeParams) {
            return Ok(None);
        }
        let before = self.lexer.cursor;
        self.advance()?;
        if !self.at(Token::Name) {
            self.lexer.cursor = before;
            return Ok(None);
        }
        let at = self.lexer.location();
        let name = self.name()?;
        let name = self.push(ExprKind::Name { name, context: Context::Store }, at);
        let (type_params_block, type_params) = self.type_params()?;
        self.expect(Token::Equal)?;
        let block = self.tree.new_block();
        let value = self.expression()?;
        let alias = TypeAlias { name, type_params, value, block, type_params_block };
        Ok(Some(StmtKind::TypeAlias(self.tree.push_type_alias(alias))))
    }
}
