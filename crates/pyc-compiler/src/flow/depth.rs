//! How deep the stack gets, and how deep it is where each block starts.
//!
//! `LOAD_CONST; LOAD_CONST; BINARY_OP; RETURN_VALUE` needs two places.

use pyc_code::op::Branch;

use super::graph::{Block, BlockId, Graph};
use super::machine::Machine;
use super::malformed;
use crate::error::{Fault, Result};

/// Follows all paths; loops are assumed to leave the stack as it was (`flowgraph.c: calculate_stackdepth`, 3.13).
pub(super) fn measure(
    graph: &mut Graph,
    machine: &Machine,
    stack: &mut Vec<BlockId>,
) -> Result<u32> {
    stack.clear();
    let mut deepest = 0;
    reach(&mut graph[BlockId::ENTRY], BlockId::ENTRY, 0, stack)?;
    while let Some(id) = stack.pop() {
        let mut depth = graph[id].depth.unwrap_or(0);
        let mut lowest = 0;
        let (steps, mut blocks) = graph.steps_beside_blocks(id);
        for step in steps {
            let effect = |branch| machine.effect(step.op, step.argument, branch);
            if let Some(target) = step.target() {
                let arriving = depth + effect(Branch::Taken).ok_or_else(unknown)?;
                deepest = deepest.max(arriving);
                lowest = lowest.min(arriving);
                reach(&mut blocks[target], target, arriving, stack)?;
            }
            depth += effect(Branch::NotTaken).ok_or_else(unknown)?;
            deepest = deepest.max(depth);
            lowest = lowest.min(depth);
        }
        if lowest < 0 {
            return Err(malformed("an instruction takes more than there is"));
        }
        if let Some(next) = graph.fallthrough(id) {
            reach(&mut graph[next], next, depth, stack)?;
        }
    }
    Ok(deepest.unsigned_abs())
}

#[cold]
fn unknown() -> Fault {
    malformed("the target lacks an instruction")
}

fn reach(block: &mut Block, id: BlockId, depth: i32, stack: &mut Vec<BlockId>) -> Result<()> {
    match block.depth.replace(depth) {
        None => stack.push(id),
        Some(known) if known == depth => {}
        Some(_) => return Err(malformed("paths with different stacks meet")),
    }
    Ok(())
}
