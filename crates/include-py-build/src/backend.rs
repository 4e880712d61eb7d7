//! What makes code: the compiler of our own, or the target's interpreter.
//!
//! | asked for | target | what makes code |
//! |---|---|---|
//! | nothing | one that `pyc-compiler` supports, installed where PyO3 says | the compiler |
//! | nothing | another, or not known yet | the interpreter |
//! | nothing | as in the first row, and much to compile, by a build script that isn't optimised | the command `include-py` of the same version, if it is installed: it is the same compiler |
//! | nothing | as in the first row, but a source is in an encoding of which the compiler has no exact table | for that file the interpreter, if it is there |
//! | `Bundle::interpreter(…)` | any | that interpreter |
//! | `Bundle::backend(…)` | any | that one, or the build says why it can't |

mod command;

use std::path::{Path, PathBuf};

use include_py_bundle::Target;
use pyc_code::Minor;

use crate::Environment;
use crate::cargo::Watched;
use crate::error::{ErrorKind, Problem};
use crate::parallel::Workers;
use crate::target::Interpreter;
use crate::worker::{Answer, Hello, Job, Pool, SCRIPT};
use crate::{compiler, installation, verify};
pub(crate) use command::search;

/// What makes code of sources.
///
/// ```
/// use include_py_build::{Backend, Bundle};
///
/// let bundle = Bundle::new("app").source("python").backend(Backend::Interpreter);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    /// `pyc-compiler`, which needs no Python. The default for the targets that it supports.
    Compiler,
    /// The interpreter that PyO3 resolved, or that [`Bundle::interpreter`](crate::Bundle::interpreter) names.
    Interpreter,
}

/// Whether the interpreter compiles everything, too, and has to come to the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verify {
    Yes,
    No,
}

/// What the builder says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice<'p> {
    pub(crate) backend: Option<Backend>,
    pub(crate) interpreter: Option<&'p Path>,
    pub(crate) verify: Verify,
}

/// A backend, ready, and what is known of the Python that it makes code for.
pub(crate) struct Toolchain {
    pub(crate) hello: Hello,
    maker: Maker,
    watched: Vec<Watched>,
}

enum Maker {
    Interpreter(Interpreter),
    Compiler {
        target: pyc_compiler::Target,
        /// What its code is compared with.
        judge: Option<Interpreter>,
        /// Where an interpreter may be that decodes what the compiler can't.
        decoder: Option<Box<Environment>>,
        /// The command `include-py`.
        command: Option<PathBuf>,
    },
}

type Answers = Vec<Option<Result<Answer, Problem>>>;

impl Toolchain {
    pub(crate) fn new(choice: Choice<'_>, environment: &Environment) -> Result<Self, Problem> {
        let supported = environment.version.and_then(|(major, minor)| {
            let minor = (major == 3).then(|| Minor::new(minor)).flatten()?;
            let named = choice.interpreter.or(environment.python.as_deref());
            installation::describe(named, minor)
        });
        match (choice.backend, supported) {
            (Some(Backend::Compiler), Some(described)) => {
                Self::compiler(described, choice, environment)
            }
            (Some(Backend::Compiler), None) => Err(unsupported(environment.version)),
            // An interpreter that is named is meant to be used, and one whose files aren't where they
            // usually are has to be asked.
            (None, Some(described))
                if choice.interpreter.is_none() && described.0.stdlib_dir.is_some() =>
            {
                Self::compiler(described, choice, environment)
            }
            (None | Some(Backend::Interpreter), _) => Self::interpreter(choice, environment),
        }
    }

    fn interpreter(choice: Choice<'_>, environment: &Environment) -> Result<Self, Problem> {
        let interpreter = Interpreter::start(choice.interpreter, environment)?;
        let watched = interpreter.watched();
        let hello = interpreter.hello.clone();
        Ok(Self { hello, maker: Maker::Interpreter(interpreter), watched })
    }

    fn compiler(
        (mut hello, mut target): (Hello, pyc_compiler::Target),
        choice: Choice<'_>,
        environment: &Environment,
    ) -> Result<Self, Problem> {
        let judge = match choice.verify {
            Verify::Yes => Some(Interpreter::start(choice.interpreter, environment)?),
            Verify::No => None,
        };
        if let Some(judge) = &judge {
            // Releases of one minor version differ, and the judge knows which one it is.
            let micro = judge.hello.hexversion.to_be_bytes()[2];
            let version = pyc_code::Version::new(target.minor(), micro);
            target = pyc_compiler::Target::for_version(version).unwrap_or(target);
            hello = Hello { version: hello.version, ..judge.hello.clone() };
        }
        let mut watched: Vec<_> = judge.iter().flat_map(Interpreter::watched).collect();
        if let Some(library) = &hello.stdlib_dir {
            // Tells one installation from another, and is there as long as the installation is.
            watched.push(Watched::Path(library.join("os.py")));
        }
        let decoder = choice.backend.is_none().then(|| Box::new(environment.clone()));
        let command = environment.command.clone();
        Ok(Self { hello, maker: Maker::Compiler { target, judge, decoder, command }, watched })
    }

