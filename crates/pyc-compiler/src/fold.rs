//! Folds constants in the tree while the parser creates it (`ast_opt.c`, 3.13).
//!
//! ```text
//! 1 + 2       ─▶ Constant 3              x in [1, 2]   ─▶ x in (1, 2)
//! not a is b  ─▶ a is not b              "%s" % (a,)   ─▶ f"{a!s}"
//! ```
//!
//! The parser works bottom-up: it pushes a node's parts, then tries to fold the node, and pushes
//! the node itself only on `None`. Unused parts of a folded node stay in the tree, without a
//! reference. Folding isn't done for annotations under `from __future__ import annotations`
//! (`ast_opt.c: astfold_arg`), nor for the unfolded tree of `stage::syntax`.

mod complex;
mod float;
mod format;
mod integer;
mod number;
mod sequence;
mod set;

#[cfg(test)]
mod tests;

pub(crate) use set::frozen_set;

use crate::constant::{ConstId, Constant, Constants};
use crate::context::Context;
use crate::error::{Warning, WarningKind};
use crate::location::{Location, Span};
use crate::name::{Name, Names};
use crate::target::Facts;
use crate::target::Feature;
use crate::tree::{
    BinaryOp, CompareOp, Comparison, Expr, ExprId, ExprKind, List, StmtId, StmtKind, StrPrefix,
    Tree, UnaryOp,
};
use number::Number;

/// The interning tables for values.
pub(crate) struct Pool<'p> {
    pub(crate) names: &'p mut Names,
    pub(crate) constants: &'p mut Constants,
    pub(crate) facts: &'p Facts,
}

/// Which constants are folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Folding {
    /// All, as in compilers that fold in the tree.
    Done,
    /// Only `%` formatting, `__debug__` and numbers in patterns, as in compilers that fold in the
    /// flow graph.
    Prepared,
    /// None: the tree is that of `ast.parse`.
    Left,
}

/// `op operand`, whose location is `at` (`fold_unaryop`).
///
/// `not a in b` becomes the comparison `a not in b` *with the comparison's location*: the operand
/// itself is changed and returned.
pub(crate) fn unary(
    tree: &mut Tree,
    context: &mut Context<'_>,
    op: UnaryOp,
    operand: ExprId,
    at: Location,
) -> Option<ExprId> {
    match tree[operand].kind {
        ExprKind::Constant { value, .. } => {
            let facts = &context.facts;
            let warns = facts.has(Feature::InvertedBoolsWarned);
            if op == UnaryOp::Invert && warns && is_truth(&context.constants[value]) {
                let warning = invert_warning(facts, at);
                context.warnings.push(warning);
            }
            let result = unary_value(&mut context.constants, op, value)?;
            Some(push_constant(tree, result, at))
        }
        ExprKind::Compare { left, rest } if op == UnaryOp::Not => {
            let [Comparison { op, right }] = tree[rest] else { return None };
            let rest = tree.push_list(&[Comparison { op: opposite(op)?, right }]);
            tree.replace(operand, ExprKind::Compare { left, rest });
            Some(operand)
        }
        _ => None,
    }
}

/// The value of `op operand`, unless Python raises.
pub(crate) fn unary_value(
    constants: &mut Constants,
    op: UnaryOp,
    operand: ConstId,
) -> Option<ConstId> {
    let constant = &constants[operand];
    if op == UnaryOp::Not {
        return Some(ConstId::truth(!constant.is_true()));
    }
    let number = number::unary(op, Number::of(constant)?)?;
    Some(constants.intern(number.into_constant()))
}

/// Whether it is `True` or `False`, whose inversion causes a warning.
pub(crate) fn is_truth(constant: &Constant) -> bool {
    truth(constant).is_some()
}

/// CPython warns while it folds, without a position in the source (`boolobject.c: bool_invert`,
/// 3.13).
fn invert_warning(facts: &Facts, location: Location) -> Warning {
    let end = if facts.has(Feature::InvertedBoolsEnd) {
        " and will be removed in Python 3.16"
    } else {
        ""
    };
    let message = format!(
        "Bitwise inversion '~' on bool is deprecated{end}. This returns the bitwise inversion of the underlying int \
         object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation \
         or ~int(x) if you really want the bitwise inversion of the underlying int."
    );
    Warning { message, kind: WarningKind::Deprecation, span: Span::of(location) }
}

