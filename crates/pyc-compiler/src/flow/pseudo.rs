//! Replaces instructions that only the compiler knows by real ones.
//!
//! `SETUP_FINALLY` did its work for the exception table and becomes `NOP`; `LOAD_CLOSURE` is a `LOAD_FAST`.

use super::class::Class;
use super::work::Work;
use crate::instruction::Op;

/// Jumps get their direction in the assembler (`flowgraph.c: convert_pseudo_ops`, 3.13).
pub(super) fn lower_pseudo(work: &mut Work<'_>) {
    work.graph.for_each(|graph, id| {
        if !graph[id].class.has(Class::PSEUDO) {
            return;
        }
        graph.add_class(id, Class::NOP | Class::LOCAL);
        for step in graph.steps_mut(id) {
            match step.op {
                Op::SETUP_FINALLY | Op::SETUP_CLEANUP | Op::SETUP_WITH => step.clear(),
                Op::LOAD_CLOSURE => step.op = Op::LOAD_FAST,
                Op::STORE_FAST_MAYBE_NULL => step.op = Op::STORE_FAST,
                _ => {}
            }
        }
    });
}
