//! Where a coroutine or generator waits for another: `await`, `yield from`, and the implicit awaits
//! of `async` statements.
//!
//! ```text
//! await x      x; GET_AWAITABLE 0; LOAD_CONST None; send: SEND exit; YIELD_VALUE; RESUME; JUMP send; exit: END_SEND
//! ```

use super::Generator;
use crate::constant::ConstId;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::target::Feature;

/// What is awaited. The discriminants are `GET_AWAITABLE`'s arguments, used for its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Awaited {
    Value = 0,
    /// The result of `__aenter__`.
    Enter = 1,
    /// The result of `__aexit__`.
    Exit = 2,
}

/// Which construct waits. The discriminants are `RESUME`'s arguments (`pycore_opcode_utils.h`,
/// 3.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    YieldFrom = 2,
    Await = 3,
}

impl Generator<'_, '_> {
    pub(super) fn await_value(&mut self, at: Location, awaited: Awaited) {
        self.emit(Op::GET_AWAITABLE, awaited as u32, at);
        self.null_for_send(at);
        self.emit_const(ConstId::NONE, at);
        self.send_loop(at, Waiting::Await);
    }

    /// Pushes a placeholder for the index of iteration through lists and tuples, for releases in
    /// which `SEND` expects it.
    pub(super) fn null_for_send(&mut self, at: Location) {
        if self.has(Feature::VirtualIterators) {
            self.emit(Op::PUSH_NULL, 0, at);
        }
    }

    /// The number of values that an iterator takes on the stack.
    pub(super) fn iterator_size(&self) -> u32 {
        if self.has(Feature::VirtualIterators) { 2 } else { 1 }
    }

    /// Sends to the iterator below the top until it ends (`compile.c: compiler_add_yield_from`,
    /// 3.13).
    ///
    /// Returns the label of its `SEND`.
    pub(super) fn send_loop(&mut self, at: Location, waiting: Waiting) -> Label {
        if !self.has(Feature::EndsOfIterators) {
            return self.plain_send_loop(at, waiting);
        }
        let (send, fail, exit) = (self.label(), self.label(), self.label());
        self.place(send);
        self.emit_jump(Op::SEND, exit, at);
        // Only `close()` and `throw()` raise exceptions here, at `YIELD_VALUE`.
        self.emit_jump(Op::SETUP_FINALLY, fail, at);
        self.emit(Op::YIELD_VALUE, 1, at);
        self.emit(Op::POP_BLOCK, 0, Location::NONE);
        self.emit(Op::RESUME, waiting as u32, at);
        self.emit_jump(Op::JUMP_NO_INTERRUPT, send, at);
        self.place(fail);
        self.emit(Op::CLEANUP_THROW, 0, at);
        self.place(exit);
        self.emit(Op::END_SEND, 0, at);
        send
    }

    /// In 3.11 the code doesn't handle exceptions of `close()` and `throw()`, and `SEND` pops the
    /// iterator.
    fn plain_send_loop(&mut self, at: Location, waiting: Waiting) -> Label {
        let (send, resume, exit) = (self.label(), self.label(), self.label());
        self.place(send);
        self.emit_jump(Op::SEND, exit, at);
        self.place(resume);
        self.emit(Op::YIELD_VALUE, 0, at);
        self.emit(Op::RESUME, waiting as u32, at);
        self.emit_jump(Op::JUMP_NO_INTERRUPT, send, at);
        self.place(exit);
        send
    }
}