/// The negated operator. Only identity and membership have one; results of the other operators
/// depend on the objects.
const fn opposite(op: CompareOp) -> Option<CompareOp> {
    match op {
        CompareOp::Is => Some(CompareOp::IsNot),
        CompareOp::IsNot => Some(CompareOp::Is),
        CompareOp::In => Some(CompareOp::NotIn),
        CompareOp::NotIn => Some(CompareOp::In),
        _ => None,
    }
}

/// `left op right` with location `at`; `%` formatting becomes a joined string (`fold_binop`,
/// `optimize_format`).
pub(crate) fn binary(
    tree: &mut Tree,
    context: &mut Context<'_>,
    left: ExprId,
    op: BinaryOp,
    right: ExprId,
    at: Location,
) -> Option<ExprId> {
    let ExprKind::Constant { value, .. } = tree[left].kind else { return None };
    match tree[right].kind {
        ExprKind::Constant { value: right, .. } => {
            let value = binary_value(&mut context.pool(), value, op, right)?;
            Some(push_constant(tree, context.constants.intern(value), at))
        }
        _ if op == BinaryOp::Remainder => formatting(tree, context, left, right, at),
        _ => None,
    }
}

/// `%` formatting with location `at`, as a joined string (`optimize_format`).
pub(crate) fn formatting(
    tree: &mut Tree,
    context: &mut Context<'_>,
    left: ExprId,
    right: ExprId,
    at: Location,
) -> Option<ExprId> {
    let ExprKind::Constant { value: left, .. } = tree[left].kind else { return None };
    let ExprKind::Tuple { elements, .. } = tree[right].kind else { return None };
    let Constant::Str(format) = context.constants[left] else { return None };
    if has_starred(tree, elements) {
        return None;
    }
    let items = tree[elements].to_vec();
    let format = context.names.bytes(format).to_vec();
    format::joined(tree, context, &format, &items, at)
}

/// The value of `left op right`, unless CPython doesn't fold it.
pub(crate) fn binary_value(
    pool: &mut Pool<'_>,
    left: ConstId,
    op: BinaryOp,
    right: ConstId,
) -> Option<Constant> {
    let (left, right) = (&pool.constants[left], &pool.constants[right]);
    let numbers = (Number::of(left), Number::of(right));
    match numbers {
        (Some(left_number), Some(right_number)) => {
            let truths = (truth(left), truth(right));
            if let (Some(left), Some(right)) = truths {
                // For two bools, the result of these operators is a bool.
                let value = match op {
                    BinaryOp::BitAnd => Some(left & right),
                    BinaryOp::BitOr => Some(left | right),
                    BinaryOp::BitXor => Some(left ^ right),
                    _ => None,
                };
                if let Some(value) = value {
                    return Some(if value { Constant::True } else { Constant::False });
                }
            }
            number::binary(pool.facts, &left_number, op, &right_number).map(Number::into_constant)
        }
        (None, None) if op == BinaryOp::Add => {
            let (left, right) = (left.clone(), right.clone());
            sequence::concatenate(pool, &left, &right)
        }
        (None, Some(Number::Int(times))) if op == BinaryOp::Multiply => {
            let sequence = left.clone();
            sequence::repeat(pool, &sequence, &times)
        }
        (Some(Number::Int(times)), None) if op == BinaryOp::Multiply => {
            let sequence = right.clone();
            sequence::repeat(pool, &sequence, &times)
        }
        _ => None,
    }
}

fn truth(constant: &Constant) -> Option<bool> {
    match constant {
        Constant::True => Some(true),
        Constant::False => Some(false),
        _ => None,
    }
}

/// A tuple in load context (`fold_tuple`).
pub(crate) fn tuple(
    tree: &mut Tree,
    context: &mut Context<'_>,
    elements: &[ExprId],
    at: Location,
) -> Option<ExprId> {
    let values = constant_values(tree, elements)?;
    Some(push_constant(tree, context.constants.tuple(values), at))
}

