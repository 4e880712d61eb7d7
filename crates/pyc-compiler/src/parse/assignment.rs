//! Assignment targets: expressions that are assigned to or deleted.
//!
//! A target is parsed as an expression first. Then `bind` converts `[a, b.c]` to a target, and
//! refuses `f()`.

use super::parser::Parser;
use super::token::{Token, power};
use super::{Doubt, Result};
use crate::constant::{ConstId, Constant};
use crate::name::{Name, count};
use crate::tree::{Context, Expr, ExprId, ExprKind, List};

impl Parser<'_, '_, '_> {
    /// The targets after `for` (`python.gram: star_targets`).
    pub(super) fn targets(&mut self) -> Result<ExprId> {
        let start = self.here();
        let first = self.starred_target()?;
        if !self.at(Token::Comma) {
            return Ok(first);
        }
        let mark = self.mark::<ExprId>();
        self.put(first);
        while self.accept(Token::Comma)? {
            if !self.token().begins_expression() {
                break;
            }
            let target = self.starred_target()?;
            self.put(target);
        }
        let elements = self.take_list(mark);
        Ok(self.push_since(ExprKind::Tuple { elements, context: Context::Store }, start))
    }

    /// One target, which may be starred: then code generation refuses it, unless it is in a tuple.
    pub(super) fn starred_target(&mut self) -> Result<ExprId> {
        if self.at(Token::Star) {
            let target = self.starred()?;
            self.bind_element(target, Context::Store)?;
            return Ok(target);
        }
        self.target(Context::Store)
    }

    /// One target that isn't a tuple without parentheses.
    pub(super) fn target(&mut self, context: Context) -> Result<ExprId> {
        let target = self.operators(power::BIT_OR)?;
        self.bind(target, context)?;
        Ok(target)
    }

    /// Converts an expression to a target.
    pub(super) fn bind(&mut self, id: ExprId, context: Context) -> Result<()> {
        let kind = match self.tree[id].kind {
            ExprKind::Name { name, .. } => ExprKind::Name { name, context },
            ExprKind::Attribute { value, name, .. } => ExprKind::Attribute { value, name, context },
            ExprKind::Subscript { value, index, .. } => {
                ExprKind::Subscript { value, index, context }
            }
            ExprKind::List { elements, .. } => {
                self.bind_all(elements, context)?;
                ExprKind::List { elements, context }
            }
            ExprKind::Tuple { elements, .. } => {
                self.bind_all(elements, context)?;
                ExprKind::Tuple { elements, context }
            }
            ExprKind::Constant { .. } if self.is_debug_name(id) => {
                ExprKind::Name { name: Name::DEBUG, context }
            }
            ExprKind::Constant { value, .. } => {
                if let Some((value, index)) = self.folded.subscript(id) {
                    ExprKind::Subscript { value, index, context }
                } else {
                    // Only an empty tuple, or a tuple of such, is a constant and a target.
                    let elements = match self.folded.tuple(id) {
                        Some(elements) => self.tree.push_list(&elements),
                        None => self.unfolded(id, value)?.1,
                    };
                    self.bind_all(elements, context)?;
                    ExprKind::Tuple { elements, context }
                }
            }
            _ => return Err(Doubt),
        };
        self.tree.replace(id, kind);
        Ok(())
    }

    /// The elements of `()` or `((), ())`, which has been folded to a constant, and the number of
    /// the first of its nodes.
    ///
    /// The nodes of its elements come directly before its own. A constant that was folded from
    /// something else, like `() + ()`, has other nodes there, whose locations are inside its own.
    fn unfolded(&mut self, id: ExprId, value: ConstId) -> Result<(usize, List<ExprId>)> {
        let Constant::Tuple(values) = self.context.constants[value].clone() else {
            return Err(Doubt);
        };
        let mut first = id.index();
        let mut elements = Vec::new();
        for &expected in values.iter().rev() {
            let element = before(first).ok_or(Doubt)?;
            match self.tree[element].kind {
                ExprKind::Constant { value, .. } if value == expected => {}
                _ => return Err(Doubt),
            }
            first = self.unfolded(element, expected)?.0;
            elements.push(element);
        }
        if self.has_parts(id, first) {
            return Err(Doubt);
        }
        elements.reverse();
        Ok((first, self.tree.push_list(&elements)))
    }

    /// Whether an expression is the name `__debug__`, which has been folded to `True` or `False`.
    pub(super) fn is_debug_name(&self, id: ExprId) -> bool {
        /// The length of `False`.
        const LONGEST: i32 = 5;
        let Expr { kind, location } = self.tree[id];
        matches!(kind, ExprKind::Constant { value: ConstId::TRUE | ConstId::FALSE, .. })
            && location.end_column > location.column.after(LONGEST)
            && location.line == location.end_line
            && !self.has_parts(id, id.index())
    }

    /// Whether the expression before `first` is a part of `id`, too. `first` is the first known
    /// part of `id`, or `id` itself.
    fn has_parts(&self, id: ExprId, first: usize) -> bool {
        let start = |id: ExprId| {
            let location = self.tree[id].location;
            (location.line, location.column)
        };
        before(first).is_some_and(|before| start(before) >= start(id))
    }

    fn bind_all(&mut self, elements: List<ExprId>, context: Context) -> Result<()> {
        for index in 0..elements.len() {
            self.bind_element(self.tree[elements][index], context)?;
        }
        Ok(())
    }

    /// An element of a list or tuple. It may be starred unless it is deleted.
    pub(super) fn bind_element(&mut self, id: ExprId, context: Context) -> Result<()> {
        let ExprKind::Starred { value, .. } = self.tree[id].kind else {
            return self.bind(id, context);
        };
        if context == Context::Delete {
            return Err(Doubt);
        }
        self.bind(value, context)?;
        self.tree.replace(id, ExprKind::Starred { value, context });
        Ok(())
    }
}

