//! Makes one instruction of two loads or stores of local variables.
//!
//! `LOAD_FAST a; LOAD_FAST b` becomes `LOAD_FAST_LOAD_FAST a, b` if both numbers are below 16.

use super::class::Class;
use super::graph::Step;
use super::nops;
use super::work::Work;
use crate::instruction::Op;

/// `flowgraph.c: insert_superinstructions`, 3.13.
pub(super) fn superinstructions(work: &mut Work<'_>) {
    work.graph.for_each(|graph, id| {
        if !graph[id].class.has(Class::LOCAL) {
            return;
        }
        let steps = graph.steps_mut(id);
        let mut changed = false;
        for at in 1..steps.len() {
            if let [first, second] = &mut steps[at - 1..=at] {
                changed |= fuse(first, second);
            }
        }
        if changed {
            graph.add_class(id, Class::NOP);
            nops::remove_nops(graph, id);
        }
    });
}

/// Makes `first` do what both did, if they stand on one line (`make_super_instruction`, 3.13).
fn fuse(first: &mut Step, second: &mut Step) -> bool {
    let op = match (first.op, second.op) {
        (Op::LOAD_FAST, Op::LOAD_FAST) => Op::LOAD_FAST_LOAD_FAST,
        (Op::STORE_FAST, Op::LOAD_FAST) => Op::STORE_FAST_LOAD_FAST,
        (Op::STORE_FAST, Op::STORE_FAST) => Op::STORE_FAST_STORE_FAST,
        _ => return false,
    };
    let on_other_line =
        first.has_line() && second.has_line() && first.location.line != second.location.line;
    if on_other_line || first.argument >= 16 || second.argument >= 16 {
        return false;
    }
    first.set(op, first.argument << 4 | second.argument);
    second.clear();
    true
}
