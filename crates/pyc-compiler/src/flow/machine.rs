//! Facts about the target's instructions: number, caches, stack effect.
//!
//! In 3.13, `LOAD_CONST` is number 83, has no caches, and pushes one value.

use pyc_code::Minor;
use pyc_code::op::{Branch, Effect, Info, Table};

use super::borrow::always_given;
use super::op_kinds::OpKinds;
use crate::instruction::Op;

/// The instructions of one minor version, by [`Op`].
#[derive(Debug)]
pub(super) struct Machine {
    minor: Minor,
    rows: [Row; Op::ALL.len()],
    /// The effects on the stack depth that are simple, of instructions without a target.
    simple: [Option<Linear>; Op::ALL.len()],
    exchanges: [Option<Exchange>; Op::ALL.len()],
    effects: [Effects; Op::ALL.len()],
}

/// One instruction of the machine; zeros for a pseudo instruction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) number: u8,
    pub(super) caches: u8,
}

/// What an instruction pops and pushes, if the number of pushed objects is constant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exchange {
    effect: Linear,
    given: u8,
}

/// The effect `base + each * (argument & mask)`: nearly all instructions have one of this form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Linear {
    base: i8,
    each: i8,
    mask: u32,
}

#[derive(Clone, Copy, Debug)]
enum Effects {
    /// The version has no such instruction.
    Unknown,
    /// The effects of falling through and of jumping, for any argument.
    Fixed(i8, i8),
    Other(&'static Info),
}

impl Machine {
    pub(super) fn of(minor: Minor) -> Self {
        let table = Table::of(minor);
        let mut machine = Self {
            minor,
            rows: [Row { number: 0, caches: 0 }; Op::ALL.len()],
            simple: [None; Op::ALL.len()],
            exchanges: [None; Op::ALL.len()],
            effects: [Effects::Unknown; Op::ALL.len()],
        };
        for (at, &op) in Op::ALL.iter().enumerate() {
            let mut effects = pseudo_effects(op);
            if let Some(info) = op.real().and_then(|real| table.info(real)) {
                effects = Effects::of(info);
                machine.rows[at] = Row { number: info.number(), caches: info.caches() };
            }
            let linear = effects.linear();
            machine.effects[at] = effects;
            machine.simple[at] = linear.filter(|_| !OpKinds::of(op).has(OpKinds::TARGET));
            machine.exchanges[at] =
                linear.zip(always_given(op)).map(|(effect, given)| Exchange { effect, given });
        }
        machine
    }

    pub(super) fn minor(&self) -> Minor {
        self.minor
    }

    #[inline(always)]
    pub(super) fn row(&self, op: Op) -> &Row {
        &self.rows[op as usize]
    }

    /// Its effect on the stack depth, if that is simple and it has no target.
    #[inline(always)]
    pub(super) fn simple_effect(&self, op: Op) -> Option<Linear> {
        self.simple[op as usize]
    }

    /// What it pops and pushes, if [`always_given`] has a number for it.
    #[inline(always)]
    pub(super) fn exchange(&self, op: Op) -> Option<Exchange> {
        self.exchanges[op as usize]
    }

    /// Its effect on the depth of the stack (`compile.c: stack_effect`, 3.13).
    #[inline(always)]
    pub(super) fn effect(&self, op: Op, argument: u32, branch: Branch) -> Option<i32> {
        self.effects[op as usize].at(argument, branch)
    }

    /// The size of the instruction in code units, including `EXTENDED_ARG` and caches.
    #[inline(always)]
    pub(super) fn size(&self, op: Op, argument: u32) -> u32 {
        1 + extensions(argument) + u32::from(self.row(op).caches)
    }
}

impl Effects {
    fn of(info: &'static Info) -> Self {
        match (info.effect(Branch::NotTaken), info.effect(Branch::Taken)) {
            (Effect::Fixed(on), Effect::Fixed(there)) => Self::Fixed(on, there),
            _ => Self::Other(info),
        }
    }

