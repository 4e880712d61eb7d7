//! Moves what only exceptions lead to behind everything else.
//!
//! `try: a` / `except: b` / `c` stands as `a, c, b` in the code.

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

/// The same of 3.12: what jumps back looks for signals, and gets no line from what stands before
/// it.
pub(super) fn cold_blocks_by_jumps(work: &mut Work<'_>) {
    if move_cold(work, Step::new(Op::JUMP, 0, Place::NONE), 0) {
        nops::remove_jumps_once(work);
    }
}

/// Moves them, with jumps back like `jump`, each in a block that counts as reached so often; tells
/// whether there are any.
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

/// What is reached without exceptions (`mark_warm`, 3.13).
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

/// What handlers lead to and isn't warm (`mark_cold`, 3.13).
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

/// Where a cold block goes on to a warm one, it will have to jump.
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

/// Takes the cold blocks out of the list and appends them; tells whether there are any.
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