    /// A further target's interpreter, which has to be a release.
    pub(crate) fn further(interpreter: &Path, environment: &Environment) -> Result<Self, Problem> {
        let environment = Environment { version: None, ..environment.clone() };
        let choice = Choice { backend: None, interpreter: Some(interpreter), verify: Verify::No };
        Self::interpreter(choice, &environment)
    }

    pub(crate) fn target(&self, optimize: u8) -> Target {
        let Hello { magic, hexversion, marshal_version, .. } = self.hello;
        Target::new(magic, hexversion, marshal_version, optimize)
    }

    /// What decides which installation it is.
    pub(crate) fn watched(&self) -> Vec<Watched> {
        self.watched.clone()
    }

    /// What beside the target decides the code: what the interpreter runs, or that none does.
    pub(crate) fn recipe(&self) -> &'static str {
        match &self.maker {
            Maker::Interpreter(_) => SCRIPT,
            Maker::Compiler { .. } => "pyc-compiler",
        }
    }

    /// It isn't known where its standard library is.
    pub(crate) fn without_stdlib(&self) -> Problem {
        let text = match self.hello.executable.to_str() {
            None | Some("") => "it isn't known where the standard library is".to_owned(),
            Some(executable) => {
                format!("it isn't known where the standard library of `{executable}` is")
            }
        };
        Problem::new(ErrorKind::Interpreter, text)
            .help("add the library's directory with `Bundle::source`, or use another interpreter")
    }

    /// The answers in the order of the jobs; `None` is a job that wasn't tried.
    pub(crate) fn compile(self, workers: &Workers, jobs: &[Job<'_>]) -> Answers {
        match self.maker {
            Maker::Interpreter(interpreter) => pool(interpreter, workers).compile(jobs),
            Maker::Compiler { target, judge, decoder, command } => {
                let mut ours = command::compile(command.as_deref(), target, workers, jobs);
                let open = |answer: &Option<_>, _: &Job<'_>| answer.is_none();
                again(&mut ours, jobs, open, |jobs| compiler::compile(target, workers, jobs));
                let Some(judge) = judge else {
                    if let Some(environment) = decoder {
                        decoded(&mut ours, &environment, self.hello.magic, workers, jobs);
                    }
                    return ours;
                };
                let theirs = pool(judge, workers).compile(jobs);
                verify::compare(jobs, ours, theirs, target.minor())
            }
        }
    }
}

/// Has the interpreter of the same version, if it is there, compile what is in encodings that only CPython
/// decodes to the byte, and what the compiler contradicts itself about. It comes to the same code, and where it isn't
/// there the compiler's answers stand.
fn decoded(
    answers: &mut Answers,
    environment: &Environment,
    magic: u16,
    workers: &Workers,
    jobs: &[Job<'_>],
) {
    let is_theirs = |answer: &Option<_>, job: &Job<'_>| {
        matches!(answer, Some(Ok(Answer::Lost { .. })))
            || !pyc_compiler::decodes_exactly(job.source)
    };
    let interpreter = || Interpreter::start(None, environment).ok();
    again(answers, jobs, is_theirs, |jobs| {
        match interpreter().filter(|interpreter| interpreter.hello.magic == magic) {
            Some(interpreter) => pool(interpreter, workers).compile(jobs),
            None => Vec::new(),
        }
    });
}

/// Compiles those jobs once more whose answers call for it, if there are any. Where there are no new answers, the old
/// ones stand.
fn again(
    answers: &mut Answers,
    jobs: &[Job<'_>],
    calls: impl Fn(&Option<Result<Answer, Problem>>, &Job<'_>) -> bool,
    compile: impl FnOnce(&[Job<'_>]) -> Answers,
) {
    let numbers: Vec<_> =
        (0..jobs.len()).filter(|&number| calls(&answers[number], &jobs[number])).collect();
    if numbers.is_empty() {
        return;
    }
    let jobs: Vec<_> = numbers.iter().map(|&number| jobs[number]).collect();
    for (number, answer) in numbers.into_iter().zip(compile(&jobs)) {
        answers[number] = answer;
    }
}

fn pool(interpreter: Interpreter, workers: &Workers) -> Pool {
    let Interpreter { command, dir, worker, minor, .. } = interpreter;
    Pool::new(command, dir, workers.clone(), worker, minor)
}

fn unsupported(version: Option<(u8, u8)>) -> Problem {
    let text = match version {
        Some((major, minor)) => format!("the compiler doesn't support CPython {major}.{minor} yet"),
        None => "the compiler has to know for which version of CPython it compiles".to_owned(),
    };
    let problem = Problem::new(ErrorKind::Option, text);
    match version {
        Some(_) => problem.help("leave the choice to the build, or take `Backend::Interpreter`"),
        None => problem.help("say it with `Environment::python_version`"),
    }
}
