//! Interpreter processes that compile modules, one module after another.
//!
//! ```text
//! us       ──▶ stdin    0, "app/a.py", b"x = 1\n"             ──▶ worker.py
//! us       ◀── stdout   "code", b"\xe3…", 3, "invalid escape" ◀──
//! problems ◀── stderr   whatever it prints
//! ```

mod frame;
mod pool;
mod process;
mod queue;

pub(crate) use pool::{Job, Pool};
pub(crate) use process::{Hello, SCRIPT, Worker};
pub(crate) use queue::Queue;

/// What became of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Code {
        marshalled: Vec<u8>,
        warnings: Vec<Warning>,
    },
    Syntax(SyntaxError),
    /// The compiler of our own contradicts itself about the source, or the command that it is in doesn't say why it
    /// refuses it.
    Lost {
        message: String,
    },
    /// Another exception: `RecursionError`, `MemoryError`, or `ValueError` for a NUL in the source.
    Exception {
        kind: String,
        message: String,
    },
}

/// A `SyntaxWarning`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Warning {
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// The attributes of a `SyntaxError`; numbers count from 1, columns in characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) line: Option<usize>,
    pub(crate) column: Option<usize>,
    pub(crate) end_line: Option<usize>,
    pub(crate) end_column: Option<usize>,
    pub(crate) text: String,
}
