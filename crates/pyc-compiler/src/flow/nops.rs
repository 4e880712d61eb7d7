//! Removes what does nothing: `NOP`s whose line another instruction has, pairs that cancel out,
//! jumps to the next instruction.
//!
//! `pass` in a line of its own keeps its `NOP`, so that a tracer sees the line.

use super::graph::{BlockId, Graph, Lines, Nops, Step, next_of};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;
use crate::location::Line;

/// The kinds that may turn out to do nothing.
pub(super) const IDLE: OpKinds = OpKinds::NOP.with(OpKinds::UNCONDITIONAL);

/// Removes `NOP`s and jumps until none is redundant (`flowgraph.c:
/// remove_redundant_nops_and_jumps`, 3.13).
pub(super) fn remove_nops_and_jumps(work: &mut Work<'_>) {
    remove_all(work.graph);
}

/// [`remove_nops_and_jumps`] on a graph alone.
pub(super) fn remove_all(graph: &mut Graph) {
    // This ends, since jumps only become `NOP`s, and `NOP`s are only removed.
    loop {
        let mut changed = false;
        if graph.kinds.has(OpKinds::NOP) {
            graph.for_each(|graph, id| changed |= remove_nops(graph, id));
        }
        if graph.kinds.has(OpKinds::UNCONDITIONAL) {
            let mut redundant = false;
            graph.for_each(|graph, id| redundant |= remove_jump(graph, id));
            if redundant {
                continue;
            }
        }
        graph.forget(IDLE);
        // Unless a jump became a `NOP`, only `NOP`s that were kept can be redundant now.
        if !changed || !graph.kinds.has(OpKinds::NOP) {
            return;
        }
    }
}

/// Removes each block's redundant `NOP`s once. Others may become redundant by that.
pub(super) fn remove_nops_once(work: &mut Work<'_>) {
    work.graph.for_each(|graph, id| {
        remove_nops(graph, id);
    });
    work.graph.forget(OpKinds::NOP);
}

/// Replaces jumps to the next instruction by `NOP`s, and keeps those (`flowgraph.c:
/// remove_redundant_jumps`, 3.12).
pub(super) fn remove_jumps_once(work: &mut Work<'_>) {
    work.graph.for_each(|graph, id| {
        if graph[id].kinds.has(OpKinds::UNCONDITIONAL) && graph.jump_target(id) == graph[id].next {
            graph.clear_jump(id);
        }
    });
}

/// Removes empty blocks from the list, and redirects jumps to them to the block after them
/// (`flowgraph.c: eliminate_empty_basic_blocks`, 3.12).
pub(super) fn skip_empty(work: &mut Work<'_>) {
    work.graph.for_each(|graph, id| {
        graph[id].next = graph.nonempty(graph[id].next);
        if !graph[id].kinds.has(OpKinds::TARGET) {
            return;
        }
        for at in graph.range(id) {
            let Some(target) = graph.step_mut(at).target() else { continue };
            if let Some(nonempty) = graph.nonempty(Some(target)).filter(|&id| id != target) {
                graph.give_label(nonempty);
                graph.step_mut(at).argument = nonempty.number();
            }
        }
    });
}

/// Removes empty blocks from the list.
pub(super) fn link_nonempty(graph: &mut Graph) {
    graph.for_each(|graph, id| graph[id].next = graph.nonempty(graph[id].next));
}

/// Removes pushes that are directly followed by a pop, until there are none (`flowgraph.c:
/// remove_redundant_nops_and_pairs`, 3.13).
pub(super) fn remove_pairs(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    loop {
        let (mut changed, mut left) = (false, OpKinds::NONE);
        // Where the step before is, across blocks that only fall through.
        let mut before: Option<(BlockId, usize)> = None;
        graph.for_each(|graph, id| {
            remove_nops(graph, id);
            let block = graph[id];
            if block.labelled {
                // If a jump leads here, the step before in the code may not have run.
                before = None;
            }
            if block.kinds.has(OpKinds::POP) {
                changed |= remove_pairs_in(graph, id, before);
            }
            left |= block.kinds;
            if block.kinds.has(OpKinds::END) {
                before = None;
            } else if block.len() > 0 {
                before = Some((id, block.len() - 1));
            }
        });
        if !changed {
            graph.kinds = graph.kinds.without(IDLE.without(left));
            return;
        }
    }
}

