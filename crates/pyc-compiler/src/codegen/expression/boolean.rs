//! `and`, `or`, `if … else …`, and conditional jumps.
//!
//! ```text
//! a and b       LOAD_NAME a; COPY 1; TO_BOOL; POP_JUMP_IF_FALSE end; POP_TOP; LOAD_NAME b; end:
//! if a and b:   LOAD_NAME a; TO_BOOL; POP_JUMP_IF_FALSE else; LOAD_NAME b; TO_BOOL; POP_JUMP_IF_FALSE else
//! ```

use super::super::Generator;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{BoolOp, ExprId, ExprKind, List, UnaryOp};

/// For which truth value of a condition to jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum When {
    True,
    False,
}

impl When {
    /// The jump that pops the condition's value.
    pub(super) fn jump(self) -> Op {
        match self {
            Self::True => Op::POP_JUMP_IF_TRUE,
            Self::False => Op::POP_JUMP_IF_FALSE,
        }
    }

    /// The jump that keeps the value on the stack.
    fn keeping_jump(self) -> Op {
        match self {
            Self::True => Op::JUMP_IF_TRUE,
            Self::False => Op::JUMP_IF_FALSE,
        }
    }

    fn opposite(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
        }
    }

    /// The truth value that ends a chain of `op` early.
    fn ends(op: BoolOp) -> Self {
        match op {
            BoolOp::And => Self::False,
            BoolOp::Or => Self::True,
        }
    }
}

impl Generator<'_, '_> {
    /// `value op value …` (`compile.c: compiler_boolop`, 3.13).
    pub(super) fn bool_op(&mut self, at: Location, op: BoolOp, values: List<ExprId>) -> Result<()> {
        let end = self.label();
        let tree = self.tree;
        let Some((&last, inner)) = tree[values].split_last() else { return Ok(()) };
        for &value in inner {
            self.expression(value)?;
            if self.has(Feature::ValuesKeptInJumps) {
                self.emit_jump(When::ends(op).keeping_jump(), end, at);
                self.emit(Op::POP_TOP, 0, at);
                continue;
            }
            self.jump_or_pop(When::ends(op), end, at);
            if !self.has(Feature::CopyBeforeJump) {
                let next = self.label();
                self.place(next);
            }
        }
        self.expression(last)?;
        self.place(end);
        Ok(())
    }

    /// Jumps if the truth value of the top is `when`; otherwise pops it.
    pub(super) fn jump_or_pop(&mut self, when: When, target: Label, at: Location) {
        if self.has(Feature::CopyBeforeJump) {
            self.emit(Op::COPY, 1, at);
            self.emit_truth(at);
            self.emit_jump(when.jump(), target, at);
            self.emit(Op::POP_TOP, 0, at);
        } else {
            let jump = match when {
                When::True => Op::JUMP_IF_TRUE_OR_POP,
                When::False => Op::JUMP_IF_FALSE_OR_POP,
            };
            self.emit_jump(jump, target, at);
        }
    }

    /// `body if test else orelse` (`compile.c: compiler_ifexp`, 3.13).
    pub(super) fn conditional(
        &mut self,
        at: Location,
        test: ExprId,
        body: ExprId,
        orelse: ExprId,
    ) -> Result<()> {
        let end = self.label();
        let otherwise = self.label();
        self.jump_if(at, test, otherwise, When::False)?;
        self.expression(body)?;
        self.emit_inner_jump(end, Location::NONE);
        self.place(otherwise);
        self.expression(orelse)?;
        self.place(end);
        Ok(())
    }

    /// Jumps to `target` if the condition's truth value is `when` (`compile.c: compiler_jump_if`,
    /// 3.13).
    ///
    /// Returns the location for what follows, in releases that carry locations on: that of the last
    /// comparison, otherwise `at`.
    pub(in super::super) fn jump_if(
        &mut self,
        at: Location,
        condition: ExprId,
        target: Label,
        when: When,
    ) -> Result<Location> {
        let place = self.tree[condition].location;
        match self.tree[condition].kind {
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                self.jump_if(at, operand, target, when.opposite())
            }
            ExprKind::BoolOp { op, values } => self.jump_if_any(at, op, values, target, when),
            ExprKind::Conditional { test, body, orelse } => {
                let end = self.label();
                let otherwise = self.label();
                let at = self.jump_if(at, test, otherwise, When::False)?;
                let at = self.jump_if(at, body, target, when)?;
                self.emit_inner_jump(end, Location::NONE);
                self.place(otherwise);
                let at = self.jump_if(at, orelse, target, when)?;
                self.place(end);
                Ok(at)
            }
            ExprKind::Compare { left, rest } if rest.len() > 1 => {
                self.jump_if_chain(place, left, rest, target, when)?;
                Ok(place)
            }
            kind => {
                // In 3.11 a comparison sets the location for what follows; any other expression
                // restores it (`compiler_jump_if`, `compiler_visit_expr`, 3.11).
                let is_comparison = matches!(kind, ExprKind::Compare { .. });
                let end = if is_comparison { place } else { at };
                let carries = self.has(Feature::LocationsCarriedOn);
                let place = if carries { end } else { place };
                self.expression(condition)?;
                self.emit_truth(place);
                self.emit_jump(when.jump(), target, place);
                Ok(end)
            }
        }
    }

    /// Jumps by `value op value …`. The operands jump to the target directly where they can.
    fn jump_if_any(
        &mut self,
        at: Location,
        op: BoolOp,
        values: List<ExprId>,
        target: Label,
        when: When,
    ) -> Result<Location> {
        let early = When::ends(op);
        // A value that ends the chain early decides it. If that doesn't mean a jump to the target,
        // control continues after the chain.
        let past = (early != when).then(|| self.label());
        let tree = self.tree;
        let Some((&last, inner)) = tree[values].split_last() else { return Ok(at) };
        let mut at = at;
        for &value in inner {
            at = self.jump_if(at, value, past.unwrap_or(target), early)?;
        }
        let at = self.jump_if(at, last, target, when)?;
        if let Some(past) = past {
            self.place(past);
        }
        Ok(at)
    }
}
