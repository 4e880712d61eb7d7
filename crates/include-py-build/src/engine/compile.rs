//! Gets every module its code: from the previous build if nothing that it depends on has changed, else from a
//! backend.
//!
//! ```text
//! app        the same source, name, options and compiler as recorded  → reused
//! app.views  another source                                           → compiled
//! ```

use include_py_bundle::{ModuleKind, Packed, Target};

use crate::backend::Toolchain;
use crate::error::{ErrorKind, Problem};
use crate::find::{Content, Distribution, File, Library, Module};
use crate::options::{Settled, Table};
use crate::output::Counts;
use crate::parallel::Workers;
use crate::record::{Coded, Context, Digest, ModuleRow, Previous, Verdict};
use crate::source::Source;
use crate::worker::{Answer, Job, SyntaxError, Warning};
use crate::{Error, diagnostic};

/// Everything that goes into the bundle.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    pub(super) modules: Vec<Entry>,
    pub(super) files: Vec<Data>,
    pub(super) directories: Vec<String>,
    pub(super) distributions: Vec<(Distribution, String)>,
    pub(super) warnings: Vec<String>,
    pub(super) counts: Counts,
    /// What all code depends on.
    pub(super) context: Digest,
    pub(super) verdicts: Vec<Verdict>,
}

/// A module that goes into the bundle.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) module: Module,
    pub(super) source: Source,
    pub(super) settled: Settled,
    pub(super) code: Code,
}

/// A file that goes into the bundle.
#[derive(Debug)]
pub(super) struct Data {
    pub(super) file: File,
    pub(super) source: Source,
    /// It was found as a module, of this name, and isn't valid Python.
    pub(super) refused: Option<(String, Settled, String)>,
}

/// A module's code, for each target, and what is to be said of it.
#[derive(Debug, Default)]
pub(super) struct Code {
    pub(super) code: Vec<Packed<'static>>,
    pub(super) warnings: Vec<Warning>,
}

/// A module on its way into the bundle.
struct Item {
    module: Module,
    source: Source,
    settled: Settled,
    state: State,
}

enum State {
    /// A namespace package has no code.
    Empty,
    Reused(Code),
    Compiled(Code),
    /// Not valid Python, with the message.
    Refused(String),
    /// To be compiled.
    Open,
    LeftOut,
}

/// What is the same for all modules.
pub(super) struct Common<'c> {
    pub(super) options: &'c Table,
    /// The optimisation of the targets.
    pub(super) level: u8,
    pub(super) workers: &'c Workers,
    pub(super) previous: Option<&'c Previous<'c>>,
}

pub(super) fn compile(
    found: Content,
    toolchains: Vec<Toolchain>,
    common: &Common<'_>,
) -> Result<Compiled, Error> {
    let Common { options, level, workers, previous } = *common;
    let targets: Vec<_> = toolchains.iter().map(|one| one.target(level)).collect();
    let context = toolchains.iter().fold(Context::new(), |context, toolchain| {
        context.with(&toolchain.hello, toolchain.target(level), toolchain.recipe())
    });
    let context = context.digest();
    let Content { modules, files, directories, distributions, verdicts, .. } = found;
    // In a build script, which Cargo doesn't optimise, SHA-256 is what takes the time.
    workers.map(&modules, |(_, source)| source.digest());
    let previous = previous.filter(|previous| previous.record.context == context);

    let mut compiled =
        Compiled { directories, distributions, context, verdicts, ..Compiled::default() };
    let mut items = Vec::with_capacity(modules.len());
    for (module, source) in modules {
        let settled = options.of(&module);
        let row = previous.and_then(|previous| previous.module(&module.name));
        let state = row.and_then(|row| recorded(row, &module, settled, &source));
        let state = match state {
            Some(state) => state,
            None if module.kind == ModuleKind::Namespace => State::Empty,
            None if module.is_sourceless() => {
                sourceless(&module, &source, &targets, &mut compiled)?
            }
            None => State::Open,
        };
        items.push(Item { module, source, settled, state });
    }
    compile_open(&mut items, toolchains, workers)?;

    compiled.files =
        files.into_iter().map(|(file, source)| Data { file, source, refused: None }).collect();
    for item in items {
        compiled.take(item);
    }
    compiled.warnings.sort();
    Ok(compiled)
}

