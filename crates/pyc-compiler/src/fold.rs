//! Folding of constants in the tree, as lowering makes it (`ast_opt.c`, 3.13).
//!
//! ```text
//! 1 + 2       ─▶ Constant 3              x in [1, 2]   ─▶ x in (1, 2)
//! not a is b  ─▶ a is not b              "%s" % (a,)   ─▶ f"{a!s}"
//! ```
//!
//! Lowering works bottom-up: it pushes a node's parts, then asks here, and pushes the node itself only on `None`. The
//! parts that a folded node has no use for stay in the tree, named by nothing. Nothing here is called for annotations
//! under `from __future__ import annotations` (`ast_opt.c: astfold_arg`), nor when the tree is printed unfolded.

use crate::constant::ConstId;
use crate::context::Context;
use crate::location::Location;
use crate::name::Name;
use crate::tree::{BinaryOp, ExprId, StmtId, Tree, UnaryOp};

/// `op operand`, whose own place is `at` (`fold_unaryop`).
///
/// `not a in b` becomes the comparison `a not in b` *at the comparison's place*: the operand itself is changed and given.
pub(crate) fn unary(
    _tree: &mut Tree,
    _context: &mut Context<'_>,
    _op: UnaryOp,
    _operand: ExprId,
    _at: Location,
) -> Option<ExprId> {
    None
}

/// `left op right` at `at`; formatting by `%` becomes a joined string (`fold_binop`, `optimize_format`).
pub(crate) fn binary(
    _tree: &mut Tree,
    _context: &mut Context<'_>,
    _left: ExprId,
    _op: BinaryOp,
    _right: ExprId,
    _at: Location,
) -> Option<ExprId> {
    None
}

/// A tuple that is read, not a target (`fold_tuple`).
pub(crate) fn tuple(
    _tree: &mut Tree,
    _context: &mut Context<'_>,
    _elements: &[ExprId],
    _at: Location,
) -> Option<ExprId> {
    None
}

/// `value[index]` that is read (`fold_subscr`).
pub(crate) fn subscript(
    _tree: &mut Tree,
    _context: &mut Context<'_>,
    _value: ExprId,
    _index: ExprId,
    _at: Location,
) -> Option<ExprId> {
    None
}

/// What `for` (but not `async for`), any comprehension's `for`, or the last `in` or `not in` of a comparison goes through.
///
/// A list display becomes a tuple, constant if its elements are; a set of constants a frozenset (`fold_iter`). The
/// expression keeps its id and place.
pub(crate) fn iterable(_tree: &mut Tree, _context: &mut Context<'_>, _iterable: ExprId) {}

/// The constant that a name is where it is read: only `__debug__` is one (`astfold_expr`).
pub(crate) fn name(_context: &Context<'_>, _name: Name) -> Option<ConstId> {
    None
}

/// The first statement of a module's, function's or class's body that wasn't a docstring as it was written.
///
/// If folding has made a string of it, it gets a joined string around it, so as not to become one (`astfold_body`).
pub(crate) fn first_statement(_tree: &mut Tree, _context: &Context<'_>, _first: StmtId) {}
