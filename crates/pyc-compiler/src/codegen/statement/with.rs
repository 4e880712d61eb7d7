//! `with` and `async with`: each item is a block around the rest.
//!
//! ```text
//! with x as y: z    LOAD_NAME x; BEFORE_WITH; SETUP_WITH final; STORE_NAME y; …; POP_BLOCK; call exit; JUMP exit;
//!                   final: PUSH_EXC_INFO; WITH_EXCEPT_START; …; exit:
//! ```

use crate::codegen::Generator;
use crate::codegen::block::Block;
use crate::codegen::suspend::Awaited;
use crate::codegen::unit::UnitKind;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{Body, List, WithItem};

/// Whether it is `with` or `async with`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Async,
}

impl Kind {
    /// `LOAD_SPECIAL`'s arguments for the methods that enter and exit (`pycore_ceval.h: SPECIAL_*`,
    /// 3.14).
    const fn methods(self) -> (u32, u32) {
        match self {
            Self::Plain => (0, 1),
            Self::Async => (2, 3),
        }
    }
}

impl Generator<'_, '_> {
    /// `compile.c: compiler_with`, 3.13.
    pub(super) fn with(
        &mut self,
        items: List<WithItem>,
        body: Body,
        statement: Location,
    ) -> Result<()> {
        let tree = self.tree;
        let Some(&item) = tree[items].first() else { return self.statements(body) };
        let (block, fail, exit) = (self.label(), self.label(), self.label());
        let cleanup = self.label();
        let at = self.part_location(statement, item.context);
        let left = self.left_location(statement, item.context);
        self.expression(item.context)?;
        self.call_enter(Kind::Plain, at);
        self.emit_jump(Op::SETUP_WITH, fail, at);
        self.in_block(at, Block::With(left), |this| {
            this.place(block);
            this.with_target(item, at)?;
            this.with(items.skip(1), body, statement)?;
            this.emit(Op::POP_BLOCK, 0, Location::NONE);
            Ok(())
        })?;
        self.call_exit(at);
        self.emit(Op::POP_TOP, 0, at);
        self.emit_jump(Op::JUMP, exit, at);
        self.place(fail);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, at);
        self.emit(Op::PUSH_EXC_INFO, 0, at);
        self.emit(Op::WITH_EXCEPT_START, 0, at);
        self.suppress_or_reraise(cleanup);
        self.place(exit);
        Ok(())
    }

    /// `compile.c: compiler_async_with`, 3.13.
    pub(super) fn async_with(
        &mut self,
        items: List<WithItem>,
        body: Body,
        statement: Location,
    ) -> Result<()> {
        let tree = self.tree;
        let Some(&item) = tree[items].first() else { return self.statements(body) };
        if self.frame.kind != UnitKind::AsyncFunction {
            return self.error(statement, "'async with' outside async function");
        }
        let (block, fail, exit) = (self.label(), self.label(), self.label());
        let cleanup = self.label();
        let at = self.part_location(statement, item.context);
        let left = self.left_location(statement, item.context);
        self.expression(item.context)?;
        self.call_enter(Kind::Async, at);
        self.await_value(at, Awaited::Enter);
        self.emit_jump(Op::SETUP_WITH, fail, at);
        self.in_block(at, Block::AsyncWith(left), |this| {
            this.place(block);
            this.with_target(item, at)?;
            this.async_with(items.skip(1), body, statement)
        })?;
        let end = self.carried_or(at);
        self.emit(Op::POP_BLOCK, 0, end);
        self.call_exit(at);
        self.await_value(at, Awaited::Exit);
        self.emit(Op::POP_TOP, 0, at);
        self.emit_jump(Op::JUMP, exit, at);
        self.place(fail);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, at);
        self.emit(Op::PUSH_EXC_INFO, 0, at);
        self.emit(Op::WITH_EXCEPT_START, 0, at);
        self.await_value(at, Awaited::Exit);
        self.suppress_or_reraise(cleanup);
        self.place(exit);
        Ok(())
    }

    /// Calls `__enter__` of the value on top, and leaves `__exit__` below the result.
    fn call_enter(&mut self, kind: Kind, at: Location) {
        if !self.has(Feature::SpecialMethods) {
            let op = match kind {
                Kind::Plain => Op::BEFORE_WITH,
                Kind::Async => Op::BEFORE_ASYNC_WITH,
            };
            self.emit(op, 0, at);
            return;
        }
        let (enter, exit) = kind.methods();
        self.emit(Op::COPY, 1, at);
        self.emit(Op::LOAD_SPECIAL, exit, at);
        self.emit(Op::SWAP, 2, at);
        self.emit(Op::SWAP, 3, at);
        self.emit(Op::LOAD_SPECIAL, enter, at);
        self.emit(Op::CALL, 0, at);
    }

    fn with_target(&mut self, item: WithItem, at: Location) -> Result<()> {
        if let Some(target) = item.target {
            return self.expression(target);
        }
        self.emit(Op::POP_TOP, 0, at);
        Ok(())
    }

    /// Continues after the statement if `__exit__` returned a true value (`compile.c:
    /// compiler_with_except_finish`, 3.13).
    fn suppress_or_reraise(&mut self, cleanup: Label) {
        let none = Location::NONE;
        let suppress = self.label();
        self.emit_truth(none);
        self.emit_jump(Op::POP_JUMP_IF_TRUE, suppress, none);
        // `lasti` is two below the exception: the previously handled one is in between.
        self.emit(Op::RERAISE, 2, none);
        let reraises_first = self.has(Feature::ReraiseBeforeExit);
        if reraises_first {
            self.place(cleanup);
            self.pop_except_and_reraise(none);
        }
        self.carry(none);
        self.place(suppress);
        // Pops the exception, the previously handled exception, `lasti`, `__exit__` and, if it is
        // there, the object on which that is called.
        self.emit(Op::POP_TOP, 0, none);
        self.emit(Op::POP_BLOCK, 0, none);
        self.emit(Op::POP_EXCEPT, 0, none);
        self.emit(Op::POP_TOP, 0, none);
        self.emit(Op::POP_TOP, 0, none);
        if self.has(Feature::SpecialMethods) {
            self.emit(Op::POP_TOP, 0, none);
        }
        if reraises_first {
            return;
        }
        let exit = self.label();
        self.emit_inner_jump(exit, none);
        self.place(cleanup);
        self.pop_except_and_reraise(none);
        self.place(exit);
    }
}
