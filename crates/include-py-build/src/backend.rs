//! What makes code of sources, behind one trait.
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
pub(crate) use compiler::search;
pub(crate) use diagnostic::{Diagnostic, Warning};
pub(crate) use installation::describe;
pub(crate) use python::Python;
use queue::Queue;

/// Something that compiles modules, ready to start.
pub(crate) trait Backend {
    /// The Python that it makes code for.
    fn python(&self) -> &Python;

    /// What besides the target decides the code: another identity, and no code of the previous
    /// build is reused.
    fn identity(&self) -> String;

    /// What decides which installation it is.
    fn watched(&self) -> Vec<Watched>;

    /// The outcomes in the order of the jobs.
    fn compile(self: Box<Self>, workers: &Workers, jobs: &[Job<'_>]) -> Vec<Outcome>;
}

/// A module to compile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    /// What its code objects say they come from.
    pub(crate) filename: &'a str,
    /// The file, for messages.
    pub(crate) path: &'a Path,
    pub(crate) source: &'a [u8],
    pub(crate) level: Level,
}

/// What of a source is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// All of it, as `python` does.
    All,
    /// As `python -O`.
    NoAsserts,
    /// As `python -OO`: without assertions and docstrings.
    NoAssertsNoDocstrings,
    /// Without docstrings, but with assertions.
    NoDocstrings,
}

/// What became of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Its code, in the canonical form, and Python's own warnings about the source.
    Code { marshalled: Vec<u8>, warnings: Vec<Warning> },
    /// The source isn't valid for the target.
    Refused(Diagnostic),
    /// The backend itself failed.
    Failed(Problem),
    /// No answer: it wasn't tried, or whoever was asked leaves it to others.
    Untried,
}

impl Level {
    /// What `sys.flags.optimize` shows.
    pub(crate) fn optimize(self) -> u8 {
        match self {
            Self::All | Self::NoDocstrings => 0,
            Self::NoAsserts => 1,
            Self::NoAssertsNoDocstrings => 2,
        }
    }

    /// As `worker.py` and the record have it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::All => "0",
            Self::NoAsserts => "1",
            Self::NoAssertsNoDocstrings => "2",
            Self::NoDocstrings => "undocumented",
        }
    }

    /// What [`code`](Self::code) gave.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        let all = [Self::All, Self::NoAsserts, Self::NoAssertsNoDocstrings, Self::NoDocstrings];
        all.into_iter().find(|level| level.code() == code)
    }
}
