//! Converts conditional jumps that keep their value on the stack into real ones.
//!
//! `JUMP_IF_FALSE → 2` becomes `COPY 1; TO_BOOL; POP_JUMP_IF_FALSE → 2`.

use super::graph::Step;
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;

/// `flowgraph.c: convert_pseudo_conditional_jumps`, 3.14.
pub(super) fn copy_values(work: &mut Work<'_>) {
    work.graph.for_each(|graph, id| {
        if !graph[id].kinds.has(OpKinds::KEEPS) {
            return;
        }
        let Some(&jump) = graph.last(id) else { return };
        let op = match jump.op {
            Op::JUMP_IF_FALSE => Op::POP_JUMP_IF_FALSE,
            Op::JUMP_IF_TRUE => Op::POP_JUMP_IF_TRUE,
            _ => return,
        };
        graph.replace_last(id, Step { op: Op::COPY, argument: 1, ..jump });
        graph.push(id, Step { op: Op::TO_BOOL, argument: 0, ..jump });
        graph.push(id, Step { op, ..jump });
        graph.note_end(id);
    });
}
