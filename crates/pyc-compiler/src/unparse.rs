//! From the tree back to source, as annotations are kept under `from __future__ import annotations`.

use crate::context::Context;
use crate::name::Name;
use crate::tree::{ExprId, Tree};

/// The text of an annotation (`ast_unparse.c: _PyAST_ExprAsUnicode`, 3.13).
pub(crate) fn annotation(_tree: &Tree, _annotation: ExprId, _context: &mut Context<'_>) -> Name {
    Name::EMPTY
}

/// Python's `repr()` of a constant.
pub(crate) fn repr(_constant: crate::constant::ConstId, _context: &Context<'_>) -> String {
    String::new()
}
