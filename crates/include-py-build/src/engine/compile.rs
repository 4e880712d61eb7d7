//! Gets every module its code: from the previous build if its key is the same, else from a worker.
//!
//! ```text
//! app        key 6b86…  = previous key  → reused
//! app.views  key d473…  ≠ previous key  → compiled
//! ```

use std::borrow::Cow;
use std::num::NonZeroUsize;

use include_py_bundle::{ModuleKind, Packed, Target};

use crate::backend::Toolchain;
use crate::error::{ErrorKind, Problem};
use crate::find::{Content, Distribution, File, Library, Module};
use crate::keys::{self, Context, Key, Previous};
use crate::options::{Settled, Table};
use crate::output::Counts;
use crate::worker::{Answer, Job, SyntaxError, Warning};
use crate::{Error, diagnostic};

/// Everything that goes into the bundle.
#[derive(Debug, Default)]
pub(super) struct Compiled<'p> {
    pub(super) modules: Vec<Entry<'p>>,
    pub(super) files: Vec<(File, Vec<u8>)>,
    pub(super) directories: Vec<String>,
    pub(super) distributions: Vec<(Distribution, String)>,
    pub(super) warnings: Vec<String>,
    pub(super) counts: Counts,
}

/// A module that goes into the bundle.
#[derive(Debug)]
pub(super) struct Entry<'p> {
    pub(super) module: Module,
    pub(super) source: Vec<u8>,
    pub(super) settled: Settled,
    pub(super) code: Code<'p>,
    /// The source as the previous bundle has it.
    pub(super) packed: Option<Packed<'p>>,
}

/// A module's code, for each target, and where it came from.
#[derive(Debug)]
pub(super) enum Code<'p> {
    /// A namespace package has none.
    None,
    Reused(Vec<&'p [u8]>, Key),
    Compiled(Vec<Vec<u8>>, Key),
    /// Compiled with warnings, which shall come again in the next build.
    Doubtful(Vec<Vec<u8>>),
}

/// `previous` opens what the previous build has left; `level` is the targets'.
pub(super) fn compile<'p>(
    content: Content,
    toolchains: Vec<Toolchain>,
    options: &Table,
    level: u8,
    workers: NonZeroUsize,
    previous: impl FnOnce() -> Option<Previous<'p>> + Send,
) -> Result<Compiled<'p>, Error> {
    let common = toolchains.iter().fold(Context::new(), |context, toolchain| {
        context.with(&toolchain.hello, toolchain.target(level), toolchain.recipe())
    });
    let targets = toolchains.len();
    let Content { modules, files, directories, distributions, .. } = content;
    let modules: Vec<_> =
        modules.into_iter().map(|(module, source)| (options.of(&module), module, source)).collect();
    let (keys, previous) = keys(&common, &modules, workers, previous);

    let reused: Vec<_> = modules
        .iter()
        .zip(&keys)
        .map(|((_, module, _), &key)| previous.as_ref()?.module(&module.name, key))
        .collect();
    let mut codes: Vec<Code<'p>> = reused
        .iter()
        .zip(&keys)
        .map(|(old, &key)| Code::reused(old.as_ref(), key, targets))
        .collect();
    let mut compiled = Compiled { files, directories, distributions, ..Compiled::default() };
    let wanted: Vec<_> = toolchains.iter().map(|one| one.target(level)).collect();
    let left_out = sourceless(&modules, &wanted, &mut codes, &mut compiled.warnings);
    let missing: Vec<usize> = (0..modules.len())
        .filter(|&number| {
            let module = &modules[number].1;
            module.kind != ModuleKind::Namespace
                && !module.is_sourceless()
                && matches!(codes[number], Code::None)
        })
        .collect();
    let jobs: Vec<Job<'_>> = missing
        .iter()
        .map(|&number| {
            let (settled, module, source) = &modules[number];
            Job { filename: &module.path, path: &module.source, source, manner: settled.manner }
        })
        .collect();
    let answers = answers(toolchains, workers, &jobs);

    let mut problems = Vec::new();
    let mut untried = 0;
    let mut data = Vec::new();
    for (&number, answer) in missing.iter().zip(answers) {
        let module = &modules[number].1;
        let library = module.origin.library;
        match answer {
            Some(Ok(Codes { marshalled, warnings }))
                if warnings.is_empty() || library != Library::Own || module.is_aside() =>
            {
                codes[number] = Code::Compiled(marshalled, keys[number]);
            }
            Some(Ok(Codes { marshalled, warnings })) => {
                compiled.warnings.extend(warnings.iter().map(|warning| shown(module, warning)));
                codes[number] = Code::Doubtful(marshalled);
            }
            Some(Err(Refused::Invalid(
                Answer::Syntax(SyntaxError { message, .. })
                | Answer::Exception { message, .. }
                | Answer::Lost { message },
            ))) if library == Library::Foreign || module.may_be_data() => {
                let expected = match library {
                    Library::Own => module.is_aside(),
                    Library::Foreign => module.may_be_data(),
                    Library::Standard => true,
                };
                if !expected {
                    compiled.warnings.push(no_module(module, &message));
                }
                data.push(number);
            }
            Some(Err(Refused::Invalid(answer))) => {
                problems.extend(invalid(module, answer).map(|problem| (module, problem)));
            }
            Some(Err(Refused::Problem(problem))) => problems.push((module, problem)),
            None => untried += 1,
        }
    }
    if let Some(error) = error(problems, untried) {
        return Err(error);
    }

    compiled.warnings.sort();
    let parts = modules.into_iter().zip(codes).zip(reused);
    for (number, (((settled, module, source), code), old)) in parts.enumerate() {
        if left_out.contains(&number) {
            continue;
        }
        if data.contains(&number) {
            let Module { path, source: file, origin, .. } = module;
            compiled.files.push((File { path, source: file, origin }, source));
            continue;
        }
        compiled.counts.modules += 1;
        match code {
            Code::None => {}
            Code::Reused(..) => compiled.counts.reused += 1,
            Code::Compiled(..) | Code::Doubtful(_) => compiled.counts.compiled += 1,
        }
        let packed = old.and_then(|old| old.source()).map(|source| source.packed());
        compiled.modules.push(Entry { module, source, settled, code, packed });
    }
    Ok(compiled)
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
    workers: NonZeroUsize,
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

