//! Gets the code of every module: from the previous build if nothing that it depends on has
//! changed, otherwise from a backend.
//!
//! ```text
//! app        source, name, options and compiler are as recorded  → reused
//! app.views  the source changed                                          → compiled
//! ```

use include_py_bundle::{ModuleKind, Packed, Target};

use crate::Error;
use crate::backend::{self, Backend, Diagnostic, Job, Outcome, Warning};
use crate::error::{ErrorKind, Problem};
use crate::find::{Content, Distribution, File, Library, Module};
use crate::options::{Part, Settled, Table};
use crate::output::Counts;
use crate::parallel::Workers;
use crate::record::{Coded, Context, Digest, ModuleRow, Previous, Verdict};
use crate::source::Source;

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
    /// Set if it was found as a module, but isn't valid Python: its name, options and the message.
    pub(super) refused: Option<(String, Settled, String)>,
}

/// A module's code for each target, and messages about it.
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
    /// Whether sources are bundled if no options decide it.
    pub(super) sources: Part,
    pub(super) targets: &'c [Target],
    pub(super) workers: &'c Workers,
    pub(super) previous: Option<&'c Previous<'c>>,
}

pub(super) fn compile(
    found: Content,
    backends: Vec<Box<dyn Backend>>,
    common: &Common<'_>,
) -> Result<Compiled, Error> {
    let Common { options, sources, targets, workers, previous } = *common;
    let context =
        backends.iter().zip(targets).fold(Context::new(), |context, (backend, target)| {
            context.with(&backend.identity(), *target)
        });
    let context = context.digest();
    let Content { modules, files, directories, distributions, verdicts, .. } = found;
    // In an unoptimised build script, SHA-256 takes most of the time.
    workers.map(&modules, |(_, source)| source.digest());
    let previous = previous.filter(|previous| previous.record.context == context);

    let mut compiled =
        Compiled { directories, distributions, context, verdicts, ..Compiled::default() };
    let mut items = Vec::with_capacity(modules.len());
    for (module, source) in modules {
        let settled = options.of(&module, sources);
        let row = previous.and_then(|previous| previous.module(&module.name));
        let state = row.and_then(|row| recorded(row, &module, settled, &source));
        let state = match state {
            Some(state) => state,
            None if module.kind == ModuleKind::Namespace => State::Empty,
            None if module.is_sourceless() => sourceless(&module, &source, targets, &mut compiled)?,
            None => State::Open,
        };
        items.push(Item { module, source, settled, state });
    }
    compile_open(&mut items, backends, workers)?;

    compiled.files =
        files.into_iter().map(|(file, source)| Data { file, source, refused: None }).collect();
    for item in items {
        compiled.take(item);
    }
    compiled.warnings.sort();
    Ok(compiled)
}

/// The previous build's result for the module, if it is still valid.
fn recorded(
    row: &ModuleRow<'_>,
    module: &Module,
    settled: Settled,
    source: &Source,
) -> Option<State> {
    let same = row.path == module.path
        && row.level == settled.level
        && *row.source.digest() == source.digest();
    match &row.result {
        _ if !same => None,
        Ok(Coded { code, warnings }) => Some(State::Reused(Code {
            code: code.iter().copied().map(Packed::earlier).collect(),
            warnings: warnings.clone(),
        })),
        // If it is an error now, the whole message is needed, so it is compiled again.
        Err(message) => is_data(module).then(|| State::Refused((*message).to_owned())),
    }
}

/// Whether it is bundled as a file if it isn't valid Python.
fn is_data(module: &Module) -> bool {
    module.origin.library == Library::Foreign || module.may_be_data()
}

/// Takes the code of a module that only exists compiled.
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

/// Compiles what can't be reused, for all targets.
fn compile_open(
    items: &mut [Item],
    backends: Vec<Box<dyn Backend>>,
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
            level: settled.level,
        });
    }
    let codes = codes(backends, workers, &jobs);

    let mut problems = Vec::new();
    let mut untried = 0;
    let mut made = Vec::with_capacity(open.len());
    for (&number, codes) in open.iter().zip(codes) {
        let module = &items[number].module;
        let state = match codes {
            Codes::Made { marshalled, warnings } => {
                State::Compiled(Code::new(marshalled, warnings))
            }
            Codes::Refused(why) if is_data(module) => State::Refused(why.message),
            Codes::Refused(why) => {
                problems.push((module, why.problem(&module.source)));
                State::Open
            }
            Codes::Failed(problem) => {
                problems.push((module, problem));
                State::Open
            }
            Codes::Untried => {
                untried += 1;
                State::Open
            }
        };
        made.push(state);
    }
    if let Some(error) = error(problems, untried) {
        return Err(error);
    }
    // They borrow from `items`.
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
        // Warnings about libraries are for their authors, not for the user.
        if module.origin.library == Library::Own && !module.is_aside() {
            self.warnings.extend(code.warnings.iter().map(|warning| shown(&module, warning)));
        }
        self.modules.push(Entry { module, source, settled, code });
    }
}

/// The problems in the order of their files; `untried` counts files without an outcome.
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

/// A module's code for all targets, or why there is none.
#[derive(Clone, Debug)]
enum Codes {
    Made { marshalled: Vec<Vec<u8>>, warnings: Vec<Warning> },
    Refused(Diagnostic),
    Failed(Problem),
    Untried,
}

/// The outcomes of each job with all backends.
fn codes(backends: Vec<Box<dyn Backend>>, workers: &Workers, jobs: &[Job<'_>]) -> Vec<Codes> {
    let none = Codes::Made { marshalled: Vec::new(), warnings: Vec::new() };
    let mut all = vec![none; jobs.len()];
    for outcomes in backend::compile(backends, workers, jobs) {
        for (codes, outcome) in all.iter_mut().zip(outcomes) {
            codes.add(outcome);
        }
    }
    all
}

impl Codes {
    /// Adds the outcome for a further target. The first outcome that isn't code replaces all
    /// others.
    fn add(&mut self, outcome: Outcome) {
        let Self::Made { marshalled: all, warnings: noted } = self else { return };
        match outcome {
            Outcome::Code { marshalled, warnings } => {
                all.push(marshalled);
                noted.extend(warnings);
                noted.sort();
                noted.dedup();
            }
            Outcome::Refused(why) => *self = Self::Refused(why),
            Outcome::Failed(problem) => *self = Self::Failed(problem),
            Outcome::Untried => *self = Self::Untried,
        }
    }
}

fn shown(module: &Module, warning: &Warning) -> String {
    format!("{}:{}: {}", module.source.display(), warning.line, warning.message)
}

/// The warning about a file that isn't valid Python, such as a template or code for another version
/// of Python in an installed package.
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
