//! Single instructions in the flow graph.

use super::{BlockId, Place};
use crate::flow::class::Class;
use crate::instruction::Op;

/// An instruction in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flow) struct Step {
    pub(in crate::flow) op: Op,
    /// A number. For jumps and `SETUP_…`, the target block's number.
    pub(in crate::flow) argument: u32,
    /// Where in the source it comes from.
    pub(in crate::flow) place: Place,
    /// The handler for exceptions that it raises.
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

    /// The target of the jump, or the handler that it sets up.
    #[inline]
    pub(in crate::flow) fn target(&self) -> Option<BlockId> {
        self.class().has(Class::TARGET).then(|| BlockId::new(self.argument))
    }

    #[inline]
    pub(in crate::flow) fn class(&self) -> Class {
        Class::of(self.op)
    }

    /// Its class, including whether it has a line.
    #[inline]
    pub(in crate::flow) fn class_in_block(&self) -> Class {
        if self.has_line() { self.class() } else { self.class() | Class::LINELESS }
    }

    /// Replaces it by another instruction at the same place. The block's class must be updated.
    #[inline]
    pub(in crate::flow) fn set(&mut self, op: Op, argument: u32) {
        self.op = op;
        self.argument = argument;
    }

    /// Replaces it by a `NOP`. Later passes remove that unless it is needed for its line. The
    /// block's class must be updated.
    #[inline]
    pub(in crate::flow) fn clear(&mut self) {
        self.set(Op::NOP, 0);
    }

    #[inline]
    pub(in crate::flow) fn has_line(&self) -> bool {
        self.place != Place::NONE && self.place != Place::NEXT
    }
}

/// The first step from `from` on whose class has one of `classes`.
#[inline]
pub(in crate::flow) fn next_of(classes: Class, steps: &[Step], from: usize) -> Option<usize> {
    let found = steps.get(from..)?.iter().position(|step| step.class().has(classes))?;
    Some(from + found)
}
