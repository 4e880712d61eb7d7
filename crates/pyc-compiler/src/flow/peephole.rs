//! Replaces instructions by cheaper ones, looking at two at a time, and jumps to jumps by jumps to where those lead.
//!
//! | before | after |
//! |---|---|
//! | `LOAD_CONST 1; LOAD_CONST 2; BUILD_TUPLE 2` | `LOAD_CONST (1, 2)` |
//! | `BUILD_TUPLE 2; UNPACK_SEQUENCE 2` | `SWAP 2` |
//! | `COMPARE_OP; TO_BOOL` | `COMPARE_OP` that gives a bool |
//! | `LOAD_GLOBAL; PUSH_NULL` | `LOAD_GLOBAL` that pushes both |
//! | `POP_JUMP_IF_TRUE → (JUMP → 7)` | `POP_JUMP_IF_TRUE → 7` |

use super::class::Class;
use super::graph::{BlockId, Graph, Step};
use super::work::Work;
use crate::constant::{ConstId, Constants};
use crate::instruction::Op;
use crate::numbering::Numbering;

/// `COMPARE_OP`'s bit for "give a bool".
const COMPARE_TO_BOOL: u32 = 16;

/// `flowgraph.c: optimize_basic_block`, 3.13, without its swaps.
pub(super) fn peephole(work: &mut Work<'_>) {
    let Work { graph, unit, constants, .. } = work;
    graph.for_each(|graph, id| {
        let class = graph[id].class;
        if class.has(Class::PAIRS) {
            let steps = graph.steps_mut(id);
            let mut made = Class::NONE;
            for at in 0..steps.len() {
                if steps[at].class().has(Class::PAIRS) {
                    made |= replace(steps, at, &mut unit.consts, constants);
                }
            }
            graph.add_class(id, made);
        }
        if class.has(Class::JUMP) {
            thread_jumps(graph, id);
        }
    });
}

/// Replaces the step at `at`, or those around it, by steps of the class that it gives.
#[inline]
fn replace(
    steps: &mut [Step],
    at: usize,
    consts: &mut Numbering<ConstId>,
    constants: &mut Constants,
) -> Class {
    let Step { op, argument, location, .. } = steps[at];
    let next = steps.get(at + 1).copied();
    let next_op = next.map(|next| next.op);
    match op {
        Op::BUILD_TUPLE => {
            let unpacks = |next: Step| next.op == Op::UNPACK_SEQUENCE && next.argument == argument;
            if next.is_some_and(unpacks) && (1..=3).contains(&argument) {
                steps[at].clear();
                if argument == 1 {
                    steps[at + 1].clear();
                } else {
                    steps[at + 1].op = Op::SWAP;
                }
                return Class::NOP | Class::SWAP;
            }
            if !fold_tuple(steps, at, consts, constants) {
                return Class::NONE;
            }
        }
        Op::STORE_FAST
            if next.is_some_and(|next| {
                (next.op, next.argument, next.location.line) == (op, argument, location.line)
            }) =>
        {
            steps[at].set(Op::POP_TOP, 0);
        }
        Op::SWAP if argument == 1 => steps[at].clear(),
        Op::LOAD_GLOBAL if next_op == Some(Op::PUSH_NULL) && argument & 1 == 0 => {
            steps[at].argument |= 1;
            steps[at + 1].clear();
        }
        Op::COMPARE_OP if next_op == Some(Op::TO_BOOL) => {
            steps[at].clear();
            steps[at + 1].set(op, argument | COMPARE_TO_BOOL);
        }
        Op::CONTAINS_OP | Op::IS_OP | Op::UNARY_NOT if next_op == Some(Op::TO_BOOL) => {
            steps[at].clear();
            steps[at + 1].set(op, argument);
        }
        Op::TO_BOOL if next_op == Some(Op::TO_BOOL) => steps[at].clear(),
        Op::UNARY_NOT if next_op == Some(Op::UNARY_NOT) => {
            steps[at].clear();
            steps[at + 1].clear();
        }
        _ => return Class::NONE,
    }
    Class::NOP | Class::POP | Class::CONST
}

/// Makes a tuple of constants a constant, if it is one (`fold_tuple_on_constants`, 3.13).
fn fold_tuple(
    steps: &mut [Step],
    at: usize,
    consts: &mut Numbering<ConstId>,
    constants: &mut Constants,
) -> bool {
    let Some(first) = at.checked_sub(steps[at].argument as usize) else { return false };
    let items = &mut steps[first..at];
    if !items.iter().all(|item| item.op == Op::LOAD_CONST) {
        return false;
    }
    let values: Box<[ConstId]> =
        items.iter().map(|item| consts.items()[item.argument as usize]).collect();
    items.iter_mut().for_each(Step::clear);
    steps[at].set(Op::LOAD_CONST, consts.number(constants.tuple(values)));
    true
}

/// Leads a jump to a jump to where that one leads, as often as it can.
fn thread_jumps(graph: &mut Graph, id: BlockId) {
    // Jumps that only lead to each other could be followed for ever; no source makes them.
    for _ in 0..graph.block_count() {
        if !thread_jump(graph, id) {
            return;
        }
    }
}

/// `jump_thread`, 3.13. The new jump has the location of the one that it passes by, and like CPython's until 3.15.1 no
/// handler.
fn thread_jump(graph: &mut Graph, id: BlockId) -> bool {
    let Some(&step) = graph.last(id).filter(|last| last.class().has(Class::JUMP)) else {
        return false;
    };
    let Some(&through) = graph.steps(BlockId::new(step.argument)).first() else { return false };
    let op = match (step.op, through.op) {
        (
            Op::POP_JUMP_IF_NONE
            | Op::POP_JUMP_IF_NOT_NONE
            | Op::POP_JUMP_IF_FALSE
            | Op::POP_JUMP_IF_TRUE,
            Op::JUMP,
        )
        | (Op::JUMP | Op::JUMP_NO_INTERRUPT, Op::JUMP_NO_INTERRUPT) => step.op,
        (Op::JUMP | Op::JUMP_NO_INTERRUPT, Op::JUMP) => Op::JUMP,
        _ => return false,
    };
    // A jump to a loop around nothing stays what it is.
    if step.argument == through.argument {
        return false;
    }
    if let Some(last) = graph.last_mut(id) {
        last.clear();
    }
    graph.add_class(id, Class::NOP);
    graph.push(id, Step::jump(op, BlockId::new(through.argument), through.location));
    true
}
