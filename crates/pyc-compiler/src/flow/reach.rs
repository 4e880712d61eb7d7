//! Empties unreachable blocks, and counts the predecessors of the others.
//!
//! `return 1; x = 2` leaves only an empty block for the assignment.

use super::graph::{Block, BlockId, Graph, Step};
use super::op_kinds::OpKinds;
use super::work::Work;

/// Walks from the entry (`flowgraph.c: remove_unreachable`, 3.13).
pub(super) fn remove_unreachable(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    let stack = &mut work.scratch.stack;
    forget(graph, stack);
    reach(&mut graph[BlockId::ENTRY], BlockId::ENTRY, stack);
    while let Some(id) = stack.pop() {
        let (next, target) = (graph.fallthrough(id), graph.jump_target(id));
        let pushes = graph[id].kinds.has(OpKinds::PUSH);
        let (steps, mut blocks) = graph.steps_beside_blocks(id);
        if let Some(next) = next {
            reach(&mut blocks[next], next, stack);
        }
        if pushes {
            for handler in steps.iter().filter(|step| step.kinds().has(OpKinds::PUSH)) {
                let handler = BlockId::new(handler.argument);
                reach(&mut blocks[handler], handler, stack);
            }
        }
        if let Some(target) = target {
            reach(&mut blocks[target], target, stack);
        }
    }
    empty_unreached(graph);
}

/// The same for 3.12, with its way of counting: a block that is found again before it is visited is
/// visited twice, and each time its successors are counted (`flowgraph.c: mark_reachable`, 3.12).
pub(super) fn remove_unreachable_by_turns(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    let stack = &mut work.scratch.stack;
    forget(graph, stack);
    count_turn(&mut graph[BlockId::ENTRY], BlockId::ENTRY, stack);
    while let Some(id) = stack.pop() {
        graph[id].visited = true;
        let next = graph.fallthrough(id);
        let leads = graph[id].kinds.has(OpKinds::TARGET);
        let (steps, mut blocks) = graph.steps_beside_blocks(id);
        if let Some(next) = next {
            count_turn(&mut blocks[next], next, stack);
        }
        if leads {
            for target in steps.iter().filter_map(Step::target) {
                count_turn(&mut blocks[target], target, stack);
            }
        }
    }
    empty_unreached(graph);
}

/// Resets all counts.
fn forget(graph: &mut Graph, stack: &mut Vec<BlockId>) {
    for block in graph.blocks_mut() {
        block.predecessors = 0;
        block.visited = false;
    }
    stack.clear();
}

fn count_turn(block: &mut Block, id: BlockId, stack: &mut Vec<BlockId>) {
    block.predecessors += 1;
    if !block.visited {
        stack.push(id);
    }
}

fn empty_unreached(graph: &mut Graph) {
    for block in graph.blocks_mut().iter_mut().filter(|block| block.predecessors == 0) {
        block.handler = false;
        block.empty();
    }
    graph.kinds = graph.kinds.without(OpKinds::REROUTED);
}

#[inline]
fn reach(block: &mut Block, id: BlockId, stack: &mut Vec<BlockId>) {
    block.predecessors += 1;
    if !std::mem::replace(&mut block.visited, true) {
        stack.push(id);
    }
}
