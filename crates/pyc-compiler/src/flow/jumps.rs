//! Inverts conditions that would jump backward: only unconditional jumps can.
//!
//! `POP_JUMP_IF_TRUE → 2` in block 5 becomes `POP_JUMP_IF_FALSE → 6`, followed by `JUMP → 2` in a
//! new block.

use super::graph::{BlockId, Graph, NewJumps, Step};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;

/// `flowgraph.c: normalize_jumps`, 3.13.
pub(super) fn forward_conditions(work: &mut Work<'_>) {
    for_each_condition(work.graph, |graph, id| {
        let Some(&last) = graph.last(id) else { return };
        let (Some(op), target) = (opposite(last.op), BlockId::new(last.argument)) else { return };
        if !graph[target].visited {
            return;
        }
        let Some(next) = graph[id].next else { return };
        let back = graph.insert_after(id);
        graph.push(back, Step::jump(Op::JUMP, target, last.place));
        graph[back].cold = graph[id].cold;
        if let Some(last) = graph.last_mut(id) {
            last.set(op, next.number());
        }
    });
}

/// Gives conditional jumps their directions, for machines with separate instructions (`compile.c:
/// normalize_jumps`, 3.11).
pub(super) fn direct_conditions(work: &mut Work<'_>) {
    for_each_condition(work.graph, |graph, id| {
        let Some(target) = graph.jump_target(id) else { return };
        let is_forward = !graph[target].visited;
        if let Some(last) = graph.last_mut(id) {
            last.op = match (last.op, is_forward) {
                (Op::POP_JUMP_IF_FALSE, true) => Op::POP_JUMP_FORWARD_IF_FALSE,
                (Op::POP_JUMP_IF_TRUE, true) => Op::POP_JUMP_FORWARD_IF_TRUE,
                (Op::POP_JUMP_IF_NONE, true) => Op::POP_JUMP_FORWARD_IF_NONE,
                (Op::POP_JUMP_IF_NOT_NONE, true) => Op::POP_JUMP_FORWARD_IF_NOT_NONE,
                (Op::POP_JUMP_IF_FALSE, false) => Op::POP_JUMP_BACKWARD_IF_FALSE,
                (Op::POP_JUMP_IF_TRUE, false) => Op::POP_JUMP_BACKWARD_IF_TRUE,
                (Op::POP_JUMP_IF_NONE, false) => Op::POP_JUMP_BACKWARD_IF_NONE,
                (Op::POP_JUMP_IF_NOT_NONE, false) => Op::POP_JUMP_BACKWARD_IF_NOT_NONE,
                (other, _) => other,
            };
        }
        graph.note_end(id);
    });
}

/// The same for 3.14, where `NOT_TAKEN` marks the path that doesn't jump (`flowgraph.c:
/// normalize_jumps`, 3.14).
pub(super) fn note_untaken(work: &mut Work<'_>) {
    for_each_condition(work.graph, |graph, id| {
        let Some(&last) = graph.last(id) else { return };
        let (Some(op), target) = (opposite(last.op), BlockId::new(last.argument)) else { return };
        let Some(next) = graph[id].next else { return };
        let is_backward = graph[target].visited;
        // CPython appends the mark at the block's end, where memory may still hold the handler of a
        // removed step.
        let handler = match graph.new_jumps {
            NewJumps::LikeOld => last.handler,
            NewJumps::Unhandled if is_backward => None,
            NewJumps::Unhandled => graph.handler_behind(id),
        };
        let mark = graph.insert_after(id);
        graph.push(mark, Step { handler, ..Step::new(Op::NOT_TAKEN, 0, last.place) });
        graph[mark].visited = true;
        graph[mark].cold = graph[id].cold;
        // The depths have been measured already; that of a mark only appears in printed graphs.
        graph[mark].depth = graph[next].depth;
        if is_backward {
            graph.push(mark, Step { handler, ..Step::jump(Op::JUMP, target, last.place) });
            graph[mark].depth = graph[target].depth;
            if let Some(last) = graph.last_mut(id) {
                last.set(op, next.number());
            }
        }
    });
}

/// Visits the blocks that end in a condition, in order. A jump goes backward if its target has been
/// `visited`, as each block has been up to the one that is visited.
fn for_each_condition(graph: &mut Graph, mut change: impl FnMut(&mut Graph, BlockId)) {
    for block in graph.blocks_mut() {
        block.visited = false;
    }
    graph.for_each(|graph, id| {
        graph[id].visited = true;
        if graph[id].kinds.has(OpKinds::CONDITION) {
            change(graph, id);
        }
    });
}

/// The condition that jumps when `op` doesn't.
fn opposite(op: Op) -> Option<Op> {
    Some(match op {
        Op::POP_JUMP_IF_FALSE => Op::POP_JUMP_IF_TRUE,
        Op::POP_JUMP_IF_TRUE => Op::POP_JUMP_IF_FALSE,
        Op::POP_JUMP_IF_NONE => Op::POP_JUMP_IF_NOT_NONE,
        Op::POP_JUMP_IF_NOT_NONE => Op::POP_JUMP_IF_NONE,
        _ => return None,
    })
}
