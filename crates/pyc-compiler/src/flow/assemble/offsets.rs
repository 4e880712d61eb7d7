//! Decides the direction and length of jumps.
//!
//! The length depends on the number of `EXTENDED_ARG`s in between, which depends on the lengths of
//! other jumps. So the lengths are computed until they no longer change.

use super::Memory;
use crate::error::Result;
use crate::flow::graph::{BlockId, Graph};
use crate::flow::machine::{Machine, extensions};
use crate::flow::malformed;
use crate::flow::op_kinds::OpKinds;
use crate::instruction::Op;
use crate::name::count;

/// A block at its position in the code.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) block: BlockId,
    /// The size without the jump, in code units.
    size: u32,
    /// The block's last step, if it jumps.
    jump: Option<Jump>,
}

#[derive(Clone, Copy, Debug)]
struct Jump {
    target: BlockId,
    /// The distance in code units from the end of the jump to its target, in either direction.
    argument: u32,
    caches: u32,
    /// The distance from its target to the position that the argument refers to.
    offset: u32,
}

/// The code units from a `SEND` to the end of its `END_SEND`, without caches of `RESUME`
/// (`assemble.c: END_SEND_OFFSET`, 3.14).
const END_SEND: u32 = 5;

/// From what the lengths are first computed. It is the same as in CPython, which matters where
/// several solutions exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// The target's index among the instructions.
    Index,
    /// The number of the target's label.
    Label,
    /// As if all jumped to themselves.
    Nothing,
}

/// More rounds than any code needs: each adds or removes an `EXTENDED_ARG`.
const ROUNDS: usize = 1000;

/// Finds the offsets of all blocks, and sets the final arguments of jumps (`assemble.c:
/// resolve_unconditional_jumps`, `resolve_jump_offsets`, 3.13).
pub(super) fn resolve(
    graph: &mut Graph,
    machine: &Machine,
    start: Start,
    memory: &mut Memory,
) -> Result<()> {
    let Memory { pieces, starts, units, .. } = memory;
    starts.clear();
    starts.resize(graph.block_count(), 0);
    pieces.clear();
    let mut index = 0;
    graph.for_each(|graph, block| {
        starts[block.index()] = index;
        index += count(graph[block].len());
        pieces.push(Piece { block, size: 0, jump: None });
    });
    for piece in &mut *pieces {
        let label = graph.jump_target(piece.block).map_or(0, |target| graph[target].label);
        let steps = graph.steps_mut(piece.block);
        let last_index = starts[piece.block.index()] + count(steps.len());
        let others = match steps.split_last_mut() {
            Some((last, others)) if last.kinds().has(OpKinds::JUMP) => {
                let target = BlockId::new(last.argument);
                let index = starts[target.index()];
                last.op = if index >= last_index { forward(last.op) } else { backward(last.op) };
                let argument = match start {
                    Start::Index => index,
                    Start::Label => label,
                    Start::Nothing => 0,
                };
                let caches = machine.row(last.op).caches.into();
                let offset = if last.op == Op::END_ASYNC_FOR {
                    END_SEND + u32::from(machine.row(Op::RESUME).caches)
                } else {
                    0
                };
                piece.jump = Some(Jump { target, argument, caches, offset });
                others
            }
            _ => steps,
        };
        // Without optimisation, each iterator step is a call.
        let mut at = 0;
        while at < others.len() {
            let step = &others[at];
            piece.size += machine.size(step.op, step.argument);
            at += 1;
        }
    }
    *units = (0..ROUNDS)
        .find_map(|_| settle(pieces, starts))
        .ok_or_else(|| malformed("the lengths of jumps never settle"))?;
    for piece in pieces {
        if let (Some(jump), Some(last)) = (piece.jump, graph.last_mut(piece.block)) {
            last.argument = jump.argument;
        }
    }
    Ok(())
}

/// Computes all offsets from the jumps' arguments, then these from the offsets. Returns the total
/// size if no argument changed.
fn settle(pieces: &mut [Piece], starts: &mut [u32]) -> Option<u32> {
    let mut offset = 0;
    // The sizes of jumps are those of the round before.
    for piece in &*pieces {
        starts[piece.block.index()] = offset;
        offset += piece.whole_size();
    }
    let mut settled = true;
    let mut offset = 0;
    for piece in pieces {
        offset += piece.size;
        if let Some(jump) = &mut piece.jump {
            let size = jump.size();
            offset += size;
            jump.argument = starts[jump.target.index()].abs_diff(offset) - jump.offset;
            settled &= jump.size() == size;
        }
    }
    settled.then_some(offset)
}

impl Piece {
    /// The size of all its instructions in code units.
    pub(super) fn whole_size(&self) -> u32 {
        match self.jump {
            Some(jump) => self.size + jump.size(),
            None => self.size,
        }
    }
}

impl Jump {
    fn size(self) -> u32 {
        1 + extensions(self.argument) + self.caches
    }
}

/// The real instruction for a jump to a later one.
fn forward(op: Op) -> Op {
    match op {
        Op::JUMP | Op::JUMP_NO_INTERRUPT => Op::JUMP_FORWARD,
        Op::END_ASYNC_FOR_OF => Op::END_ASYNC_FOR,
        _ => op,
    }
}

/// The real instruction for a jump to an earlier one.
fn backward(op: Op) -> Op {
    match op {
        Op::JUMP => Op::JUMP_BACKWARD,
        Op::JUMP_NO_INTERRUPT => Op::JUMP_BACKWARD_NO_INTERRUPT,
        Op::END_ASYNC_FOR_OF => Op::END_ASYNC_FOR,
        _ => op,
    }
}
