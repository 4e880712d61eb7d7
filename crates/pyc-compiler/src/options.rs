//! What a compilation depends on besides the source: the arguments of Python's `compile()`.
//!
//! `Options::new(target, "m.py").optimize(Optimize::NoDocstrings)` is `compile(…, "m.py", "exec",
//! optimize=2)`.

use crate::target::Target;

/// How to compile. As with `dont_inherit=True`, nothing is taken from a surrounding program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    target: Target,
    filename: String,
    mode: Mode,
    optimize: Optimize,
    docstrings: Docstrings,
    checks: PassChecks,
}

/// Whether the flow graph is checked after each pass when the compiler has debug assertions.
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
    /// `"exec"`: a module
    #[default]
    Module,
    /// `"single"`: one interactive statement, whose value is printed
    Interactive,
    /// `"eval"`: one expression
    Expression,
}

/// `compile()`'s `optimize`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Optimize {
    /// 0: nothing is left out.
    #[default]
    None,
    /// 1, `-O`: leaves out `assert`, and `__debug__` is false.
    NoAsserts,
    /// 2, `-OO`: leaves out docstrings, too.
    NoDocstrings,
}

impl Options {
    /// Compiles a module with `filename` as its `co_filename`, not optimised.
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

    /// Leaves out docstrings as [`Optimize::NoDocstrings`] does, but at any level, so that `assert`
    /// can stay. CPython has no such option.
    #[must_use]
    pub fn without_docstrings(self) -> Self {
        Self { docstrings: Docstrings::LeftOut, ..self }
    }

    /// Skips the checks that a compiler with debug assertions makes after each of its passes. They
    /// help to develop the compiler, and take more time than everything else. The code is the same.
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

    /// Whether everything except the target and the level is the same.
    pub(crate) fn reads_alike(&self, other: &Self) -> bool {
        self.mode == other.mode && self.filename == other.filename && self.checks == other.checks
    }

    /// Only for [`crate::levels`], which records the question.
    pub(crate) fn keeps_docstrings(&self) -> bool {
        self.docstrings == Docstrings::Kept && self.optimize < Optimize::NoDocstrings
    }

    pub(crate) fn checks_passes(&self) -> bool {
        cfg!(debug_assertions) && self.checks == PassChecks::Made
    }

    /// Only for [`crate::levels`], which records the question.
    pub(crate) fn level(&self) -> Optimize {
        self.optimize
    }
}
