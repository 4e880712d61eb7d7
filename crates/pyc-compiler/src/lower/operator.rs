//! Operators and contexts of names, from ruff's to ours.
//!
//! `ast::Operator::Sub` is `BinaryOp::Subtract`.

use ruff_python_ast as ast;

use crate::tree::{BinaryOp, CompareOp, Context, UnaryOp};

/// Whether a target is read, bound or deleted.
pub(super) fn context(context: ast::ExprContext) -> Context {
    match context {
        ast::ExprContext::Load | ast::ExprContext::Invalid => Context::Load,
        ast::ExprContext::Store => Context::Store,
        ast::ExprContext::Del => Context::Delete,
    }
}

pub(super) fn binary(op: ast::Operator) -> BinaryOp {
    match op {
        ast::Operator::Add => BinaryOp::Add,
        ast::Operator::Sub => BinaryOp::Subtract,
        ast::Operator::Mult => BinaryOp::Multiply,
        ast::Operator::MatMult => BinaryOp::MatrixMultiply,
        ast::Operator::Div => BinaryOp::TrueDivide,
        ast::Operator::Mod => BinaryOp::Remainder,
        ast::Operator::Pow => BinaryOp::Power,
        ast::Operator::LShift => BinaryOp::LeftShift,
        ast::Operator::RShift => BinaryOp::RightShift,
        ast::Operator::BitOr => BinaryOp::BitOr,
        ast::Operator::BitXor => BinaryOp::BitXor,
        ast::Operator::BitAnd => BinaryOp::BitAnd,
        ast::Operator::FloorDiv => BinaryOp::FloorDivide,
    }
}

pub(super) fn unary(op: ast::UnaryOp) -> UnaryOp {
    match op {
        ast::UnaryOp::Invert => UnaryOp::Invert,
        ast::UnaryOp::Not => UnaryOp::Not,
        ast::UnaryOp::UAdd => UnaryOp::Plus,
        ast::UnaryOp::USub => UnaryOp::Minus,
    }
}

pub(super) fn comparison(op: ast::CmpOp) -> CompareOp {
    match op {
        ast::CmpOp::Eq => CompareOp::Equal,
        ast::CmpOp::NotEq => CompareOp::NotEqual,
        ast::CmpOp::Lt => CompareOp::Less,
        ast::CmpOp::LtE => CompareOp::LessEqual,
        ast::CmpOp::Gt => CompareOp::Greater,
        ast::CmpOp::GtE => CompareOp::GreaterEqual,
        ast::CmpOp::Is => CompareOp::Is,
        ast::CmpOp::IsNot => CompareOp::IsNot,
        ast::CmpOp::In => CompareOp::In,
        ast::CmpOp::NotIn => CompareOp::NotIn,
    }
}
