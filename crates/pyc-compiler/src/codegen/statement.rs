//! Statements: each leaves the stack as it found it.
//!
//! `x = y = z` is `z; COPY 1; STORE_NAME x; STORE_NAME y`. Larger statements have files of their
//! own.

mod alias;
mod annotated;
mod exception;
mod group;
mod import;
mod jump;
mod looping;
mod matching;
mod pattern;
mod with;

use super::Generator;
use super::expression::When;
use crate::constant::Constant;
use crate::error::{ErrorKind, Fault, Result};
use crate::instruction::{Intrinsic1, Op};
use crate::location::Location;
use crate::options::Mode;
use crate::target::Feature;
use crate::tree::{Body, ExprId, ExprKind, List, StmtId, StmtKind};
use import::{ImportFrom, Laziness};

impl Generator<'_, '_> {
    /// Emits a statement (`compile.c: compiler_visit_stmt`, 3.13).
    pub(super) fn statement(&mut self, id: StmtId) -> Result<()> {
        let tree = self.tree;
        let at = tree[id].location;
        let Some(left) = self.statements_left.checked_sub(1) else {
            let message =
                "too many copies of nested `finally` bodies: each level doubles the copies";
            return Err(Fault::new(ErrorKind::Depth, at, message));
        };
        self.statements_left = left;
        self.carry(at);
        let kind = tree[id].kind;
        let conditions = u32::from(kind.has_conditional_body());
        self.frame.deferred.conditions += conditions;
        self.statement_of(kind, at)?;
        self.frame.deferred.conditions -= conditions;
        Ok(())
    }

    #[inline]
    fn statement_of(&mut self, kind: StmtKind, at: Location) -> Result<()> {
        match kind {
            StmtKind::Function(id) => self.function(id, at),
            StmtKind::Class(id) => self.class(id, at),
            StmtKind::TypeAlias(id) => self.type_alias(id, at),
            StmtKind::Return { value } => self.return_(value, at),
            StmtKind::Delete { targets } => self.expressions(targets),
            StmtKind::Assign { targets, value } => self.assign(targets, value, at),
            StmtKind::AugmentedAssign { target, op, value } => {
                self.augmented_assign(at, target, op, value)
            }
            StmtKind::AnnotatedAssign { target, annotation, value, simple } => {
                self.annotated_assign(target, annotation, value, simple, at)
            }
            StmtKind::For { target, iterable, body, orelse, is_async: false } => {
                self.for_(target, iterable, body, orelse, at)
            }
            StmtKind::For { target, iterable, body, orelse, is_async: true } => {
                self.async_for(target, iterable, body, orelse, at)
            }
            StmtKind::While { test, body, orelse } => self.while_(test, body, orelse, at),
            StmtKind::If { test, body, orelse } => self.if_(test, body, orelse, at),
            StmtKind::With { items, body, is_async: false } => self.with(items, body, at),
            StmtKind::With { items, body, is_async: true } => self.async_with(items, body, at),
            StmtKind::Match { subject, cases } => self.match_(subject, cases),
            StmtKind::Raise { exception, cause } => self.raise(exception, cause, at),
            StmtKind::Try { body, handlers, orelse, finally, is_star } => {
                let kind = if is_star { exception::Kind::Star } else { exception::Kind::Plain };
                self.try_(exception::Try { body, handlers, orelse, kind }, finally, at)
            }
            StmtKind::Assert { test, message } => self.assert(test, message, at),
            StmtKind::Import { names, is_lazy } => {
                let lazy = if is_lazy { Laziness::Always } else { Laziness::IfSaid };
                self.import(names, lazy, at)
            }
            StmtKind::ImportFrom { module, names, level, is_lazy } => {
                let lazy = if is_lazy { Laziness::Always } else { Laziness::IfSaid };
                self.import_from(ImportFrom { module, names, level, lazy }, at)
            }
            StmtKind::Global { .. } | StmtKind::Nonlocal { .. } => Ok(()),
            StmtKind::Expr { value } => self.expression_statement(value, at),
            StmtKind::Pass => {
                self.emit(Op::NOP, 0, at);
                Ok(())
            }
            StmtKind::Break => self.break_(at),
            StmtKind::Continue => self.continue_(at),
        }
    }

