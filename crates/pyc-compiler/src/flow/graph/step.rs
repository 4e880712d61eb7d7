//! Single instructions in the flow graph.

use super::{BlockId, Place};
use crate::flow::op_kinds::OpKinds;
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
    #[inline(always)]
    pub(in crate::flow) const fn new(op: Op, argument: u32, place: Place) -> Self {
        Self { op, argument, place, handler: None }
    }

    /// A jump to `target`.
    pub(in crate::flow) const fn jump(op: Op, target: BlockId, place: Place) -> Self {
        Self::new(op, target.number(), place)
    }

    /// The target of the jump, or the handler that it sets up.
    #[inline(always)]
    pub(in crate::flow) fn target(&self) -> Option<BlockId> {
        if self.kinds().has(OpKinds::TARGET) { Some(BlockId::new(self.argument)) } else { None }
    }

    #[inline(always)]
    pub(in crate::flow) fn kinds(&self) -> OpKinds {
        OpKinds::of(self.op)
    }

    /// Its kinds, including whether it has a line.
    #[inline(always)]
    pub(in crate::flow) fn kinds_in_block(&self) -> OpKinds {
        if self.has_line() { self.kinds() } else { self.kinds() | OpKinds::LINELESS }
    }

    /// Replaces it by another instruction at the same place. The block's kinds must be updated.
    #[inline(always)]
    pub(in crate::flow) fn set(&mut self, op: Op, argument: u32) {
        self.op = op;
        self.argument = argument;
    }

    /// Replaces it by a `NOP`. Later passes remove that unless it is needed for its line. The
    /// block's kinds must be updated.
    #[inline(always)]
    pub(in crate::flow) fn clear(&mut self) {
        self.set(Op::NOP, 0);
    }

    #[inline(always)]
    pub(in crate::flow) fn has_line(&self) -> bool {
        !(self.place == Place::NONE || self.place == Place::NEXT)
    }
}

/// The first step from `from` on that has one of `kinds`.
#[inline(always)]
pub(in crate::flow) fn next_of(kinds: OpKinds, steps: &[Step], from: usize) -> Option<usize> {
    let mut at = from;
    while at < steps.len() {
        if steps[at].kinds().has(kinds) {
            return Some(at);
        }
        at += 1;
    }
    None
}
