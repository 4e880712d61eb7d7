//! Shortens runs of `SWAP`, and exchanges instructions instead of values where possible.
//!
//! | before | after |
//! |---|---|
//! | `SWAP 3; SWAP 2; SWAP 3; SWAP 2` | `SWAP 2; SWAP 3` |
//! | `SWAP 2; STORE_FAST a; STORE_FAST b` | `STORE_FAST b; STORE_FAST a` |

use super::graph::{Lines, Step};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;
use crate::location::Line;

/// What is checked before instructions are exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Variables must keep the values that they would have.
    KeepValues,
    /// Nothing is checked: `a, a = b` may leave the wrong value in `a` (gh-101346, fixed in 3.11.3
    /// or soon after).
    Careless,
}

/// The second half of `flowgraph.c: optimize_basic_block`, 3.13.
pub(super) fn swaps(work: &mut Work<'_>) {
    let order = &mut work.scratch.numbers;
    let manner = work.swaps;
    work.graph.for_each(|graph, id| {
        if !graph[id].kinds.has(OpKinds::SWAP) {
            return;
        }
        graph.add_kinds(id, OpKinds::NOP);
        let (steps, lines) = graph.steps_beside_lines(id);
        let mut at = 0;
        while let Some(offset) = steps[at..].iter().position(|step| step.op == Op::SWAP) {
            let start = at + offset;
            let last = shorten(steps, start, order);
            apply(steps, last, lines, manner);
            at = last + 1;
        }
    });
}

/// Replaces the run of `SWAP` and `NOP` from `start` by the fewest `SWAP`s, at its end. Returns the
/// index of the run's last step (`swaptimize`, 3.13).
pub(super) fn shorten(steps: &mut [Step], start: usize, order: &mut Vec<u32>) -> usize {
    let run = steps[start..].iter().take_while(|step| matches!(step.op, Op::SWAP | Op::NOP));
    let (mut len, mut swaps, mut depth) = (0, 0, 0);
    for step in run {
        len += 1;
        if step.op == Op::SWAP {
            swaps += 1;
            depth = depth.max(step.argument);
        }
    }
    if swaps == 1 {
        return start;
    }
    let run = &mut steps[start..start + len];
    // Position 0 is the top of the stack.
    order.clear();
    order.extend(0..depth);
    for step in run.iter().filter(|step| step.op == Op::SWAP) {
        order.swap(0, step.argument as usize - 1);
    }
    // Each cycle of the permutation is walked once. The walk finds the exchanges that undo the
    // permutation. In reverse order they produce it, so the run is filled from its end. An element
    // that is in its place counts as visited.
    let mut free = len;
    let mut emit = |position: u32| {
        // `SWAP` exchanges with the top, and the top needn't be exchanged with itself.
        if position > 0 {
            free -= 1;
            run[free].set(Op::SWAP, position + 1);
        }
    };
    for first in 0..depth {
        let mut position = first;
        if order[position as usize] == position {
            continue;
        }
        loop {
            emit(position);
            let next = order[position as usize];
            if next == position {
                break;
            }
            order[position as usize] = position;
            position = next;
        }
    }
    run[..free].iter_mut().for_each(Step::clear);
    start + len - 1
}

/// Exchanges instructions to replace the `SWAP`s that end at `last`, starting with the last
/// (`apply_static_swaps`, 3.13).
pub(super) fn apply(steps: &mut [Step], last: usize, lines: Lines<'_>, manner: Manner) {
    for at in (0..=last).rev() {
        let step = steps[at];
        if step.op != Op::SWAP {
            // Earlier `SWAP`s may still be applied across this step.
            if step.op == Op::NOP || is_swappable(step.op) {
                continue;
            }
            return;
        }
        let Some(one) = next_swappable(steps, at, None, lines) else { return };
        let line = lines.of(steps[one].place);
        let mut other = one;
        for _ in 1..step.argument {
            match next_swappable(steps, other, Some(line), lines) {
                Some(next) => other = next,
                None => return,
            }
        }
        if manner == Manner::KeepValues && !may_swap(steps, one, other) {
            return;
        }
        steps[at].clear();
        steps.swap(one, other);
    }
}

/// Whether an instruction pops one value and does nothing that could raise, jump or use the stack
/// below that value (`SWAPPABLE`).
fn is_swappable(op: Op) -> bool {
    op == Op::POP_TOP || is_store(op)
}

fn is_store(op: Op) -> bool {
    matches!(op, Op::STORE_FAST | Op::STORE_FAST_MAYBE_NULL)
}

/// The next step that can be exchanged, if only `NOP`s come before it. A step on another line
/// doesn't count: a tracer would see a difference (`next_swappable_instruction`, 3.13).
fn next_swappable(
    steps: &[Step],
    after: usize,
    line: Option<Line>,
    lines: Lines<'_>,
) -> Option<usize> {
    let line = line.filter(|line| line.is_some());
    for (at, step) in steps.iter().enumerate().skip(after + 1) {
        if line.is_some_and(|line| lines.of(step.place) != line) {
            return None;
        }
        if step.op != Op::NOP {
            return is_swappable(step.op).then_some(at);
        }
    }
    None
}

/// Whether all variables keep their values: the two steps store to different variables, and no step
/// between them stores to either.
fn may_swap(steps: &[Step], one: usize, other: usize) -> bool {
    let stored = |at: usize| is_store(steps[at].op).then_some(steps[at].argument);
    let (first, second) = (stored(one), stored(other));
    if first.is_none() && second.is_none() {
        return true;
    }
    first != second
        && (one + 1..other).all(|between| {
            let between = stored(between);
            between.is_none() || between != first && between != second
        })
}
