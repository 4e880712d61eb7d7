//! The control-flow graph of a unit, the target's passes over it, and the code object made of it.

use crate::code::Code;
use crate::context::Context;
use crate::error::Result;
use crate::unit::Unit;

/// Optimises and assembles a unit (`compile.c: optimize_and_assemble_code_unit`, 3.13).
pub(crate) fn finish(_unit: &mut Unit, _context: &mut Context<'_>) -> Result<Code> {
    Err(crate::error::Fault::syntax(crate::location::Location::NONE, "not there yet"))
}