/// Replaces pairs in a block by `NOP`s. The first step of a pair may be `before` the block.
fn remove_pairs_in(graph: &mut Graph, id: BlockId, before: Option<(BlockId, usize)>) -> bool {
    let mut changed = false;
    let mut from = 0;
    while let Some(at) = next_of(OpKinds::POP, graph.steps(id), from) {
        from = at + 1;
        let pushed = if at > 0 { Some((id, at - 1)) } else { before };
        let Some((block, place)) = pushed else { continue };
        let push = &mut graph.steps_mut(block)[place];
        if matches!(push.op, Op::LOAD_CONST | Op::LOAD_SMALL_INT | Op::LOAD_COMMON_CONSTANT)
            || push.op == Op::COPY && push.argument == 1
        {
            // A pair around this one is found in a later round, when no `NOP` is in between.
            push.clear();
            graph.steps_mut(id)[at].clear();
            graph.add_kinds(block, OpKinds::NOP);
            graph.add_kinds(id, OpKinds::NOP);
            changed = true;
        }
    }
    changed
}

/// Removes a block's `NOP`s that aren't needed for their line (`basicblock_remove_redundant_nops`,
/// 3.13).
#[inline(always)]
pub(super) fn remove_nops(graph: &mut Graph, id: BlockId) -> bool {
    graph[id].kinds.has(OpKinds::NOP) && remove_nops_of(graph, id)
}

/// A function of its own, so that the check of the kinds above is inlined.
#[inline(never)]
fn remove_nops_of(graph: &mut Graph, id: BlockId) -> bool {
    let ends_in_nop = graph.last(id).is_some_and(|last| last.op == Op::NOP);
    let line_behind = if ends_in_nop { next_line(graph, id) } else { None };
    let nops = graph.nops;
    let (steps, lines) = graph.steps_beside_lines(id);
    let len = steps.len();
    let first = next_nop(steps, 0);
    if first == len {
        graph[id].kinds = graph[id].kinds.without(OpKinds::NOP);
        return false;
    }
    let (mut at, mut kept, mut left) = (first, first, false);
    while at < len {
        if is_needed(steps, (at, kept), line_behind, lines, nops) {
            steps[kept] = steps[at];
            kept += 1;
            left = true;
        }
        let rest = at + 1;
        at = next_nop(steps, rest);
        if at > rest {
            steps.copy_within(rest..at, kept);
        }
        kept += at - rest;
    }
    graph.truncate(id, kept);
    if !left {
        graph[id].kinds = graph[id].kinds.without(OpKinds::NOP);
    }
    kept < len
}

/// Whether the `NOP` at `at` has a line that neither the last of the `kept` steps nor the next step
/// has. A next step without a line gets the `NOP`'s. `line_behind` is the line of what follows the
/// block.
fn is_needed(
    steps: &mut [Step],
    (at, kept): (usize, usize),
    line_behind: Option<Line>,
    lines: Lines<'_>,
    nops: Nops,
) -> bool {
    let place = steps[at].place;
    let line = lines.of(place);
    let shows_line = |before: &Step| {
        lines.of(before.place) == line
            && (nops != Nops::AfterAllButResume || before.op != Op::RESUME)
    };
    if !line.is_some() || kept > 0 && shows_line(&steps[kept - 1]) {
        return false;
    }
    match steps.get_mut(at + 1) {
        Some(next) if !next.has_line() => {
            next.place = place;
            false
        }
        Some(next) => lines.of(next.place) != line,
        None => line_behind != Some(line),
    }
}

/// Where the first `NOP` from `at` on is, or the end.
fn next_nop(steps: &[Step], mut at: usize) -> usize {
    while at < steps.len() && !matches!(steps[at].op, Op::NOP) {
        at += 1;
    }
    at
}

/// The line of what follows a block, ignoring `NOP`s that will be removed.
fn next_line(graph: &Graph, id: BlockId) -> Option<Line> {
    let next = graph.nonempty(graph[id].next)?;
    let mut steps = graph.steps(next).iter();
    let passes_over = graph.nops != Nops::BeforeFirst;
    let first = steps.find(|step| !passes_over || step.op != Op::NOP || step.has_line())?;
    Some(graph.lines().of(first.place))
}

/// Replaces a jump to the next instruction by a `NOP` (`remove_redundant_jumps`, 3.13).
#[inline(always)]
fn remove_jump(graph: &mut Graph, id: BlockId) -> bool {
    graph[id].kinds.has(OpKinds::UNCONDITIONAL) && remove_jump_of(graph, id)
}

/// A function of its own, so that the check of the kinds above is inlined.
#[inline(never)]
fn remove_jump_of(graph: &mut Graph, id: BlockId) -> bool {
    let target = graph.nonempty(graph.jump_target(id));
    let redundant = target.is_some() && target == graph.nonempty(graph[id].next);
    if redundant {
        graph.clear_jump(id);
    }
    redundant
}
