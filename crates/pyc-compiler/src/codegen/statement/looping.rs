//! `while`, `for` and `async for`, with their `else`.
//!
//! ```text
//! for x in y: z     LOAD_NAME y; GET_ITER; start: FOR_ITER cleanup; STORE_NAME x; …; JUMP start;
//!                   cleanup: END_FOR; POP_TOP
//! ```

use crate::codegen::Generator;
use crate::codegen::block::Block;
use crate::codegen::expression::When;
use crate::codegen::suspend::Waiting;
use crate::codegen::unit::UnitKind;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{Body, ExprId};

impl Generator<'_, '_> {
    /// In some releases the condition is generated twice, before and after the body (`compile.c:
    /// compiler_while`, 3.13).
    pub(super) fn while_(
        &mut self,
        test: ExprId,
        body: Body,
        orelse: Body,
        at: Location,
    ) -> Result<()> {
        let (start, again) = (self.label(), self.label());
        let (mut end, mut anchor) = (self.label(), self.label());
        if self.has(Feature::BlocksInOrderOfAllocation) {
            // 3.11 creates them in this order.
            std::mem::swap(&mut end, &mut anchor);
        }
        self.place(start);
        self.in_block(at, Block::While { start, end }, |this| {
            this.jump_if(at, test, anchor, When::False)?;
            this.place(again);
            this.statements(body)?;
            if this.has(Feature::TestAfterBody) {
                let carried = this.jump_if(at, test, again, When::True)?;
                this.carry(carried);
            } else {
                this.emit_jump(Op::JUMP, start, Location::NONE);
            }
            Ok(())
        })?;
        self.place(anchor);
        self.statements(orelse)?;
        self.place(end);
        Ok(())
    }

    /// `compile.c: compiler_for`, 3.13.
    pub(super) fn for_(
        &mut self,
        target: ExprId,
        iterable: ExprId,
        body: Body,
        orelse: Body,
        at: Location,
    ) -> Result<()> {
        let tree = self.tree;
        let (start, inside, cleanup, end) =
            (self.label(), self.label(), self.label(), self.label());
        self.in_block(at, Block::For { start, end }, |this| {
            let from = this.iterator_location(at, iterable);
            this.expression(iterable)?;
            this.emit(Op::GET_ITER, 0, from);
            this.place(start);
            this.emit_jump(Op::FOR_ITER, cleanup, from);
            this.place(inside);
            if this.has(Feature::TargetLineInFor) {
                // The `NOP` lets tracing see the target's line. It is removed if that is the line
                // of the next instruction.
                this.emit(Op::NOP, 0, tree[target].location);
            }
            this.expression(target)?;
            this.statements(body)?;
            this.emit_jump(Op::JUMP, start, Location::NONE);
            this.place(cleanup);
            this.end_for();
            Ok(())
        })?;
        self.carry(Location::NONE);
        self.statements(orelse)?;
        self.place(end);
        Ok(())
    }

    /// Ends a loop whose iterator is exhausted.
    pub(in super::super) fn end_for(&mut self) {
        if !self.has(Feature::EndsOfIterators) {
            return;
        }
        self.emit(Op::END_FOR, 0, Location::NONE);
        if self.has(Feature::IteratorPoppedApart) {
            self.emit(self.idioms.pop_iterator, 0, Location::NONE);
        }
    }

    /// Ends a loop whose asynchronous iterator is exhausted. `send` is where the loop awaited its
    /// items.
    pub(in super::super) fn end_async_for(&mut self, send: Label, at: Location) {
        if self.has(Feature::AsyncForTellsSend) {
            self.emit_jump(Op::END_ASYNC_FOR_OF, send, at);
        } else {
            self.emit(Op::END_ASYNC_FOR, 0, at);
        }
    }

    /// `compile.c: compiler_async_for`, 3.13.
    pub(super) fn async_for(
        &mut self,
        target: ExprId,
        iterable: ExprId,
        body: Body,
        orelse: Body,
        at: Location,
    ) -> Result<()> {
        if self.frame.kind != UnitKind::AsyncFunction {
            return self.error(at, "'async for' outside async function");
        }
        let (start, except, end) = (self.label(), self.label(), self.label());
        let from = self.tree[iterable].location;
        self.expression(iterable)?;
        self.emit(Op::GET_AITER, 0, self.iterator_location(at, iterable));
        self.place(start);
        let send = self.in_block(at, Block::AsyncFor { start, end }, |this| {
            this.emit_jump(Op::SETUP_FINALLY, except, at);
            this.emit(Op::GET_ANEXT, 0, at);
            this.null_for_send(at);
            this.emit_const(ConstId::NONE, at);
            let send = this.send_loop(at, Waiting::Await);
            this.emit(Op::POP_BLOCK, 0, at);
            if this.has(Feature::AsyncForTellsSend) {
                this.emit(Op::NOT_TAKEN, 0, at);
            }
            this.expression(target)?;
            this.statements(body)?;
            this.emit_jump(Op::JUMP, start, Location::NONE);
            Ok(send)
        })?;
        // Catches the `StopAsyncIteration` of the iterator, not of the body.
        self.place(except);
        self.end_async_for(send, from);
        self.carry(from);
        self.statements(orelse)?;
        self.place(end);
        Ok(())
    }
}
