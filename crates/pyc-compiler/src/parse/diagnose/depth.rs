//! The stack for nested rules: that of the thread, or a larger one if they are nested deeply.

use super::recognise::MOST_LEVELS;
use crate::error::{self, Fault};
use crate::location::Location;
use crate::stack;

/// The depth for which the stack of any thread is certainly large enough: without optimisation, a
/// level takes less than a kilobyte.
const MOST_ANYWHERE: u32 = 250;

/// The maximum stack for [`MOST_LEVELS`], even in debug builds.
const STACK: usize = MOST_LEVELS as usize * 16 * 1024;

/// The maximum depth was reached, and is lower than CPython's.
pub(super) struct TooDeep;

/// Runs `work`, which is given a maximum depth: on this stack, or on a larger one if necessary.
pub(super) fn on_any_stack<T: Send>(
    work: impl Fn(u32) -> Result<T, TooDeep> + Sync,
) -> error::Result<T> {
    if let Ok(outcome) = work(MOST_ANYWHERE) {
        return Ok(outcome);
    }
    stack::with(STACK, || {
        let too_deep = "the maximum depth isn't accepted as one";
        work(MOST_LEVELS).map_err(|TooDeep| Fault::internal(Location::NONE, too_deep))
    })
}
