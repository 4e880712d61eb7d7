//! Loads local variables without counting a reference, where the variable certainly outlives the
//! loaded value.
//!
//! | before | after |
//! |---|---|
//! | `LOAD_FAST a; LOAD_FAST b; BINARY_OP +` | both are `LOAD_FAST_BORROW` |
//! | `LOAD_FAST a; STORE_FAST b` | stays: a variable must own what it holds |
//! | `LOAD_FAST a; LOAD_NAME b; STORE_FAST a; CALL` | stays: the variable is gone before what was loaded is used |
//!
//! The stack is tracked separately in each block: values that are still on it at the block's end
//! aren't borrowed.

use pyc_code::op::Branch;

use super::graph::{BlockId, Graph, Step};
use super::machine::Machine;
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;
use crate::name::count;
use crate::target::Feature;

/// An object on the stack, as far as it is known. (`Option`s would double its size.)
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    /// The index of the step that borrowed it, or [`Reference::NO_STEP`].
    step: u32,
    /// The local variable that it was loaded from, or [`Reference::NO_LOCAL`].
    local: u32,
}

impl Reference {
    const NO_STEP: u32 = u32::MAX;
    const NO_LOCAL: u32 = u32::MAX;
    const UNKNOWN: Self = Self { step: Self::NO_STEP, local: Self::NO_LOCAL };

    /// The value of a variable, from a load that can be changed back to an owning one.
    fn borrowed(step: u32, local: u32) -> Self {
        Self { step, local }
    }

    /// The value of a variable, from a load that has no borrowing form.
    fn owned(local: u32) -> Self {
        Self { step: Self::NO_STEP, local }
    }

    /// Another object, for which the step is changed back.
    fn pushed_by(step: u32) -> Self {
        Self { step, local: Self::NO_LOCAL }
    }
}

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
            // Quirk: before 3.15, CPython takes nothing to follow an empty block.
            if target.has(Feature::BorrowingAfterNothing) {
                reach(graph, graph.fallthrough(id), blocks);
            }
            continue;
        }
        reach(graph, graph.fallthrough(id), blocks);
        reach(graph, graph.jump_target(id), blocks);
        if !graph[id].kinds.has(OpKinds::LOCAL) {
            continue;
        }
        let steps = graph.steps_mut(id);
        if let Some(first) = steps.iter().position(|step| borrowed(step.op).is_some()) {
            let stack = &mut scratch.references;
            stack.clear();
            Block { steps, stack, machine, blames_first }.follow(count(first));
        }
    }
}

fn reach(graph: &mut Graph, id: Option<BlockId>, blocks: &mut Vec<BlockId>) {
    if let Some(id) = id.filter(|&id| !std::mem::replace(&mut graph[id].visited, true)) {
        blocks.push(id);
    }
}

/// The instruction that does the same without counting the reference.
fn borrowed(op: Op) -> Option<Op> {
    match op {
        Op::LOAD_FAST => Some(Op::LOAD_FAST_BORROW),
        Op::LOAD_FAST_LOAD_FAST => Some(Op::LOAD_FAST_BORROW_LOAD_FAST_BORROW),
        _ => None,
    }
}

/// The instruction that does the same and counts the reference.
fn owned(op: Op) -> Op {
    match op {
        Op::LOAD_FAST_BORROW => Op::LOAD_FAST,
        Op::LOAD_FAST_BORROW_LOAD_FAST_BORROW => Op::LOAD_FAST_LOAD_FAST,
        other => other,
    }
}

/// A block whose stack is tracked.
///
/// At first each load borrows. It is changed back when its reference must be owned.
struct Block<'b> {
    steps: &'b mut [Step],
    /// The top of the stack. What is below it was there before the first load, and is unknown.
    stack: &'b mut Vec<Reference>,
    machine: &'b Machine,
    blames_first: bool,
}