/// Constants that were folded from expressions that may turn out to be targets: `'a'[0]`, and
/// `'a'[0], ()`.
///
/// Each list is in the order of the expressions' numbers. Only tuples that contain one of these are
/// kept: the elements of other tuples are found by [`Parser::unfolded`].
#[derive(Debug, Default)]
pub(super) struct FoldedTargets {
    subscripts: Vec<(ExprId, ExprId, ExprId)>,
    tuples: Vec<(ExprId, Vec<ExprId>)>,
}

impl FoldedTargets {
    pub(super) fn keep_subscript(&mut self, folded: ExprId, value: ExprId, index: ExprId) {
        self.subscripts.push((folded, value, index));
    }

    pub(super) fn keep_tuple(&mut self, folded: ExprId, elements: &[ExprId]) {
        // Most sources fold no subscript, and this is all that their tuples cost.
        if self.subscripts.is_empty() {
            return;
        }
        let is_kept = |&id: &ExprId| self.subscript(id).is_some() || self.tuple(id).is_some();
        if elements.iter().any(is_kept) {
            self.tuples.push((folded, elements.to_vec()));
        }
    }

    /// The value and the index from which a subscript was folded.
    pub(super) fn subscript(&self, id: ExprId) -> Option<(ExprId, ExprId)> {
        let found = self.subscripts.binary_search_by_key(&id, |folded| folded.0).ok()?;
        let (_, value, index) = self.subscripts[found];
        Some((value, index))
    }

    /// The elements from which a tuple was folded.
    fn tuple(&self, id: ExprId) -> Option<Vec<ExprId>> {
        let found = self.tuples.binary_search_by_key(&id, |folded| folded.0).ok()?;
        Some(self.tuples[found].1.clone())
    }
}

/// The expression that was created before the one with this number.
fn before(number: usize) -> Option<ExprId> {
    number.checked_sub(1).map(|before| ExprId::new(count(before)))
}
