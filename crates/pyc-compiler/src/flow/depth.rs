//! How deep the stack gets, and how deep it is where each block starts.
//!
//! `LOAD_CONST; LOAD_CONST; BINARY_OP; RETURN_VALUE` needs two places.

use pyc_code::op::Branch;

use super::graph::{BlockId, Graph};
use super::machine::Machine;
use super::malformed;
use crate::error::Result;

/// Follows all paths; loops are assumed to leave the stack as it was (`flowgraph.c: calculate_stackdepth`, 3.13).
pub(super) fn measure(
    graph: &mut Graph,
    machine: &Machine,
    stack: &mut Vec<BlockId>,
) -> Result<u32> {
    stack.clear();
    let mut deepest = 0;
    reach(graph, BlockId::ENTRY, 0, stack)?;
    while let Some(id) = stack.pop() {
        let mut depth = graph[id].depth.unwrap_or(0);
        for at in graph.range(id) {
            let step = *graph.step_mut(at);
            let row = machine.row(step.op);
            let after = |branch| {
                let effect = row.effect(step.argument, branch);
                effect
                    .and_then(|effect| depth.checked_add_signed(effect))
                    .ok_or_else(|| malformed("an instruction takes more than there is"))
            };
            let next = after(Branch::NotTaken)?;
            deepest = deepest.max(next);
            if let Some(target) = step.target() {
                let arriving = after(Branch::Taken)?;
                deepest = deepest.max(arriving);
                reach(graph, target, arriving, stack)?;
            }
            depth = next;
        }
        if let Some(next) = graph.fallthrough(id) {
            reach(graph, next, depth, stack)?;
        }
    }
    Ok(deepest)
}

fn reach(graph: &mut Graph, id: BlockId, depth: u32, stack: &mut Vec<BlockId>) -> Result<()> {
    match graph[id].depth.replace(depth) {
        None => stack.push(id),
        Some(known) if known == depth => {}
        Some(_) => return Err(malformed("paths with different stacks meet")),
    }
    Ok(())
}
