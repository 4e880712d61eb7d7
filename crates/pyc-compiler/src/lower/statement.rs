//! Statements, and bodies of them.
//!
//! ```text
//! if a: x      ─▶  If { test: a, orelse: [If { test: b }] }, both up to the end of y,
//! elif b: y;       the semicolon included
//! ```

use ruff_python_ast::{self as ast, ElifElseClause, ExceptHandler, Expr, Stmt};
use ruff_text_size::{Ranged, TextSize};

use super::operator::binary;
use super::walk::{Annotations, Lowering};
use crate::error::Result;
use crate::fold::{self, Folding};
use crate::location::Position;
use crate::tree::{self, Alias, Body, Handler, List, StmtId, StmtKind, WithItem};

/// Whether the file has `from __future__ import annotations` where it counts, at its start (`future.c`, 3.13).
///
/// A future statement elsewhere is an error, so it is enough to look until the first statement of another kind.
pub(super) fn annotations(body: &[Stmt]) -> Annotations {
    let docstring = body.first().is_some_and(is_docstring);
    for stmt in &body[usize::from(docstring)..] {
        let Stmt::ImportFrom(import) = stmt else { break };
        if import.level != 0 || import.module.as_deref() != Some("__future__") {
            break;
        }
        if import.names.iter().any(|alias| alias.name.id == "annotations") {
            return Annotations::Strings;
        }
    }
    Annotations::Expressions
}

/// What ruff puts in the place of an expression that it missed: `raise;` has none, and needs none.
fn is_missing(node: &Expr) -> bool {
    matches!(node, Expr::Name(name) if name.ctx.is_invalid() && name.id.is_empty())
}

fn is_docstring(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Expr(stmt) if stmt.value.is_string_literal_expr())
}

