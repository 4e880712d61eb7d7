//! A unit's instructions as code generation appends them.
//!
//! `let end = code.label(); code.jump(Op::JUMP, end, at); …; code.place(end);`

use super::{Instruction, Op};
use crate::location::Location;
use crate::name::count;

/// A jump target, which can be used before its position is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Label(u32);

/// Instructions, and the positions of labels in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sequence {
    instructions: Vec<Instruction>,
    /// The indices of the instructions whose argument is a label.
    jumps: Vec<u32>,
    labels: Vec<Mark>,
    /// The number of placed labels.
    placed: u32,
}

/// The state of a label.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// The index of the next instruction when the label was created.
    made: u32,
    /// The index of the instruction at the label.
    place: u32,
    /// The number of labels that were placed before it.
    turn: u32,
}

/// The position of a label that hasn't been placed.
const UNPLACED: u32 = u32::MAX;

/// A capacity that is sufficient for most units.
const FEW: usize = 128;

impl Sequence {
    /// A sequence with capacity for most units.
    pub(crate) fn with_room() -> Self {
        Self { instructions: Vec::with_capacity(FEW), ..Self::default() }
    }

    /// Appends an instruction that isn't a jump.
    #[inline(always)]
    pub(crate) fn push(&mut self, op: Op, argument: u32, location: Location) {
        // A build script has debug assertions, and appends millions of instructions.
        if cfg!(test) {
            assert!(!op.has_target(), "{} takes a label", op.name());
        }
        self.instructions.push(Instruction { op, argument, location });
    }

    /// Appends a jump, or an instruction that enters a block whose handler is at `target`.
    pub(crate) fn jump(&mut self, op: Op, target: Label, location: Location) {
        debug_assert!(op.has_target(), "{} takes no label", op.name());
        self.jumps.push(count(self.instructions.len()));
        self.instructions.push(Instruction { op, argument: target.0, location });
    }

    /// Creates a label, which must be placed once.
    pub(crate) fn label(&mut self) -> Label {
        let label = Label(count(self.labels.len()));
        self.labels.push(Mark { made: count(self.instructions.len()), place: UNPLACED, turn: 0 });
        label
    }

    /// Places the label before the next instruction.
    pub(crate) fn place(&mut self, label: Label) {
        let mark = &mut self.labels[label.0 as usize];
        mark.place = count(self.instructions.len());
        mark.turn = self.placed;
        self.placed += 1;
    }

    /// Inserts an instruction before the one at `at`, to which nothing may jump; labels keep their
    /// instructions.
    ///
    /// This follows `instruction_sequence.c: _PyInstructionSequence_InsertInstruction, 3.13`.
    pub(crate) fn jump_before(&mut self, at: usize, op: Op, target: Label, location: Location) {
        debug_assert!(op.has_target(), "{} takes no label", op.name());
        self.instructions.insert(at, Instruction { op, argument: target.0, location });
        self.jumps.iter_mut().for_each(|jump| *jump += 1);
        let at = count(at);
        self.jumps.insert(0, at);
        for Mark { place, .. } in &mut self.labels {
            if *place != UNPLACED && *place >= at {
                *place += 1;
            }
        }
    }

    /// The number of instructions.
    pub(crate) fn len(&self) -> usize {
        self.instructions.len()
    }

    /// Moves the instructions from index `from` on, which have neither labels nor targets, to index
    /// `to`, before the labels there.
    pub(crate) fn move_last(&mut self, from: usize, to: usize) {
        let moved = self.instructions.len() - from;
        self.instructions[to..].rotate_right(moved);
        let (to, moved) = (count(to), count(moved));
        self.jumps.iter_mut().filter(|at| **at >= to).for_each(|at| *at += moved);
        for Mark { place, .. } in &mut self.labels {
            if *place != UNPLACED && *place >= to {
                *place += moved;
            }
        }
    }

    pub(crate) fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// Swaps the instructions with `others`, whose memory is reused.
    pub(crate) fn swap_instructions(&mut self, others: &mut Vec<Instruction>) {
        std::mem::swap(&mut self.instructions, others);
        self.instructions.clear();
    }

    /// The indices of the instructions that have targets, in ascending order.
    pub(crate) fn jumps(&self) -> &[u32] {
        &self.jumps
    }

    /// The index of the instruction to which a jump's argument refers; `None` for a label that was
    /// never placed.
    pub(crate) fn target(&self, argument: u32) -> Option<u32> {
        let place = self.labels.get(argument as usize)?.place;
        (place != UNPLACED).then_some(place)
    }

    /// The placed labels: their number, and the index of the instruction at the label.
    pub(crate) fn places(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..).zip(self.labels.iter().map(|mark| mark.place)).filter(|&(_, place)| place != UNPLACED)
    }

    /// Whether there is a `return` at the end, without a label after it.
    pub(crate) fn ends_in_return(&self) -> bool {
        let end = count(self.instructions.len());
        self.instructions.last().is_some_and(|last| last.op == Op::RETURN_VALUE)
            && self.labels.iter().all(|mark| mark.place != end)
    }

    /// Whether the label was placed after the other one.
    pub(crate) fn is_placed_after(&self, label: u32, other: u32) -> bool {
        self.labels[label as usize].turn > self.labels[other as usize].turn
    }

    /// For each label, the index of the next instruction when it was created.
    pub(crate) fn made(&self) -> impl Iterator<Item = u32> + '_ {
        self.labels.iter().map(|mark| mark.made)
    }

    /// Clears it, and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.instructions.clear();
        self.jumps.clear();
        self.labels.clear();
        self.placed = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_belong_to_the_following_instruction() {
        let at = Location::NONE;
        let mut code = Sequence::default();
        let (first, end) = (code.label(), code.label());
        code.push(Op::RESUME, 0, at);
        code.place(first);
        code.push(Op::NOP, 0, at);
        code.jump(Op::JUMP, first, at);
        code.place(end);
        code.push(Op::LOAD_CONST, 1, at);
        code.push(Op::STORE_NAME, 2, at);
        code.move_last(3, 1);
        let ops: Vec<_> = code.instructions().iter().map(|one| one.op).collect();
        assert_eq!(ops, [Op::RESUME, Op::LOAD_CONST, Op::STORE_NAME, Op::NOP, Op::JUMP]);
        assert_eq!(code.jumps(), [4]);
        assert_eq!(code.places().collect::<Vec<_>>(), [(0, 3), (1, 5)]);
    }
}
