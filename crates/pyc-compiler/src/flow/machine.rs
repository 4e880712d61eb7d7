//! What the target's machine makes of each instruction: number, caches, stack effect.
//!
//! For 3.13 `LOAD_CONST` is number 83 without caches and leaves one object on the stack.

use pyc_code::Minor;
use pyc_code::op::{Branch, Effect, Info, Table};

use crate::instruction::Op;

/// The instructions of one minor version, by [`Op`].
#[derive(Debug)]
pub(super) struct Machine {
    rows: Vec<Row>,
}

/// One instruction of the machine; a pseudo instruction only has its effect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) number: u8,
    pub(super) caches: u8,
    effect: Effects,
}

#[derive(Clone, Copy, Debug)]
enum Effects {
    /// The version has no such instruction.
    Unknown,
    Real(&'static Info),
    /// When going on, and when arriving at the target.
    Pseudo(i8, i8),
}

impl Machine {
    pub(super) fn of(minor: Minor) -> Self {
        let table = Table::of(minor);
        let row = |&op: &Op| match op.real() {
            Some(real) => match table.info(real) {
                Some(info) => Row {
                    number: info.number(),
                    caches: info.caches(),
                    effect: Effects::Real(info),
                },
                None => Row { number: 0, caches: 0, effect: Effects::Unknown },
            },
            None => Row { number: 0, caches: 0, effect: pseudo_effect(op) },
        };
        Self { rows: Op::ALL.iter().map(row).collect() }
    }

    #[inline]
    pub(super) fn row(&self, op: Op) -> &Row {
        &self.rows[op as usize]
    }

    /// How many code units the instruction takes, `EXTENDED_ARG` and caches among them.
    #[inline]
    pub(super) fn size(&self, op: Op, argument: u32) -> u32 {
        1 + extensions(argument) + u32::from(self.row(op).caches)
    }
}

impl Row {
    /// What it does to the depth of the stack (`compile.c: stack_effect`, 3.13).
    pub(super) fn effect(&self, argument: u32, branch: Branch) -> Option<i32> {
        match (self.effect, branch) {
            (Effects::Unknown, _) => None,
            (Effects::Real(info), branch) => Some(info.stack_effect(argument, branch)),
            (Effects::Pseudo(on, _), Branch::NotTaken) => Some(on.into()),
            (Effects::Pseudo(_, there), Branch::Taken) => Some(there.into()),
        }
    }
}

/// How many `EXTENDED_ARG`s the argument needs.
#[inline]
pub(super) const fn extensions(argument: u32) -> u32 {
    (argument > 0xff) as u32 + (argument > 0xffff) as u32 + (argument > 0xff_ffff) as u32
}

/// Handlers find the exception on the stack, and below it the offset of the failing instruction if they want it.
fn pseudo_effect(op: Op) -> Effects {
    match op {
        Op::SETUP_FINALLY | Op::SETUP_WITH => Effects::Pseudo(0, 1),
        Op::SETUP_CLEANUP => Effects::Pseudo(0, 2),
        Op::LOAD_CLOSURE => Effects::Pseudo(1, 1),
        Op::STORE_FAST_MAYBE_NULL => Effects::Pseudo(-1, -1),
        Op::POP_BLOCK | Op::JUMP | Op::JUMP_NO_INTERRUPT => Effects::Pseudo(0, 0),
        _ => Effects::Unknown,
    }
}

/// A set of instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct OpSet([u64; 4]);

impl OpSet {
    pub(super) const EMPTY: Self = Self([0; 4]);

    pub(super) const fn of(ops: &[Op]) -> Self {
        let mut set = Self::EMPTY;
        let mut at = 0;
        while at < ops.len() {
            set.insert(ops[at]);
            at += 1;
        }
        set
    }

    #[inline]
    pub(super) const fn insert(&mut self, op: Op) {
        self.0[op as usize >> 6] |= 1 << (op as usize & 63);
    }

    #[inline]
    pub(super) const fn contains(&self, op: Op) -> bool {
        self.0[op as usize >> 6] >> (op as usize & 63) & 1 == 1
    }

    pub(super) fn extend(&mut self, other: &Self) {
        for (one, other) in self.0.iter_mut().zip(other.0) {
            *one |= other;
        }
    }

    pub(super) fn intersects(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(one, other)| one & other != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_count_extensions_and_caches() {
        let machine = Machine::of(Minor::PY313);
        assert_eq!(machine.size(Op::LOAD_CONST, 255), 1);
        assert_eq!(machine.size(Op::LOAD_CONST, 256), 2);
        assert_eq!(machine.size(Op::LOAD_GLOBAL, 0x1_0000), 7);
        assert_eq!(machine.row(Op::LOAD_CONST).number, 83);
    }

    #[test]
    fn every_pseudo_instruction_has_an_effect() {
        let machine = Machine::of(Minor::PY313);
        for &op in Op::ALL {
            if op.real().is_none() {
                assert!(machine.row(op).effect(0, Branch::Taken).is_some(), "{}", op.name());
            }
        }
        assert_eq!(machine.row(Op::SETUP_CLEANUP).effect(0, Branch::Taken), Some(2));
    }

    #[test]
    fn sets_hold_what_was_put_in() {
        let set = OpSet::of(&[Op::SWAP, Op::STORE_FAST_MAYBE_NULL]);
        assert!(set.contains(Op::SWAP) && set.contains(Op::STORE_FAST_MAYBE_NULL));
        assert!(!set.contains(Op::NOP));
        assert!(set.intersects(&OpSet::of(&[Op::NOP, Op::SWAP])));
        assert!(!set.intersects(&OpSet::of(&[Op::NOP])));
    }
}
