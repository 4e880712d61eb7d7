//! The part of a comprehension after its element.
//!
//! `for a in b if c for d in e` is two generators; the first has a condition.

use super::parser::Parser;
use super::token::{Token, power};
use super::{Doubt, Result};
use crate::fold;
use crate::target::Feature;
use crate::tree::{Comprehension, ComprehensionKind, ExprId, ExprKind, Generator};

impl Parser<'_, '_, '_> {
    /// A comprehension up to its closing bracket. The token is its first `for`.
    pub(super) fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: ExprId,
        value: Option<ExprId>,
    ) -> Result<ExprKind> {
        let unpacks =
            self.is_starred(element) || kind == ComprehensionKind::Dict && value.is_none();
        if unpacks && !self.unpacks_in_comprehensions() {
            return Err(Doubt);
        }
        let block = self.tree.new_block();
        let mark = self.mark::<Generator>();
        while matches!(self.token(), Token::For | Token::Async) {
            let generator = self.generator()?;
            self.put(generator);
        }
        let generators = self.take_list(mark);
        let made = Comprehension { kind, element, value, generators, block };
        Ok(ExprKind::Comprehension(self.tree.push_comprehension(made)))
    }

    /// Whether the element may be starred (PEP 798).
    pub(super) fn unpacks_in_comprehensions(&self) -> bool {
        self.context.facts.has(Feature::UnpackingComprehensions)
    }

    fn generator(&mut self) -> Result<Generator> {
        let is_async = self.accept(Token::Async)?;
        self.expect(Token::For)?;
        let target = self.targets()?;
        self.expect(Token::In)?;
        let iterable = self.operators(power::OR)?;
        let mark = self.mark::<ExprId>();
        while self.accept(Token::If)? {
            let condition = self.operators(power::OR)?;
            self.put(condition);
        }
        let conditions = self.take_list(mark);
        if self.folds() {
            fold::iterable(&mut self.tree, self.context, iterable);
        }
        Ok(Generator { target, iterable, conditions, is_async })
    }
}
