//! A unit's instructions as code generation appends them.
//!
//! `let end = code.label(); code.jump(Op::JUMP, end, at); …; code.place(end);`

use super::{Instruction, Op};
use crate::location::Location;
use crate::name::count;

/// A place that jumps name before it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Label(u32);

/// Instructions and where the labels among them stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sequence {
    instructions: Vec<Instruction>,
    /// The indices of those whose argument is a label.
    jumps: Vec<u32>,
    /// For each label the index of the instruction after it.
    labels: Vec<u32>,
}

/// Of a label that hasn't been placed.
const UNPLACED: u32 = u32::MAX;

/// Most units have fewer instructions than this.
const FEW: usize = 128;

impl Sequence {
    /// With room for what most units have.
    pub(crate) fn with_room() -> Self {
        Self { instructions: Vec::with_capacity(FEW), ..Self::default() }
    }

    /// Appends an instruction that isn't a jump.
    #[inline]
    pub(crate) fn push(&mut self, op: Op, argument: u32, location: Location) {
        debug_assert!(!op.has_target(), "{} takes a label", op.name());
        self.instructions.push(Instruction { op, argument, location });
    }

    /// Appends a jump, or an instruction that enters a block whose handler is at `target`.
    pub(crate) fn jump(&mut self, op: Op, target: Label, location: Location) {
        debug_assert!(op.has_target(), "{} takes no label", op.name());
        self.jumps.push(count(self.instructions.len()));
        self.instructions.push(Instruction { op, argument: target.0, location });
    }

    /// A new label, to be placed once.
    pub(crate) fn label(&mut self) -> Label {
        let label = Label(count(self.labels.len()));
        self.labels.push(UNPLACED);
        label
    }

    /// The label stands before the next instruction.
    pub(crate) fn place(&mut self, label: Label) {
        self.labels[label.0 as usize] = count(self.instructions.len());
    }

    /// Puts an instruction before all others; labels that stand before the first stay with it.
    ///
    /// As `instruction_sequence.c: _PyInstructionSequence_InsertInstruction, 3.13`.
    pub(crate) fn jump_first(&mut self, op: Op, target: Label, location: Location) {
        debug_assert!(op.has_target(), "{} takes no label", op.name());
        self.instructions.insert(0, Instruction { op, argument: target.0, location });
        self.jumps.iter_mut().for_each(|at| *at += 1);
        self.jumps.insert(0, 0);
        for place in &mut self.labels {
            if *place != UNPLACED {
                *place += 1;
            }
        }
    }

    pub(crate) fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// Gives its instructions away, and takes memory for the next ones.
    pub(crate) fn swap_instructions(&mut self, others: &mut Vec<Instruction>) {
        std::mem::swap(&mut self.instructions, others);
        self.instructions.clear();
    }

    /// The indices of the instructions that have targets, in ascending order.
    pub(crate) fn jumps(&self) -> &[u32] {
        &self.jumps
    }

    /// The index of the instruction that a jump's argument means; `None` for a label that was never placed.
    pub(crate) fn target(&self, argument: u32) -> Option<u32> {
        self.labels.get(argument as usize).copied().filter(|&place| place != UNPLACED)
    }

    /// The labels that have been placed: number, and the index of the instruction that the label stands before.
    pub(crate) fn places(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..).zip(self.labels.iter().copied()).filter(|&(_, place)| place != UNPLACED)
    }

    /// Empties it, to be filled again without allocating.
    pub(crate) fn clear(&mut self) {
        self.instructions.clear();
        self.jumps.clear();
        self.labels.clear();
    }
}
