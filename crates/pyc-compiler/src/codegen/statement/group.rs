//! `try` with `except*`: each clause takes its part of the group; the rest is raised again.
//!
//! The stack while clauses run: the group, a list of what the clauses raised, and the part that no
//! clause has taken yet.
//!
//! ```text
//! except* E: y     LOAD_NAME E; CHECK_EG_MATCH; COPY 1; POP_JUMP_IF_NONE no_match; POP_TOP; y; …
//! ```

use super::exception::Try;
use crate::codegen::Generator;
use crate::codegen::block::Block;
use crate::error::Result;
use crate::instruction::{Intrinsic2, Label, Op};
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{Context, Handler};

const NONE: Location = Location::NONE;

impl Generator<'_, '_> {
    /// `compile.c: compiler_try_star_except`, 3.13.
    pub(super) fn try_except_star(&mut self, inner: Try, at: Location) -> Result<()> {
        let tree = self.tree;
        let (body, except, orelse) = (self.label(), self.label(), self.label());
        let (end, cleanup, done) = (self.label(), self.label(), self.label());
        self.emit_jump(Op::SETUP_FINALLY, except, at);
        self.place(body);
        self.in_block(at, Block::TryExcept, |this| this.statements(inner.body))?;
        self.emit(Op::POP_BLOCK, 0, NONE);
        self.emit_inner_jump(orelse, NONE);
        self.place(except);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, NONE);
        self.emit(Op::PUSH_EXC_INFO, 0, NONE);
        self.in_block(at, Block::ExceptionGroupHandler, |this| {
            let handlers = &tree[inner.handlers];
            if let Some(first) = handlers.first() {
                this.start_of_groups(first.location);
            }
            handlers.iter().try_for_each(|handler| this.except_star(*handler))?;
            // What no clause has taken, or `None`.
            this.emit(Op::LIST_APPEND, 1, NONE);
            this.emit_inner_jump(done, NONE);
            Ok(())
        })?;
        self.place(done);
        self.reraise_rest(end);
        self.place(cleanup);
        self.pop_except_and_reraise(NONE);
        self.place(orelse);
        self.carry(NONE);
        self.statements(inner.orelse)?;
        self.place(end);
        Ok(())
    }

    /// Pushes a list above the group, and above that the group as the part not taken yet.
    fn start_of_groups(&mut self, at: Location) {
        if self.has(Feature::LocationsCarriedOn) {
            self.emit(Op::COPY, 1, at);
            self.emit(Op::BUILD_LIST, 0, at);
            self.emit(Op::SWAP, 2, at);
        } else {
            self.emit(Op::BUILD_LIST, 0, at);
            self.emit(Op::COPY, 2, at);
        }
    }

    fn except_star(&mut self, handler: Handler) -> Result<()> {
        if self.has(Feature::JumpToMatch) {
            return self.except_star_by_match(handler);
        }
        let at = handler.location;
        let (next, with_error, no_match) = (self.label(), self.label(), self.label());
        if let Some(class) = handler.class {
            self.expression(class)?;
            // Leaves the part not taken yet, and above it the part that matches or `None`.
            self.emit(Op::CHECK_EG_MATCH, 0, at);
            self.emit(Op::COPY, 1, at);
            self.emit_jump(Op::POP_JUMP_IF_NONE, no_match, at);
        }
        self.except_star_body(handler, next, with_error)?;
        self.place(next);
        // It gets the line of the body's end.
        self.emit(Op::NOP, 0, NONE);
        self.emit_inner_jump(with_error, NONE);
        self.place(no_match);
        self.emit(Op::POP_TOP, 0, at);
        self.place(with_error);
        Ok(())
    }

    /// One `except*` clause (`compile.c: compiler_try_star_except`, 3.11.2).
    fn except_star_by_match(&mut self, handler: Handler) -> Result<()> {
        let at = handler.location;
        let (next, handle) = (self.label(), self.label());
        if let Some(class) = handler.class {
            self.expression(class)?;
            self.emit(Op::CHECK_EG_MATCH, 0, at);
            self.emit(Op::COPY, 1, at);
            self.emit_jump(Op::POP_JUMP_IF_NOT_NONE, handle, at);
            self.emit(Op::POP_TOP, 0, at);
            self.emit_jump(Op::JUMP, next, at);
        }
        self.place(handle);
        self.except_star_body(handler, next, next)?;
        self.place(next);
        Ok(())
    }

    /// The code of a clause for an exception that matches: continues at `next`, or at `after_error`
    /// if the clause raises an exception.
    fn except_star_body(
        &mut self,
        handler: Handler,
        next: Label,
        after_error: Label,
    ) -> Result<()> {
        let at = handler.location;
        let (raised, start) = (self.label(), self.label());
        match handler.name {
            Some(name) => self.name(name, Context::Store, at)?,
            None => self.emit(Op::POP_TOP, 0, at),
        }
        self.emit_jump(Op::SETUP_CLEANUP, raised, at);
        self.place(start);
        let block = Block::HandlerCleanup(handler.name);
        self.in_block(at, block, |this| this.statements(handler.body))?;
        self.emit(Op::POP_BLOCK, 0, NONE);
        if let Some(name) = handler.name {
            self.forget(name, NONE)?;
        }
        self.emit_inner_jump(next, NONE);
        self.place(raised);
        if let Some(name) = handler.name {
            self.forget(name, NONE)?;
        }
        // Adds the exception to the list. The part not taken yet and `lasti` are between them on
        // the stack.
        self.emit(Op::LIST_APPEND, 3, NONE);
        self.emit(Op::POP_TOP, 0, NONE);
        self.emit_inner_jump(after_error, NONE);
        Ok(())
    }

    /// Raises the exceptions in the list, unless it is empty.
    fn reraise_rest(&mut self, end: Label) {
        let reraise = self.label();
        self.emit_intrinsic2(Intrinsic2::PrepReraiseStar, NONE);
        self.emit(Op::COPY, 1, NONE);
        self.emit_jump(Op::POP_JUMP_IF_NOT_NONE, reraise, NONE);
        self.emit(Op::POP_TOP, 0, NONE);
        self.emit(Op::POP_BLOCK, 0, NONE);
        self.emit(Op::POP_EXCEPT, 0, NONE);
        self.emit_inner_jump(end, NONE);
        self.place(reraise);
        self.emit(Op::POP_BLOCK, 0, NONE);
        self.emit(Op::SWAP, 2, NONE);
        self.emit(Op::POP_EXCEPT, 0, NONE);
        self.emit(Op::RERAISE, 0, NONE);
    }
}
