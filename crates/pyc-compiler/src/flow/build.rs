//! From a sequence with labels to a graph of blocks.
//!
//! A block starts where a jump leads to and behind every jump, return and raise; labels that nobody jumps to don't
//! count (`compile.c: instr_sequence_to_cfg`; `flowgraph.c: translate_jump_labels_to_targets, mark_except_handlers`,
//! 3.13).

use super::class::Class;
use super::graph::{BlockId, Graph, Step};
use super::malformed;
use crate::error::Result;
use crate::instruction::Sequence;
use crate::name::count;

/// What building needs for a while.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// For each instruction of the sequence: whether a jump leads to it, then one more than its block's number.
    marks: Vec<u32>,
    /// The instructions that have targets.
    jumps: Vec<u32>,
}

/// The graph of `sequence`.
pub(super) fn build(graph: &mut Graph, sequence: &Sequence, labels: &mut Labels) -> Result<()> {
    let instructions = sequence.instructions();
    let Labels { marks, jumps } = labels;
    graph.reset(
        instructions.iter().map(|instruction| {
            Step::new(instruction.op, instruction.argument, instruction.location)
        }),
    );
    marks.clear();
    marks.resize(instructions.len(), 0);
    jumps.clear();
    for (at, instruction) in instructions.iter().enumerate() {
        if Class::of(instruction.op).has(Class::TARGET) {
            jumps.push(count(at));
            let target = sequence.target(instruction.argument);
            let mark = target.and_then(|to| marks.get_mut(to as usize));
            *mark.ok_or_else(|| malformed("a jump has no target"))? = 1;
        }
    }
    let mut class = Class::NONE;
    for (at, (instruction, mark)) in instructions.iter().zip(marks.iter_mut()).enumerate() {
        if *mark != 0 || class.has(Class::END) {
            // The entry block begins without being begun.
            let id = if at > 0 { graph.begin(at, class) } else { BlockId::ENTRY };
            class = Class::NONE;
            if *mark != 0 {
                graph[id].labelled = true;
                *mark = id.number() + 1;
            }
        }
        class |= Class::of(instruction.op);
        if instruction.location.line < 0 {
            class |= Class::LINELESS;
        }
    }
    graph.end(instructions.len(), class);
    // No step has moved yet, so they stand where their instructions stood.
    for &at in &*jumps {
        let step = graph.step_mut(at as usize);
        let block = sequence.target(step.argument).map_or(0, |to| marks[to as usize] - 1);
        step.argument = block;
        if step.class().has(Class::PUSH) {
            graph[BlockId::new(block)].handler = true;
        }
    }
    Ok(())
}
