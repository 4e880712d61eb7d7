//! The backends that compile sources, behind one trait.
//!
//! ```text
//! choice.rs ──▶ dyn Backend ─┬─ compiler.rs     pyc-compiler, in threads of the build script,
//!                            │                  or in processes of the command `include-py`
//!                            ├─ interpreter.rs  the target's interpreter, in processes
//!                            └─ verify.rs       both, compared
//! ```

mod choice;
mod compiler;
mod diagnostic;
mod installation;
mod interpreter;
mod python;
mod queue;
mod verify;

use std::path::Path;

use crate::cargo::Watched;
use crate::error::Problem;
use crate::parallel::Workers;
pub use choice::Backend as Choice;
pub(crate) use choice::{Verify, choose, further};
use compiler::Compiler;
pub(crate) use compiler::search;
pub(crate) use diagnostic::{Diagnostic, Warning};
pub(crate) use installation::describe;
pub(crate) use python::Python;
use queue::Queue;

/// Something that compiles modules, ready to start.
pub(crate) trait Backend {
    /// The Python that the code is for.
    fn python(&self) -> &Python;

    /// What the code depends on besides the target. If the identity changes, no code of the
    /// previous build is reused.
    fn identity(&self) -> String;

    /// Files whose change makes Cargo run the build again, since the installation may be another
    /// one.
    fn watched(&self) -> Vec<Watched>;

    /// Our compiler, if this backend uses it.
    fn compiler(&self) -> Option<&Compiler> {
        None
    }

    /// Compiles the jobs; returns the outcomes in the order of the jobs. `ours` are the outcomes of
    /// [`compiler`](Self::compiler), if there is one.
    fn compile(
        self: Box<Self>,
        ours: Vec<Outcome>,
        workers: &Workers,
        jobs: &[Job<'_>],
    ) -> Vec<Outcome>;
}

/// Compiles the jobs with each of the backends; returns each backend's outcomes in the order of the
/// jobs. Backends that use our compiler share the parse of a source.
pub(crate) fn compile(
    backends: Vec<Box<dyn Backend>>,
    workers: &Workers,
    jobs: &[Job<'_>],
) -> Vec<Vec<Outcome>> {
    let compilers: Vec<_> = backends.iter().filter_map(|backend| backend.compiler()).collect();
    let mut outcomes = compiler::compile(&compilers, workers, jobs).into_iter();
    let mut all = Vec::with_capacity(backends.len());
    for backend in backends {
        let ours = backend.compiler().and_then(|_| outcomes.next());
        all.push(backend.compile(ours.unwrap_or_default(), workers, jobs));
    }
    all
}

/// A module to compile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    /// The file name in its code objects (`co_filename`).
    pub(crate) filename: &'a str,
    /// The file's path, for messages.
    pub(crate) path: &'a Path,
    pub(crate) source: &'a [u8],
    pub(crate) level: Level,
}

/// What is left out of a module's code (`-O`, `-OO`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Nothing, as `python` without options.
    All,
    /// Assertions, as `python -O`.
    NoAsserts,
    /// Assertions and docstrings, as `python -OO`.
    NoAssertsNoDocstrings,
    /// Docstrings only.
    NoDocstrings,
}

/// The result of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The code in canonical form, and Python's warnings about the source.
    Code { marshalled: Vec<u8>, warnings: Vec<Warning> },
    /// The source isn't valid for the target.
    Refused(Diagnostic),
    /// The backend itself failed.
    Failed(Problem),
    /// No result: the job wasn't tried, or this backend leaves it to another one.
    Untried,
}

impl Level {
    /// The value of `sys.flags.optimize`.
    pub(crate) fn optimize(self) -> u8 {
        match self {
            Self::All | Self::NoDocstrings => 0,
            Self::NoAsserts => 1,
            Self::NoAssertsNoDocstrings => 2,
        }
    }

    /// The level's code in messages to `worker.py` and in the record.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::All => "0",
            Self::NoAsserts => "1",
            Self::NoAssertsNoDocstrings => "2",
            Self::NoDocstrings => "undocumented",
        }
    }

    /// The level for a [`code`](Self::code).
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        let all = [Self::All, Self::NoAsserts, Self::NoAssertsNoDocstrings, Self::NoDocstrings];
        all.into_iter().find(|level| level.code() == code)
    }
}
