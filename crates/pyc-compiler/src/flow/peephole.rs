//! Replaces pairs of instructions by cheaper ones, and redirects jumps to jumps.
//!
//! | before | after |
//! |---|---|
//! | `LOAD_CONST 1; LOAD_CONST 2; BUILD_TUPLE 2` | `LOAD_CONST (1, 2)` |
//! | `BUILD_TUPLE 2; UNPACK_SEQUENCE 2` | `SWAP 2` |
//! | `COMPARE_OP; TO_BOOL` | `COMPARE_OP` with a bool as result |
//! | `LOAD_GLOBAL; PUSH_NULL` | `LOAD_GLOBAL` that pushes both |
//! | `POP_JUMP_IF_TRUE → (JUMP → 7)` | `POP_JUMP_IF_TRUE → 7` |

use super::graph::{BlockId, Graph, Lines, Step, next_of};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::constant::{ConstId, Constants};
use crate::instruction::Op;
use crate::numbering::Numbering;

/// `COMPARE_OP`'s bit for converting the result to a bool.
const COMPARE_TO_BOOL: u32 = 16;

/// `flowgraph.c: optimize_basic_block`, 3.13, without its swaps.
pub(super) fn peephole(work: &mut Work<'_>) {
    let Work { graph, unit, constants, .. } = work;
    graph.for_each(|graph, id| {
        let kinds = graph[id].kinds;
        if kinds.has(OpKinds::PAIRS) {
            let (steps, lines) = graph.steps_beside_lines(id);
            let made = replace(steps, lines, &mut unit.consts, constants);
            graph.add_kinds(id, made);
        }
        if kinds.has(OpKinds::JUMP) {
            thread_jumps(graph, id);
        }
    });
}

/// Replaces steps of a block. Returns the kinds of the new steps.
#[inline(never)]
fn replace(
    steps: &mut [Step],
    lines: Lines<'_>,
    consts: &mut Numbering<ConstId>,
    constants: &mut Constants,
) -> OpKinds {
    let (mut from, mut made) = (0, OpKinds::NONE);
    while let Some(at) = next_of(OpKinds::PAIRS, steps, from) {
        from = at + 1;
        if at > 0 {
            if let [first, second] = &mut steps[at - 1..=at] {
                made |= pair(first, second, lines);
            }
        }
        if steps[at].op == Op::BUILD_TUPLE {
            made |= tuple(steps, at, consts, constants);
        } else if steps[at].op == Op::SWAP && steps[at].argument == 1 {
            steps[at].clear();
            made |= OpKinds::NOP;
        }
    }
    made
}

/// Replaces two steps if possible. Returns the kinds of the new steps.
#[inline]
pub(super) fn pair(first: &mut Step, second: &mut Step, lines: Lines<'_>) -> OpKinds {
    let Step { op, argument, place, .. } = *first;
    match (op, second.op) {
        (Op::LOAD_GLOBAL, Op::PUSH_NULL) if argument & 1 == 0 => {
            // This bit makes `LOAD_GLOBAL` push a `NULL`, too.
            first.argument |= 1;
            second.clear();
        }
        (Op::COMPARE_OP, Op::TO_BOOL) => {
            // As in CPython, it is the second step that stays: its location counts.
            first.clear();
            second.set(op, argument | COMPARE_TO_BOOL);
        }
        (Op::CONTAINS_OP | Op::IS_OP | Op::UNARY_NOT, Op::TO_BOOL) => {
            first.clear();
            second.set(op, argument);
        }
        (Op::TO_BOOL, Op::TO_BOOL) => first.clear(),
        (Op::UNARY_NOT, Op::UNARY_NOT) => {
            first.clear();
            second.clear();
        }
        (Op::STORE_FAST, Op::STORE_FAST)
            if argument == second.argument && lines.of(place) == lines.of(second.place) =>
        {
            // Nothing can see the first value: both stores are in one line.
            first.set(Op::POP_TOP, 0);
            return OpKinds::POP;
        }
        _ => return OpKinds::NONE,
    }
    OpKinds::NOP
}

/// Removes a tuple that is unpacked at once, and folds a tuple of constants.
#[inline(never)]
pub(super) fn tuple(
    steps: &mut [Step],
    at: usize,
    consts: &mut Numbering<ConstId>,
    constants: &mut Constants,
) -> OpKinds {
    if let [build, unpack, ..] = &mut steps[at..] {
        let size = build.argument;
        if (unpack.op, unpack.argument) == (Op::UNPACK_SEQUENCE, size) && (1..=3).contains(&size) {
            build.clear();
            if size == 1 {
                unpack.clear();
            } else {
                // Unpacking reverses the order of the values, as `SWAP` does for two or three.
                unpack.op = Op::SWAP;
            }
            return OpKinds::NOP | OpKinds::SWAP;
        }
    }
    if fold_tuple(steps, at, consts, constants) {
        return OpKinds::NOP | OpKinds::CONST;
    }
    OpKinds::NONE
}

/// Folds a tuple of constants (`fold_tuple_on_constants`, 3.13).
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

/// Redirects a jump to a jump, as often as possible.
fn thread_jumps(graph: &mut Graph, id: BlockId) {
    // Jumps that lead only to each other could be followed forever. No source leads to them.
    for _ in 0..graph.block_count() {
        if !thread_jump(graph, id) {
            return;
        }
    }
}

/// `jump_thread`, 3.13. The new jump has the location of the jump that it skips.
pub(super) fn thread_jump(graph: &mut Graph, id: BlockId) -> bool {
    let Some(target) = graph.jump_target(id) else { return false };
    if !graph[target].kinds.has(OpKinds::UNCONDITIONAL) {
        return false;
    }
    let (Some(&step), Some(&through)) = (graph.last(id), graph.steps(target).first()) else {
        return false;
    };
    // An unconditional jump handles signals afterwards if one of the two does so now.
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
    // A jump to an empty loop stays as it is.
    if step.argument == through.argument {
        return false;
    }
    graph.clear_jump(id);
    let jump = Step::jump(op, BlockId::new(through.argument), through.place);
    graph.push(id, Step { handler: graph.handler_instead(step), ..jump });
    graph.kinds |= OpKinds::REROUTED;
    true
}
