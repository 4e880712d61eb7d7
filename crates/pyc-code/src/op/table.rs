//! One version's instructions.
//!
//! `Table::of(Minor::PY311).op(100) == Some(Op::LOAD_CONST)`

use super::effect::{Branch, Effect};
use super::mnemonic::Op;
use super::{py38, py39, py310, py311, py312, py313, py314, py315};
use crate::version::Minor;

/// The instructions of one version.
///
/// Specialised, instrumented and pseudo instructions are omitted, because they never occur in a
/// `.pyc`.
#[derive(Debug)]
pub struct Table {
    /// Sorted by number.
    pub(super) rows: &'static [Info],
    /// The unit of a jump's argument, in bytes.
    pub(super) jump_unit: u8,
    /// For each number, its row's index plus one, or 0.
    by_number: [u8; 256],
    /// For each operation, its row's index plus one, or 0.
    by_op: [u8; Op::ALL.len()],
}

/// One version's description of an instruction.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    pub(super) op: Op,
    pub(super) number: u8,
    pub(super) caches: u8,
    pub(super) argument: Argument,
    pub(super) effect: Effect,
    pub(super) jump_effect: Effect,
}

/// The meaning of an instruction's argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Argument {
    /// It has none; the byte is 0.
    None,
    /// A number.
    Number,
    /// An index into `co_consts`.
    Const,
    /// An index into `co_names`, shifted left by some flag bits.
    Name {
        /// Number of flag bits.
        shift: u8,
        /// For each value of the flags, how `dis` shows the name; `{}` is the name.
        shown: &'static [&'static str],
    },
    /// An index of a local variable.
    Local,
    /// Two indices of local variables, four bits each.
    LocalPair,
    /// An index of a cell or free variable. From 3.11 on it counts from the first local, before
    /// 3.11 from the first cell.
    Cell,
    /// A comparison, shifted left by some bits that guide specialisation.
    Compare {
        /// Number of bits below the comparison.
        shift: u8,
        /// The bit that requests a `bool`; 0 if there is none.
        to_bool: u8,
        /// The comparison operators.
        shown: &'static [&'static str],
    },
    /// The distance or target of a jump.
    Jump(Direction),
    /// An index into these names.
    Choice(&'static [&'static str]),
}

/// The origin from which a jump's argument counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Forward from the next instruction, after caches.
    Forward,
    /// Backward from the next instruction, after caches.
    Backward,
    /// From the start of the code.
    Absolute,
}

static TABLES: [Table; 8] = [
    py38::TABLE,
    py39::TABLE,
    py310::TABLE,
    py311::TABLE,
    py312::TABLE,
    py313::TABLE,
    py314::TABLE,
    py315::TABLE,
];

/// Creates a row of a generated table.
pub(super) const fn row(
    op: Op,
    number: u8,
    caches: u8,
    argument: Argument,
    effect: Effect,
    jump_effect: Effect,
) -> Info {
    Info { op, number, caches, argument, effect, jump_effect }
}

impl Table {
    /// The instructions of `minor`.
    #[must_use]
    pub fn of(minor: Minor) -> &'static Self {
        &TABLES[minor.index()]
    }

    /// All instructions, sorted by number.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'static Info> + use<> {
        self.rows.iter()
    }

    /// The instruction with this number.
    #[must_use]
    pub fn op(&self, number: u8) -> Option<Op> {
        self.numbered(number).map(|info| info.op)
    }

    /// The description of the instruction with this number.
    #[must_use]
    pub fn numbered(&self, number: u8) -> Option<&'static Info> {
        self.rows.get(usize::from(self.by_number[usize::from(number)]).checked_sub(1)?)
    }

    /// The description of `op`, if this version has it.
    #[must_use]
    pub fn info(&self, op: Op) -> Option<&'static Info> {
        self.rows.get(usize::from(self.by_op[op as usize]).checked_sub(1)?)
    }

    /// The unit of a jump's argument in bytes: 1 up to 3.9, 2 from 3.10.
    #[must_use]
    pub const fn jump_unit(&self) -> u8 {
        self.jump_unit
    }

    /// A table with lookup indices for `rows`, of which there are fewer than 255.
    pub(super) const fn new(rows: &'static [Info], jump_unit: u8) -> Self {
        let mut by_number = [0; 256];
        let mut by_op = [0; Op::ALL.len()];
        let (mut at, mut position) = (0, 1);
        while at < rows.len() {
            by_number[rows[at].number as usize] = position;
            by_op[rows[at].op as usize] = position;
            at += 1;
            position += 1;
        }
        Self { rows, jump_unit, by_number, by_op }
    }
}

impl Info {
    /// The instruction.
    #[must_use]
    pub const fn op(&self) -> Op {
        self.op
    }

    /// Its opcode number.
    #[must_use]
    pub const fn number(&self) -> u8 {
        self.number
    }

    /// Number of cache entries that follow it, two bytes each.
    #[must_use]
    pub const fn caches(&self) -> u8 {
        self.caches
    }

    /// The meaning of its argument.
    #[must_use]
    pub const fn argument(&self) -> Argument {
        self.argument
    }

    /// Its stack effect as a function of its argument.
    #[must_use]
    pub const fn effect(&self, branch: Branch) -> Effect {
        match branch {
            Branch::Taken => self.jump_effect,
            Branch::NotTaken => self.effect,
        }
    }

    /// Its stack effect with this argument (`dis.stack_effect`).
    #[must_use]
    pub fn stack_effect(&self, argument: u32, branch: Branch) -> i32 {
        self.effect(branch).at(argument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_mnemonics_lead_to_each_other() {
        for minor in Minor::ALL {
            let table = Table::of(minor);
            for info in table.iter() {
                assert_eq!(table.op(info.number), Some(info.op), "{minor} {}", info.op);
                assert_eq!(table.info(info.op).unwrap().number, info.number, "{minor} {}", info.op);
            }
        }
    }

    #[test]
    fn stack_effects_follow_the_argument() {
        let effect = |minor, op, argument| {
            Table::of(minor).info(op).unwrap().stack_effect(argument, Branch::NotTaken)
        };
        assert_eq!(effect(Minor::PY38, Op::BUILD_TUPLE, 3), -2);
        assert_eq!(effect(Minor::PY313, Op::LOAD_GLOBAL, 1), 2);
        assert_eq!(effect(Minor::PY311, Op::UNPACK_EX, 0x0102), 3);
        assert_eq!(effect(Minor::PY312, Op::BUILD_SLICE, 3), -2);
        assert_eq!(effect(Minor::PY38, Op::MAKE_FUNCTION, 0b1001), -3);
    }
}
