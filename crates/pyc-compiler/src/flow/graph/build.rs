//! Builds the graph of blocks from a sequence with labels.
//!
//! A block starts at each jump target and after every jump, return and raise. Labels without jumps
//! matter only in 3.12 (`compile.c: instr_sequence_to_cfg`; `flowgraph.c:
//! translate_jump_labels_to_targets, mark_except_handlers`, 3.13).

use super::{Block, BlockId, Graph, Place, Step};
use crate::error::Result;
use crate::flow::malformed;
use crate::flow::op_kinds::OpKinds;
use crate::instruction::{Instruction, Sequence};
use crate::name::{count, push_copies};

/// For each instruction of a sequence: first whether it is a jump target, then its block's number +
/// 1.
#[derive(Debug, Default)]
pub(in crate::flow) struct Marks(Vec<u32>);

/// Which labels start blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flow) enum Labels {
    /// Those with jumps to them.
    Used,
    /// All that have been placed.
    All,
    /// All that have been placed; blocks are numbered in the order in which CPython allocates them.
    Allocated,
}

impl Graph {
    /// Replaces the graph by that of `sequence`.
    pub(in crate::flow) fn build(
        &mut self,
        sequence: &mut Sequence,
        marks: &mut Marks,
        labels: Labels,
    ) -> Result<()> {
        sequence.swap_instructions(&mut self.places.0);
        let Marks(marks) = marks;
        marks.clear();
        push_copies(marks, &[0; 64], self.places.0.len());
        for &at in sequence.jumps() {
            let target = sequence.target(self.places.0[at as usize].argument);
            let mark = target.and_then(|to| marks.get_mut(to as usize));
            *mark.ok_or_else(|| malformed("a jump has no target"))? = 1;
        }
        match labels {
            Labels::Used => {}
            Labels::All => {
                for (label, place) in sequence.places() {
                    if let Some(mark) = marks.get_mut(place as usize) {
                        // If several labels have the same position, the last one counts.
                        *mark = label + 1;
                    }
                }
            }
            Labels::Allocated => mark_last_placed(sequence, marks),
        }
        self.fill(marks);
        if labels == Labels::Allocated {
            self.number_as_allocated(sequence);
        }
        for &at in sequence.jumps() {
            let step = &mut self.steps[at as usize];
            let block = sequence.target(step.argument).map_or(0, |to| marks[to as usize] - 1);
            step.argument = block;
            if step.kinds().has(OpKinds::PUSH) {
                self[BlockId::new(block)].handler = true;
            }
        }
        Ok(())
    }

    /// Creates a step for each instruction, and the blocks. These start at marked steps, and after
    /// steps that end a block.
    fn fill(&mut self, marks: &mut [u32]) {
        let Self { steps, blocks, places, kinds: all, .. } = self;
        let instructions = places.0.iter();
        steps.clear();
        // Reserves room for blocks that will grow and be moved.
        steps.reserve(instructions.len() + instructions.len() / 4);
        blocks.clear();
        *all = OpKinds::NONE;
        let (mut block, mut kinds) = (Block::new(0), OpKinds::NONE);
        let marked = instructions.zip(marks).zip(0..);
        steps.extend(marked.map(|((instruction, mark), at)| {
            if *mark != 0 || kinds.has(OpKinds::END) {
                // The entry block exists already.
                if at > 0 {
                    let next = BlockId::new(count(blocks.len()) + 1);
                    blocks.push(block.ended(at, kinds, Some(next)));
                    block = Block::new(at);
                    *all |= kinds;
                    kinds = OpKinds::NONE;
                }
                if *mark != 0 {
                    block.labelled = true;
                    block.label = *mark - 1;
                    *mark = count(blocks.len()) + 1;
                }
            }
            let &Instruction { op, argument, location } = instruction;
            kinds |= OpKinds::of(op);
            let mut place = Place::of(at);
            if !location.line.is_some() {
                place = Place::nowhere(location);
                kinds |= OpKinds::LINELESS;
            }
            Step::new(op, argument, place)
        }));
        blocks.push(block.ended(count(steps.len()), kinds, None));
        *all |= kinds;
    }
}

impl Graph {
    /// Numbers blocks in the order in which CPython 3.11 allocates them: together with their
    /// labels, or when the first instruction after a jump is appended (`compile.c:
    /// compiler_new_block, compiler_use_new_implicit_block_if_needed`, 3.11).
    fn number_as_allocated(&mut self, sequence: &Sequence) {
        let mut made = sequence.made().peekable();
        let mut labels = 0;
        for block in &mut self.blocks {
            while made.next_if(|&at| at <= block.start).is_some() {
                labels += 1;
            }
            // The block of label `n` is number `2 * n + 2`. A block without a label comes after the
            // blocks of all labels that were made before it.
            block.label = if block.labelled { 2 * block.label + 2 } else { 2 * labels + 1 };
            // A pass that redirects a jump to this block mustn't number it again.
            block.labelled = true;
        }
        if let Some(entry) = self.blocks.first_mut() {
            entry.label = 0;
        }
    }
}

/// Marks the positions of labels by the last label there. The labels before it start empty blocks.
fn mark_last_placed(sequence: &Sequence, marks: &mut [u32]) {
    // Jump targets are marked already, but not by a label's number.
    marks.fill(0);
    for (label, place) in sequence.places() {
        if let Some(mark) = marks.get_mut(place as usize) {
            if *mark == 0 || sequence.is_placed_after(label, *mark - 1) {
                *mark = label + 1;
            }
        }
    }
}

impl Block {
    /// The block, with its end before the step `at`.
    fn ended(self, at: u32, kinds: OpKinds, next: Option<BlockId>) -> Self {
        let len = at - self.start;
        Self { len, most: len, kinds, next, ..self }
    }
}
