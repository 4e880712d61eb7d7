//! Evaluates at compile time what follows a load of a constant.
//!
//! | after `LOAD_CONST` | becomes |
//! |---|---|
//! | `POP_JUMP_IF_TRUE`, `POP_JUMP_IF_FALSE` | a jump, or nothing |
//! | `IS_OP` and a jump, of `None` | `POP_JUMP_IF_NONE`, `POP_JUMP_IF_NOT_NONE` |
//! | `RETURN_VALUE` | `RETURN_CONST` |
//! | `TO_BOOL` | `LOAD_CONST` of `True` or `False` |

use super::graph::{BlockId, Step, next_of};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::constant::ConstId;
use crate::instruction::Op;

/// `flowgraph.c: optimize_load_const`, 3.13.
pub(super) fn fold_constants(work: &mut Work<'_>) {
    let mut at = Some(BlockId::ENTRY);
    while let Some(id) = at {
        if work.graph[id].kinds.contains(OpKinds::CONST | OpKinds::FOLDS) {
            fold_block(work, id);
        }
        at = work.graph[id].next;
    }
}

fn fold_block(work: &mut Work<'_>, id: BlockId) {
    let Work { graph, unit, constants, .. } = work;
    let steps = graph.steps_mut(id);
    let (mut made, mut decided) = (OpKinds::NONE, false);
    let mut from = 1;
    while let Some(at) = next_of(OpKinds::FOLDS, steps, from) {
        from = at + 1;
        let Some(number) = on_top(&steps[..at]) else { continue };
        let value = unit.consts.items()[number as usize];
        match steps[at].op {
            jump @ (Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE) => {
                steps[at - 1].clear();
                if constants[value].is_true() == (jump == Op::POP_JUMP_IF_TRUE) {
                    steps[at].op = Op::JUMP;
                } else {
                    steps[at].clear();
                }
                decided = true;
            }
            Op::IS_OP if value == ConstId::NONE => compare_with_none(&mut steps[at - 1..]),
            Op::RETURN_VALUE => {
                steps[at - 1].clear();
                steps[at].set(Op::RETURN_CONST, number);
            }
            Op::TO_BOOL => {
                let truth = ConstId::truth(constants[value].is_true());
                steps[at - 1].clear();
                steps[at].set(Op::LOAD_CONST, unit.consts.number(truth));
            }
            _ => continue,
        }
        made |= OpKinds::NOP | steps[at].kinds();
    }
    graph.add_kinds(id, made);
    // A decided jump changes the block's successors, so predecessors must be counted again.
    if decided {
        graph.note_end(id);
        graph.kinds |= OpKinds::REROUTED;
    }
}

/// The number of the constant that is on top of the stack after `steps`: it was loaded, or loaded
/// and copied.
pub(super) fn on_top(steps: &[Step]) -> Option<u32> {
    let copies = |step: &&Step| step.op == Op::COPY && step.argument == 1;
    let loading = steps.iter().rev().find(|step| !copies(step))?;
    (loading.op == Op::LOAD_CONST).then_some(loading.argument)
}

/// `steps` start with a load of `None` and an `IS_OP`, whose argument is 1 for `is not`.
pub(super) fn compare_with_none(steps: &mut [Step]) {
    let mut jump = 2;
    // The result is a bool already, whether or not a jump follows.
    if let Some(step) = steps.get_mut(jump).filter(|step| step.op == Op::TO_BOOL) {
        step.clear();
        jump += 1;
    }
    let when_none = match steps.get(jump).map(|step| step.op) {
        Some(Op::POP_JUMP_IF_TRUE) => steps[1].argument == 0,
        Some(Op::POP_JUMP_IF_FALSE) => steps[1].argument != 0,
        _ => return,
    };
    steps[0].clear();
    steps[1].clear();
    steps[jump].op = if when_none { Op::POP_JUMP_IF_NONE } else { Op::POP_JUMP_IF_NOT_NONE };
}