/// What the last build made of the module, if it would be the same again.
fn recorded(
    row: &ModuleRow<'_>,
    module: &Module,
    settled: Settled,
    source: &Source,
) -> Option<State> {
    let same = row.path == module.path
        && row.manner == settled.manner
        && *row.source.digest() == source.digest();
    match &row.result {
        _ if !same => None,
        Ok(Coded { code, warnings }) => Some(State::Reused(Code {
            code: code.iter().copied().map(Packed::earlier).collect(),
            warnings: warnings.clone(),
        })),
        // Where it is an error now, all of the message is needed.
        Err(message) => is_data(module).then(|| State::Refused((*message).to_owned())),
    }
}

/// Whether it is bundled as a file if it isn't valid Python.
fn is_data(module: &Module) -> bool {
    module.origin.library == Library::Foreign || module.may_be_data()
}

/// Takes the code of a module that is compiled already.
fn sourceless(
    module: &Module,
    source: &Source,
    targets: &[Target],
    compiled: &mut Compiled,
) -> Result<State, Problem> {
    Ok(match super::sourceless::code(module, source.load()?, targets) {
        Ok(code) => State::Compiled(Code::new(vec![code; targets.len()], Vec::new())),
        Err(warning) => {
            compiled.warnings.push(warning);
            State::LeftOut
        }
    })
}

/// Compiles what isn't reused, for all targets.
fn compile_open(
    items: &mut [Item],
    toolchains: Vec<Toolchain>,
    workers: &Workers,
) -> Result<(), Error> {
    let open: Vec<usize> =
        (0..items.len()).filter(|&number| matches!(items[number].state, State::Open)).collect();
    let mut jobs = Vec::with_capacity(open.len());
    for &number in &open {
        let Item { module, source, settled, .. } = &items[number];
        let source = source.load()?;
        jobs.push(Job {
            filename: &module.path,
            path: &module.source,
            source,
            manner: settled.manner,
        });
    }
    let answers = answers(toolchains, workers, &jobs);

    let mut problems = Vec::new();
    let mut untried = 0;
    let mut made = Vec::with_capacity(open.len());
    for (&number, answer) in open.iter().zip(answers) {
        let module = &items[number].module;
        let state = match answer {
            Some(Ok(Codes { marshalled, warnings })) => {
                State::Compiled(Code::new(marshalled, warnings))
            }
            Some(Err(Refused::Invalid(
                Answer::Syntax(SyntaxError { message, .. })
                | Answer::Exception { message, .. }
                | Answer::Lost { message },
            ))) if is_data(module) => State::Refused(message),
            Some(Err(Refused::Invalid(answer))) => {
                problems.extend(invalid(module, answer).map(|problem| (module, problem)));
                State::Open
            }
            Some(Err(Refused::Problem(problem))) => {
                problems.push((module, problem));
                State::Open
            }
            None => {
                untried += 1;
                State::Open
            }
        };
        made.push(state);
    }
    if let Some(error) = error(problems, untried) {
        return Err(error);
    }
    drop(jobs);
    for (number, state) in open.into_iter().zip(made) {
        items[number].state = state;
    }
    Ok(())
}

