//! Subscripts and slices.
//!
//! ```text
//! a[i]       LOAD_NAME a; LOAD_NAME i; BINARY_SUBSCR
//! a[i:j]     LOAD_NAME a; LOAD_NAME i; LOAD_NAME j; BINARY_SLICE      no slice object is made
//! a[i:j:k]   LOAD_NAME a; LOAD_NAME i, j, k; BUILD_SLICE 3; BINARY_SUBSCR
//! ```

use super::super::Generator;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{Context, ExprId, ExprKind};

/// A slice without a step, which instructions of its own handle.
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
                    Context::Load => Op::BINARY_SUBSCR,
                    Context::Store => Op::STORE_SUBSCR,
                    Context::Delete => Op::DELETE_SUBSCR,
                }
            }
        };
        self.emit(op, 0, at);
        Ok(())
    }

    /// A slice as an object.
    pub(super) fn slice(
        &mut self,
        at: Location,
        lower: Option<ExprId>,
        upper: Option<ExprId>,
        step: Option<ExprId>,
    ) -> Result<()> {
        self.bounds(Span { at, lower, upper })?;
        let mut parts = 2;
        if let Some(step) = step {
            self.expression(step)?;
            parts += 1;
        }
        self.emit(Op::BUILD_SLICE, parts, at);
        Ok(())
    }

    /// The slice without a step that `index` is.
    pub(super) fn span(&self, index: ExprId) -> Option<Span> {
        if !self.has(Feature::SliceInstructions) {
            return None;
        }
        match self.tree[index].kind {
            ExprKind::Slice { lower, upper, step: None } => {
                Some(Span { at: self.tree[index].location, lower, upper })
            }
            _ => None,
        }
    }

    /// Both bounds, `None` for those not given (`compile.c: compiler_slice`, 3.13).
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
