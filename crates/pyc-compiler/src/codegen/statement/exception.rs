//! `try` with `except`, `else` and `finally`. A `finally` body is generated twice: for normal
//! completion and for exceptions.
//!
//! ```text
//! try: x             SETUP_FINALLY except; x; POP_BLOCK; JUMP end
//! except E: y        except: PUSH_EXC_INFO; LOAD_NAME E; CHECK_EXC_MATCH; POP_JUMP_IF_FALSE next; POP_TOP; y;
//!                    POP_EXCEPT; JUMP end; next: RERAISE 0; end:
//! ```

use crate::codegen::Generator;
use crate::codegen::block::Block;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::tree::{Body, Context, Handler, List};

/// A `try` without its `finally`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    pub(super) body: Body,
    pub(super) handlers: List<Handler>,
    pub(super) orelse: Body,
    pub(super) kind: Kind,
}

/// Whether handlers are `except` or `except*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Star,
}

const NONE: Location = Location::NONE;

impl Generator<'_, '_> {
    /// `compile.c: compiler_try` and `compiler_try_star`, 3.13.
    pub(super) fn try_(&mut self, inner: Try, finally: Body, at: Location) -> Result<()> {
        if finally.is_empty() { self.handled(inner, at) } else { self.finally(inner, finally, at) }
    }

    fn handled(&mut self, inner: Try, at: Location) -> Result<()> {
        match inner.kind {
            Kind::Plain => self.try_except(inner, at),
            Kind::Star => self.try_except_star(inner, at),
        }
    }

    /// `compile.c: compiler_try_finally` and `compiler_try_star_finally`, 3.13.
    fn finally(&mut self, inner: Try, finally: Body, at: Location) -> Result<()> {
        let (body, raised, exit) = (self.label(), self.label(), self.label());
        let cleanup = self.label();
        self.emit_jump(Op::SETUP_FINALLY, raised, at);
        self.in_block(at, Block::FinallyTry(finally), |this| {
            this.place(body);
            if inner.handlers.is_empty() {
                this.statements(inner.body)?;
            } else {
                this.handled(inner, at)?;
            }
            this.emit(Op::POP_BLOCK, 0, NONE);
            Ok(())
        })?;
        self.statements(finally)?;
        self.emit_inner_jump(exit, NONE);
        self.place(raised);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, NONE);
        self.emit(Op::PUSH_EXC_INFO, 0, NONE);
        self.in_block(NONE, Block::FinallyEnd, |this| {
            // What follows has no location, unless the copy's last statement gives one.
            this.carry(NONE);
            this.repeating(|this| this.statements(finally))
        })?;
        let end = self.carried_or(NONE);
        self.emit(Op::RERAISE, 0, end);
        self.place(cleanup);
        self.pop_except_and_reraise(end);
        self.place(exit);
        Ok(())
    }

    /// `compile.c: compiler_try_except`, 3.13.
    fn try_except(&mut self, inner: Try, at: Location) -> Result<()> {
        let tree = self.tree;
        let (body, except, end) = (self.label(), self.label(), self.label());
        let cleanup = self.label();
        self.emit_jump(Op::SETUP_FINALLY, except, at);
        self.place(body);
        self.in_block(at, Block::TryExcept, |this| this.statements(inner.body))?;
        self.emit(Op::POP_BLOCK, 0, NONE);
        self.statements(inner.orelse)?;
        self.emit_inner_jump(end, NONE);
        self.place(except);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, NONE);
        self.emit(Op::PUSH_EXC_INFO, 0, NONE);
        self.in_block(at, Block::ExceptionHandler, |this| {
            let Some((last, others)) = tree[inner.handlers].split_last() else { return Ok(()) };
            for handler in others {
                if handler.class.is_none() {
                    return this.error(handler.location, "default 'except:' must be last");
                }
                this.except(*handler, end)?;
            }
            this.except(*last, end)
        })?;
        self.emit(Op::RERAISE, 0, NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(NONE);
        self.place(end);
        self.carry(NONE);
        Ok(())
    }

    fn except(&mut self, handler: Handler, end: Label) -> Result<()> {
        let at = handler.location;
        let next = self.label();
        if let Some(class) = handler.class {
            self.expression(class)?;
            self.emit(Op::CHECK_EXC_MATCH, 0, at);
            self.emit_jump(Op::POP_JUMP_IF_FALSE, next, at);
        }
        let body = |this: &mut Self, start: Label| {
            this.place(start);
            this.statements(handler.body)
        };
        if let Some(name) = handler.name {
            // This is like `try: body` with `finally: name = None; del name`.
            let (raised, start) = (self.label(), self.label());
            self.name(name, Context::Store, at)?;
            self.emit_jump(Op::SETUP_CLEANUP, raised, at);
            self.in_block(at, Block::HandlerCleanup(Some(name)), |this| body(this, start))?;
            // Ends the block of the name's cleanup, then that of the handler.
            self.emit(Op::POP_BLOCK, 0, NONE);
            self.emit(Op::POP_BLOCK, 0, NONE);
            self.emit(Op::POP_EXCEPT, 0, NONE);
            self.forget(name, NONE)?;
            self.emit_inner_jump(end, NONE);
            self.place(raised);
            self.forget(name, NONE)?;
            // The 1 sets the frame back to the failing instruction: `lasti` is directly below the
            // exception.
            self.emit(Op::RERAISE, 1, NONE);
        } else {
            let start = self.label();
            self.emit(Op::POP_TOP, 0, at);
            self.in_block(at, Block::HandlerCleanup(None), |this| body(this, start))?;
            self.emit(Op::POP_BLOCK, 0, NONE);
            self.emit(Op::POP_EXCEPT, 0, NONE);
            self.emit_inner_jump(end, NONE);
        }
        self.place(next);
        Ok(())
    }
}
