//! The problems that stop a build, collected, so that one run shows all of them.
//!
//! ```text
//! error: the source directory `python` doesn't exist
//!   = help: create it, or correct the path given to `Bundle::source`
//! ```

use std::fmt;

/// Why a bundle couldn't be built: one or more problems, in a fixed order.
///
/// `Display` shows all of them, as [`Bundle::compile`](crate::Bundle::compile) prints them.
///
/// ```
/// use include_py_build::{Bundle, Environment, ErrorKind};
///
/// let out_dir = std::env::temp_dir();
/// let error = Bundle::new("app").optimize(7).build(&Environment::new(out_dir)).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Option);
/// assert!(error.to_string().contains("optimisation level 7"));
/// ```
#[derive(Clone)]
pub struct Error {
    problems: Vec<Problem>,
}

/// The kinds of [`Error`]; of several problems, the first one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Not run by Cargo, or without a dependency on `include-py` of the same version.
    Environment,
    /// A value given to the builder is invalid.
    Option,
    /// No interpreter, or none that fits the target.
    Interpreter,
    /// The program can't be linked as [`Bundle::static_python`](crate::Bundle::static_python)
    /// requires.
    Link,
    /// A problem with the found files: duplicates, loops, invalid names, unreadable files.
    Source,
    /// A module isn't valid Python.
    Compile,
    /// An interpreter died or didn't answer.
    Worker,
    /// A file of the output couldn't be written.
    Output,
}

impl Error {
    /// Sorts by kind, and otherwise keeps the order; `None` if there are no problems.
    pub(crate) fn new(mut problems: Vec<Problem>) -> Option<Self> {
        problems.sort_by_key(|problem| problem.kind);
        (!problems.is_empty()).then_some(Self { problems })
    }

    /// Both results, or all problems of both.
    pub(crate) fn both<A, B>(a: Result<A, Self>, b: Result<B, Self>) -> Result<(A, B), Self> {
        match (a, b) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (Err(a), Err(b)) => {
                let problems: Vec<_> = a.problems.into_iter().chain(b.problems).collect();
                Err(Self::new(problems).unwrap_or(Self { problems: Vec::new() }))
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// The kind of the first problem.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.problems.first().map_or(ErrorKind::Output, |problem| problem.kind)
    }

    /// The text of each problem, which can have several lines.
    ///
    /// ```
    /// use include_py_build::{Bundle, Environment};
    ///
    /// let bundle = Bundle::new("a/b").exclude("[").optimize(3);
    /// let error = bundle.build(&Environment::new(std::env::temp_dir())).unwrap_err();
    /// assert!(error.problems().count() >= 3);
    /// ```
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.problems.iter().map(|problem| problem.message.as_str())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.problems().enumerate() {
            let separator = if number == 0 { "" } else { "\n\nerror: " };
            write!(f, "{separator}{problem}")?;
        }
        let bad = self.problems.iter().filter(|one| one.kind == ErrorKind::Compile).count();
        if bad > 1 {
            write!(f, "\n\nerror: {bad} files could not be compiled")?;
        }
        Ok(())
    }
}

/// As `Display`, since `unwrap` and `fn main() -> Result` print it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

/// One problem that stops a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    kind: ErrorKind,
    message: String,
}

impl Problem {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Adds a line that says what to do.
    pub(crate) fn help(self, help: impl fmt::Display) -> Self {
        self.line(format_args!("  = help: {help}"))
    }

    /// Adds a line with further information.
    pub(crate) fn note(self, note: impl fmt::Display) -> Self {
        self.line(format_args!("  = note: {note}"))
    }

    fn line(mut self, line: fmt::Arguments<'_>) -> Self {
        self.message = format!("{}\n{line}", self.message);
        self
    }

    #[cfg(test)]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_problems_are_shown_the_first_kind_first() {
        let error = Error::new(vec![
            Problem::new(ErrorKind::Source, "`a` is gone").help("bring it back"),
            Problem::new(ErrorKind::Option, "`x` isn't y").note("z is"),
        ])
        .unwrap();
        assert_eq!(error.kind(), ErrorKind::Option);
        assert_eq!(
            error.to_string(),
            "`x` isn't y\n  = note: z is\n\nerror: `a` is gone\n  = help: bring it back"
        );
        assert!(Error::new(Vec::new()).is_none());
    }

    #[test]
    fn modules_that_dont_compile_are_counted() {
        let bad = || Problem::new(ErrorKind::Compile, "a.py:1:1: bad");
        assert_eq!(Error::from(bad()).to_string(), "a.py:1:1: bad");
        let text = Error::new(vec![bad(), bad()]).unwrap().to_string();
        assert!(text.ends_with("\n\nerror: 2 files could not be compiled"), "{text}");
    }
}
