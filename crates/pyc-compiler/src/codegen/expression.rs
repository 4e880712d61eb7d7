//! Expressions: each pushes one value; a target pops one.
//!
//! ```text
//! -a + b   LOAD_NAME a; UNARY_NEGATIVE; LOAD_NAME b; BINARY_OP 0 (+)
//! ```
//!
//! Simple ones are here. Each larger construct has its own file.

mod attribute;
mod augmented;
mod boolean;
mod builtin;
mod call;
mod collection;
mod compare;
mod comprehension;
mod fstring;
mod keyword;
mod lambda;
mod literal_warnings;
mod name;
mod subscript;
mod unpacking;
mod wait;

pub(super) use boolean::When;
pub(super) use keyword::first_repeated;

use super::Generator;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Intrinsic1, Op};
use crate::location::Location;
use crate::target::Field;
use crate::tree::{BinaryOp, Context, ExprId, ExprKind, List, UnaryOp};

impl Generator<'_, '_> {
    /// Emits an expression (`compile.c: compiler_visit_expr1`, 3.13).
    pub(super) fn expression(&mut self, id: ExprId) -> Result<()> {
        let tree = self.tree;
        let at = tree[id].location;
        match tree[id].kind {
            ExprKind::Named { target, value } => {
                self.expression(value)?;
                self.emit(Op::COPY, 1, at);
                self.expression(target)
            }
            ExprKind::BoolOp { op, values } => self.bool_op(at, op, values),
            ExprKind::Binary { left, op, right } => {
                self.expression(left)?;
                self.expression(right)?;
                self.emit(Op::BINARY_OP, op as u32, at);
                Ok(())
            }
            ExprKind::Unary { op, operand } => self.unary(at, op, operand),
            ExprKind::Lambda(lambda) => self.lambda(at, lambda),
            ExprKind::Conditional { test, body, orelse } => {
                self.conditional(at, test, body, orelse)
            }
            ExprKind::Dict { items } => self.dict(at, items),
            ExprKind::Set { elements } => self.set(at, elements),
            ExprKind::Comprehension(comprehension) => self.comprehension(at, comprehension),
            ExprKind::Await { value } => self.await_expression(at, value),
            ExprKind::Yield { value } => self.yield_expression(at, value),
            ExprKind::YieldFrom { value } => self.yield_from(at, value),
            ExprKind::Compare { left, rest } => self.compare(at, left, rest),
            ExprKind::Call { function, arguments, keywords } => {
                self.call(at, function, arguments, keywords)
            }
            ExprKind::Formatted { value, conversion, spec } => {
                (self.idioms.formatted)(self, at, Field { value, conversion, spec })
            }
            ExprKind::Joined { values } => self.joined(at, values),
            ExprKind::Interpolation { value, text, conversion, spec } => {
                self.interpolation(at, text, Field { value, conversion, spec })
            }
            ExprKind::Template { values } => self.template(at, values),
            ExprKind::Constant { value, .. } => {
                self.emit_const(value, at);
                Ok(())
            }
            ExprKind::Attribute { value, name, context } => {
                self.attribute(at, value, name, context)
            }
            ExprKind::Subscript { value, index, context } => {
                self.subscript(at, value, index, context)
            }
            ExprKind::Starred { context: Context::Store, .. } => {
                self.error(at, "starred assignment target must be in a list or tuple")
            }
            ExprKind::Starred { .. } => self.error(at, "can't use starred expression here"),
            ExprKind::Name { name, context } => self.name(name, context, at),
            ExprKind::List { elements, context } => self.list(at, elements, context),
            ExprKind::Tuple { elements, context } => self.tuple(at, elements, context),
            ExprKind::Slice { lower, upper, step } => self.slice(at, lower, upper, step),
        }
    }

    pub(super) fn expressions(&mut self, list: List<ExprId>) -> Result<()> {
        let tree = self.tree;
        for &id in &tree[list] {
            self.expression(id)?;
        }
        Ok(())
    }

    /// `op=` on the two values on top of the stack (`compile.c: addop_binary`, 3.13).
    pub(super) fn emit_in_place(&mut self, op: BinaryOp, at: Location) {
        /// The distance of `NB_INPLACE_*` from `NB_*` (`opcode.h`, 3.13).
        const IN_PLACE: u32 = 13;
        self.emit(Op::BINARY_OP, op as u32 + IN_PLACE, at);
    }

    /// The expression's value if it is a constant.
    pub(super) fn constant_of(&self, id: ExprId) -> Option<ConstId> {
        match self.tree[id].kind {
            ExprKind::Constant { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The operand of `*value`.
    pub(super) fn starred(&self, id: ExprId) -> Option<ExprId> {
        match self.tree[id].kind {
            ExprKind::Starred { value, .. } => Some(value),
            _ => None,
        }
    }

    fn unary(&mut self, at: Location, op: UnaryOp, operand: ExprId) -> Result<()> {
        self.expression(operand)?;
        match op {
            UnaryOp::Invert => self.emit(Op::UNARY_INVERT, 0, at),
            UnaryOp::Minus => self.emit(Op::UNARY_NEGATIVE, 0, at),
            UnaryOp::Plus => self.emit_intrinsic1(Intrinsic1::UnaryPositive, at),
            UnaryOp::Not => {
                self.emit_truth(at);
                self.emit(Op::UNARY_NOT, 0, at);
            }
        }
        Ok(())
    }
}

/// The approximate maximum stack use of displays and calls (`compile.c: STACK_USE_GUIDELINE`,
/// 3.13).
const STACK_USE_GUIDELINE: usize = 30;