impl Block<'_> {
    /// Tracks the stack from the first load on, whose index is `first`.
    fn follow(&mut self, first: u32) {
        for at in first..count(self.steps.len()) {
            let Step { op, argument, .. } = self.steps[at as usize];
            if op == Op::LOAD_FAST {
                self.steps[at as usize].op = Op::LOAD_FAST_BORROW;
                self.stack.push(Reference::borrowed(at, argument));
            } else if let Some(exchange) = self.machine.exchange(op) {
                self.exchange(exchange.taken(argument), exchange.given());
            } else {
                self.step(at, op, argument);
            }
        }
        while let Some(left) = self.stack.pop() {
            self.own(left);
        }
    }

    fn step(&mut self, at: u32, op: Op, argument: u32) {
        match op {
            Op::LOAD_FAST_LOAD_FAST => {
                self.steps[at as usize].op = Op::LOAD_FAST_BORROW_LOAD_FAST_BORROW;
                self.stack.push(Reference::borrowed(at, argument >> 4));
                self.stack.push(Reference::borrowed(at, argument & 15));
            }
            Op::LOAD_FAST_AND_CLEAR => {
                self.kill(argument);
                self.stack.push(Reference::owned(argument));
            }
            Op::DELETE_FAST => self.kill(argument),
            Op::STORE_FAST => self.store(argument),
            Op::STORE_FAST_LOAD_FAST => {
                self.store(argument >> 4);
                self.stack.push(Reference::owned(argument & 15));
            }
            Op::STORE_FAST_STORE_FAST => {
                self.store(argument >> 4);
                self.store(argument & 15);
            }
            Op::COPY => {
                let place = self.stack.len().checked_sub(argument as usize);
                self.stack.push(place.map_or(Reference::UNKNOWN, |place| self.stack[place]));
            }
            Op::SWAP => {
                let depth = argument as usize;
                let missing = depth.saturating_sub(self.stack.len());
                self.stack.splice(..0, std::iter::repeat_n(Reference::UNKNOWN, missing));
                let top = self.stack.len() - 1;
                self.stack.swap(top, top + 1 - depth);
            }
            // CPython assumes that a method's object stays on the stack.
            Op::LOAD_ATTR if argument & 1 != 0 => self.put_below_top(),
            Op::LOAD_SPECIAL => self.put_below_top(),
            Op::LOAD_SUPER_ATTR => {
                let object = self.pop();
                self.exchange(2, 1);
                if argument & 1 != 0 {
                    self.stack.push(object);
                }
            }
            Op::LOAD_ATTR | Op::CHECK_EXC_MATCH | Op::SEND => self.exchange(1, 1),
            Op::FOR_ITER => self.stack.push(Reference::UNKNOWN),
            Op::LOAD_GLOBAL => self.exchange(0, given(op, argument)),
            Op::GET_ITER if self.machine.effect(op, argument, Branch::NotTaken) == Some(1) => {
                // The object stays on the stack if it is iterated by index.
                self.stack.push(Reference::UNKNOWN);
            }
            _ => self.other(op, argument),
        }
    }

    /// An instruction that pops all its operands, or keeps all of them, or pops some and pushes
    /// nothing.
    fn other(&mut self, op: Op, argument: u32) {
        let effect = self.machine.effect(op, argument, Branch::NotTaken).unwrap_or(0);
        if leaves_operands(op) {
            // Quirk: CPython 3.14 takes the first steps of the block for those that pushed these
            // values, because a loop's variable hides the instruction's index
            // (`optimize_load_fast`).
            for number in 0..effect.unsigned_abs() {
                let pushed = Reference::pushed_by(number);
                self.stack.push(if self.blames_first { pushed } else { Reference::UNKNOWN });
            }
        } else {
            let given = given(op, argument);
            let taken = i64::from(given) - i64::from(effect);
            self.exchange(u32::try_from(taken).unwrap_or(0), given);
        }
    }

    #[inline(always)]
    fn exchange(&mut self, taken: u32, given: u32) {
        let left = self.stack.len().saturating_sub(taken as usize);
        self.stack.truncate(left);
        (0..given).for_each(|_| self.stack.push(Reference::UNKNOWN));
    }

    fn put_below_top(&mut self) {
        let object = self.pop();
        self.stack.push(Reference::UNKNOWN);
        self.stack.push(object);
    }

    fn pop(&mut self) -> Reference {
        self.stack.pop().unwrap_or(Reference::UNKNOWN)
    }

    fn own(&mut self, reference: Reference) {
        // `NO_STEP` isn't the index of any step.
        if let Some(step) = self.steps.get_mut(reference.step as usize) {
            step.op = owned(step.op);
        }
    }

    /// The variable has another value from now on (`kill_local`).
    fn kill(&mut self, local: u32) {
        for at in 0..self.stack.len() {
            if self.stack[at].local == local {
                self.own(self.stack[at]);
            }
        }
    }

    /// The value on top is stored in a variable (`store_local`).
    fn store(&mut self, local: u32) {
        let stored = self.pop();
        self.kill(local);
        self.own(stored);
    }
}

/// The number of objects that an instruction pushes, if that doesn't depend on the argument and all
/// of them are new.
pub(super) fn always_given(op: Op) -> Option<u8> {
    let is_special = matches!(
        op,
        Op::LOAD_FAST
            | Op::LOAD_FAST_LOAD_FAST
            | Op::LOAD_FAST_AND_CLEAR
            | Op::DELETE_FAST
            | Op::STORE_FAST
            | Op::STORE_FAST_LOAD_FAST
            | Op::STORE_FAST_STORE_FAST
            | Op::COPY
            | Op::SWAP
            | Op::LOAD_ATTR
            | Op::LOAD_GLOBAL
            | Op::LOAD_SPECIAL
            | Op::LOAD_SUPER_ATTR
            | Op::CHECK_EXC_MATCH
            | Op::SEND
            | Op::FOR_ITER
            | Op::GET_ITER
            | Op::UNPACK_SEQUENCE
            | Op::UNPACK_EX
    );
    if is_special || leaves_operands(op) { None } else { u8::try_from(given(op, 0)).ok() }
}

/// Whether an instruction uses its operands without popping them.
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

/// The number of values that an instruction pushes after it has popped its operands.
fn given(op: Op, argument: u32) -> u32 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_that_are_always_given_depend_on_no_argument() {
        for &op in Op::ALL {
            if let Some(always) = always_given(op) {
                for argument in [0, 1, 2, 3, 7, 255, 300] {
                    assert_eq!(given(op, argument), always.into(), "{} {argument}", op.name());
                }
            }
        }
    }
}
