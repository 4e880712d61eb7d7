//! What surrounds a statement at run time and must be left before a jump out of it: loops,
//! handlers, `with`.
//!
//! ```text
//! for x in y:          For                  `return` has to pop the iterator,
//!     with z:          For, With            and to call `__exit__` before that
//!         return
//! ```
//!
//! [`Generator::in_block`] is the only way in and out; [`Generator::unwind`] emits what a jump has
//! to do first.

use super::Generator;
use super::suspend::Awaited;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{Body, Context};

/// A block around what is generated (`compile.c: struct fblockinfo`, 3.13).
#[derive(Clone, Copy, Debug)]
pub(super) enum Block {
    /// `while`: `continue` goes to `start`, `break` to `end`.
    While {
        start: Label,
        end: Label,
    },
    /// `for`, whose iterator is on the stack.
    For {
        start: Label,
        end: Label,
    },
    /// `async for`, the same.
    AsyncFor {
        start: Label,
        end: Label,
    },
    /// `try` with handlers.
    TryExcept,
    /// `try` with this `finally`.
    FinallyTry(Body),
    /// The `finally` that an exception has led to.
    FinallyEnd,
    /// `with`; its `__exit__` is called as if from here.
    With(Location),
    /// `async with`
    AsyncWith(Location),
    /// An `except` clause, which forgets this name at its end.
    HandlerCleanup(Option<Name>),
    /// A value on the stack that is to be returned, while `finally` runs.
    PopValue,
    /// `except` clauses.
    ExceptionHandler,
    /// `except*` clauses, which can't be left by a jump.
    ExceptionGroupHandler,
    AsyncComprehension,
    /// A comprehension in its parent's code that sets locals aside.
    InlinedComprehension,
    /// A generator's whole body, from which `StopIteration` mustn't escape.
    StopIteration,
}

impl Block {
    /// Whether it is a part of a `try` statement.
    pub(super) fn belongs_to_try(&self) -> bool {
        matches!(
            self,
            Self::TryExcept
                | Self::FinallyTry(_)
                | Self::FinallyEnd
                | Self::HandlerCleanup(_)
                | Self::ExceptionHandler
                | Self::ExceptionGroupHandler
        )
    }
}

/// Which blocks a jump leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// Those inside the innermost loop.
    Loop,
    /// All of the unit's.
    Unit,
}

/// What is on the stack above the blocks' own values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Top {
    Nothing,
    /// A value to be returned.
    Value,
}

/// How deep blocks may nest (`code.h: CO_MAXBLOCKS`, 3.12), without the block that a generator's
/// body is in later releases.
const MAX_BLOCKS: usize = 20;

impl Generator<'_, '_> {
    /// Generates `body` with `block` around it.
    pub(super) fn in_block<T>(
        &mut self,
        at: Location,
        block: Block,
        body: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let of_generator = usize::from(self.has(Feature::GeneratorBlock));
        if self.frame.blocks.len() >= MAX_BLOCKS + of_generator {
            return self.error(at, "too many statically nested blocks");
        }
        self.frame.blocks.push(block);
        let done = body(self)?;
        self.frame.blocks.pop();
        Ok(done)
    }

    /// Emits what leaves the blocks around a jump, innermost first.
    ///
    /// Gives the location for the jump itself, and the loop where it stopped. The blocks stay for
    /// what follows the jump (`compile.c: compiler_unwind_fblock_stack`, 3.13).
    pub(super) fn unwind(
        &mut self,
        at: Location,
        top: Top,
        until: Until,
    ) -> Result<(Location, Option<Block>)> {
        let Some(&block) = self.frame.blocks.last() else { return Ok((at, None)) };
        match block {
            Block::ExceptionGroupHandler => {
                let message = "'break', 'continue' and 'return' cannot appear in an except* block";
                return self.error(at, message);
            }
            Block::While { .. } | Block::For { .. } | Block::AsyncFor { .. }
                if until == Until::Loop =>
            {
                return Ok((at, Some(block)));
            }
            _ => {}
        }
        self.frame.blocks.pop();
        let at = self.leave(block, at, top)?;
        let done = self.unwind(at, top, until)?;
        self.frame.blocks.push(block);
        Ok(done)
    }

