//! Comparisons and chains of them.
//!
//! ```text
//! a < b          LOAD_NAME a; LOAD_NAME b; COMPARE_OP <
//! a < b < c      LOAD_NAME a; LOAD_NAME b; SWAP 2; COPY 2; COMPARE_OP <
//!                COPY 1; TO_BOOL; POP_JUMP_IF_FALSE cleanup; POP_TOP; LOAD_NAME c; COMPARE_OP <; JUMP end
//!     cleanup:   SWAP 2; POP_TOP
//!     end:
//! ```

use super::super::Generator;
use super::When;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::tree::{Comparison, ExprId, List};

impl Generator<'_, '_> {
    /// `left op right op right …` (`compile.c: compiler_compare`, 3.13).
    pub(super) fn compare(
        &mut self,
        at: Location,
        left: ExprId,
        rest: List<Comparison>,
    ) -> Result<()> {
        self.suspect_identity(at, left, rest);
        self.expression(left)?;
        let tree = self.tree;
        let Some((last, inner)) = tree[rest].split_last() else { return Ok(()) };
        if inner.is_empty() {
            return self.last_comparison(at, *last);
        }
        let cleanup = self.label();
        for &comparison in inner {
            self.inner_comparison(at, comparison)?;
            self.jump_or_pop(When::False, cleanup, at);
        }
        self.last_comparison(at, *last)?;
        let end = self.label();
        self.emit_inner_jump(end, Location::NONE);
        self.place(cleanup);
        self.emit(Op::SWAP, 2, at);
        self.emit(Op::POP_TOP, 0, at);
        self.place(end);
        Ok(())
    }

    /// Jumps to the target according to the truth of a chain of two or more comparisons
    /// (`compile.c: compiler_jump_if`, 3.13).
    pub(super) fn jump_if_chain(
        &mut self,
        at: Location,
        left: ExprId,
        rest: List<Comparison>,
        target: Label,
        when: When,
    ) -> Result<()> {
        self.suspect_identity(at, left, rest);
        let cleanup = self.label();
        self.expression(left)?;
        let tree = self.tree;
        let Some((last, inner)) = tree[rest].split_last() else { return Ok(()) };
        for &comparison in inner {
            self.inner_comparison(at, comparison)?;
            self.emit_truth(at);
            self.emit_jump(Op::POP_JUMP_IF_FALSE, cleanup, at);
        }
        self.last_comparison(at, *last)?;
        self.emit_truth(at);
        self.emit_jump(when.jump(), target, at);
        let end = self.label();
        self.emit_inner_jump(end, Location::NONE);
        self.place(cleanup);
        self.emit(Op::POP_TOP, 0, at);
        // A chain that ends early is false.
        if when == When::False {
            self.emit_inner_jump(target, Location::NONE);
        }
        self.place(end);
        Ok(())
    }

    /// Emits a comparison and leaves its right operand below the result, for the next comparison.
    fn inner_comparison(&mut self, at: Location, comparison: Comparison) -> Result<()> {
        self.expression(comparison.right)?;
        self.emit(Op::SWAP, 2, at);
        self.emit(Op::COPY, 2, at);
        self.emit_compare(comparison.op, at);
        Ok(())
    }

    fn last_comparison(&mut self, at: Location, comparison: Comparison) -> Result<()> {
        self.expression(comparison.right)?;
        self.emit_compare(comparison.op, at);
        Ok(())
    }
}
