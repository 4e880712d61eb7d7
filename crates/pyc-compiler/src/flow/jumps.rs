//! Turns conditions around that would jump backward, for only plain jumps can.
//!
//! `POP_JUMP_IF_TRUE → 2` in block 5 becomes `POP_JUMP_IF_FALSE → 6` there and `JUMP → 2` in a block between.

use super::class::Class;
use super::graph::{BlockId, Step};
use super::work::Work;
use crate::instruction::Op;

/// `flowgraph.c: normalize_jumps`, 3.13.
pub(super) fn forward_conditions(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    for block in graph.blocks_mut() {
        block.visited = false;
    }
    graph.for_each(|graph, id| {
        graph[id].visited = true;
        if !graph[id].class.has(Class::CONDITION) {
            return;
        }
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
