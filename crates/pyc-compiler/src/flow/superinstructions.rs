//! Fuses two loads or stores of local variables into one instruction.
//!
//! `LOAD_FAST a; LOAD_FAST b` becomes `LOAD_FAST_LOAD_FAST a, b` if both numbers are below 16.

use super::graph::{BlockId, Graph, Step};
use super::nops;
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;

/// `flowgraph.c: insert_superinstructions`, 3.13.
pub(super) fn superinstructions(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    let mut nops = false;
    graph.for_each(|graph, id| {
        if graph[id].kinds.has(OpKinds::LOCAL) && fuse_in(graph, id) {
            graph.add_kinds(id, OpKinds::NOP);
            nops::remove_nops(graph, id);
            nops = true;
        }
    });
    if nops {
        graph.forget(OpKinds::NOP);
    }
}

/// Fuses pairs in a block. Returns whether there may be redundant `NOP`s afterwards.
fn fuse_in(graph: &mut Graph, id: BlockId) -> bool {
    let (steps, lines) = graph.steps_beside_lines(id);
    let mut pairs = steps.windows(2);
    let both = |pair: &[Step]| pair[0].kinds().only(pair[1].kinds()).has(OpKinds::LOCAL);
    let Some(first) = pairs.position(both) else { return false };
    let len = steps.len();
    let (mut kept, mut nops) = (first + 1, false);
    for at in first + 1..len {
        if let Some(op) = fused(steps[kept - 1].op, steps[at].op) {
            let [first, second] = [steps[kept - 1], steps[at]];
            let [line, other_line] = [first, second].map(|step| lines.of(step.place));
            // A pair in two lines stays: a tracer must see both.
            let on_other_line = line.is_some() && other_line.is_some() && line != other_line;
            // The two numbers share one byte.
            if !on_other_line && first.argument < 16 && second.argument < 16 {
                steps[kept - 1].set(op, first.argument << 4 | second.argument);
                if line == other_line {
                    // A `NOP` here would be redundant at once.
                    continue;
                }
                // Whether the line is needed elsewhere is decided after all pairs are fused.
                steps[at].clear();
                nops = true;
            }
        }
        if kept != at {
            steps[kept] = steps[at];
        }
        kept += 1;
    }
    if kept < len {
        graph.truncate(id, kept);
    }
    nops
}

/// The fused instruction (`make_super_instruction`, 3.13).
#[inline]
fn fused(first: Op, second: Op) -> Option<Op> {
    match (first, second) {
        (Op::LOAD_FAST, Op::LOAD_FAST) => Some(Op::LOAD_FAST_LOAD_FAST),
        (Op::STORE_FAST, Op::LOAD_FAST) => Some(Op::STORE_FAST_LOAD_FAST),
        (Op::STORE_FAST, Op::STORE_FAST) => Some(Op::STORE_FAST_STORE_FAST),
        _ => None,
    }
}
