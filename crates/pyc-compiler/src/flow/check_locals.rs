//! Finds loads of local variables that may be unset, and makes these loads check.
//!
//! ```text
//! if a: b = 1
//! return b        LOAD_FAST_CHECK b
//! ```

use super::graph::{Block, BlockId, Graph, Step};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;

/// The number of locals that are followed through the graph. Others are followed only inside each
/// block: otherwise the time would be quadratic.
const FOLLOWED: usize = 64;

/// `flowgraph.c: add_checks_for_loads_of_uninitialized_variables`, 3.13.
pub(super) fn check_locals(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    let locals = work.unit.locals.items().len();
    let parameters = work.unit.parameters as usize;
    if locals > FOLLOWED {
        check_in_blocks(graph, locals, &mut work.scratch.numbers);
    }
    let unset = set_of_first(locals) & !set_of_first(parameters);
    let unsets = graph.kinds.has(OpKinds::UNSET);
    if unset == 0 && !unsets {
        return;
    }
    let masks = &mut work.scratch.masks;
    masks.clear();
    masks.resize(graph.block_count(), 0);
    let stack = &mut work.scratch.stack;
    stack.clear();
    for block in graph.blocks_mut() {
        block.visited = false;
    }
    let mut flow = Flow { masks, stack };
    flow.add(&mut graph[BlockId::ENTRY], BlockId::ENTRY, unset);
    // Blocks can unset locals themselves. This scans each of these once, even if all locals are set
    // at its start.
    if unsets {
        graph.for_each(|graph, id| flow.scan(graph, id));
    }
    while let Some(id) = flow.stack.pop() {
        graph[id].visited = false;
        flow.scan(graph, id);
    }
}

/// For each block, which of the first 64 locals may be unset at its start (`scan_block_for_locals`,
/// 3.13).
struct Flow<'m> {
    masks: &'m mut [u64],
    /// Blocks at whose start more locals may be unset than when they were scanned.
    stack: &'m mut Vec<BlockId>,
}

impl Flow<'_> {
    #[inline]
    fn add(&mut self, block: &mut Block, id: BlockId, unset: u64) {
        let mask = &mut self.masks[id.index()];
        if *mask | unset != *mask {
            *mask |= unset;
            if !std::mem::replace(&mut block.visited, true) {
                self.stack.push(id);
            }
        }
    }

    fn scan(&mut self, graph: &mut Graph, id: BlockId) {
        let mut unset = self.masks[id.index()];
        let kinds = graph[id].kinds;
        // If all are set and stay set, no check is needed, and successors don't change.
        if unset == 0 && !kinds.has(OpKinds::UNSET) {
            return;
        }
        let (next, target) = (graph.fallthrough(id), graph.jump_target(id));
        let (steps, mut blocks) = graph.steps_beside_blocks(id);
        if kinds.has(OpKinds::HANDLED) {
            // A step needn't repeat what an earlier step has passed to the same handler.
            let mut handed_on = (None, unset);
            for step in steps {
                if let Some(handler) = step.handler.filter(|_| (step.handler, unset) != handed_on) {
                    handed_on = (step.handler, unset);
                    self.add(&mut blocks[handler], handler, unset);
                }
                unset = check(step, unset);
            }
        } else if kinds.has(OpKinds::LOCAL | OpKinds::UNSET) {
            unset = steps.iter_mut().fold(unset, |unset, step| check(step, unset));
        }
        if let Some(next) = next {
            self.add(&mut blocks[next], next, unset);
        }
        if let Some(target) = target {
            self.add(&mut blocks[target], target, unset);
        }
    }
}

/// Makes a step check if it loads a local that may be unset. Returns which may be unset after it.
#[inline]
fn check(step: &mut Step, unset: u64) -> u64 {
    let kinds = step.kinds();
    if !kinds.has(OpKinds::LOCAL | OpKinds::UNSET) {
        return unset;
    }
    // Locals that aren't followed have no bit.
    let bit = 1_u64.checked_shl(step.argument).unwrap_or(0);
    if unset & bit != 0 && step.op == Op::LOAD_FAST {
        step.op = Op::LOAD_FAST_CHECK;
    }
    // After a load the local is set, or the load has raised an exception.
    if kinds.has(OpKinds::UNSET) { unset | bit } else { unset & !bit }
}

/// Makes all loads of the later locals check, except those that are set earlier in the same block
/// (`fast_scan_many_locals`, 3.13).
fn check_in_blocks(graph: &mut Graph, locals: usize, set_in: &mut Vec<u32>) {
    set_in.clear();
    set_in.resize(locals, 0);
    // Blocks are numbered from 1: 0 is no block.
    let mut number = 0;
    graph.for_each(|graph, id| {
        number += 1;
        for step in graph.steps_mut(id) {
            let local = step.argument as usize;
            match step.op {
                Op::DELETE_FAST | Op::LOAD_FAST_AND_CLEAR | Op::STORE_FAST_MAYBE_NULL => {
                    set_in[local] = 0;
                }
                Op::STORE_FAST => set_in[local] = number,
                Op::LOAD_FAST if local >= FOLLOWED => {
                    if set_in[local] != number {
                        step.op = Op::LOAD_FAST_CHECK;
                    }
                    set_in[local] = number;
                }
                _ => {}
            }
        }
    });
}

/// The set of the first `count` locals, at most 64.
fn set_of_first(count: usize) -> u64 {
    if count >= FOLLOWED { u64::MAX } else { (1 << count) - 1 }
}
