//! Moves code that runs only after exceptions to the end.
//!
//! `try: a` / `except: b` / `c` has the order `a, c, b` in the code.

use super::graph::{BlockId, Graph, Place, Step};
use super::nops;
use super::work::Work;
use crate::instruction::Op;

/// `flowgraph.c: push_cold_blocks_to_end`, 3.13.
pub(super) fn cold_blocks(work: &mut Work<'_>) {
    if move_cold(work, Step::new(Op::JUMP_NO_INTERRUPT, 0, Place::NONE), 1) {
        nops::remove_all(work.graph);
    }
}

/// The same for 3.12: jumps back handle signals, and don't inherit a line from the step before.
pub(super) fn cold_blocks_by_jumps(work: &mut Work<'_>) {
    if move_cold(work, Step::new(Op::JUMP, 0, Place::NONE), 0) {
        nops::remove_jumps_once(work);
    }
}

/// Moves the cold blocks. Jumps back are like `jump`, each in a block of its own with this number
/// of predecessors. Returns whether there are any cold blocks.
fn move_cold(work: &mut Work<'_>, jump: Step, predecessors: u32) -> bool {
    let graph = &mut *work.graph;
    if graph[BlockId::ENTRY].next.is_none() {
        return false;
    }
    mark_warm(graph, &mut work.scratch.stack);
    mark_cold(graph, &mut work.scratch.stack);
    jump_back(graph, jump, predecessors);
    move_to_end(graph)
}

/// Marks blocks that are reached without exceptions (`mark_warm`, 3.13).
fn mark_warm(graph: &mut Graph, stack: &mut Vec<BlockId>) {
    stack.clear();
    graph[BlockId::ENTRY].warm = true;
    stack.push(BlockId::ENTRY);
    while let Some(id) = stack.pop() {
        for successor in [graph.fallthrough(id), graph.jump_target(id)].into_iter().flatten() {
            if !std::mem::replace(&mut graph[successor].warm, true) {
                stack.push(successor);
            }
        }
    }
}

/// Marks blocks that are reached from handlers and aren't warm (`mark_cold`, 3.13).
fn mark_cold(graph: &mut Graph, stack: &mut Vec<BlockId>) {
    stack.clear();
    graph.for_each(|graph, id| {
        if graph[id].handler {
            graph[id].cold = true;
            stack.push(id);
        }
    });
    while let Some(id) = stack.pop() {
        for successor in [graph.fallthrough(id), graph.jump_target(id)].into_iter().flatten() {
            let block = &mut graph[successor];
            if !block.warm && !block.cold {
                block.cold = true;
                stack.push(successor);
            }
        }
    }
}

/// Adds a jump where a cold block falls through to a warm one.
fn jump_back(graph: &mut Graph, jump: Step, predecessors: u32) {
    graph.for_each(|graph, id| {
        let Some(next) = graph.fallthrough(id) else { return };
        if graph[id].cold && graph[next].warm {
            let block = graph.insert_after(id);
            graph.push(block, Step { argument: next.number(), ..jump });
            graph[block].cold = true;
            graph[block].predecessors = predecessors;
            graph.give_label(next);
        }
    });
}

/// Moves the cold blocks to the end of the list. Returns whether there are any.
fn move_to_end(graph: &mut Graph) -> bool {
    let (mut last_warm, mut cold) = (BlockId::ENTRY, None::<(BlockId, BlockId)>);
    let mut at = graph[BlockId::ENTRY].next;
    while let Some(id) = at {
        at = graph[id].next;
        if graph[id].cold {
            match &mut cold {
                Some((_, last)) => {
                    graph[*last].next = Some(id);
                    *last = id;
                }
                None => cold = Some((id, id)),
            }
        } else {
            graph[last_warm].next = Some(id);
            last_warm = id;
        }
    }
    graph[last_warm].next = cold.map(|(first, _)| first);
    if let Some((_, last)) = cold {
        graph[last].next = None;
    }
    cold.is_some()
}