    /// Emits what leaves one block; gives the location of what comes after (`compile.c:
    /// compiler_unwind_fblock`, 3.13).
    pub(super) fn leave(&mut self, block: Block, at: Location, top: Top) -> Result<Location> {
        match block {
            Block::While { .. }
            | Block::ExceptionHandler
            | Block::ExceptionGroupHandler
            | Block::AsyncComprehension
            | Block::InlinedComprehension
            | Block::StopIteration => {}
            Block::For { .. } => self.pop_iterator_below(top, at),
            Block::AsyncFor { .. } | Block::PopValue => self.pop_below(top, at),
            Block::TryExcept => self.emit(Op::POP_BLOCK, 0, at),
            Block::FinallyTry(finally) => {
                self.emit(Op::POP_BLOCK, 0, at);
                match top {
                    Top::Value => {
                        self.in_block(at, Block::PopValue, |this| this.statements(finally))?;
                    }
                    Top::Nothing => self.statements(finally)?,
                }
                // What jumps seems to have run before `finally` did.
                return Ok(Location::NONE);
            }
            Block::FinallyEnd => {
                self.pop_below(top, at);
                self.swap_below(top, at);
                self.emit(Op::POP_BLOCK, 0, at);
                self.emit(Op::POP_EXCEPT, 0, at);
            }
            Block::With(exit) | Block::AsyncWith(exit) => {
                self.emit(Op::POP_BLOCK, 0, exit);
                if top == Top::Value && self.has(Feature::SpecialMethods) {
                    // `__exit__` and the object that it is called on.
                    self.emit(Op::SWAP, 3, exit);
                }
                self.swap_below(top, exit);
                self.call_exit(exit);
                if matches!(block, Block::AsyncWith(_)) {
                    self.await_value(exit, Awaited::Exit);
                }
                self.emit(Op::POP_TOP, 0, exit);
                return Ok(Location::NONE);
            }
            Block::HandlerCleanup(name) => {
                if name.is_some() {
                    self.emit(Op::POP_BLOCK, 0, at);
                }
                self.swap_below(top, at);
                self.emit(Op::POP_BLOCK, 0, at);
                self.emit(Op::POP_EXCEPT, 0, at);
                if let Some(name) = name {
                    self.forget(name, at)?;
                }
            }
        }
        Ok(at)
    }

    /// Calls the `__exit__` on the stack for an end without exception.
    pub(super) fn call_exit(&mut self, at: Location) {
        for _ in 0..3 {
            self.emit_const(ConstId::NONE, at);
        }
        let with_self = u32::from(self.has(Feature::SpecialMethods));
        self.emit_call(2 + with_self, at);
    }

    /// `name = None; del name`, at the end of `except … as name`: the exception's own cycle is
    /// broken, whatever the clause did to the name.
    pub(super) fn forget(&mut self, name: Name, at: Location) -> Result<()> {
        self.emit_const(ConstId::NONE, at);
        self.name(name, Context::Store, at)?;
        self.name(name, Context::Delete, at)
    }

    /// Ends a handler in which another exception was raised: `[previous, lasti, exception]`.
    pub(super) fn pop_except_and_reraise(&mut self, at: Location) {
        self.emit(Op::COPY, 3, at);
        self.emit(Op::POP_EXCEPT, 0, at);
        self.emit(Op::RERAISE, 1, at);
    }

    /// Brings the block's value to the top, if the value to return stands there.
    fn swap_below(&mut self, top: Top, at: Location) {
        if top == Top::Value {
            self.emit(Op::SWAP, 2, at);
        }
    }

    fn pop_iterator_below(&mut self, top: Top, at: Location) {
        let size = self.iterator_size();
        if top == Top::Value {
            self.emit(Op::SWAP, size + 1, at);
        }
        (0..size).for_each(|_| self.emit(Op::POP_TOP, 0, at));
    }

    fn pop_below(&mut self, top: Top, at: Location) {
        self.swap_below(top, at);
        self.emit(Op::POP_TOP, 0, at);
    }
}
