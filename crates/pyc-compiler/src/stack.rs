//! A call stack for deep recursion: that of a thread of its own.
//!
//! `stack::with(1 << 26, || walk(tree))` walks on a stack of 64 MiB. Only the part in use takes
//! memory.

use crate::error::{ErrorKind, Fault, Result};
use crate::location::Location;

/// Runs `work` on a stack of this many bytes, and waits for it.
///
/// # Errors
///
/// The error of `work`, or that no such stack is available.
#[cold]
pub(crate) fn with<T: Send>(bytes: usize, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(bytes).spawn_scoped(scope, work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => {
                let size = bytes >> 20;
                let message = format!(
                    "no thread with a stack of {size} MiB for this source ({error}), let the process have more memory"
                );
                Err(Fault::new(ErrorKind::Unsupported, Location::NONE, message))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recurse(levels: u32) -> u32 {
        let room = std::hint::black_box([levels; 256]);
        if levels == 0 { 0 } else { recurse(levels - 1) + room[0] - levels + 1 }
    }

    #[test]
    fn deeply_nested_work_has_enough_stack() {
        assert_eq!(with(256 << 20, || Ok(recurse(50_000))).ok(), Some(50_000));
    }

    #[test]
    fn panics_are_propagated() {
        let outcome =
            std::panic::catch_unwind(|| with(1 << 20, || -> Result<()> { panic!("spam") }));
        assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&"spam"));
    }
}
