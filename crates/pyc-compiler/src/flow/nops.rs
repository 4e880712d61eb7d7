//! Removes what does nothing: `NOP`s whose line something else has, pairs that cancel out, jumps to what comes next.
//!
//! `pass` on a line of its own keeps its `NOP`, so that a tracer sees the line.

use super::class::Class;
use super::graph::{BlockId, Graph, Step};
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
            let block = graph[id];
            if block.labelled {
                before = None;
            }
            if block.len() > 0 {
                if block.class.has(Class::POP) {
                    changed |= remove_pairs_in(graph, id, before);
                }
                before = Some((id, block.len() - 1));
            }
            let class = before.and_then(|(block, _)| graph.last(block)).map(Step::class);
            if class.is_some_and(|class| class.has(Class::JUMP)) || !graph.falls_through(id) {
                before = None;
            }
        });
        if !changed {
            return;
        }
    }
}

/// Makes pairs in a block `NOP`s, of which the first may be the step `before` it.
fn remove_pairs_in(graph: &mut Graph, id: BlockId, before: Option<(BlockId, usize)>) -> bool {
    let mut changed = false;
    for at in 0..graph[id].len() {
        if graph.steps(id)[at].op != Op::POP_TOP {
            continue;
        }
        let pushed = if at > 0 { Some((id, at - 1)) } else { before };
        let Some((block, place)) = pushed else { continue };
        let push = &mut graph.steps_mut(block)[place];
        if push.op == Op::LOAD_CONST || push.op == Op::COPY && push.argument == 1 {
            push.clear();
            graph.steps_mut(id)[at].clear();
            graph.add_class(block, Class::NOP);
            graph.add_class(id, Class::NOP);
            changed = true;
        }
    }
    changed
}

/// Removes a block's `NOP`s that no line needs (`basicblock_remove_redundant_nops`, 3.13).
pub(super) fn remove_nops(graph: &mut Graph, id: BlockId) -> bool {
    if !graph[id].class.has(Class::NOP) {
        return false;
    }
    let ends_in_nop = graph.last(id).is_some_and(|last| last.op == Op::NOP);
    let line_behind = if ends_in_nop { next_line(graph, id) } else { None };
    let steps = graph.steps_mut(id);
    let len = steps.len();
    let Some(first) = steps.iter().position(|step| step.op == Op::NOP) else {
        graph[id].class = graph[id].class.without(Class::NOP);
        return false;
    };
    let (mut kept, mut left) = (first, false);
    let mut line_before = first.checked_sub(1).map_or(-1, |before| steps[before].location.line);
    for at in first..len {
        let step = steps[at];
        let line = step.location.line;
        if step.op == Op::NOP {
            if line < 0 || line == line_before {
                continue;
            }
            match steps.get_mut(at + 1) {
                Some(next) if next.location.line == line => continue,
                Some(next) if !next.has_line() => {
                    next.location = step.location;
                    continue;
                }
                None if line_behind == Some(line) => continue,
                _ => left = true,
            }
        }
        steps[kept] = step;
        kept += 1;
        line_before = line;
    }
    graph.truncate(id, kept);
    if !left {
        graph[id].class = graph[id].class.without(Class::NOP);
    }
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
    if !graph[id].class.has(Class::UNCONDITIONAL) {
        return false;
    }
    let Some(last) = graph.last(id).filter(|last| last.class().has(Class::UNCONDITIONAL)) else {
        return false;
    };
    let target = graph.nonempty(Some(BlockId::new(last.argument)));
    let redundant = target.is_some() && target == graph.nonempty(graph[id].next);
    if redundant {
        if let Some(last) = graph.last_mut(id) {
            last.clear();
        }
        graph.add_class(id, Class::NOP);
    }
    redundant
}
