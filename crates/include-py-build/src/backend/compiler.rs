//! The backend that uses our own compiler, without running Python.
//!
//! It compiles in threads of the build script, or in processes of the command `include-py`
//! ([`command`]).

mod command;

use std::path::PathBuf;

use pyc_compiler::{Compilation, ErrorKind, Optimize, Options, Target, WarningKind};

use super::diagnostic::{Kind, Span};
use super::installation::Described;
use super::interpreter::Interpreter;
use super::{Backend, Diagnostic, Job, Level, Outcome, Python, Queue, Warning};
use crate::Environment;
use crate::cargo::Watched;
use crate::parallel::Workers;
pub(crate) use command::search;

/// `pyc-compiler` for one release.
pub(super) struct Compiler {
    target: Target,
    python: Python,
    /// The path of the command `include-py`, if there is one.
    command: Option<PathBuf>,
    /// Where to find an interpreter for sources that the compiler can't decode exactly.
    decoder: Option<Box<Environment>>,
}

impl Compiler {
    pub(super) fn new(described: Described, environment: &Environment) -> Self {
        let Described { python, target } = described;
        Self { target, python, command: environment.command.clone(), decoder: None }
    }

    /// Compiles for this release, which needn't be installed.
    pub(super) fn for_target(target: Target, environment: &Environment) -> Self {
        let python = Python::of_release(target.version());
        Self { target, python, command: environment.command.clone(), decoder: None }
    }

    /// Uses the environment's interpreter, if it exists, for sources that only it can decode.
    pub(super) fn with_decoder(self, environment: &Environment) -> Self {
        Self { decoder: Some(Box::new(environment.clone())), ..self }
    }

    /// Compiles for exactly the release of `python`, since releases of a minor version differ.
    pub(super) fn for_release(self, python: &Python) -> Self {
        let version = pyc_code::Version::new(self.target.minor(), python.micro());
        let target = Target::for_version(version).unwrap_or(self.target);
        Self { target, python: python.clone(), ..self }
    }

    pub(super) fn release(&self) -> Target {
        self.target
    }
}

impl Backend for Compiler {
    fn python(&self) -> &Python {
        &self.python
    }

    fn identity(&self) -> String {
        format!("pyc-compiler for {}", self.target)
    }

    fn watched(&self) -> Vec<Watched> {
        // This file identifies the installation: it exists exactly as long as the installation
        // does.
        let landmark = self.python.stdlib_dir.as_ref().map(|library| library.join("os.py"));
        landmark.into_iter().map(Watched::Path).collect()
    }

