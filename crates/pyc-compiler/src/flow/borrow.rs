//! Loads local variables without counting a reference, where the variable surely outlives what is
//! loaded.
//!
//! | before | after |
//! |---|---|
//! | `LOAD_FAST a; LOAD_FAST b; BINARY_OP +` | both are `LOAD_FAST_BORROW` |
//! | `LOAD_FAST a; STORE_FAST b` | stays: a variable must own what it holds |
//! | `LOAD_FAST a; LOAD_NAME b; STORE_FAST a; CALL` | stays: the variable is gone before what was loaded is used |
//!
//! The stack is followed through each block by itself: what is on it at the block's end isn't
//! borrowed.

use pyc_code::op::Branch;

use super::graph::{BlockId, Graph, Step};
use super::machine::Machine;
use super::work::Work;
use crate::instruction::Op;
use crate::target::Feature;

/// Memory of [`borrow_locals`].
#[derive(Debug, Default)]
pub(super) struct Memory {
    stack: Vec<Reference>,
    /// For each step of the block whether what it loads must be owned.
    owned: Vec<bool>,
}

/// Something on the stack.
#[derive(Clone, Copy, Debug)]
struct Reference {
    /// The step of this block that put it there.
    step: Option<u32>,
    /// The local variable that it was loaded from.
    local: Option<u32>,
}

/// What was there before the block.
const UNKNOWN: Reference = Reference { step: None, local: None };

/// `flowgraph.c: optimize_load_fast`, 3.14.
pub(super) fn borrow_locals(work: &mut Work<'_>) {
    let Work { graph, machine, scratch, target, .. } = work;
    let blames_first = target.has(Feature::PushedByFirst);
    let blocks = &mut scratch.stack;
    for block in graph.blocks_mut() {
        block.visited = false;
    }
    blocks.clear();
    reach(graph, Some(BlockId::ENTRY), blocks);
    while let Some(id) = blocks.pop() {
        if graph[id].len() == 0 {
            // Before 3.15, nothing comes after an empty block for CPython.
            if target.has(Feature::BorrowingAfterNothing) {
                reach(graph, graph.fallthrough(id), blocks);
            }
            continue;
        }
        reach(graph, graph.fallthrough(id), blocks);
        reach(graph, graph.jump_target(id), blocks);
        let depth = graph[id].depth.unwrap_or(0);
        let steps = graph.steps_mut(id);
        if steps.iter().any(|step| borrowed(step.op).is_some()) {
            let memory = &mut scratch.borrowing;
            memory.start(steps.len(), depth);
            Block { memory, machine, blames_first }.follow(steps);
            for (step, _) in steps.iter_mut().zip(&memory.owned).filter(|(_, owned)| !**owned) {
                step.op = borrowed(step.op).unwrap_or(step.op);
            }
        }
    }
}

fn reach(graph: &mut Graph, id: Option<BlockId>, blocks: &mut Vec<BlockId>) {
    if let Some(id) = id.filter(|&id| !std::mem::replace(&mut graph[id].visited, true)) {
        blocks.push(id);
    }
}

/// The instruction that does the same without counting.
fn borrowed(op: Op) -> Option<Op> {
    match op {
        Op::LOAD_FAST => Some(Op::LOAD_FAST_BORROW),
        Op::LOAD_FAST_LOAD_FAST => Some(Op::LOAD_FAST_BORROW_LOAD_FAST_BORROW),
        _ => None,
    }
}

impl Memory {
    fn start(&mut self, steps: usize, depth: i32) {
        self.owned.clear();
        self.owned.resize(steps, false);
        self.stack.clear();
        self.stack.resize(usize::try_from(depth).unwrap_or(0), UNKNOWN);
    }

    fn push(&mut self, step: u32, local: Option<u32>) {
        self.stack.push(Reference { step: Some(step), local });
    }

    fn pop(&mut self) -> Reference {
        self.stack.pop().unwrap_or(UNKNOWN)
    }

    fn drop(&mut self, count: u32) {
        let left = self.stack.len().saturating_sub(count as usize);
        self.stack.truncate(left);
    }

    /// The reference so far from the top, from 1.
    fn place(&self, depth: u32) -> Option<usize> {
        self.stack.len().checked_sub(depth as usize)
    }

    fn own(&mut self, reference: Reference) {
        if let Some(owned) = reference.step.and_then(|step| self.owned.get_mut(step as usize)) {
            *owned = true;
        }
    }

    /// The variable holds something else from now on (`kill_local`).
    fn kill(&mut self, local: u32) {
        for at in 0..self.stack.len() {
            if self.stack[at].local == Some(local) {
                self.own(self.stack[at]);
            }
        }
    }

    /// What is on top goes into a variable (`store_local`).
    fn store(&mut self, local: u32) {
        let stored = self.pop();
        self.kill(local);
        self.own(stored);
    }
}

/// A block being followed.
struct Block<'b> {
    memory: &'b mut Memory,
    machine: &'b Machine,
    blames_first: bool,
}

