//! The constructs around a statement that a jump out of it must end first: loops, handlers, `with`.
//!
//! ```text
//! for x in y:          For                  `return` has to pop the iterator,
//!     with z:          For, With            and to call `__exit__` before that
//!         return
//! ```
//!
//! Only [`Generator::in_block`] opens and closes blocks. [`Generator::unwind`] emits what must come
//! before a jump.

use super::Generator;
use super::suspend::Awaited;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{Body, Context};

/// A block around the generated code (`compile.c: struct fblockinfo`, 3.13).
#[derive(Clone, Copy, Debug)]
pub(super) enum Block {
    /// `while`: `continue` goes to `start`, `break` to `end`.
    While {
        start: Label,
        end: Label,
    },
    /// `for`; its iterator is on the stack.
    For {
        start: Label,
        end: Label,
    },
    /// `async for`; its iterator is on the stack.
    AsyncFor {
        start: Label,
        end: Label,
    },
    /// `try` with handlers.
    TryExcept,
    /// `try` with this `finally`.
    FinallyTry(Body),
    /// The `finally` body that runs after an exception.
    FinallyEnd,
    /// `with`; the call of its `__exit__` is located here.
    With(Location),
    /// `async with`
    AsyncWith(Location),
    /// An `except` clause; at its end, this name is deleted.
    HandlerCleanup(Option<Name>),
    /// A value to be returned is on the stack while `finally` runs.
    PopValue,
    /// `except` clauses.
    ExceptionHandler,
    /// `except*` clauses: a jump can't leave them.
    ExceptionGroupHandler,
    AsyncComprehension,
    /// An inlined comprehension that saves locals on the stack.
    InlinedComprehension,
    /// A generator's whole body: `StopIteration` mustn't leave it.
    StopIteration,
}

impl Block {
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

/// The maximum nesting depth of blocks (`code.h: CO_MAXBLOCKS`, 3.12). The block that later
/// releases have around a generator's body doesn't count.
const MAX_BLOCKS: usize = 20;

impl Generator<'_, '_> {
    /// Generates `body` inside `block`.
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

    /// Emits what ends the blocks that a jump leaves, innermost first.
    ///
    /// Returns the location of the jump itself, and the loop where it stopped. The blocks stay open
    /// for the code after the jump (`compile.c: compiler_unwind_fblock_stack`, 3.13).
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
        // The code that ends a block isn't in it: a `return` in `finally` mustn't run it again.
        self.frame.blocks.pop();
        let at = self.leave(block, at, top)?;
        let done = self.unwind(at, top, until)?;
        // What follows the jump is still in the block.
        self.frame.blocks.push(block);
        Ok(done)
    }

    /// Emits what ends one block. Returns the location for what comes after (`compile.c:
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
                // As in CPython, the jump gets no location, so that `finally` appears to run after
                // the statement.
                return Ok(Location::NONE);
            }
            Block::FinallyEnd => {
                // Pops the exception. `POP_EXCEPT` pops the previously handled one below it.
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
                    // Deleting the name has a handler of its own, inside that of the clause.
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

    /// Calls the `__exit__` on the stack as when no exception was raised.
    pub(super) fn call_exit(&mut self, at: Location) {
        for _ in 0..3 {
            self.emit_const(ConstId::NONE, at);
        }
        // Without `self` below it, a bound `__exit__` takes the first `None` in the place of
        // `self`, so two arguments are left.
        let with_self = u32::from(self.has(Feature::SpecialMethods));
        self.emit_call(2 + with_self, at);
    }

    /// `name = None; del name` at the end of `except … as name`. It breaks the reference cycle
    /// through the exception's traceback, and works even if the clause deleted the name.
    pub(super) fn forget(&mut self, name: Name, at: Location) -> Result<()> {
        self.emit_const(ConstId::NONE, at);
        self.name(name, Context::Store, at)?;
        self.name(name, Context::Delete, at)
    }

    /// Ends a handler in which another exception was raised. Stack: `[previous, lasti, exception]`.
    pub(super) fn pop_except_and_reraise(&mut self, at: Location) {
        self.emit(Op::COPY, 3, at);
        self.emit(Op::POP_EXCEPT, 0, at);
        self.emit(Op::RERAISE, 1, at);
    }

    /// Brings the block's value to the top if the value to return is above it.
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