impl Lowering<'_, '_, '_> {
    /// The statements of a block.
    pub(super) fn body(&mut self, nodes: &[Stmt]) -> Result<Body> {
        self.list(nodes, Self::stmt)
    }

    /// The body of a module, function or class, whose first statement may be a docstring.
    pub(super) fn documented(&mut self, nodes: &[Stmt]) -> Result<Body> {
        let body = self.body(nodes)?;
        if self.folding == Folding::Done && !nodes.first().is_some_and(is_docstring) {
            if let Some(&first) = self.tree[body].first() {
                fold::first_statement(&mut self.tree, self.context, first);
            }
        }
        Ok(body)
    }

    fn stmt(&mut self, node: &Stmt) -> Result<StmtId> {
        self.deeper(node.start(), |this| this.any_stmt(node))
    }

    fn any_stmt(&mut self, node: &Stmt) -> Result<StmtId> {
        let begin = match node {
            Stmt::FunctionDef(node) => self.after_decorators(node.start(), &node.decorator_list),
            Stmt::ClassDef(node) => self.after_decorators(node.start(), &node.decorator_list),
            _ => node.start(),
        };
        let start = self.cursor.position(begin);
        let (kind, end) = match self.simple(node)? {
            Some(kind) => (kind, node.end()),
            None => (self.compound(node, start)?, self.compound_end(node.end())),
        };
        let location = self.until(start, end);
        Ok(self.tree.push_stmt(tree::Stmt { kind, location }))
    }

    /// A statement without a block.
    fn simple(&mut self, node: &Stmt) -> Result<Option<StmtKind>> {
        Ok(Some(match node {
            Stmt::Return(node) => StmtKind::Return { value: self.optional(node.value.as_deref())? },
            Stmt::Delete(node) => StmtKind::Delete { targets: self.exprs(&node.targets)? },
            Stmt::Assign(node) => {
                let targets = self.exprs(&node.targets)?;
                StmtKind::Assign { targets, value: self.expr(&node.value)? }
            }
            Stmt::TypeAlias(node) => self.type_alias(node)?,
            Stmt::AugAssign(node) => {
                let target = self.expr(&node.target)?;
                let op = binary(node.op);
                StmtKind::AugmentedAssign { target, op, value: self.expr(&node.value)? }
            }
            Stmt::AnnAssign(node) => {
                let target = self.expr(&node.target)?;
                let annotation = self.annotation(&node.annotation)?;
                let value = self.optional(node.value.as_deref())?;
                StmtKind::AnnotatedAssign { target, annotation, value, simple: node.simple }
            }
            Stmt::Raise(node) => {
                let exception =
                    self.optional(node.exc.as_deref().filter(|exc| !is_missing(exc)))?;
                StmtKind::Raise { exception, cause: self.optional(node.cause.as_deref())? }
            }
            Stmt::Assert(node) => {
                let test = self.expr(&node.test)?;
                StmtKind::Assert { test, message: self.optional(node.msg.as_deref())? }
            }
            Stmt::Import(node) => StmtKind::Import { names: self.aliases(&node.names)? },
            Stmt::ImportFrom(node) => {
                let module = node.module.as_ref().map(|module| self.name(&module.id));
                let names = self.aliases(&node.names)?;
                StmtKind::ImportFrom { module, names, level: node.level }
            }
            Stmt::Global(node) => StmtKind::Global { names: self.names(&node.names)? },
            Stmt::Nonlocal(node) => StmtKind::Nonlocal { names: self.names(&node.names)? },
            Stmt::Expr(node) => StmtKind::Expr { value: self.expr(&node.value)? },
            Stmt::Pass(_) => StmtKind::Pass,
            Stmt::Break(_) => StmtKind::Break,
            Stmt::Continue(_) => StmtKind::Continue,
            _ => return Ok(None),
        }))
    }

    /// A statement with blocks.
    fn compound(&mut self, node: &Stmt, start: Position) -> Result<StmtKind> {
        Ok(match node {
            Stmt::FunctionDef(node) => self.function(node)?,
            Stmt::ClassDef(node) => self.class(node, start)?,
            Stmt::For(node) => {
                let target = self.expr(&node.target)?;
                let iterable = self.expr(&node.iter)?;
                let (body, orelse) = (self.body(&node.body)?, self.body(&node.orelse)?);
                if self.folding == Folding::Done && !node.is_async {
                    fold::iterable(&mut self.tree, self.context, iterable);
                }
                StmtKind::For { target, iterable, body, orelse, is_async: node.is_async }
            }
            Stmt::While(node) => {
                let test = self.expr(&node.test)?;
                let (body, orelse) = (self.body(&node.body)?, self.body(&node.orelse)?);
                StmtKind::While { test, body, orelse }
            }
            Stmt::If(node) => {
                let test = self.expr(&node.test)?;
                let body = self.body(&node.body)?;
                let end = self.compound_end(node.end());
                let orelse = self.otherwise(&node.elif_else_clauses, end)?;
                StmtKind::If { test, body, orelse }
            }
            Stmt::With(node) => {
                let items = self.list(&node.items, |this, item| {
                    let context = this.expr(&item.context_expr)?;
                    Ok(WithItem { context, target: this.optional(item.optional_vars.as_deref())? })
                })?;
                StmtKind::With { items, body: self.body(&node.body)?, is_async: node.is_async }
            }
            Stmt::Match(node) => {
                self.check_match(node)?;
                let subject = self.expr(&node.subject)?;
                StmtKind::Match { subject, cases: self.list(&node.cases, Self::case)? }
            }
            Stmt::Try(node) => {
                let body = self.body(&node.body)?;
                let handlers = self.list(&node.handlers, Self::handler)?;
                let (orelse, finally) = (self.body(&node.orelse)?, self.body(&node.finalbody)?);
                StmtKind::Try { body, handlers, orelse, finally, is_star: node.is_star }
            }
            _ => return self.error(node.range(), "invalid syntax"),
        })
    }

    /// An `if`'s `else`: what follows the first clause of `elif` is in its own `If`, up to the chain's end.
    fn otherwise(&mut self, clauses: &[ElifElseClause], end: TextSize) -> Result<Body> {
        let Some((clause, rest)) = clauses.split_first() else { return Ok(List::EMPTY) };
        let Some(test) = &clause.test else { return self.body(&clause.body) };
        let nested = self.deeper(clause.start(), |this| {
            let start = this.start(clause);
            let test = this.expr(test)?;
            let body = this.body(&clause.body)?;
            let orelse = this.otherwise(rest, end)?;
            let (kind, location) = (StmtKind::If { test, body, orelse }, this.until(start, end));
            Ok(this.tree.push_stmt(tree::Stmt { kind, location }))
        })?;
        Ok(self.tree.push_list(&[nested]))
    }

    fn handler(&mut self, node: &ExceptHandler) -> Result<Handler> {
        let ExceptHandler::ExceptHandler(node) = node;
        let start = self.start(node);
        let class = self.optional(node.type_.as_deref())?;
        let name = node.name.as_ref().map(|name| self.name(&name.id));
        let body = self.body(&node.body)?;
        let end = self.compound_end(node.end());
        Ok(Handler { class, name, body, location: self.until(start, end) })
    }

    fn aliases(&mut self, nodes: &[ast::Alias]) -> Result<List<Alias>> {
        self.list(nodes, |this, node| {
            let name = this.name(&node.name.id);
            let rename = node.asname.as_ref().map(|rename| this.name(&rename.id));
            Ok(Alias { name, rename, location: this.span(node.range) })
        })
    }

    fn names(&mut self, nodes: &[ast::Identifier]) -> Result<List<crate::name::Name>> {
        self.list(nodes, |this, node| Ok(this.name(&node.id)))
    }

    /// CPython ends compound statements after the semicolon that their last line ends with, ruff before it.
    pub(super) fn compound_end(&self, end: TextSize) -> TextSize {
        let rest = &self.text[end.to_usize()..];
        // Almost always, and the only case of the last line that has an end.
        if rest.starts_with('\n') {
            return end;
        }
        let mut after = rest;
        loop {
            after = after.trim_start_matches([' ', '\t', '\x0c']);
            match after.strip_prefix("\\\n") {
                Some(continued) => after = continued,
                None => break,
            }
        }
        match after.strip_prefix(';') {
            Some(after) => TextSize::of(self.text) - TextSize::of(after),
            None => end,
        }
    }
}
