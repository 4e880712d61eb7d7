//! Optimises each block in one walk, and removes its `NOP`s before the next block is processed
//! (3.11).
//!
//! | before | after |
//! |---|---|
//! | `LOAD_CONST True; POP_JUMP_IF_TRUE` | `JUMP` |
//! | `LOAD_CONST 1; LOAD_CONST 2; BUILD_TUPLE 2` | `LOAD_CONST (1, 2)` |
//! | `PUSH_NULL; LOAD_GLOBAL` | `LOAD_GLOBAL` that pushes both |
//! | `JUMP_IF_FALSE_OR_POP → (POP_JUMP_IF_TRUE → 7; 3)`, on the same line | `POP_JUMP_IF_FALSE → 3` |

use super::graph::{BlockId, Graph, Step, next_of};
use super::op_kinds::OpKinds;
use super::work::Work;
use super::{fold, nops, peephole, swaps};
use crate::constant::{ConstId, Constants};
use crate::instruction::Op;

/// Where there may be something to do.
const BEGINNINGS: OpKinds = OpKinds::CONST.with(OpKinds::PAIRS).with(OpKinds::TARGET);

/// `compile.c: optimize_basic_block` and `clean_basic_block`, 3.11, for all blocks.
pub(super) fn sweep(work: &mut Work<'_>) {
    let mut at = Some(BlockId::ENTRY);
    while let Some(id) = at {
        if work.graph[id].kinds.has(BEGINNINGS) {
            sweep_block(work, id);
        }
        nops::remove_nops(work.graph, id);
        at = work.graph[id].next;
    }
}

fn sweep_block(work: &mut Work<'_>, id: BlockId) {
    let Work { graph, unit, constants, scratch, swaps: manner, .. } = work;
    let mut made = OpKinds::NONE;
    let mut from = 0;
    while let Some(at) = next_of(BEGINNINGS, graph.steps(id), from) {
        from = at + 1;
        let (steps, lines) = graph.steps_beside_lines(id);
        let Step { op, argument, .. } = steps[at];
        let next = steps.get(from).map(|next| next.op);
        match op {
            Op::LOAD_CONST => {
                let value = unit.consts.items()[argument as usize];
                made |= fold_constant(&mut steps[at..], value, constants);
            }
            Op::BUILD_TUPLE => {
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
            Op::PUSH_NULL if next == Some(Op::LOAD_GLOBAL) => {
                steps[at].clear();
                // This bit makes `LOAD_GLOBAL` push a `NULL`, too.
                steps[from].argument |= 1;
                made |= OpKinds::NOP;
            }
            _ if OpKinds::of(op).has(OpKinds::TARGET) => thread_jumps(graph, id, at),
            _ => {}
        }
    }
    graph.add_kinds(id, made);
    graph.note_end(id);
}

/// Evaluates what follows a constant. `steps` begin with its load. Returns the kinds of the new
/// steps.
fn fold_constant(steps: &mut [Step], value: ConstId, constants: &Constants) -> OpKinds {
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
        jump @ (Op::JUMP_IF_FALSE_OR_POP | Op::JUMP_IF_TRUE_OR_POP) => {
            if constants[value].is_true() == (jump == Op::JUMP_IF_TRUE_OR_POP) {
                // A jump that is taken keeps the value, so the load stays.
                next.op = Op::JUMP;
            } else {
                load.clear();
                next.clear();
            }
        }
        Op::IS_OP if value == ConstId::NONE => fold::compare_with_none(steps),
        _ => return OpKinds::NONE,
    }
    OpKinds::NOP
}

/// Redirects a jump or `SETUP_…` past empty blocks, and a jump to a jump on the same line to that
/// jump's target.
fn thread_jumps(graph: &mut Graph, id: BlockId, at: usize) {
    // The limit ends a cycle of jumps, which would be followed forever. No source is compiled to
    // one.
    for _ in 0..=2 * graph.block_count() {
        let step = graph.steps(id)[at];
        let Some(target) = step.target().and_then(|target| graph.nonempty(Some(target))) else {
            return;
        };
        let place = graph.range(id).start + at;
        graph.step_mut(place).argument = target.number();
        let Some(&through) = graph.steps(target).first() else { return };
        let lines = graph.lines();
        if lines.of(step.place) != lines.of(through.place) {
            return;
        }
        let (op, argument) = match threaded(step.op, through.op) {
            // A jump to an empty loop stays as it is.
            Some(Threaded::Along(_)) if through.argument == target.number() => return,
            Some(Threaded::Along(op)) => (op, through.argument),
            Some(Threaded::Past(op)) => {
                let Some(next) = graph[target].next else { return };
                (op, next.number())
            }
            None => return,
        };
        graph.step_mut(place).set(op, argument);
    }
}

/// What a jump to another jump becomes.
enum Threaded {
    /// It leads to the other's target.
    Along(Op),
    /// It leads to what follows the other, which wouldn't jump.
    Past(Op),
}

fn threaded(op: Op, through: Op) -> Option<Threaded> {
    Some(match (op, through) {
        (
            Op::JUMP
            | Op::POP_JUMP_IF_FALSE
            | Op::POP_JUMP_IF_TRUE
            | Op::POP_JUMP_IF_NONE
            | Op::POP_JUMP_IF_NOT_NONE
            | Op::JUMP_IF_FALSE_OR_POP
            | Op::JUMP_IF_TRUE_OR_POP,
            Op::JUMP,
        ) => Threaded::Along(op),
        (Op::JUMP_IF_FALSE_OR_POP, Op::POP_JUMP_IF_FALSE | Op::JUMP_IF_FALSE_OR_POP)
        | (Op::JUMP_IF_TRUE_OR_POP, Op::POP_JUMP_IF_TRUE | Op::JUMP_IF_TRUE_OR_POP) => {
            Threaded::Along(through)
        }
        (Op::JUMP_IF_FALSE_OR_POP, Op::POP_JUMP_IF_TRUE | Op::JUMP_IF_TRUE_OR_POP) => {
            Threaded::Past(Op::POP_JUMP_IF_FALSE)
        }
        (Op::JUMP_IF_TRUE_OR_POP, Op::POP_JUMP_IF_FALSE | Op::JUMP_IF_FALSE_OR_POP) => {
            Threaded::Past(Op::POP_JUMP_IF_TRUE)
        }
        _ => return None,
    })
}
