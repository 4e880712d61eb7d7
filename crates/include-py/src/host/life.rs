//! Which part of its life the process's interpreter is in: there is one, and it is started once.
//!
//! ```text
//! Unstarted ──▶ Starting ──▶ Running ──▶ Ending ──▶ Ended
//!     ▲            │ └──▶ Failed
//!     └────────────┘ the bundle didn't fit, and CPython wasn't touched
//! ```
//!
//! Every step is taken under one lock, so that of two threads that start Python one is told that it
//! came too late. The lock is never held while Python runs.

use std::sync::{Mutex, PoisonError};

use pyo3::ffi;

use crate::Error;

/// The parts of an interpreter's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Unstarted,
    /// A thread is in `Host::start`.
    Starting,
    Running,
    /// The thread that is in `Host::run` shuts Python down.
    Ending,
    Ended,
    /// CPython refused to start; what it had set up until then stays.
    Failed,
}

static STAGE: Mutex<Stage> = Mutex::new(Stage::Unstarted);

/// A start that is going on; dropped before [`Start::done`], it has failed.
#[derive(Debug)]
pub(super) struct Start {
    on_failure: Stage,
}

impl Start {
    /// The right to start Python, for the first caller only; `bundle` is for messages.
    pub(super) fn begin(bundle: &str) -> Result<Self, Error> {
        // SAFETY: may be called at any time.
        let initialized = || unsafe { ffi::Py_IsInitialized() } != 0;
        change(|stage| match *stage {
            Stage::Unstarted if initialized() => Err(Error::running(bundle)),
            Stage::Unstarted => {
                *stage = Stage::Starting;
                Ok(Self { on_failure: Stage::Unstarted })
            }
            Stage::Starting => Err(Error::starting(bundle)),
            Stage::Running => Err(Error::running(bundle)),
            Stage::Ending | Stage::Ended => Err(Error::ended(bundle)),
            Stage::Failed => {
                let message = "an earlier attempt failed, and CPython can't be started again: end \
                               the program after the first error";
                Err(Error::start(None, message.to_owned()))
            }
        })
    }

    /// From here on CPython's own state changes, which a second attempt wouldn't find as it was.
    pub(super) fn touches_python(&mut self) {
        self.on_failure = Stage::Failed;
    }

    /// Python runs.
    pub(super) fn done(mut self) {
        self.on_failure = Stage::Running;
    }
}

impl Drop for Start {
    fn drop(&mut self) {
        change(|stage| *stage = self.on_failure);
    }
}

/// The shutdown begins.
pub(super) fn ending() {
    change(|stage| *stage = Stage::Ending);
}

/// The shutdown is over.
pub(super) fn ended() {
    change(|stage| *stage = Stage::Ended);
}

/// An error if Python has ended or is about to.
pub(crate) fn require_python(bundle: &str) -> Result<(), Error> {
    match change(|stage| *stage) {
        Stage::Ending | Stage::Ended => Err(Error::ended(bundle)),
        _ => Ok(()),
    }
}

fn change<T>(change: impl FnOnce(&mut Stage) -> T) -> T {
    // A stage is one word: whoever panicked left it whole.
    change(&mut STAGE.lock().unwrap_or_else(PoisonError::into_inner))
}
