//! Optimises each block in one walk, from its first step to its last. Later releases have a
//! separate pass for each purpose.
//!
//! | before | after |
//! |---|---|
//! | `LOAD_CONST True; POP_JUMP_IF_TRUE` | `JUMP` |
//! | `LOAD_CONST 1; LOAD_CONST 2; BUILD_TUPLE 2` | `LOAD_CONST (1, 2)` |
//! | `PUSH_NULL; LOAD_GLOBAL` | `LOAD_GLOBAL` that pushes both |
//! | `JUMP → (JUMP → 7)`, on the same line | `JUMP → 7` |
//!
//! The results of a walk aren't optimised again: a tuple that was folded here isn't folded into a
//! `RETURN_CONST`.

use super::graph::{BlockId, Graph, Step, next_of};
use super::op_kinds::OpKinds;
use super::work::Work;
use super::{fold, peephole, swaps};
use crate::constant::{ConstId, Constants};
use crate::instruction::Op;

/// Instructions at which an optimisation can begin.
const BEGINNINGS: OpKinds = OpKinds::CONST.with(OpKinds::PAIRS).with(OpKinds::JUMP);

/// `flowgraph.c: optimize_basic_block`, 3.12, for all blocks.
pub(super) fn walk_blocks(work: &mut Work<'_>) {
    let mut at = Some(BlockId::ENTRY);
    while let Some(id) = at {
        if work.graph[id].kinds.has(BEGINNINGS) {
            walk_block(work, id);
        }
        at = work.graph[id].next;
    }
}

fn walk_block(work: &mut Work<'_>, id: BlockId) {
    let Work { graph, unit, constants, scratch, swaps: manner, .. } = work;
    let mut made = OpKinds::NONE;
    let mut from = 0;
    while let Some(at) = next_of(BEGINNINGS, graph.steps(id), from) {
        from = at + 1;
        let (steps, lines) = graph.steps_beside_lines(id);
        let Step { op, argument, .. } = steps[at];
        let next = steps.get(at + 1).map(|next| next.op);
        match op {
            Op::LOAD_CONST => {
                // A copy of the constant is equivalent to the constant.
                let copies = steps[from..].iter().take_while(|step| copies_top(step)).count();
                let value = unit.consts.items()[argument as usize];
                let loaded = (argument, value);
                made |= fold_constant(&mut steps[at + copies..], loaded, constants);
                from += copies;
            }
            Op::BUILD_TUPLE => {
                // This folds constants, or turns `BUILD_TUPLE; UNPACK_SEQUENCE` into `SWAP` or
                // nothing.
                made |= peephole::tuple(steps, at, &mut unit.consts, constants);
            }
            Op::SWAP if argument == 1 => {
                steps[at].clear();
                made |= OpKinds::NOP;
            }
            Op::SWAP => {
                let last = swaps::shorten(steps, at, &mut scratch.numbers);
                swaps::apply(steps, last, lines, *manner);
                made |= OpKinds::NOP;
                from = last + 1;
            }
            Op::PUSH_NULL if next == Some(Op::LOAD_GLOBAL) && steps[from].argument & 1 == 0 => {
                steps[at].clear();
                // This bit makes `LOAD_GLOBAL` push a `NULL`, too.
                steps[from].argument |= 1;
                made |= OpKinds::NOP;
            }
            _ => thread_jumps(graph, id, at),
        }
    }
    graph.add_kinds(id, made);
    graph.note_end(id);
}

fn copies_top(step: &Step) -> bool {
    step.op == Op::COPY && step.argument == 1
}

/// Evaluates what follows a constant, given by its number in the unit and its value. `steps` begin
/// with its load or copy. Returns the kinds of the new steps.
fn fold_constant(
    steps: &mut [Step],
    (number, value): (u32, ConstId),
    constants: &Constants,
) -> OpKinds {
    let [load, next, ..] = steps else { return OpKinds::NONE };
    match next.op {
        jump @ (Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE) => {
            load.clear();
            if constants[value].is_true() == (jump == Op::POP_JUMP_IF_TRUE) {
                next.op = Op::JUMP;
            } else {
                next.clear();
            }
        }
        Op::IS_OP if value == ConstId::NONE => fold::compare_with_none(steps),
        Op::RETURN_VALUE => {
            load.clear();
            next.set(Op::RETURN_CONST, number);
        }
        _ => return OpKinds::NONE,
    }
    OpKinds::NOP
}

/// Redirects a jump at `at` to a jump, if that jump isn't on a line of its own (`jump_thread`,
/// 3.12).
fn thread_jumps(graph: &mut Graph, id: BlockId, at: usize) {
    // The limit ends a cycle of jumps, which would be followed forever. No source is compiled to
    // one.
    for _ in 0..graph.block_count() {
        let step = graph.steps(id)[at];
        let is_threaded = step.op == Op::JUMP || step.kinds().has(OpKinds::CONDITION);
        let Some(target) = step.target().filter(|_| is_threaded) else { return };
        let Some(&second) = graph.steps(target).first() else { return };
        let lines = graph.lines();
        let line = lines.of(second.place);
        let can_be_skipped = !line.is_some() || line == lines.of(step.place);
        if second.op != Op::JUMP || !can_be_skipped || second.argument == step.argument {
            return;
        }
        let range = graph.range(id);
        graph.step_mut(range.start + at).argument = second.argument;
    }
}
