//! Removes what does nothing: `NOP`s whose line something else has, pairs that cancel out, jumps to what comes next.
//!
//! `pass` on a line of its own keeps its `NOP`, so that a tracer sees the line.

use super::graph::{BlockId, Graph};
use super::work::Work;
use crate::instruction::Op;

/// Removes `NOP`s and jumps until none is redundant (`flowgraph.c: remove_redundant_nops_and_jumps`, 3.13).
pub(super) fn remove_nops_and_jumps(work: &mut Work<'_>) {
    remove_all(work.graph);
}

/// [`remove_nops_and_jumps`] without the rest of the work.
pub(super) fn remove_all(graph: &mut Graph) {
    loop {
        let mut changed = false;
        graph.for_each(|graph, id| changed |= remove_nops(graph, id));
        graph.for_each(|graph, id| changed |= remove_jump(graph, id));
        if !changed {
            return;
        }
    }
}

/// Removes pushes that are popped at once, until there are none (`flowgraph.c: remove_redundant_nops_and_pairs`, 3.13).
pub(super) fn remove_pairs(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    loop {
        let mut changed = false;
        // Where the step before is, through blocks that only follow each other.
        let mut before: Option<(BlockId, usize)> = None;
        graph.for_each(|graph, id| {
            remove_nops(graph, id);
            if graph[id].labelled {
                before = None;
            }
            for at in 0..graph[id].len() {
                let pushed = before.replace((id, at));
                if graph.steps(id)[at].op != Op::POP_TOP {
                    continue;
                }
                let Some((block, place)) = pushed else { continue };
                let push = &mut graph.steps_mut(block)[place];
                if push.op == Op::LOAD_CONST || push.op == Op::COPY && push.argument == 1 {
                    push.clear();
                    graph.steps_mut(id)[at].clear();
                    changed = true;
                }
            }
            let jumps = before.is_some_and(|(block, at)| graph.steps(block)[at].op.is_jump());
            if jumps || !graph.falls_through(id) {
                before = None;
            }
        });
        if !changed {
            return;
        }
    }
}

/// Removes a block's `NOP`s that no line needs (`basicblock_remove_redundant_nops`, 3.13).
pub(super) fn remove_nops(graph: &mut Graph, id: BlockId) -> bool {
    let steps = graph.steps(id);
    let Some(first) = steps.iter().position(|step| step.op == Op::NOP) else { return false };
    let len = steps.len();
    let mut kept = first;
    let mut line_before = first.checked_sub(1).map_or(-1, |before| steps[before].location.line);
    for at in first..len {
        let steps = graph.steps_mut(id);
        let step = steps[at];
        let line = step.location.line;
        if step.op == Op::NOP {
            if line < 0 || line == line_before {
                continue;
            }
            if let Some(next) = steps.get_mut(at + 1) {
                if next.location.line == line {
                    continue;
                }
                if !next.has_line() {
                    next.location = step.location;
                    continue;
                }
            } else if next_line(graph, id) == Some(line) {
                continue;
            }
        }
        graph.steps_mut(id)[kept] = step;
        kept += 1;
        line_before = line;
    }
    graph.truncate(id, kept);
    kept < len
}

/// The line of what follows a block, passing over `NOP`s that will be gone.
fn next_line(graph: &Graph, id: BlockId) -> Option<i32> {
    let next = graph.nonempty(graph[id].next)?;
    let mut steps = graph.steps(next).iter();
    steps.find(|step| step.op != Op::NOP || step.has_line()).map(|step| step.location.line)
}

/// Makes a jump to what comes next a `NOP` (`remove_redundant_jumps`, 3.13).
fn remove_jump(graph: &mut Graph, id: BlockId) -> bool {
    let Some(last) = graph.last(id).filter(|last| last.op.is_unconditional_jump()) else {
        return false;
    };
    let target = graph.nonempty(Some(BlockId::new(last.argument)));
    let redundant = target.is_some() && target == graph.nonempty(graph[id].next);
    if redundant {
        if let Some(last) = graph.last_mut(id) {
            last.clear();
        }
    }
    redundant
}
