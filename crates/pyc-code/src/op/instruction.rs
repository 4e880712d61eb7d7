//! Iterates over the instructions in a code object's bytes.
//!
//! In 3.10, `90 01 64 00` is `EXTENDED_ARG 1` at 0 and `LOAD_CONST 256` at 2. Cache entries are
//! skipped.

use super::mnemonic::Op;
use super::table::{Argument, Direction, Info, Table};
use crate::version::Minor;

/// One instruction and its offset.
#[derive(Clone, Copy, Debug)]
pub struct Instruction {
    offset: u32,
    number: u8,
    argument: u32,
    info: Option<&'static Info>,
    jump_unit: u8,
}

/// The iterator returned by [`instructions`].
#[derive(Clone, Debug)]
pub struct Instructions<'c> {
    table: &'static Table,
    code: &'c [u8],
    at: usize,
    extended: u32,
}

/// The instructions of `code`, each with its complete argument. `EXTENDED_ARG` is included as an
/// instruction.
#[must_use]
pub fn instructions(code: &[u8], minor: Minor) -> Instructions<'_> {
    Instructions { table: Table::of(minor), code, at: 0, extended: 0 }
}

impl Iterator for Instructions<'_> {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        let &[number, low] = self.code.get(self.at..)?.first_chunk()?;
        let offset = u32::try_from(self.at).ok()?;
        let info = self.table.numbered(number);
        let argument = self.extended << 8 | u32::from(low);
        self.extended = match info {
            Some(info) if info.op() == Op::EXTENDED_ARG => argument,
            _ => 0,
        };
        self.at += 2 + 2 * usize::from(info.map_or(0, Info::caches));
        Some(Instruction { offset, number, argument, info, jump_unit: self.table.jump_unit() })
    }
}

impl Instruction {
    /// Offset of its first byte in the code.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Its opcode number: the first byte.
    #[must_use]
    pub const fn number(&self) -> u8 {
        self.number
    }

    /// Its operation; `None` for a number that this version doesn't have.
    #[must_use]
    pub fn op(&self) -> Option<Op> {
        self.info.map(Info::op)
    }

    /// The version's description of the instruction.
    #[must_use]
    pub const fn info(&self) -> Option<&'static Info> {
        self.info
    }

    /// The argument, if the instruction has one.
    #[must_use]
    pub fn argument(&self) -> Option<u32> {
        match self.info?.argument() {
            Argument::None => None,
            _ => Some(self.argument),
        }
    }

    /// The target of a jump as an offset into the code; it may be outside the code.
    #[must_use]
    pub fn target(&self) -> Option<i64> {
        let info = self.info?;
        let Argument::Jump(direction) = info.argument() else { return None };
        let steps = i64::from(self.argument) * i64::from(self.jump_unit);
        let next = i64::from(self.offset) + 2 + 2 * i64::from(info.caches());
        Some(match direction {
            Direction::Forward => next + steps,
            Direction::Backward => next - steps,
            Direction::Absolute => steps,
        })
    }
}
