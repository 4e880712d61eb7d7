//! Targets: what is assigned to or deleted.
//!
//! A target is read as an expression first; `bind` then turns `[a, b.c]` into one, and doubts `f()`.

use super::parser::Parser;
use super::token::{Token, power};
use super::{Doubt, Result};
use crate::tree::{Context, ExprId, ExprKind, List};

impl Parser<'_, '_, '_> {
    /// What follows `for` (`python.gram: star_targets`).
    pub(super) fn targets(&mut self) -> Result<ExprId> {
        let start = self.here();
        let first = self.starred_target()?;
        if !self.at(Token::Comma) {
            return if self.is_starred(first) { Err(Doubt) } else { Ok(first) };
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

    fn starred_target(&mut self) -> Result<ExprId> {
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

    /// Makes a target of an expression.
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
            _ => return Err(Doubt),
        };
        self.tree.replace(id, kind);
        Ok(())
    }

    fn bind_all(&mut self, elements: List<ExprId>, context: Context) -> Result<()> {
        for index in 0..elements.len() {
            self.bind_element(self.tree[elements][index], context)?;
        }
        Ok(())
    }

    /// An element of a list or tuple, which may be starred if it isn't deleted.
    fn bind_element(&mut self, id: ExprId, context: Context) -> Result<()> {
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
