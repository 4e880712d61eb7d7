//! Walks the instructions in a code object's bytes.
//!
//! `90 01 64 00` in 3.10 is `EXTENDED_ARG 1` at 0 and `LOAD_CONST 256` at 2; cache entries are passed over.

use super::mnemonic::Op;
use super::table::{Argument, Direction, Info, Table};
use crate::version::Minor;

/// One instruction where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Instruction {
    offset: u32,
    number: u8,
    argument: u32,
    info: Option<&'static Info>,
    jump_unit: u8,
}

/// What [`instructions`] gives.
#[derive(Clone, Debug)]
pub struct Instructions<'c> {
    table: &'static Table,
    code: &'c [u8],
    at: usize,
    extended: u32,
}

/// The instructions of `code`, `EXTENDED_ARG` among them, each with its whole argument.
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
    /// Its first byte's offset into the code.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Its first byte.
    #[must_use]
    pub const fn number(&self) -> u8 {
        self.number
    }

    /// What it is; none for a number that this version doesn't have.
    #[must_use]
    pub fn op(&self) -> Option<Op> {
        self.info.map(Info::op)
    }

    /// All that its version knows of it.
    #[must_use]
    pub const fn info(&self) -> Option<&'static Info> {
        self.info
    }

    /// Its argument, if it takes one.
    #[must_use]
    pub fn argument(&self) -> Option<u32> {
        match self.info?.argument() {
            Argument::None => None,
            _ => Some(self.argument),
        }
    }

    /// Where it jumps to, as an offset into the code that may lie outside it.
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