impl Block<'_> {
    fn follow(&mut self, steps: &[Step]) {
        for (at, step) in (0..).zip(steps) {
            self.step(at, *step);
        }
        for at in 0..self.memory.stack.len() {
            self.memory.own(self.memory.stack[at]);
        }
    }

    fn step(&mut self, at: u32, step: Step) {
        let Step { op, argument, .. } = step;
        let memory = &mut *self.memory;
        match op {
            Op::LOAD_FAST => memory.push(at, Some(argument)),
            Op::LOAD_FAST_AND_CLEAR => {
                memory.kill(argument);
                memory.push(at, Some(argument));
            }
            Op::DELETE_FAST => memory.kill(argument),
            Op::LOAD_FAST_LOAD_FAST => {
                memory.push(at, Some(argument >> 4));
                memory.push(at, Some(argument & 15));
            }
            Op::STORE_FAST => memory.store(argument),
            Op::STORE_FAST_LOAD_FAST => {
                memory.store(argument >> 4);
                memory.push(at, Some(argument & 15));
            }
            Op::STORE_FAST_STORE_FAST => {
                memory.store(argument >> 4);
                memory.store(argument & 15);
            }
            Op::COPY => {
                let copied = memory.place(argument).map_or(UNKNOWN, |place| memory.stack[place]);
                memory.stack.push(copied);
            }
            Op::SWAP => {
                if let (Some(one), Some(other)) = (memory.place(argument), memory.place(1)) {
                    memory.stack.swap(one, other);
                }
            }
            Op::LOAD_ATTR | Op::LOAD_SUPER_ATTR => {
                let object = memory.pop();
                if op == Op::LOAD_SUPER_ATTR {
                    memory.drop(2);
                }
                memory.push(at, None);
                // A method's object stays there.
                if argument & 1 != 0 {
                    memory.stack.push(object);
                }
            }
            Op::LOAD_SPECIAL => {
                let object = memory.pop();
                memory.push(at, None);
                memory.stack.push(object);
            }
            Op::FOR_ITER => memory.push(at, None),
            Op::GET_ITER if self.machine.effect(op, argument, Branch::NotTaken) == Some(1) => {
                // The object stays, if it is gone through by numbers.
                memory.push(at, None);
            }
            Op::CHECK_EXC_MATCH | Op::SEND => {
                memory.pop();
                memory.push(at, None);
            }
            _ => self.other(at, op, argument),
        }
    }

    /// An instruction that takes all its operands, or leaves all of them, or takes some and gives
    /// nothing.
    fn other(&mut self, at: u32, op: Op, argument: u32) {
        let effect = self.machine.effect(op, argument, Branch::NotTaken).unwrap_or(0);
        let memory = &mut *self.memory;
        if leaves_operands(op) {
            // CPython 3.14 takes the first steps of the block for what pushed these.
            (0..effect.unsigned_abs())
                .for_each(|number| memory.push(if self.blames_first { number } else { at }, None));
            return;
        }
        let pushed = pushed(op, argument);
        let popped = i64::from(pushed) - i64::from(effect);
        memory.drop(u32::try_from(popped).unwrap_or(0));
        (0..pushed).for_each(|_| memory.push(at, None));
    }
}

/// Takes nothing from the stack, but looks at it.
fn leaves_operands(op: Op) -> bool {
    matches!(
        op,
        Op::FORMAT_SIMPLE
            | Op::GET_ANEXT
            | Op::GET_LEN
            | Op::GET_YIELD_FROM_ITER
            | Op::IMPORT_FROM
            | Op::MATCH_KEYS
            | Op::MATCH_MAPPING
            | Op::MATCH_SEQUENCE
            | Op::WITH_EXCEPT_START
    )
}

/// How many objects an instruction puts on the stack after it has taken its operands.
fn pushed(op: Op, argument: u32) -> u32 {
    match op {
        Op::LOAD_GLOBAL => 1 + (argument & 1),
        Op::UNPACK_SEQUENCE => argument,
        Op::UNPACK_EX => 1 + (argument & 0xff) + (argument >> 8),
        Op::PUSH_EXC_INFO | Op::CHECK_EG_MATCH | Op::CLEANUP_THROW => 2,
        Op::DICT_MERGE
        | Op::DICT_UPDATE
        | Op::LIST_APPEND
        | Op::LIST_EXTEND
        | Op::MAP_ADD
        | Op::RERAISE
        | Op::SET_ADD
        | Op::SET_UPDATE
        | Op::COPY_FREE_VARS
        | Op::DELETE_ATTR
        | Op::DELETE_DEREF
        | Op::DELETE_FAST
        | Op::DELETE_GLOBAL
        | Op::DELETE_NAME
        | Op::DELETE_SUBSCR
        | Op::END_ASYNC_FOR_OF
        | Op::END_FOR
        | Op::JUMP
        | Op::JUMP_NO_INTERRUPT
        | Op::MAKE_CELL
        | Op::NOP
        | Op::NOT_TAKEN
        | Op::POP_EXCEPT
        | Op::POP_ITER
        | Op::POP_JUMP_IF_FALSE
        | Op::POP_JUMP_IF_NONE
        | Op::POP_JUMP_IF_NOT_NONE
        | Op::POP_JUMP_IF_TRUE
        | Op::POP_TOP
        | Op::RAISE_VARARGS
        | Op::RESUME
        | Op::SETUP_ANNOTATIONS
        | Op::STORE_ATTR
        | Op::STORE_DEREF
        | Op::STORE_GLOBAL
        | Op::STORE_NAME
        | Op::STORE_SLICE
        | Op::STORE_SUBSCR => 0,
        _ => 1,
    }
}
