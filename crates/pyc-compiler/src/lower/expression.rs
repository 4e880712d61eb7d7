//! Expressions: one of ours for each of ruff's, or the constant that it folds to.
//!
//! `a + 1` is `Binary { left: a, op: Add, right: 1 }`, `2 + 1` the constant 3 with the whole's place.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;

use super::operator;
use super::walk::Lowering;
use crate::constant::ConstId;
use crate::error::Result;
use crate::fold::{self, Folding};
use crate::tree::{
    BoolOp, CompareOp, Comparison, Comprehension, ComprehensionKind, DictItem, ExprId, ExprKind,
    Generator, List,
};

impl Lowering<'_, '_, '_> {
    /// Any expression.
    pub(super) fn expr(&mut self, node: &Expr) -> Result<ExprId> {
        // Half of all expressions: they nest nothing.
        if let Expr::Name(name) = node {
            return Ok(self.named(name));
        }
        self.deeper(node.start(), |this| this.any_expr(node))
    }

    fn any_expr(&mut self, node: &Expr) -> Result<ExprId> {
        let value = match node {
            Expr::Name(node) => return Ok(self.named(node)),
            Expr::StringLiteral(node) => return Ok(self.string(node)),
            Expr::BytesLiteral(node) => return Ok(self.bytes_literal(node)),
            Expr::FString(node) => return self.joined(node),
            Expr::BinOp(node) => return self.binary(node),
            Expr::UnaryOp(node) => return self.unary(node),
            Expr::Subscript(node) => return self.subscript(node),
            Expr::Tuple(node) => return self.tuple(node, Self::expr),
            Expr::NumberLiteral(number) => self.number(number)?,
            Expr::BooleanLiteral(truth) => ConstId::truth(truth.value),
            Expr::NoneLiteral(_) => ConstId::NONE,
            Expr::EllipsisLiteral(_) => ConstId::ELLIPSIS,
            _ => {
                let start = self.start(node);
                let kind = self.parts(node)?;
                let at = self.until(start, node.end());
                return Ok(self.push(kind, at));
            }
        };
        let at = self.span(node.range());
        Ok(self.constant(value, at))
    }

    /// The expressions that nothing but their own kind is to be said of.
    fn parts(&mut self, node: &Expr) -> Result<ExprKind> {
        Ok(match node {
            Expr::BoolOp(node) => {
                let op = match node.op {
                    ast::BoolOp::And => BoolOp::And,
                    ast::BoolOp::Or => BoolOp::Or,
                };
                ExprKind::BoolOp { op, values: self.exprs(&node.values)? }
            }
            Expr::Named(node) => {
                let target = self.expr(&node.target)?;
                ExprKind::Named { target, value: self.expr(&node.value)? }
            }
            Expr::Lambda(node) => ExprKind::Lambda(self.lambda(node)?),
            Expr::If(node) => {
                let body = self.expr(&node.body)?;
                let test = self.expr(&node.test)?;
                ExprKind::Conditional { test, body, orelse: self.expr(&node.orelse)? }
            }
            Expr::Dict(node) => ExprKind::Dict {
                items: self.list(&node.items, |this, item| {
                    let key = this.optional(item.key.as_ref())?;
                    if key.is_none() {
                        this.check_unpacked(&item.value)?;
                    }
                    Ok(DictItem { key, value: this.expr(&item.value)? })
                })?,
            },
            Expr::Set(node) => ExprKind::Set { elements: self.exprs(&node.elts)? },
            Expr::ListComp(node) => {
                self.comprehension(ComprehensionKind::List, &node.elt, None, &node.generators)?
            }
            Expr::SetComp(node) => {
                self.comprehension(ComprehensionKind::Set, &node.elt, None, &node.generators)?
            }
            Expr::DictComp(node) => {
                let Some(key) = &node.key else {
                    let message = "dict unpacking cannot be used in dict comprehension";
                    return self.error(node.range, message);
                };
                let value = Some(&*node.value);
                self.comprehension(ComprehensionKind::Dict, key, value, &node.generators)?
            }
            Expr::Generator(node) => self.generator(node)?,
            Expr::Await(node) => ExprKind::Await { value: self.expr(&node.value)? },
            Expr::Yield(node) => {
                self.check_yield(node)?;
                ExprKind::Yield { value: self.optional(node.value.as_deref())? }
            }
            Expr::YieldFrom(node) => ExprKind::YieldFrom { value: self.expr(&node.value)? },
            Expr::Compare(node) => self.compare(node)?,
            Expr::Call(node) => self.call(node)?,
            Expr::Attribute(node) => {
                let value = self.expr(&node.value)?;
                let name = self.name(&node.attr.id);
                ExprKind::Attribute { value, name, context: operator::context(node.ctx) }
            }
            Expr::Starred(node) => {
                self.check_unpacked(&node.value)?;
                let context = operator::context(node.ctx);
                ExprKind::Starred { value: self.expr(&node.value)?, context }
            }
            Expr::List(node) => {
                let context = operator::context(node.ctx);
                ExprKind::List { elements: self.exprs(&node.elts)?, context }
            }
            Expr::Slice(node) => {
                let lower = self.optional(node.lower.as_deref())?;
                let upper = self.optional(node.upper.as_deref())?;
                ExprKind::Slice { lower, upper, step: self.optional(node.step.as_deref())? }
            }
            _ => return self.error(node.range(), "invalid syntax"),
        })
    }

    /// An expression that may be absent.
    pub(super) fn optional(&mut self, node: Option<&Expr>) -> Result<Option<ExprId>> {
        node.map(|node| self.expr(node)).transpose()
    }

    /// A list of expressions.
    pub(super) fn exprs(&mut self, nodes: &[Expr]) -> Result<List<ExprId>> {
        self.list(nodes, Self::expr)
    }

    fn compare(&mut self, node: &ast::ExprCompare) -> Result<ExprKind> {
        let left = self.expr(&node.left)?;
        let rest = self.list(node.ops.iter().zip(&node.comparators), |this, (op, right)| {
            Ok(Comparison { op: operator::comparison(*op), right: this.expr(right)? })
        })?;
        if self.folding == Folding::Done {
            if let Some(&Comparison { op: CompareOp::In | CompareOp::NotIn, right }) =
                self.tree[rest].last()
            {
                fold::iterable(&mut self.tree, self.context, right);
            }
        }
        Ok(ExprKind::Compare { left, rest })
    }

    /// What is between a generator expression's brackets.
    pub(super) fn generator(&mut self, node: &ast::ExprGenerator) -> Result<ExprKind> {
        self.comprehension(ComprehensionKind::Generator, &node.elt, None, &node.generators)
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: &Expr,
        value: Option<&Expr>,
        generators: &[ast::Comprehension],
    ) -> Result<ExprKind> {
        let block = self.tree.new_block();
        let element = self.expr(element)?;
        let value = value.map(|value| self.expr(value)).transpose()?;
        let generators = self.list(generators, |this, node| {
            let target = this.expr(&node.target)?;
            let iterable = this.expr(&node.iter)?;
            let conditions = this.exprs(&node.ifs)?;
            if this.folding == Folding::Done {
                fold::iterable(&mut this.tree, this.context, iterable);
            }
            Ok(Generator { target, iterable, conditions, is_async: node.is_async })
        })?;
        let made = Comprehension { kind, element, value, generators, block };
        Ok(ExprKind::Comprehension(self.tree.push_comprehension(made)))
    }
}
