//! From a sequence with labels to a graph of blocks.
//!
//! A block starts where a jump leads to and behind every jump, return and raise; labels that nobody jumps to don't
//! count (`compile.c: instr_sequence_to_cfg`; `flowgraph.c: translate_jump_labels_to_targets, mark_except_handlers`,
//! 3.13).

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
    graph.reset(instructions.len() + instructions.len() / 4);
    marks.clear();
    marks.resize(instructions.len(), 0);
    jumps.clear();
    for (at, instruction) in instructions.iter().enumerate() {
        if instruction.op.has_target() {
            jumps.push(count(at));
            let mark =
                sequence.target(instruction.argument).and_then(|to| marks.get_mut(to as usize));
            *mark.ok_or_else(|| malformed("a jump has no target"))? = 1;
        }
    }
    let mut ended = false;
    for (instruction, mark) in instructions.iter().zip(marks.iter_mut()) {
        let labelled = *mark != 0;
        let newest = graph.newest();
        if ended || labelled && (graph[newest].len() > 0 || graph[newest].labelled) {
            graph.begin();
        }
        let op = instruction.op;
        let block = graph.newest();
        if labelled {
            graph[block].labelled = true;
            *mark = block.number() + 1;
        }
        graph.ops.insert(op);
        graph.append(Step::new(op, instruction.argument, instruction.location));
        ended = op.is_terminator();
    }
    // No step has moved yet, so they stand where their instructions stood.
    for &at in &*jumps {
        let step = graph.step_mut(at as usize);
        let block = sequence.target(step.argument).map_or(0, |to| marks[to as usize] - 1);
        step.argument = block;
        if step.op.is_block_push() {
            graph[BlockId::new(block)].handler = true;
        }
    }
    if graph.ops.intersects(&super::handlers::PUSHES) {
        graph.for_each(|graph, id| {
            graph[id].pushes = graph.steps(id).iter().any(|step| step.op.is_block_push());
        });
    }
    Ok(())
}
