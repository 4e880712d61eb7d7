//! A unit's code before it is assembled: symbolic instructions with labels.
//!
//! ```text
//!     LOAD_NAME          x          the argument of POP_JUMP_IF_FALSE is a label until
//!     POP_JUMP_IF_FALSE  L0         the control-flow graph is made of the sequence;
//!     NOP                           every other argument is the number that stays
//! L0: RETURN_CONST       None
//! ```

mod intrinsic;
mod op;
mod sequence;

pub(crate) use intrinsic::{Intrinsic1, Intrinsic2};
pub(crate) use op::Op;
pub(crate) use sequence::{Label, Sequence};

use crate::location::Location;

/// One instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    pub(crate) op: Op,
    /// A number, an index into the unit's tables, or the number of a [`Label`].
    pub(crate) argument: u32,
    pub(crate) location: Location,
}
