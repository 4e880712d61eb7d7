//! Computes the maximum depth of the stack, and its depth at the start of each block.
//!
//! `LOAD_CONST; LOAD_CONST; BINARY_OP; RETURN_VALUE` needs a depth of two.

use pyc_code::op::Branch;

use super::graph::{Block, BlockId, Depth, Graph, Step};
use super::machine::Machine;
use super::malformed;
use crate::error::Result;
use crate::instruction::Op;

/// The maximum depth, if the stack has this depth at the start.
///
/// Follows all paths. Assumes that loops leave the depth unchanged (`flowgraph.c:
/// calculate_stackdepth`, 3.13).
pub(super) fn measure(
    graph: &mut Graph,
    machine: &Machine,
    at_start: i32,
    stack: &mut Vec<BlockId>,
) -> Result<u32> {
    stack.clear();
    let mut deepest = 0;
    reach(&mut graph[BlockId::ENTRY], BlockId::ENTRY, at_start, stack)?;
    while let Some(id) = stack.pop() {
        let mut depth = graph[id].depth.map_or(0, Depth::get);
        let mut lowest = 0;
        let next = graph.fallthrough(id);
        let (steps, mut blocks) = graph.steps_beside_blocks(id);
        // Without optimisation, each iterator step is a call.
        let mut at = 0;
        while at < steps.len() {
            let step = &steps[at];
            at += 1;
            if let Some(effect) = machine.simple_effect(step.op) {
                depth += effect.at(step.argument);
            } else {
                // `END_ASYNC_FOR` never jumps: its argument only refers to the target.
                let target = step.target().filter(|_| step.op != Op::END_ASYNC_FOR_OF);
                if let Some(target) = target {
                    let arriving = depth + effect(machine, step, Branch::Taken)?;
                    deepest = deepest.max(arriving);
                    lowest = lowest.min(arriving);
                    reach(&mut blocks[target], target, arriving, stack)?;
                }
                depth += effect(machine, step, Branch::NotTaken)?;
            }
            // Without optimisation, `max` and `min` are calls.
            if depth > deepest {
                deepest = depth;
            } else if depth < lowest {
                lowest = depth;
            }
        }
        if lowest < 0 {
            return Err(malformed("an instruction takes more than there is"));
        }
        if let Some(next) = next {
            reach(&mut blocks[next], next, depth, stack)?;
        }
    }
    Ok(deepest.unsigned_abs())
}

fn effect(machine: &Machine, step: &Step, branch: Branch) -> Result<i32> {
    let effect = machine.effect(step.op, step.argument, branch);
    effect.ok_or_else(|| malformed("the target lacks an instruction"))
}

fn reach(block: &mut Block, id: BlockId, depth: i32, stack: &mut Vec<BlockId>) -> Result<()> {
    let depth = Depth::new(depth);
    match block.depth.replace(depth) {
        None => stack.push(id),
        Some(known) if known == depth => {}
        Some(_) => return Err(malformed("paths with different stacks meet")),
    }
    Ok(())
}
