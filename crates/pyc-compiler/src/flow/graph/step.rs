//! What the flow graph does with single instructions.

use super::{BlockId, Place};
use crate::flow::class::Class;
use crate::instruction::Op;

/// An instruction in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flow) struct Step {
    pub(in crate::flow) op: Op,
    /// A number; a block's for what has a target.
    pub(in crate::flow) argument: u32,
    /// Where in the source it is from.
    pub(in crate::flow) place: Place,
    /// Where an exception that it raises goes.
    pub(in crate::flow) handler: Option<BlockId>,
}

impl Step {
    #[inline]
    pub(in crate::flow) const fn new(op: Op, argument: u32, place: Place) -> Self {
        Self { op, argument, place, handler: None }
    }

    /// A jump to `target`.
    pub(in crate::flow) const fn jump(op: Op, target: BlockId, place: Place) -> Self {
        Self::new(op, target.number(), place)
    }

    /// Where it jumps to, or the handler that it sets up.
    #[inline]
    pub(in crate::flow) fn target(&self) -> Option<BlockId> {
        self.class().has(Class::TARGET).then(|| BlockId::new(self.argument))
    }

    #[inline]
    pub(in crate::flow) fn class(&self) -> Class {
        Class::of(self.op)
    }

    /// Its class, and whether it has no line.
    #[inline]
    pub(in crate::flow) fn class_in_block(&self) -> Class {
        if self.has_line() { self.class() } else { self.class() | Class::LINELESS }
    }

    /// Makes it another instruction in the same place; the block's class must be told.
    #[inline]
    pub(in crate::flow) fn set(&mut self, op: Op, argument: u32) {
        self.op = op;
        self.argument = argument;
    }

    /// Makes it do nothing; later passes drop it unless a line needs it. The block's class must be
    /// told.
    #[inline]
    pub(in crate::flow) fn clear(&mut self) {
        self.set(Op::NOP, 0);
    }

    #[inline]
    pub(in crate::flow) fn has_line(&self) -> bool {
        self.place != Place::NONE && self.place != Place::NEXT
    }
}

/// The first step from `from` on that is of one of `classes`.
#[inline]
pub(in crate::flow) fn next_of(classes: Class, steps: &[Step], from: usize) -> Option<usize> {
    let found = steps.get(from..)?.iter().position(|step| step.class().has(classes))?;
    Some(from + found)
}
