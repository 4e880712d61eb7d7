//! `return`, `break`, `continue`: the blocks around them are ended first.
//!
//! ```text
//! for x in y:
//!     return z     LOAD_NAME z; SWAP 2; POP_TOP (the iterator); RETURN_VALUE
//! ```

use crate::codegen::Generator;
use crate::codegen::block::{Block, Top, Until};
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::tree::{ExprId, ExprKind};

impl Generator<'_, '_> {
    /// `compile.c: compiler_return`, 3.13.
    pub(super) fn return_(&mut self, value: Option<ExprId>, at: Location) -> Result<()> {
        let tree = self.tree;
        let scope = self.scope();
        if !scope.is_function_like() {
            return self.error(at, "'return' outside function");
        }
        if value.is_some() && scope.facts.coroutine && scope.facts.generator {
            return self.error(at, "'return' with value in async generator");
        }
        // A constant is pushed after the blocks have been ended, instead of keeping it on the stack
        // meanwhile.
        let constant = value.map_or(Some(ConstId::NONE), |value| match tree[value].kind {
            ExprKind::Constant { value, .. } => Some(value),
            _ => None,
        });
        let mut jump = at;
        // As in CPython, the `NOP`s have the lines of the value and of the statement, which a
        // tracer must see.
        if let Some(value) = value {
            if constant.is_none() {
                self.expression(value)?;
            } else {
                jump = tree[value].location;
                self.emit(Op::NOP, 0, jump);
            }
        }
        if value.is_none_or(|value| tree[value].location.line != at.line) {
            jump = at;
            self.emit(Op::NOP, 0, jump);
        }
        let top = if constant.is_none() { Top::Value } else { Top::Nothing };
        let (jump, _) = self.unwind(jump, top, Until::Unit)?;
        if let Some(constant) = constant {
            self.emit_const(constant, jump);
        }
        self.emit(Op::RETURN_VALUE, 0, jump);
        self.carry(jump);
        Ok(())
    }

    /// `compile.c: compiler_break`, 3.13.
    pub(super) fn break_(&mut self, at: Location) -> Result<()> {
        self.emit(Op::NOP, 0, at);
        let (jump, block) = self.unwind(at, Top::Nothing, Until::Loop)?;
        let Some(
            block @ (Block::While { end, .. }
            | Block::For { end, .. }
            | Block::AsyncFor { end, .. }),
        ) = block
        else {
            return self.error(at, "'break' outside loop");
        };
        let jump = self.leave(block, jump, Top::Nothing)?;
        self.emit_jump(Op::JUMP, end, jump);
        self.carry(jump);
        Ok(())
    }

    /// `compile.c: compiler_continue`, 3.13.
    pub(super) fn continue_(&mut self, at: Location) -> Result<()> {
        self.emit(Op::NOP, 0, at);
        let (jump, block) = self.unwind(at, Top::Nothing, Until::Loop)?;
        let Some(
            Block::While { start, .. } | Block::For { start, .. } | Block::AsyncFor { start, .. },
        ) = block
        else {
            return self.error(at, "'continue' not properly in loop");
        };
        self.emit_jump(Op::JUMP, start, jump);
        self.carry(jump);
        Ok(())
    }
}
