//! Expressions: each leaves one value on the stack.

use super::Generator;
use crate::error::Result;
use crate::instruction::Label;
use crate::location::Location;
use crate::name::Name;
use crate::tree::{Context, ExprId, Keyword, List};

impl Generator<'_, '_> {
    /// Emits an expression (`compile.c: compiler_visit_expr`, 3.13).
    pub(super) fn expression(&mut self, _id: ExprId) -> Result<()> {
        self.error(Location::NONE, "not there yet")
    }

    /// Reads, binds or deletes a name (`compile.c: compiler_nameop`, 3.13).
    pub(super) fn name(&mut self, _name: Name, _context: Context, at: Location) -> Result<()> {
        self.error(at, "not there yet")
    }

    /// Jumps to `target` if the condition's truth is `when` (`compile.c: compiler_jump_if`, 3.13).
    pub(super) fn jump_if(
        &mut self,
        at: Location,
        _condition: ExprId,
        _target: Label,
        _when: When,
    ) -> Result<()> {
        self.error(at, "not there yet")
    }

    /// Calls what is on the stack, below `pushed` arguments already there (`compile.c: compiler_call_helper`, 3.13).
    pub(super) fn call_with(
        &mut self,
        at: Location,
        _pushed: u32,
        _arguments: List<ExprId>,
        _keywords: List<Keyword>,
    ) -> Result<()> {
        self.error(at, "not there yet")
    }
}

/// At which truth a condition jumps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    True,
    False,
}
