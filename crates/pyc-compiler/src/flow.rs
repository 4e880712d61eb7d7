//! From a unit's instructions to its code object: control-flow graph, passes over it, assembly.
//!
//! ```text
//!     LOAD_FAST          x       block 0  LOAD_FAST x; POP_JUMP_IF_FALSE → block 2      5600 6101
//!     POP_JUMP_IF_FALSE  L0  →   block 1  LOAD_CONST None; RETURN_VALUE             →   6700
//!     …                          block 2  …                                             …
//! ```
//!
//! Each release lists its passes, in `target/`. A pass is a function that changes the graph; each
//! has its own file. Its result must equal that of CPython's pass, so its comment names CPython's
//! function.

mod allocation;
mod assemble;
mod borrow;
mod check_locals;
mod cold;
mod conditions;
mod depth;
mod evaluate;
mod exits;
mod fold;
mod graph;
mod handlers;
mod jumps;
mod lines;
mod loads;
mod locals;
mod machine;
mod nops;
mod op_kinds;
pub(crate) mod pass;
mod peephole;
mod pipeline;
mod print;
mod pseudo;
mod reach;
mod reduce;
mod superinstructions;
mod swaps;
mod sweep;
mod trace;
mod unused;
mod verify;
mod walk;
mod work;

#[cfg(test)]
mod tests;

pub(crate) use pipeline::Pipeline;
pub(crate) use trace::Trace;
pub use trace::UnknownPass;
pub(crate) use work::Scratch;

use crate::code::Code;
use crate::context::Context;
use crate::error::{Fault, Result};
use crate::location::Location;
use crate::unit::Unit;
use work::Work;

/// Optimises and assembles a unit (`compile.c: optimize_and_assemble_code_unit`, 3.13).
#[inline(never)]
pub(crate) fn finish(unit: &mut Unit, context: &mut Context<'_>) -> Result<Code> {
    context.ended("codegen");
    let pipeline = &context.options.target().release().pipeline;
    let mut work = Work::new(unit, context)?;
    work.run(pipeline.optimize)?;
    work.measure_depth()?;
    work.run(pipeline.lower)?;
    work.ended("flow");
    let code = assemble::assemble(work);
    context.ended("assemble");
    code
}

/// An error for code that no source can lead to, unless the compiler has a bug.
fn malformed(what: &str) -> Fault {
    Fault::internal(Location::NONE, what)
}
