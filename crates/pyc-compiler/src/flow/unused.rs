//! Drops constants that no instruction loads, and numbers the others anew.
//!
//! Of `[None, 1, 2, (1, 2)]` and `LOAD_CONST 3` `[None, (1, 2)]` and `LOAD_CONST 1` are left.

use super::class::Class;
use super::graph::BlockId;
use super::work::Work;
use crate::name::count;

/// The first constant may be a docstring, which nothing loads, and stays (`flowgraph.c: remove_unused_consts`, 3.13).
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
    let mut at = Some(BlockId::ENTRY);
    while let Some(id) = at {
        for step in graph.steps(id) {
            if step.class().has(Class::CONST) {
                numbers[step.argument as usize] = USED;
            }
        }
        at = graph[id].next;
    }
    if !numbers.contains(&UNUSED) {
        return;
    }
    for (place, number) in numbers.iter_mut().filter(|number| **number == USED).enumerate() {
        *number = count(place);
    }
    graph.for_each(|graph, id| {
        for step in graph.steps_mut(id) {
            if step.class().has(Class::CONST) {
                step.argument = numbers[step.argument as usize];
            }
        }
    });
    work.unit.consts.keep(|number| numbers[number as usize] != UNUSED);
}

const UNUSED: u32 = u32::MAX;
const USED: u32 = u32::MAX - 1;
