//! What a compilation depends on beside the source: the arguments of Python's `compile()`.
//!
//! `Options::new(target, "m.py").optimize(Optimize::NoDocstrings)` is `compile(…, "m.py", "exec",
//! optimize=2)`.

use crate::target::Target;

/// How to compile. `dont_inherit` is always true: nothing is taken from a surrounding program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    target: Target,
    filename: String,
    mode: Mode,
    optimize: Optimize,
    docstrings: Docstrings,
    checks: PassChecks,
}

/// Whether the flow graph is checked after each pass, where the compiler has debug assertions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PassChecks {
    Made,
    LeftOut,
}

/// Whether docstrings are kept at levels that keep them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Docstrings {
    Kept,
    LeftOut,
}

/// `compile()`'s `mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// `"exec"`: a module.
    #[default]
    Module,
    /// `"single"`: one interactive statement, whose value is printed.
    Interactive,
    /// `"eval"`: one expression.
    Expression,
}

/// `compile()`'s `optimize`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Optimize {
    /// 0: everything stays.
    #[default]
    None,
    /// 1, `-O`: without `assert`, and `__debug__` is false.
    NoAsserts,
    /// 2, `-OO`: without docstrings too.
    NoDocstrings,
}

impl Options {
    /// A module with `filename` as its `co_filename`, not optimised.
    #[must_use]
    pub fn new(target: Target, filename: impl Into<String>) -> Self {
        Self {
            target,
            filename: filename.into(),
            mode: Mode::Module,
            optimize: Optimize::None,
            docstrings: Docstrings::Kept,
            checks: PassChecks::Made,
        }
    }

    /// Compiles in this mode.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// Leaves out what this level leaves out.
    #[must_use]
    pub fn optimize(self, optimize: Optimize) -> Self {
        Self { optimize, ..self }
    }

    /// Leaves docstrings out as [`Optimize::NoDocstrings`] does, at any level: `assert` may stay.
    /// CPython has no such option.
    #[must_use]
    pub fn without_docstrings(self) -> Self {
        Self { docstrings: Docstrings::LeftOut, ..self }
    }

    /// Leaves out the checks that a compiler with debug assertions makes after each of its passes:
    /// they are for whoever changes the compiler, and take more time than all the rest. The code is
    /// the same.
    #[must_use]
    pub fn without_pass_checks(self) -> Self {
        Self { checks: PassChecks::LeftOut, ..self }
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) fn filename(&self) -> &str {
        &self.filename
    }

    pub(crate) fn get_mode(&self) -> Mode {
        self.mode
    }

    /// Whether everything but the target and the level is the same.
    pub(crate) fn reads_alike(&self, other: &Self) -> bool {
        self.mode == other.mode && self.filename == other.filename && self.checks == other.checks
    }

    /// For [`crate::levels`], which notes who asks.
    pub(crate) fn keeps_docstrings(&self) -> bool {
        self.docstrings == Docstrings::Kept && self.optimize < Optimize::NoDocstrings
    }

    pub(crate) fn checks_passes(&self) -> bool {
        cfg!(debug_assertions) && self.checks == PassChecks::Made
    }

    /// For [`crate::levels`], which notes who asks.
    pub(crate) fn level(&self) -> Optimize {
        self.optimize
    }
}
