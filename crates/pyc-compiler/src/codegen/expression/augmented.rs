//! Augmented assignment: the target is read and bound, but its parts are evaluated once.
//!
//! ```text
//! a[i] += v   LOAD_NAME a; LOAD_NAME i; COPY 2; COPY 2; BINARY_SUBSCR; LOAD_NAME v; BINARY_OP +=
//!             SWAP 3; SWAP 2; STORE_SUBSCR
//! ```

use super::super::Generator;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::tree::{BinaryOp, Context, ExprId, ExprKind};

impl Generator<'_, '_> {
    /// `target op= value`, a statement at `at` (`compile.c: compiler_augassign`, 3.13).
    pub(in super::super) fn augmented_assign(
        &mut self,
        at: Location,
        target: ExprId,
        op: BinaryOp,
        value: ExprId,
    ) -> Result<()> {
        let place = self.tree[target].location;
        match self.tree[target].kind {
            ExprKind::Attribute { value: object, name, .. } => {
                self.expression(object)?;
                self.emit(Op::COPY, 1, place);
                let place = self.attribute_location(place, place, name);
                let number = self.name_number(name);
                self.emit(Op::LOAD_ATTR, number << self.idioms.attribute_shift, place);
                self.operate(at, op, value)?;
                self.emit(Op::SWAP, 2, place);
                self.emit(Op::STORE_ATTR, number, place);
                self.carry(place);
            }
            ExprKind::Subscript { value: object, index, .. } => {
                self.expression(object)?;
                let (parts, (read, which), bind) = if let Some(span) = self.span(index) {
                    self.bounds(span)?;
                    (3, (Op::BINARY_SLICE, 0), Op::STORE_SLICE)
                } else {
                    self.expression(index)?;
                    (2, self.idioms.subscript, Op::STORE_SUBSCR)
                };
                for _ in 0..parts {
                    self.emit(Op::COPY, parts, place);
                }
                self.emit(read, which, place);
                self.operate(at, op, value)?;
                // Moves the result below the object and below the index or the bounds, one step at
                // a time.
                for depth in (2..=parts + 1).rev() {
                    self.emit(Op::SWAP, depth, place);
                }
                self.emit(bind, 0, place);
                self.carry(place);
            }
            ExprKind::Name { name, .. } => {
                self.name(name, Context::Load, place)?;
                self.operate(at, op, value)?;
                self.name(name, Context::Store, place)?;
                self.carry(place);
            }
            _ => unreachable!("the parser takes only names, attributes and subscripts here"),
        }
        Ok(())
    }

    fn operate(&mut self, at: Location, op: BinaryOp, value: ExprId) -> Result<()> {
        self.expression(value)?;
        self.emit_in_place(op, at);
        Ok(())
    }
}