    #[inline]
    fn at(self, argument: u32, branch: Branch) -> Option<i32> {
        match (self, branch) {
            (Self::Unknown, _) => None,
            (Self::Fixed(on, _), Branch::NotTaken) => Some(on.into()),
            (Self::Fixed(_, there), Branch::Taken) => Some(there.into()),
            (Self::Other(info), branch) => Some(info.stack_effect(argument, branch)),
        }
    }

    /// The effect of falling through, if it is linear.
    fn linear(self) -> Option<Linear> {
        let (base, each, mask) = match self {
            Self::Fixed(effect, _) => (effect, 0, 0),
            Self::Other(info) => match info.effect(Branch::NotTaken) {
                Effect::PerArgument { base, each } => (base, each, u32::MAX),
                Effect::PerBit { base, bits: [each, 0, 0, 0] } => (base, each, 1),
                _ => return None,
            },
            Self::Unknown => return None,
        };
        Some(Linear { base, each, mask })
    }
}

impl Linear {
    #[inline(always)]
    #[expect(clippy::cast_possible_wrap, reason = "arguments are numbers of parts of a source")]
    pub(super) const fn at(self, argument: u32) -> i32 {
        let count = (argument & self.mask) as i32;
        (self.each as i32).wrapping_mul(count).wrapping_add(self.base as i32)
    }
}

impl Exchange {
    /// The number of popped objects with this argument.
    #[inline(always)]
    pub(super) fn taken(self, argument: u32) -> u32 {
        let taken = i32::from(self.given).wrapping_sub(self.effect.at(argument));
        taken.max(0).unsigned_abs()
    }

    #[inline(always)]
    pub(super) fn given(self) -> u32 {
        self.given.into()
    }
}

/// The number of `EXTENDED_ARG`s that the argument needs.
#[inline(always)]
pub(super) fn extensions(argument: u32) -> u32 {
    if argument <= 0xff { 0 } else { many_extensions(argument) }
}

#[cold]
fn many_extensions(argument: u32) -> u32 {
    1 + u32::from(argument > 0xffff) + u32::from(argument > 0xff_ffff)
}

/// Handlers find the exception on the stack, and below it the offset of the failing instruction if
/// they use it.
fn pseudo_effects(op: Op) -> Effects {
    match op {
        // The handler of a `with` finds two values, but the result of `__enter__`, which is on the
        // stack here, is gone (`compile.c: stack_effect`, 3.11).
        Op::SETUP_FINALLY | Op::SETUP_WITH => Effects::Fixed(0, 1),
        Op::SETUP_CLEANUP => Effects::Fixed(0, 2),
        Op::LOAD_CLOSURE => Effects::Fixed(1, 1),
        Op::END_ASYNC_FOR_OF => Effects::Fixed(-2, -2),
        Op::POP_BLOCK
        | Op::JUMP
        | Op::JUMP_NO_INTERRUPT
        | Op::JUMP_IF_FALSE
        | Op::JUMP_IF_TRUE
        | Op::ANNOTATIONS_PLACEHOLDER => Effects::Fixed(0, 0),
        // The jumps are real instructions only in versions in which they have no direction.
        Op::STORE_FAST_MAYBE_NULL
        | Op::POP_JUMP_IF_FALSE
        | Op::POP_JUMP_IF_TRUE
        | Op::POP_JUMP_IF_NONE
        | Op::POP_JUMP_IF_NOT_NONE => Effects::Fixed(-1, -1),
        _ => Effects::Unknown,
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
    fn simple_effects_are_those_that_are_asked_for() {
        let machine = Machine::of(Minor::PY313);
        for &op in Op::ALL {
            for argument in [0, 1, 2, 3, 7, 255, 300] {
                if let Some(simple) = machine.simple_effect(op) {
                    let asked = machine.effect(op, argument, Branch::NotTaken);
                    assert_eq!(Some(simple.at(argument)), asked, "{} {argument}", op.name());
                }
            }
        }
    }

    #[test]
    fn every_pseudo_instruction_has_an_effect() {
        let machine = Machine::of(Minor::PY313);
        for &op in Op::ALL {
            if op.real().is_none() {
                assert!(machine.effect(op, 0, Branch::Taken).is_some(), "{}", op.name());
            }
        }
        assert_eq!(machine.effect(Op::SETUP_CLEANUP, 0, Branch::Taken), Some(2));
    }
}
