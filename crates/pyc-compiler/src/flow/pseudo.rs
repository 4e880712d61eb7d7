//! Replaces pseudo instructions by real ones.
//!
//! `SETUP_FINALLY` is needed only for the exception table and becomes `NOP`. `LOAD_CLOSURE` becomes
//! `LOAD_FAST`.

use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;

/// Jumps get their direction in the assembler (`flowgraph.c: convert_pseudo_ops`, 3.13).
pub(super) fn lower_pseudo(work: &mut Work<'_>) {
    lower(work, Op::LOAD_FAST);
}

/// The same for machines with a real `LOAD_CLOSURE` (`flowgraph.c: _PyCfg_ConvertPseudoOps`, 3.12).
pub(super) fn lower_all_but_closures(work: &mut Work<'_>) {
    lower(work, Op::LOAD_CLOSURE);
}

fn lower(work: &mut Work<'_>, load_closure: Op) {
    work.graph.for_each(|graph, id| {
        if !graph[id].kinds.has(OpKinds::PSEUDO) {
            return;
        }
        graph.add_kinds(id, OpKinds::NOP | OpKinds::LOCAL);
        for step in graph.steps_mut(id) {
            match step.op {
                Op::SETUP_FINALLY | Op::SETUP_CLEANUP | Op::SETUP_WITH | Op::POP_BLOCK => {
                    step.clear();
                }
                Op::LOAD_CLOSURE => step.op = load_closure,
                Op::STORE_FAST_MAYBE_NULL => step.op = Op::STORE_FAST,
                _ => {}
            }
        }
    });
}
