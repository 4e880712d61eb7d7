//! Expressions that may fold to a constant: names, tuples, subscripts and operators.
//!
//! `2 + 1` is pushed as 2 and 1; then `fold` is asked, and the whole is the constant 3.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;

use super::operator;
use super::walk::Lowering;
use crate::error::Result;
use crate::fold::{self, Folding};
use crate::tree::{Context, ExprId, ExprKind, Item};

impl Lowering<'_, '_, '_> {
    pub(super) fn binary(&mut self, node: &ast::ExprBinOp) -> Result<ExprId> {
        let start = self.start(node);
        let (left, op) = (self.expr(&node.left)?, operator::binary(node.op));
        let right = self.expr(&node.right)?;
        let at = self.until(start, node.end());
        if self.folding == Folding::Done {
            if let Some(folded) = fold::binary(&mut self.tree, self.context, left, op, right, at) {
                return Ok(folded);
            }
        }
        Ok(self.push(ExprKind::Binary { left, op, right }, at))
    }

    pub(super) fn unary(&mut self, node: &ast::ExprUnaryOp) -> Result<ExprId> {
        let start = self.start(node);
        let op = operator::unary(node.op);
        let operand = self.expr(&node.operand)?;
        let at = self.until(start, node.end());
        if self.folding == Folding::Done {
            if let Some(folded) = fold::unary(&mut self.tree, self.context, op, operand, at) {
                return Ok(folded);
            }
        }
        Ok(self.push(ExprKind::Unary { op, operand }, at))
    }

    pub(super) fn subscript(&mut self, node: &ast::ExprSubscript) -> Result<ExprId> {
        let start = self.start(node);
        let value = self.expr(&node.value)?;
        let index = match &*node.slice {
            Expr::Tuple(tuple) if !tuple.parenthesized => self.tuple(tuple, Self::argument)?,
            single => self.argument(single)?,
        };
        let at = self.until(start, node.end());
        let context = operator::context(node.ctx);
        if self.folding == Folding::Done && context == Context::Load {
            if let Some(folded) = fold::subscript(&mut self.tree, self.context, value, index, at) {
                return Ok(folded);
            }
        }
        Ok(self.push(ExprKind::Subscript { value, index, context }, at))
    }

    /// A name.
    pub(super) fn named(&mut self, node: &ast::ExprName) -> ExprId {
        let at = self.span(node.range);
        let name = self.name(&node.id);
        let context = operator::context(node.ctx);
        if self.folding == Folding::Done && context == Context::Load {
            if let Some(value) = fold::name(self.context, name) {
                return self.constant(value, at);
            }
        }
        self.push(ExprKind::Name { name, context }, at)
    }

    /// A tuple, whose elements `lower` lowers.
    pub(super) fn tuple(
        &mut self,
        node: &ast::ExprTuple,
        lower: fn(&mut Self, &Expr) -> Result<ExprId>,
    ) -> Result<ExprId> {
        let start = self.start(node);
        let mark = self.mark::<ExprId>();
        for element in &node.elts {
            let element = lower(self, element)?;
            self.put(element);
        }
        let at = self.until(start, node.end());
        let context = operator::context(node.ctx);
        if self.folding == Folding::Done && context == Context::Load {
            let elements = &ExprId::all(&self.scratch)[mark..];
            if let Some(folded) = fold::tuple(&mut self.tree, self.context, elements, at) {
                self.drop_list::<ExprId>(mark);
                return Ok(folded);
            }
        }
        let elements = self.take_list::<ExprId>(mark);
        Ok(self.push(ExprKind::Tuple { elements, context }, at))
    }
}
