//! Compares the code of two backends, for `Bundle::verify_against_interpreter`.
//!
//! ```text
//! error: python/app.py: the compiler and the interpreter come to different code
//!   = note: <module> > f: co_stacksize is 2, not 3
//! ```

use pyc_code::{Minor, diff, marshal};

use super::compiler::Compiler;
use super::interpreter::Interpreter;
use super::{Backend, Job, Outcome, Python};
use crate::cargo::Watched;
use crate::error::{ErrorKind, Problem};
use crate::parallel::Workers;

/// The compiler, and the interpreter that checks its code.
pub(super) struct Verified {
    ours: Compiler,
    judge: Interpreter,
}

impl Verified {
    /// Sets the compiler to the release that the interpreter turned out to be.
    pub(super) fn new(ours: Compiler, judge: Interpreter) -> Self {
        Self { ours: ours.for_release(judge.python()), judge }
    }
}

impl Backend for Verified {
    fn python(&self) -> &Python {
        self.ours.python()
    }

    fn identity(&self) -> String {
        self.ours.identity()
    }

    fn watched(&self) -> Vec<Watched> {
        [self.judge.watched(), self.ours.watched()].concat()
    }

    fn compiler(&self) -> Option<&Compiler> {
        Some(&self.ours)
    }

    fn compile(
        self: Box<Self>,
        ours: Vec<Outcome>,
        workers: &Workers,
        jobs: &[Job<'_>],
    ) -> Vec<Outcome> {
        let minor = self.ours.release().minor();
        compare(jobs, ours, self.judge.compile(workers, jobs), minor)
    }
}

/// The compiler's outcome if both are equal, otherwise a problem.
fn compare(
    jobs: &[Job<'_>],
    ours: Vec<Outcome>,
    theirs: Vec<Outcome>,
    minor: Minor,
) -> Vec<Outcome> {
    let pairs = ours.into_iter().zip(theirs);
    jobs.iter().zip(pairs).map(|(job, (ours, theirs))| one(job, ours, theirs, minor)).collect()
}

fn one(job: &Job<'_>, ours: Outcome, theirs: Outcome, minor: Minor) -> Outcome {
    let difference = match (&ours, &theirs) {
        // A problem, or a job that one of them didn't try, is reported as such.
        (Outcome::Failed(_) | Outcome::Untried, _) => return ours,
        (_, Outcome::Failed(_) | Outcome::Untried) => return theirs,
        (Outcome::Code { marshalled: left, .. }, Outcome::Code { marshalled: right, .. }) => {
            if left == right {
                return ours;
            }
            shown(left, right, minor)
        }
        (_, Outcome::Refused(why)) if matches!(ours, Outcome::Code { .. }) => {
            format!("only the interpreter refuses it: {why}")
        }
        (Outcome::Refused(why), Outcome::Code { .. }) => {
            format!("only the compiler refuses it: {why}")
        }
        _ => return ours,
    };
    let path = job.path.display();
    let text = format!("{path}: the compiler and the interpreter come to different code");
    let problem = Problem::new(ErrorKind::Compile, text)
        .note(difference.trim_end().replace('\n', "\n    "))
        .help("please report it; until it is mended, build with `Backend::Interpreter`");
    Outcome::Failed(problem)
}

fn shown(left: &[u8], right: &[u8], minor: Minor) -> String {
    match (marshal::read(left, minor), marshal::read(right, minor)) {
        (Ok(left), Ok(right)) => match diff::first(&left, &right, minor) {
            Some(difference) => difference.to_string(),
            None => "the code is equal, but its bytes aren't".to_owned(),
        },
        (Err(error), _) | (_, Err(error)) => format!("code that can't be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use pyc_code::CodeObject;

    use super::super::diagnostic::Kind;
    use super::super::{Diagnostic, Level};
    use super::*;

    fn code(stacksize: u32) -> Vec<Outcome> {
        let mut code = CodeObject::default();
        code.name = "<module>".into();
        code.stacksize = stacksize;
        let marshalled = marshal::write(&code, Minor::PY313).unwrap();
        vec![Outcome::Code { marshalled, warnings: Vec::new() }]
    }

    fn refused() -> Vec<Outcome> {
        vec![Outcome::Refused(Diagnostic::new(Kind::Value, "no"))]
    }

    fn compared(ours: Vec<Outcome>, theirs: Vec<Outcome>) -> Outcome {
        let path = Path::new("python/a.py");
        let job = Job { filename: "a.py", path, source: b"", level: Level::All };
        compare(&[job], ours, theirs, Minor::PY313).remove(0)
    }

    fn difference(ours: Vec<Outcome>, theirs: Vec<Outcome>) -> String {
        let Outcome::Failed(problem) = compared(ours, theirs) else { panic!("a problem") };
        let (heading, rest) = problem.message().split_once('\n').unwrap();
        assert_eq!(heading, "python/a.py: the compiler and the interpreter come to different code");
        let help =
            "\n  = help: please report it; until it is mended, build with `Backend::Interpreter`";
        rest.strip_suffix(help).unwrap().to_owned()
    }

    #[test]
    fn the_first_difference_is_reported() {
        assert_eq!(compared(code(1), code(1)), code(1)[0]);
        let told = difference(code(1), code(2));
        assert_eq!(told, "  = note: <module>: co_stacksize is 1, not 2");
    }

    #[test]
    fn a_source_that_only_one_backend_accepts_is_a_difference() {
        assert_eq!(compared(refused(), refused()), refused()[0]);
        let told = difference(code(1), refused());
        assert_eq!(told, "  = note: only the interpreter refuses it: ValueError: no");
        let told = difference(refused(), code(1));
        assert_eq!(told, "  = note: only the compiler refuses it: ValueError: no");
        assert_eq!(compared(code(1), vec![Outcome::Untried]), Outcome::Untried);
    }
}
