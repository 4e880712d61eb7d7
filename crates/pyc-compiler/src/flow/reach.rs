//! Empties blocks that control never reaches, and counts from where it reaches the others.
//!
//! `return 1; x = 2` leaves nothing of the assignment but an empty block.

use super::class::Class;
use super::graph::{BlockId, Graph, Step};
use super::work::Work;

/// Walks from the entry (`flowgraph.c: remove_unreachable`, 3.13).
pub(super) fn remove_unreachable(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    let stack = &mut work.scratch.stack;
    for block in graph.blocks_mut() {
        block.predecessors = 0;
        block.visited = false;
    }
    stack.clear();
    reach(graph, BlockId::ENTRY, stack);
    while let Some(id) = stack.pop() {
        if let Some(next) = graph.fallthrough(id) {
            reach(graph, next, stack);
        }
        if graph[id].class.has(Class::PUSH) {
            for at in graph.range(id) {
                if let Some(target) = graph.step_mut(at).target() {
                    reach(graph, target, stack);
                }
            }
        } else if let Some(target) = graph.last(id).and_then(Step::target) {
            reach(graph, target, stack);
        }
    }
    let mut at = Some(BlockId::ENTRY);
    while let Some(id) = at {
        let block = &mut graph[id];
        at = block.next;
        if block.predecessors == 0 {
            block.handler = false;
            graph.truncate(id, 0);
        }
    }
}

fn reach(graph: &mut Graph, id: BlockId, stack: &mut Vec<BlockId>) {
    let block = &mut graph[id];
    block.predecessors += 1;
    if !block.visited {
        block.visited = true;
        stack.push(id);
    }
}
