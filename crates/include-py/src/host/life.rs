//! The state of the process's interpreter. There is only one, and it is started once.
//!
//! ```text
//! Unstarted ──▶ Starting ──▶ Running ──▶ Ending ──▶ Ended
//!     ▲            │ └──▶ Failed
//!     └────────────┘ the bundle didn't fit, and CPython wasn't touched
//! ```
//!
//! Every transition is made under one lock, so if two threads start Python, one gets an error. The
//! lock is never held while Python code runs.

use std::sync::{Mutex, PoisonError};

use pyo3::ffi;

use crate::Error;

/// The states of an interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Unstarted,
    /// A thread is in `Host::start`.
    Starting,
    Running,
    /// The thread in `Host::run` is shutting Python down.
    Ending,
    Ended,
    /// CPython failed to start and is partially initialised.
    Failed,
}

static STAGE: Mutex<Stage> = Mutex::new(Stage::Unstarted);

/// A start in progress. If it is dropped before [`Start::done`], it has failed.
#[derive(Debug)]
pub(super) struct Start {
    on_failure: Stage,
}

impl Start {
    /// Begins a start; only the first caller succeeds. `bundle` is used in messages.
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

    /// Called before CPython's own state is changed; after that, a second attempt isn't possible.
    pub(super) fn touches_python(&mut self) {
        self.on_failure = Stage::Failed;
    }

    /// Python is running.
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

/// Returns an error if Python has ended or is ending.
pub(crate) fn require_python(bundle: &str) -> Result<(), Error> {
    match change(|stage| *stage) {
        Stage::Ending | Stage::Ended => Err(Error::ended(bundle)),
        _ => Ok(()),
    }
}

fn change<T>(change: impl FnOnce(&mut Stage) -> T) -> T {
    // A state is a single word, so it is valid even after a panic.
    change(&mut STAGE.lock().unwrap_or_else(PoisonError::into_inner))
}