    fn compile(self: Box<Self>, workers: &Workers, jobs: &[Job<'_>]) -> Vec<Outcome> {
        let mut outcomes = command::compile(self.command.as_deref(), self.target, workers, jobs);
        let untried = |outcome: &Outcome, _: &Job<'_>| *outcome == Outcome::Untried;
        again(&mut outcomes, jobs, untried, |jobs| threads(self.target, workers, jobs));
        if let Some(environment) = &self.decoder {
            decoded(&mut outcomes, environment, self.python.magic, workers, jobs);
        }
        outcomes
    }
}

/// Compiles in threads of this process.
fn threads(target: Target, workers: &Workers, jobs: &[Job<'_>]) -> Vec<Outcome> {
    let queue = Queue::new(jobs);
    workers.at_most(jobs.len()).run(|| {
        while let Some((number, job)) = queue.take() {
            queue.put(number, one(target, job));
        }
    });
    queue.into_outcomes()
}

/// Compiles some sources again with the interpreter of the same version, if there is one: sources
/// in encodings that only CPython decodes exactly, and sources on which the compiler failed an
/// internal check. If there is no interpreter, the compiler's outcomes stay.
fn decoded(
    outcomes: &mut [Outcome],
    environment: &Environment,
    magic: u16,
    workers: &Workers,
    jobs: &[Job<'_>],
) {
    again(outcomes, jobs, needs_interpreter, |jobs| {
        let interpreter = Interpreter::start(None, environment).ok();
        match interpreter.filter(|interpreter| interpreter.python().magic == magic) {
            Some(interpreter) => Box::new(interpreter).compile(workers, jobs),
            None => Vec::new(),
        }
    });
}

/// Whether only an interpreter can tell what the source is.
fn needs_interpreter(outcome: &Outcome, job: &Job<'_>) -> bool {
    matches!(outcome, Outcome::Refused(Diagnostic { kind: Kind::Internal, .. }))
        || !pyc_compiler::decodes_exactly(job.source)
}

/// Compiles the jobs again whose outcomes require it. An outcome stays if there is no new one.
fn again(
    outcomes: &mut [Outcome],
    jobs: &[Job<'_>],
    calls: impl Fn(&Outcome, &Job<'_>) -> bool,
    compile: impl FnOnce(&[Job<'_>]) -> Vec<Outcome>,
) {
    let numbers: Vec<_> =
        (0..jobs.len()).filter(|&number| calls(&outcomes[number], &jobs[number])).collect();
    if numbers.is_empty() {
        return;
    }
    let jobs: Vec<_> = numbers.iter().map(|&number| jobs[number]).collect();
    for (number, outcome) in numbers.into_iter().zip(compile(&jobs)) {
        outcomes[number] = outcome;
    }
}

fn one(target: Target, job: &Job<'_>) -> Outcome {
    // In a debug build of the user's program, the checks would take most of the time.
    let options = Options::new(target, job.filename).without_pass_checks();
    let options = match job.level {
        Level::All => options,
        Level::NoAsserts => options.optimize(Optimize::NoAsserts),
        Level::NoAssertsNoDocstrings => options.optimize(Optimize::NoDocstrings),
        Level::NoDocstrings => options.without_docstrings(),
    };
    match pyc_compiler::compile_to_marshal(job.source, &options) {
        Ok(compiled) => code(compiled),
        Err(error) => Outcome::Refused(diagnostic(&error)),
    }
}

fn code(compiled: Compilation<Vec<u8>>) -> Outcome {
    let noted = compiled.warnings().iter().filter(|one| one.kind == WarningKind::Syntax);
    let mut warnings: Vec<_> = noted
        .map(|one| Warning {
            line: one.span.map_or(0, |span| span.line),
            message: one.message.clone(),
        })
        .collect();
    warnings.sort();
    warnings.dedup();
    Outcome::Code { marshalled: compiled.into_code(), warnings }
}

fn diagnostic(error: &pyc_compiler::SyntaxError) -> Diagnostic {
    let text = error.text().unwrap_or_default();
    let span = error.span().map(|span| {
        let end_text = if span.end_line == span.line { text } else { "" };
        Span {
            line: span.line,
            column: span.column.map(|column| in_characters(text, column)),
            end_line: Some(span.end_line),
            end_column: span.end_column.map(|column| in_characters(end_text, column)),
        }
    });
    let message = error.message().to_owned();
    Diagnostic { kind: kind(error.kind()), message, span, text: text.to_owned() }
}

fn kind(kind: ErrorKind) -> Kind {
    match kind {
        ErrorKind::Syntax | ErrorKind::Encoding => Kind::Syntax,
        ErrorKind::Indentation => Kind::Indentation,
        ErrorKind::Tab => Kind::Tab,
        ErrorKind::Undecodable => Kind::Undecodable,
        ErrorKind::Value => Kind::Value,
        ErrorKind::Depth => Kind::Recursion,
        ErrorKind::Memory => Kind::Memory,
        ErrorKind::Unsupported => Kind::Unsupported,
        // A compiler error kind that has no row here yet counts as an internal error.
        _ => Kind::Internal,
    }
}

/// Converts a 0-based column in bytes to a 1-based column in characters.
fn in_characters(text: &str, column: usize) -> usize {
    let before = text.char_indices().take_while(|(at, _)| *at < column).count();
    before + 1 + column.saturating_sub(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_errors_are_left_to_an_interpreter() {
        let source: &[u8] = b"x = 1";
        let path = std::path::Path::new("m.py");
        let job = Job { filename: "m.py", path, source, level: Level::All };
        let refused = |kind| Outcome::Refused(Diagnostic::new(kind, "why"));
        let code = || Outcome::Code { marshalled: vec![1], warnings: Vec::new() };
        let mut outcomes = [refused(Kind::Syntax), refused(Kind::Internal), code()];
        again(&mut outcomes, &[job; 3], needs_interpreter, |jobs| {
            assert_eq!(jobs.len(), 1);
            vec![code()]
        });
        assert!(matches!(outcomes[0], Outcome::Refused(Diagnostic { kind: Kind::Syntax, .. })));
        assert!(matches!(outcomes[1], Outcome::Code { .. }));

        // Without an interpreter, the compiler's error stays.
        outcomes[1] = refused(Kind::Internal);
        again(&mut outcomes, &[job; 3], needs_interpreter, |_| Vec::new());
        assert!(matches!(outcomes[1], Outcome::Refused(Diagnostic { kind: Kind::Internal, .. })));
        assert_eq!(kind(ErrorKind::Internal), Kind::Internal);
    }

    #[test]
    fn columns_count_characters_from_one() {
        assert_eq!(in_characters("é = (", 5), 5);
        assert_eq!(in_characters("x", 3), 4);
    }
}
