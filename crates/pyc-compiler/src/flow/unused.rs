//! Removes constants that no instruction loads, and renumbers the others.
//!
//! Of `[None, 1, 2, (1, 2)]` and `LOAD_CONST 3`, `[None, (1, 2)]` and `LOAD_CONST 1` remain.

use super::graph::{Graph, Step};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::name::count;

/// The first constant stays: it may be a docstring, which no instruction loads (`flowgraph.c:
/// remove_unused_consts`, 3.13).
pub(super) fn drop_constants(work: &mut Work<'_>) {
    let all = work.unit.consts.items().len();
    if all <= 1 {
        return;
    }
    let numbers = &mut work.scratch.numbers;
    numbers.clear();
    numbers.resize(all, UNUSED);
    numbers[0] = USED;
    let graph = &mut *work.graph;
    if is_all_used(graph, numbers) {
        return;
    }
    // From here on, the entry of a used constant is its new number.
    for (place, number) in numbers.iter_mut().filter(|number| **number == USED).enumerate() {
        *number = count(place);
    }
    graph.for_each(|graph, id| {
        if !graph[id].kinds.has(OpKinds::CONST) {
            return;
        }
        for step in graph.steps_mut(id) {
            if loads_constant(step) {
                step.argument = numbers[step.argument as usize];
            }
        }
    });
    work.unit.consts.keep(|number| numbers[number as usize] != UNUSED);
}

/// Removes the constants after the last one that is loaded (`compile.c: trim_unused_consts`, 3.11).
pub(super) fn trim_constants(work: &mut Work<'_>) {
    let graph = &*work.graph;
    let constants = graph.order().filter(|&id| graph[id].kinds.has(OpKinds::CONST));
    let steps = constants.flat_map(|id| graph.steps(id)).filter(|step| loads_constant(step));
    // Here, too, the first constant stays: it may be a docstring.
    let last = steps.map(|step| step.argument).max().unwrap_or(0);
    work.unit.consts.keep(|number| number <= last);
}

/// Marks in `numbers` which constants are loaded, and stops when all are.
fn is_all_used(graph: &Graph, numbers: &mut [u32]) -> bool {
    let mut unused = numbers.len() - 1;
    for id in graph.order().filter(|&id| graph[id].kinds.has(OpKinds::CONST)) {
        for step in graph.steps(id).iter().filter(|step| loads_constant(step)) {
            let number = &mut numbers[step.argument as usize];
            unused -= usize::from(*number == UNUSED);
            *number = USED;
        }
        if unused == 0 {
            return true;
        }
    }
    false
}

fn loads_constant(step: &Step) -> bool {
    step.kinds().has(OpKinds::CONST)
}

const UNUSED: u32 = u32::MAX;
const USED: u32 = u32::MAX - 1;