    fn assign(&mut self, targets: List<ExprId>, value: ExprId, at: Location) -> Result<()> {
        self.expression(value)?;
        let tree = self.tree;
        let Some((last, others)) = tree[targets].split_last() else { return Ok(()) };
        for &target in others {
            self.emit(Op::COPY, 1, at);
            self.expression(target)?;
        }
        self.expression(*last)
    }

    /// `compile.c: compiler_if`, 3.13. A chain of `elif` is a loop here instead of a recursion.
    fn if_(&mut self, test: ExprId, body: Body, orelse: Body, at: Location) -> Result<()> {
        let tree = self.tree;
        let end = self.label();
        let (mut test, mut body, mut orelse, mut at) = (test, body, orelse, at);
        loop {
            if orelse.is_empty() {
                let carried = self.jump_if(at, test, end, When::False)?;
                self.carry(carried);
                self.statements(body)?;
                break;
            }
            let next = self.label();
            let carried = self.jump_if(at, test, next, When::False)?;
            self.carry(carried);
            self.statements(body)?;
            self.emit_inner_jump(end, Location::NONE);
            self.place(next);
            match tree[orelse] {
                [only] if matches!(tree[only].kind, StmtKind::If { .. }) => {
                    let inner = tree[only];
                    let StmtKind::If { test: t, body: b, orelse: o } = inner.kind else { break };
                    (test, body, orelse, at) = (t, b, o, inner.location);
                    // CPython makes a label for the end of each `elif`. It places that before
                    // `end`, so no block begins there, but 3.11 numbers blocks by their labels.
                    let _end_of_elif = self.label();
                }
                _ => {
                    self.statements(orelse)?;
                    break;
                }
            }
        }
        self.place(end);
        Ok(())
    }

    fn raise(
        &mut self,
        exception: Option<ExprId>,
        cause: Option<ExprId>,
        at: Location,
    ) -> Result<()> {
        let mut count = 0;
        for value in exception.into_iter().chain(cause) {
            self.expression(value)?;
            count += 1;
        }
        self.emit(Op::RAISE_VARARGS, count, at);
        Ok(())
    }

    /// `compile.c: compiler_assert`, 3.13.
    fn assert(&mut self, test: ExprId, message: Option<ExprId>, at: Location) -> Result<()> {
        let tree = self.tree;
        let is_tuple = match tree[test].kind {
            ExprKind::Tuple { elements, .. } => !elements.is_empty(),
            ExprKind::Constant { value, .. } => {
                matches!(&self.context.constants[value], Constant::Tuple(items) if !items.is_empty())
            }
            _ => false,
        };
        if is_tuple {
            self.warn(at, "assertion is always true, perhaps remove parentheses?");
        }
        if !self.context.keeps_asserts() {
            return Ok(());
        }
        let end = self.label();
        let carried = self.jump_if(at, test, end, When::True)?;
        self.carry(carried);
        let at = self.carried_or(at);
        let (load, argument) = self.idioms.assertion_error;
        self.emit(load, argument, at);
        if let Some(message) = message {
            self.expression(message)?;
            self.emit_call(0, at);
        }
        let at_test = self.has(Feature::AssertRaisesAtTest);
        self.emit(Op::RAISE_VARARGS, 1, if at_test { tree[test].location } else { at });
        self.place(end);
        Ok(())
    }

    /// `compile.c: compiler_stmt_expr`, 3.13.
    fn expression_statement(&mut self, value: ExprId, at: Location) -> Result<()> {
        let is_interactive = self.context.options.get_mode() == Mode::Interactive;
        if is_interactive && self.outer.is_empty() {
            self.expression(value)?;
            self.emit_intrinsic1(Intrinsic1::Print, at);
            if self.has(Feature::ResultsOfIntrinsics) {
                self.emit(Op::POP_TOP, 0, Location::NONE);
            }
        } else if let ExprKind::Constant { .. } = self.tree[value].kind {
            self.emit(Op::NOP, 0, at);
        } else {
            self.expression(value)?;
            self.emit(Op::POP_TOP, 0, Location::NONE);
            self.carry(Location::NONE);
        }
        Ok(())
    }
}
