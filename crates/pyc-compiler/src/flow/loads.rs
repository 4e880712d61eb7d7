//! Loads small integers without constants, and evaluates at compile time what follows a load of a
//! constant.
//!
//! | before | after |
//! |---|---|
//! | `LOAD_CONST 7` | `LOAD_SMALL_INT 7` |
//! | `LOAD_CONST True; POP_JUMP_IF_TRUE` | `JUMP` |
//! | `LOAD_CONST ""; JUMP_IF_TRUE` | `LOAD_CONST ""` |
//! | `LOAD_CONST None; IS_OP; POP_JUMP_IF_TRUE` | `POP_JUMP_IF_NONE` |
//! | `LOAD_CONST 1.5; TO_BOOL` | `LOAD_CONST True` |

use super::fold::{compare_with_none, on_top};
use super::graph::{BlockId, Step, next_of};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::constant::{ConstId, Constant, Constants};
use crate::instruction::Op;
use crate::name::Name;
use crate::numbering::Numbering;
use crate::target::{Feature, Target};

/// `flowgraph.c: optimize_load_const`, 3.14.
pub(super) fn load_constants(work: &mut Work<'_>) {
    let mut at = Some(BlockId::ENTRY);
    while let Some(id) = at {
        if work.graph[id].kinds.has(OpKinds::CONST) {
            load_in(work, id);
        }
        at = work.graph[id].next;
    }
}

fn load_in(work: &mut Work<'_>, id: BlockId) {
    let Work { graph, unit, constants, target, .. } = work;
    let steps = graph.steps_mut(id);
    let (mut made, mut decided) = (OpKinds::NONE, false);
    let mut from = 0;
    while let Some(at) = next_of(OpKinds::CONST | OpKinds::FOLDS, steps, from) {
        from = at + 1;
        if steps[at].op == Op::LOAD_CONST {
            let value = unit.consts.items()[steps[at].argument as usize];
            if let Some((op, number)) = numbered(value, constants, target) {
                steps[at].set(op, number);
                made |= steps[at].kinds();
            }
            continue;
        }
        let Some(value) = loaded_before(&steps[..at], &unit.consts, constants) else { continue };
        let is_true = constants[value].is_true();
        match steps[at].op {
            op @ (Op::POP_JUMP_IF_FALSE
            | Op::POP_JUMP_IF_TRUE
            | Op::JUMP_IF_FALSE
            | Op::JUMP_IF_TRUE) => {
                // The other jumps leave the value on the stack, so its load stays.
                if !OpKinds::of(op).has(OpKinds::KEEPS) {
                    steps[at - 1].clear();
                }
                if is_true == matches!(op, Op::POP_JUMP_IF_TRUE | Op::JUMP_IF_TRUE) {
                    steps[at].op = Op::JUMP;
                } else {
                    steps[at].clear();
                }
                decided = true;
            }
            Op::IS_OP if value == ConstId::NONE => compare_with_none(&mut steps[at - 1..]),
            Op::TO_BOOL => {
                let truth = ConstId::truth(is_true);
                let (op, number) = numbered(truth, constants, target)
                    .unwrap_or_else(|| (Op::LOAD_CONST, unit.consts.number(truth)));
                steps[at - 1].clear();
                steps[at].set(op, number);
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

/// The constant that is on top of the stack after `steps`.
///
/// Quirk: CPython recognises copies of what `LOAD_CONST` loads, but not of small integers
/// (`basicblock_optimize_load_const`, 3.14).
fn loaded_before(
    steps: &[Step],
    consts: &Numbering<ConstId>,
    constants: &mut Constants,
) -> Option<ConstId> {
    match steps.last()? {
        Step { op: Op::LOAD_SMALL_INT, argument, .. } => Some(constants.int((*argument).into())),
        Step { op: Op::LOAD_COMMON_CONSTANT, argument, .. } => common(*argument, constants),
        _ => on_top(steps).map(|number| consts.items()[number as usize]),
    }
}

/// The instruction that loads a constant without an entry in `co_consts`, and its argument, if
/// there is one.
pub(super) fn numbered(
    value: ConstId,
    constants: &Constants,
    target: &Target,
) -> Option<(Op, u32)> {
    if let Some(number) = small_number(&constants[value]) {
        return Some((Op::LOAD_SMALL_INT, number));
    }
    if !target.has(Feature::CommonConstants) {
        return None;
    }
    let number = match constants[value] {
        Constant::None => NONE,
        Constant::Str(Name::EMPTY) => EMPTY,
        Constant::True => TRUE,
        Constant::False => FALSE,
        Constant::Int(ref number) if number.to_i64() == Some(-1) => MINUS_ONE,
        _ => return None,
    };
    Some((Op::LOAD_COMMON_CONSTANT, number))
}

/// The constant that `LOAD_COMMON_CONSTANT` loads. `None` if it is a class or function.
pub(super) fn common(number: u32, constants: &mut Constants) -> Option<ConstId> {
    match number {
        NONE => Some(ConstId::NONE),
        EMPTY => Some(constants.str(Name::EMPTY)),
        TRUE => Some(ConstId::truth(true)),
        FALSE => Some(ConstId::truth(false)),
        MINUS_ONE => Some(constants.int(-1)),
        _ => None,
    }
}

// `LOAD_COMMON_CONSTANT`'s arguments (`pycore_opcode_utils.h: CONSTANT_*`, 3.15).
const NONE: u32 = 7;
const EMPTY: u32 = 8;
const TRUE: u32 = 9;
const FALSE: u32 = 10;
const MINUS_ONE: u32 = 11;

/// The argument of `LOAD_SMALL_INT` for a small `int` (`_PY_IS_SMALL_INT`).
fn small_number(value: &Constant) -> Option<u32> {
    let Constant::Int(number) = value else { return None };
    u8::try_from(number.to_i64()?).ok().map(u32::from)
}