impl Compiled {
    fn take(&mut self, item: Item) {
        let Item { module, source, settled, state } = item;
        let code = match state {
            State::LeftOut | State::Open => return,
            State::Refused(message) => {
                let expected = match module.origin.library {
                    Library::Own => module.is_aside(),
                    Library::Foreign => module.may_be_data(),
                    Library::Standard => true,
                };
                if !expected {
                    self.warnings.push(no_module(&module, &message));
                }
                let Module { name, path, source: file, origin, .. } = module;
                let file = File { path, source: file, origin };
                self.files.push(Data { file, source, refused: Some((name, settled, message)) });
                return;
            }
            State::Empty => Code::default(),
            State::Reused(code) => {
                self.counts.reused += 1;
                code
            }
            State::Compiled(code) => {
                self.counts.compiled += 1;
                code
            }
        };
        self.counts.modules += 1;
        // Its authors', where it isn't the user's own.
        if module.origin.library == Library::Own && !module.is_aside() {
            self.warnings.extend(code.warnings.iter().map(|warning| shown(&module, warning)));
        }
        self.modules.push(Entry { module, source, settled, code });
    }
}

/// The problems in the order of their files; `untried` files are without an answer.
fn error(mut problems: Vec<(&Module, Problem)>, untried: usize) -> Option<Error> {
    problems.sort_by(|a, b| a.0.source.cmp(&b.0.source));
    let mut problems: Vec<_> = problems.into_iter().map(|(_, problem)| problem).collect();
    if untried > 0 {
        let text =
            format!("{untried} more files were not compiled, because interpreters kept dying");
        problems.push(Problem::new(ErrorKind::Worker, text));
    }
    Error::new(problems)
}

/// What each toolchain answers, put together for each job.
fn answers(
    toolchains: Vec<Toolchain>,
    workers: &Workers,
    jobs: &[Job<'_>],
) -> Vec<Option<Result<Codes, Refused>>> {
    let mut answers = vec![Some(Ok(Codes::default())); jobs.len()];
    for toolchain in toolchains {
        for (all, one) in answers.iter_mut().zip(toolchain.compile(workers, jobs)) {
            *all = Codes::join(all.take(), one);
        }
    }
    answers
}

/// One module's code for all targets.
#[derive(Clone, Debug, Default)]
struct Codes {
    marshalled: Vec<Vec<u8>>,
    warnings: Vec<Warning>,
}

/// Why there is no code for all targets.
#[derive(Clone, Debug)]
enum Refused {
    /// What one of them makes of the source.
    Invalid(Answer),
    Problem(Problem),
}

impl Codes {
    /// With the answer of one target more; `None` if a target wasn't tried.
    fn join(
        all: Option<Result<Self, Refused>>,
        one: Option<Result<Answer, Problem>>,
    ) -> Option<Result<Self, Refused>> {
        let mut codes = match all? {
            Ok(codes) => codes,
            Err(refused) => return Some(Err(refused)),
        };
        Some(match one? {
            Ok(Answer::Code { marshalled, warnings }) => {
                codes.marshalled.push(marshalled);
                codes.warnings.extend(warnings);
                codes.warnings.sort();
                codes.warnings.dedup();
                Ok(codes)
            }
            Ok(invalid) => Err(Refused::Invalid(invalid)),
            Err(problem) => Err(Refused::Problem(problem)),
        })
    }
}

fn invalid(module: &Module, answer: Answer) -> Option<Problem> {
    match answer {
        Answer::Code { .. } => None,
        Answer::Syntax(error) => Some(diagnostic::syntax(&module.source, &error)),
        Answer::Lost { message } => Some(diagnostic::lost(&module.source, &message)),
        Answer::Exception { kind, message } => {
            Some(diagnostic::exception(&module.source, &kind, &message))
        }
    }
}

fn shown(module: &Module, warning: &Warning) -> String {
    format!("{}:{}: {}", module.source.display(), warning.line, warning.message)
}

/// A template, say, or code for another version of Python, that an installed package brings along.
fn no_module(module: &Module, message: &str) -> String {
    format!(
        "`{}` isn't valid Python for the target ({message}) and is bundled as a file, not as a module",
        module.source.display()
    )
}

impl Code {
    fn new(marshalled: Vec<Vec<u8>>, warnings: Vec<Warning>) -> Self {
        Self { code: marshalled.into_iter().map(Packed::plain).collect(), warnings }
    }
}