/// Takes the code of the modules that are compiled already; the numbers of those that can't be used come back.
fn sourceless(
    modules: &[(Settled, Module, Vec<u8>)],
    targets: &[Target],
    codes: &mut [Code<'_>],
    warnings: &mut Vec<String>,
) -> Vec<usize> {
    let mut left_out = Vec::new();
    let compiled = modules.iter().enumerate().filter(|(_, (_, module, _))| module.is_sourceless());
    for (number, (_, module, file)) in compiled {
        match super::sourceless::code(module, file, targets) {
            Ok(code) => codes[number] = Code::Doubtful(vec![code; targets.len()]),
            Err(warning) => {
                warnings.push(warning);
                left_out.push(number);
            }
        }
    }
    left_out
}

/// The key of each module, and what the previous build has left.
fn keys<'p>(
    common: &Context,
    modules: &[(Settled, Module, Vec<u8>)],
    workers: NonZeroUsize,
    previous: impl FnOnce() -> Option<Previous<'p>> + Send,
) -> (Vec<Key>, Option<Previous<'p>>) {
    std::thread::scope(|scope| {
        // In a build script, which Cargo doesn't optimise, sha256 is what takes the time.
        let previous = scope.spawn(previous);
        let parts = modules.chunks(modules.len().div_ceil(workers.get()).max(1));
        let parts: Vec<_> = parts.map(|part| scope.spawn(|| part_keys(common, part))).collect();
        let keys = parts.into_iter().flat_map(|part| part.join().unwrap_or_default());
        (keys.collect(), previous.join().ok().flatten())
    })
}

fn part_keys(common: &Context, part: &[(Settled, Module, Vec<u8>)]) -> Vec<Key> {
    part.iter()
        .map(|(settled, module, source)| {
            common.key(&module.name, &module.path, settled.manner, source)
        })
        .collect()
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

impl Compiled<'_> {
    /// The file of keys that belongs to `bundle`.
    pub(super) fn keys(&self, digest: &[u8; 32]) -> String {
        let keys = self.modules.iter().filter_map(|Entry { module, code, .. }| match code {
            Code::Reused(_, key) | Code::Compiled(_, key) => Some((module.name.as_str(), *key)),
            Code::Doubtful(_) | Code::None => None,
        });
        keys::write(digest, keys)
    }
}

impl<'p> Code<'p> {
    /// What the previous bundle has for all targets, if it has that.
    fn reused(old: Option<&include_py_bundle::Module<'p>>, key: Key, targets: usize) -> Self {
        let all: Vec<_> =
            old.iter().flat_map(|old| (0..targets).filter_map(|target| old.code(target))).collect();
        if old.is_some() && all.len() == targets { Self::Reused(all, key) } else { Self::None }
    }
}

impl Code<'_> {
    /// The marshalled code objects, one for each target.
    pub(super) fn codes(&self) -> Vec<Cow<'_, [u8]>> {
        match self {
            Self::None => Vec::new(),
            Self::Reused(codes, _) => codes.iter().map(|code| Cow::Borrowed(*code)).collect(),
            Self::Compiled(codes, _) | Self::Doubtful(codes) => {
                codes.iter().map(|code| Cow::Borrowed(code.as_slice())).collect()
            }
        }
    }
}
