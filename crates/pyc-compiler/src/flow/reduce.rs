//! Folds constants, and replaces instructions and their neighbours by cheaper ones.
//!
//! | before | after |
//! |---|---|
//! | `LOAD_SMALL_INT 1; LOAD_SMALL_INT 2; BINARY_OP +` | `LOAD_SMALL_INT 3` |
//! | `LOAD_CONST a; LOAD_CONST b; BUILD_TUPLE 2` | `LOAD_CONST (a, b)` |
//! | `CONTAINS_OP 0; UNARY_NOT` | `CONTAINS_OP 1` |
//! | `JUMP_IF_FALSE → (JUMP_IF_FALSE → 7)` | `JUMP_IF_FALSE → 7` |

use super::evaluate::Values;
use super::graph::{BlockId, Graph, Lines, Step, next_of};
use super::op_kinds::OpKinds;
use super::work::Work;
use super::{peephole, swaps};
use crate::instruction::{Intrinsic1, Op};

/// `flowgraph.c: optimize_basic_block`, 3.14.
pub(super) fn reduce(work: &mut Work<'_>) {
    let mut at = Some(BlockId::ENTRY);
    while let Some(id) = at {
        let kinds = work.graph[id].kinds;
        if kinds.has(OpKinds::REDUCES) {
            reduce_in(work, id);
        }
        if kinds.has(OpKinds::JUMP) {
            thread_jumps(work.graph, id);
        }
        at = work.graph[id].next;
    }
    if work.graph.kinds.has(OpKinds::SWAP) {
        swaps::swaps(work);
    }
}

fn reduce_in(work: &mut Work<'_>, id: BlockId) {
    let (graph, mut values) = work.values();
    let (steps, lines) = graph.steps_beside_lines(id);
    let (mut from, mut made) = (0, OpKinds::NONE);
    while let Some(at) = next_of(OpKinds::REDUCES, steps, from) {
        from = at + 1;
        made |= reduce_one(steps, at, lines, &mut values);
    }
    graph.add_kinds(id, made);
}

/// Reduces one step and its neighbours. Returns the kinds of the new steps.
fn reduce_one(steps: &mut [Step], at: usize, lines: Lines<'_>, values: &mut Values<'_>) -> OpKinds {
    // CPython folds these at the last `LIST_APPEND` or `SET_ADD`, so before it moves a
    // `CONTAINS_OP` to where a `TO_BOOL` follows.
    let folded = match steps[at].op {
        Op::GET_ITER | Op::CONTAINS_OP => values.long_list_or_set(steps, at),
        _ => OpKinds::NONE,
    };
    if let [first, second, ..] = &mut steps[at..] {
        let made = pair(first, second, lines);
        if made != OpKinds::NONE {
            return folded | made;
        }
    }
    let next = steps.get(at + 1).map(|step| step.op);
    match steps[at].op {
        Op::BUILD_TUPLE => values.tuple(steps, at),
        Op::BUILD_LIST | Op::BUILD_SET => values.list_or_set(steps, at, next),
        Op::SWAP if steps[at].argument == 1 => {
            steps[at].clear();
            OpKinds::NOP
        }
        Op::UNARY_NOT | Op::UNARY_INVERT | Op::UNARY_NEGATIVE => values.unary(steps, at),
        Op::BINARY_OP => values.binary(steps, at),
        Op::CALL_INTRINSIC_1 if steps[at].argument == Intrinsic1::ListToTuple.number() => {
            values.tuple_of_list_before(steps, at, next)
        }
        Op::CALL_INTRINSIC_1 if steps[at].argument == Intrinsic1::UnaryPositive.number() => {
            values.unary(steps, at)
        }
        _ => folded,
    }
}

/// Replaces two steps if possible. Returns the kinds of the new steps.
#[inline]
fn pair(first: &mut Step, second: &mut Step, lines: Lines<'_>) -> OpKinds {
    match (first.op, second.op) {
        (Op::CONTAINS_OP | Op::IS_OP, Op::UNARY_NOT) => {
            second.set(first.op, first.argument ^ 1);
            first.clear();
            OpKinds::NOP
        }
        (Op::BUILD_TUPLE, Op::UNPACK_SEQUENCE)
            if first.argument == second.argument && (1..=3).contains(&first.argument) =>
        {
            let size = first.argument;
            first.clear();
            if size == 1 {
                second.clear();
                return OpKinds::NOP;
            }
            second.op = Op::SWAP;
            OpKinds::NOP | second.kinds()
        }
        _ => {
            let made = peephole::pair(first, second, lines);
            if made == OpKinds::NONE { made } else { made | second.kinds() }
        }
    }
}

/// Redirects a jump to a jump, as often as possible.
fn thread_jumps(graph: &mut Graph, id: BlockId) {
    // Jumps that lead only to each other could be followed forever. No source leads to them.
    for _ in 0..graph.block_count() {
        if !peephole::thread_jump(graph, id) && !thread_keeping(graph, id) {
            return;
        }
    }
}

/// Redirects a jump that keeps its value and leads to another jump by the same value: to the target
/// of that jump, or past it.
fn thread_keeping(graph: &mut Graph, id: BlockId) -> bool {
    if !graph[id].kinds.has(OpKinds::KEEPS) {
        return false;
    }
    let (Some(target), Some(&step)) = (graph.jump_target(id), graph.last(id)) else { return false };
    let Some(&through) = graph.steps(target).first() else { return false };
    // The block's kinds may include those of a jump that has been replaced.
    if !step.kinds().has(OpKinds::KEEPS) {
        return false;
    }
    if through.op == Op::JUMP || through.op == step.op {
        if step.argument == through.argument {
            return false;
        }
        graph.clear_jump(id);
        let jump = Step::jump(step.op, BlockId::new(through.argument), through.place);
        graph.push(id, Step { handler: graph.handler_instead(step), ..jump });
    } else if through.kinds().has(OpKinds::KEEPS) {
        let Some(next) = graph[target].next else { return false };
        if let Some(last) = graph.last_mut(id) {
            last.argument = next.number();
        }
    } else {
        return false;
    }
    graph.kinds |= OpKinds::REROUTED;
    true
}
