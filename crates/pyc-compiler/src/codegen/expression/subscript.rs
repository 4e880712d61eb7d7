//! Subscripts and slices.
//!
//! ```text
//! a[i]       LOAD_NAME a; LOAD_NAME i; BINARY_SUBSCR
//! a[i:j]     LOAD_NAME a; LOAD_NAME i; LOAD_NAME j; BINARY_SLICE      no slice object is made
//! a[i:j:k]   LOAD_NAME a; LOAD_NAME i, j, k; BUILD_SLICE 3; BINARY_SUBSCR
//! ```

use super::super::Generator;
use crate::constant::{ConstId, Constant};
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{Context, ExprId, ExprKind};

/// A slice without a step: it has instructions of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    at: Location,
    lower: Option<ExprId>,
    upper: Option<ExprId>,
}

impl Generator<'_, '_> {
    /// `value[index]` (`compile.c: compiler_subscript`, 3.13).
    pub(super) fn subscript(
        &mut self,
        at: Location,
        value: ExprId,
        index: ExprId,
        context: Context,
    ) -> Result<()> {
        if context == Context::Load {
            self.suspect_subscript(value);
            self.suspect_index(value, index);
        }
        self.expression(value)?;
        let mut argument = 0;
        let op = match (context, self.span(index)) {
            (Context::Load, Some(span)) => {
                self.bounds(span)?;
                Op::BINARY_SLICE
            }
            (Context::Store, Some(span)) => {
                self.bounds(span)?;
                Op::STORE_SLICE
            }
            (context, _) => {
                self.expression(index)?;
                match context {
                    Context::Load => {
                        let (op, which) = self.idioms.subscript;
                        argument = which;
                        op
                    }
                    Context::Store => Op::STORE_SUBSCR,
                    Context::Delete => Op::DELETE_SUBSCR,
                }
            }
        };
        self.emit(op, argument, at);
        Ok(())
    }

    /// Builds a slice object.
    pub(super) fn slice(
        &mut self,
        at: Location,
        lower: Option<ExprId>,
        upper: Option<ExprId>,
        step: Option<ExprId>,
    ) -> Result<()> {
        if let Some(parts) = self.constant_slice(lower, upper, step) {
            let slice = self.context.constants.intern(Constant::Slice(parts));
            self.emit_const(slice, at);
            return Ok(());
        }
        self.bounds(Span { at, lower, upper })?;
        let mut parts = 2;
        if let Some(step) = step {
            self.expression(step)?;
            parts += 1;
        }
        self.emit(Op::BUILD_SLICE, parts, at);
        Ok(())
    }

    /// The parts of a constant slice (`codegen.c: is_constant_slice`, 3.14).
    fn constant_slice(
        &self,
        lower: Option<ExprId>,
        upper: Option<ExprId>,
        step: Option<ExprId>,
    ) -> Option<[ConstId; 3]> {
        if !self.has(Feature::SliceConstants) {
            return None;
        }
        let part =
            |part: Option<ExprId>| part.map_or(Some(ConstId::NONE), |id| self.constant_of(id));
        Some([part(lower)?, part(upper)?, part(step)?])
    }

    /// The slice if `index` is one without a step and isn't constant.
    pub(super) fn span(&self, index: ExprId) -> Option<Span> {
        if !self.has(Feature::SliceInstructions) {
            return None;
        }
        match self.tree[index].kind {
            ExprKind::Slice { lower, upper, step: None }
                if self.constant_slice(lower, upper, None).is_none() =>
            {
                Some(Span { at: self.tree[index].location, lower, upper })
            }
            _ => None,
        }
    }

    /// Pushes both bounds, `None` for those not given (`compile.c: compiler_slice`, 3.13).
    pub(super) fn bounds(&mut self, span: Span) -> Result<()> {
        for bound in [span.lower, span.upper] {
            match bound {
                Some(bound) => self.expression(bound)?,
                None => self.emit_const(ConstId::NONE, span.at),
            }
        }
        Ok(())
    }
}