/// `value[index]` in load context (`fold_subscr`).
pub(crate) fn subscript(
    tree: &mut Tree,
    context: &mut Context<'_>,
    value: ExprId,
    index: ExprId,
    at: Location,
) -> Option<ExprId> {
    let ExprKind::Constant { value, .. } = tree[value].kind else { return None };
    let ExprKind::Constant { value: index, .. } = tree[index].kind else { return None };
    let item = item_value(&mut context.pool(), value, index)?;
    Some(push_constant(tree, context.constants.intern(item), at))
}

/// The value of `value[index]` if the index is a number or a slice.
pub(crate) fn item_value(pool: &mut Pool<'_>, value: ConstId, index: ConstId) -> Option<Constant> {
    let sequence = pool.constants[value].clone();
    if let Constant::Slice(parts) = pool.constants[index] {
        return sequence::slice(pool, &sequence, parts);
    }
    let Number::Int(index) = Number::of(&pool.constants[index])? else { return None };
    sequence::item(pool, &sequence, &index)
}

/// The iterable of `for` (but not `async for`), of any comprehension's `for`, or the right operand
/// of the last `in` or `not in` of a comparison.
///
/// A list display becomes a tuple, which is constant if its elements are; a set of constants
/// becomes a frozenset (`fold_iter`). The expression keeps its id and location.
pub(crate) fn iterable(tree: &mut Tree, context: &mut Context<'_>, iterable: ExprId) {
    let value = match tree[iterable].kind {
        ExprKind::List { elements, context: access } => {
            if has_starred(tree, elements) {
                return;
            }
            tree.replace(iterable, ExprKind::Tuple { elements, context: access });
            constant_values(tree, &tree[elements]).map(|values| context.constants.tuple(values))
        }
        ExprKind::Set { elements } => constant_values(tree, &tree[elements])
            .map(|values| frozen_set(&mut context.constants, &values)),
        _ => None,
    };
    if let Some(value) = value {
        tree.replace(iterable, ExprKind::Constant { value, prefix: StrPrefix::None });
    }
}

/// The constant value of a name in load context; only `__debug__` has one (`astfold_expr`).
pub(crate) fn name(context: &Context<'_>, name: Name) -> Option<ConstId> {
    (name == Name::DEBUG).then(|| ConstId::truth(context.debug()))
}

/// The first statement of a module's, function's or class's body that isn't a docstring in the
/// source.
///
/// If folding has converted it to a string, it is wrapped in a joined string, so that it doesn't
/// become a docstring (`astfold_body`).
pub(crate) fn first_statement(tree: &mut Tree, context: &Context<'_>, first: StmtId) {
    let statement = tree[first];
    let StmtKind::Expr { value } = statement.kind else { return };
    let ExprKind::Constant { value: constant, .. } = tree[value].kind else { return };
    if matches!(context.constants[constant], Constant::Str(_)) {
        let kind = ExprKind::Joined { values: tree.push_list(&[value]) };
        let value = tree.push_expr(Expr { kind, location: statement.location });
        tree.replace_statement(first, StmtKind::Expr { value });
    }
}

fn push_constant(tree: &mut Tree, value: ConstId, location: Location) -> ExprId {
    let kind = ExprKind::Constant { value, prefix: StrPrefix::None };
    tree.push_expr(Expr { kind, location })
}

/// The values, if all elements are constants.
fn constant_values(tree: &Tree, elements: &[ExprId]) -> Option<Vec<ConstId>> {
    let value = |&id: &ExprId| match tree[id].kind {
        ExprKind::Constant { value, .. } => Some(value),
        _ => None,
    };
    // Most displays contain a variable: avoids allocating a vector for those.
    elements
        .iter()
        .all(|id| value(id).is_some())
        .then(|| elements.iter().filter_map(value).collect())
}

fn has_starred(tree: &Tree, elements: List<ExprId>) -> bool {
    tree[elements].iter().any(|&id| matches!(tree[id].kind, ExprKind::Starred { .. }))
}
