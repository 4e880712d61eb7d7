//! From a sequence with labels to a graph of blocks.
//!
//! A block starts where a jump leads to and behind every jump, return and raise; labels that nobody jumps to count in 3.12
//! only (`compile.c: instr_sequence_to_cfg`; `flowgraph.c: translate_jump_labels_to_targets, mark_except_handlers`,
//! 3.13).

use super::{Block, BlockId, Graph, Place, Step};
use crate::error::Result;
use crate::flow::class::Class;
use crate::flow::malformed;
use crate::instruction::{Instruction, Sequence};
use crate::name::count;

/// For each instruction of a sequence whether a jump leads to it, then one more than its block's number.
#[derive(Debug, Default)]
pub(in crate::flow) struct Marks(Vec<u32>);

/// Which labels begin blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flow) enum Labels {
    /// Those that something leads to.
    Used,
    /// All that have been placed.
    All,
}

impl Graph {
    /// Becomes the graph of `sequence`.
    pub(in crate::flow) fn build(
        &mut self,
        sequence: &mut Sequence,
        marks: &mut Marks,
        labels: Labels,
    ) -> Result<()> {
        sequence.swap_instructions(&mut self.places.0);
        self.fill();
        let Marks(marks) = marks;
        marks.clear();
        marks.resize(self.steps.len(), 0);
        for &at in sequence.jumps() {
            let target = sequence.target(self.steps[at as usize].argument);
            let mark = target.and_then(|to| marks.get_mut(to as usize));
            *mark.ok_or_else(|| malformed("a jump has no target"))? = 1;
        }
        if labels == Labels::All {
            for (label, place) in sequence.places() {
                if let Some(mark) = marks.get_mut(place as usize) {
                    // Of labels in the same place the last one counts.
                    *mark = label + 1;
                }
            }
        }
        self.divide(marks);
        for &at in sequence.jumps() {
            let step = &mut self.steps[at as usize];
            let block = sequence.target(step.argument).map_or(0, |to| marks[to as usize] - 1);
            step.argument = block;
            if step.class().has(Class::PUSH) {
                self[BlockId::new(block)].handler = true;
            }
        }
        Ok(())
    }

    /// Makes a step of each instruction.
    fn fill(&mut self) {
        let Self { steps, places, .. } = self;
        let instructions = places.0.iter();
        steps.clear();
        // Some blocks will grow, and move.
        steps.reserve(instructions.len() + instructions.len() / 4);
        steps.extend(instructions.zip(Place::all()).map(|(instruction, place)| {
            let &Instruction { op, argument, location } = instruction;
            Step::new(op, argument, if location.line < 0 { Place::NONE } else { place })
        }));
    }

    /// Makes blocks of the steps, which begin at those that are marked and behind those that end one.
    fn divide(&mut self, marks: &mut [u32]) {
        let Self { steps, blocks, class: all, .. } = self;
        blocks.clear();
        *all = Class::NONE;
        let (mut block, mut class) = (Block::new(0), Class::NONE);
        for (at, (step, mark)) in steps.iter().zip(marks).enumerate() {
            if *mark != 0 || class.has(Class::END) {
                // The entry block begins without being begun.
                if at > 0 {
                    let next = BlockId::new(count(blocks.len()) + 1);
                    blocks.push(block.ended(at, class, Some(next)));
                    block = Block::new(count(at));
                    *all |= class;
                    class = Class::NONE;
                }
                if *mark != 0 {
                    block.labelled = true;
                    block.label = *mark - 1;
                    *mark = count(blocks.len()) + 1;
                }
            }
            class |= step.class_in_block();
        }
        blocks.push(block.ended(steps.len(), class, None));
        *all |= class;
    }
}

impl Block {
    /// With its end before the step `at`.
    fn ended(self, at: usize, class: Class, next: Option<BlockId>) -> Self {
        Self { len: count(at) - self.start, class, next, ..self }
    }
}
