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
pub(crate) struct Compiler {
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

    fn compiler(&self) -> Option<&Compiler> {
        Some(self)
    }

    fn compile(
        self: Box<Self>,
        mut ours: Vec<Outcome>,
        workers: &Workers,
        jobs: &[Job<'_>],
    ) -> Vec<Outcome> {
        if let Some(environment) = &self.decoder {
            decoded(&mut ours, environment, self.python.magic, workers, jobs);
        }
        ours
    }
}

/// Compiles the jobs with each of the compilers; returns each compiler's outcomes.
pub(super) fn compile(
    compilers: &[&Compiler],
    workers: &Workers,
    jobs: &[Job<'_>],
) -> Vec<Vec<Outcome>> {
    let with_command =
        |one: &&Compiler| command::compile(one.command.as_deref(), one.target, workers, jobs);
    let mut all: Vec<Vec<Outcome>> = compilers.iter().map(with_command).collect();

    // The rest is compiled in threads of this process, for all targets together. An outcome has the
    // number of its compiler.
    let queue = Queue::new(jobs, Vec::new());
    workers.at_most(jobs.len()).run(|| {
        while let Some((number, job)) = queue.take() {
            let untried = |compiler: &usize| all[*compiler][number] == Outcome::Untried;
            let untried: Vec<usize> = (0..all.len()).filter(untried).collect();
            let targets: Vec<_> = untried.iter().map(|&one| compilers[one].target).collect();
            let outcomes = for_targets(&targets, job);
            queue.put(number, untried.into_iter().zip(outcomes).collect());
        }
    });
    for (number, outcomes) in queue.into_outcomes().into_iter().enumerate() {
        for (compiler, outcome) in outcomes {
            all[compiler][number] = outcome;
        }
    }
    all
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
            Some(interpreter) => interpreter.compile(workers, jobs),
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

/// Compiles a source for all targets, with as few parses as possible.
fn for_targets(targets: &[Target], job: &Job<'_>) -> Vec<Outcome> {
    let all: Vec<_> = targets.iter().map(|&target| options(target, job)).collect();
    let mut outcomes = Vec::with_capacity(all.len());
    while outcomes.len() < all.len() {
        // The list ends at the first target that refuses the source.
        for compiled in pyc_compiler::compile_each(job.source, &all[outcomes.len()..]) {
            outcomes.push(match compiled {
                Ok(compiled) => code(compiled),
                Err(error) => Outcome::Refused(diagnostic(&error)),
            });
        }
    }
    outcomes
}

fn options(target: Target, job: &Job<'_>) -> Options {
    // In a debug build of the user's program, the checks would take most of the time.
    let options = Options::new(target, job.filename).without_pass_checks();
    match job.level {
        Level::All => options,
        Level::NoAsserts => options.optimize(Optimize::NoAsserts),
        Level::NoAssertsNoDocstrings => options.optimize(Optimize::NoDocstrings),
        Level::NoDocstrings => options.without_docstrings(),
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

    /// A target that refuses a source doesn't keep the others from theirs.
    #[test]
    fn each_target_has_its_own_outcome() {
        let source: &[u8] = b"def f[T](x: T): pass\n";
        let path = std::path::Path::new("m.py");
        let job = Job { filename: "m.py", path, source, level: Level::All };
        let targets = ["3.12", "3.11", "3.13", "3.14"].map(|name| Target::named(name).unwrap());
        let outcomes = for_targets(&targets, &job);
        let alone = targets.map(|target| for_targets(&[target], &job).remove(0));
        assert_eq!(outcomes, alone);
        assert!(matches!(outcomes[1], Outcome::Refused(_)));
        assert!(matches!(outcomes[3], Outcome::Code { .. }));
    }

    #[test]
    fn columns_count_characters_from_one() {
        assert_eq!(in_characters("é = (", 5), 5);
        assert_eq!(in_characters("x", 3), 4);
    }
}
