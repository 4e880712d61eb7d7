//! Gets every module its code: from the previous build if its key is the same, else from a worker.
//!
//! ```text
//! app        key 6b86…  = previous key  → reused
//! app.views  key d473…  ≠ previous key  → compiled
//! ```

use std::borrow::Cow;
use std::num::NonZeroUsize;

use include_py_bundle::ModuleKind;

use crate::backend::Toolchain;
use crate::error::{ErrorKind, Problem};
use crate::find::{Content, Distribution, File, Library, Module};
use crate::keys::{self, Context, Key, Previous};
use crate::output::Counts;
use crate::worker::{Answer, Job, SyntaxError, Warning};
use crate::{Error, diagnostic};

/// Everything that goes into the bundle.
#[derive(Debug, Default)]
pub(super) struct Compiled<'p> {
    pub(super) modules: Vec<(Module, Vec<u8>, Code<'p>)>,
    pub(super) files: Vec<(File, Vec<u8>)>,
    pub(super) distributions: Vec<(Distribution, String)>,
    pub(super) warnings: Vec<String>,
    pub(super) counts: Counts,
}

/// A module's code and where it came from.
#[derive(Debug)]
pub(super) enum Code<'p> {
    /// A namespace package has none.
    None,
    Reused(&'p [u8], Key),
    Compiled(Vec<u8>, Key),
    /// Compiled with warnings, which shall come again in the next build.
    Doubtful(Vec<u8>),
}

/// `previous` opens what the previous build has left.
pub(super) fn compile<'p>(
    content: Content,
    toolchain: Toolchain,
    optimize: u8,
    workers: NonZeroUsize,
    previous: impl FnOnce() -> Option<Previous<'p>> + Send,
) -> Result<Compiled<'p>, Error> {
    let common = Context::new(&toolchain.hello, toolchain.target(optimize), toolchain.recipe());
    let Content { modules, files, distributions } = content;
    let (keys, previous) = std::thread::scope(|scope| {
        // In a build script, which Cargo doesn't optimise, sha256 is what takes the time.
        let previous = scope.spawn(previous);
        let parts = modules.chunks(modules.len().div_ceil(workers.get()).max(1));
        let parts: Vec<_> = parts.map(|part| scope.spawn(|| part_keys(&common, part))).collect();
        let keys = parts.into_iter().flat_map(|part| part.join().unwrap_or_default());
        (keys.collect::<Vec<_>>(), previous.join().ok().flatten())
    });

    let mut codes: Vec<Code<'p>> = modules
        .iter()
        .zip(&keys)
        .map(|((module, _), &key)| {
            let reused = previous.as_ref().and_then(|previous| previous.code(&module.name, key));
            reused.map_or(Code::None, |code| Code::Reused(code, key))
        })
        .collect();
    let missing: Vec<usize> = (0..modules.len())
        .filter(|&number| {
            modules[number].0.kind != ModuleKind::Namespace && matches!(codes[number], Code::None)
        })
        .collect();
    let jobs: Vec<Job<'_>> = missing
        .iter()
        .map(|&number| {
            let (module, source) = &modules[number];
            Job { filename: &module.path, path: &module.source, source }
        })
        .collect();
    let answers = toolchain.compile(workers, optimize, &jobs);

    let mut compiled = Compiled { files, distributions, ..Compiled::default() };
    let mut problems = Vec::new();
    let mut untried = 0;
    let mut data = Vec::new();
    for (&number, answer) in missing.iter().zip(answers) {
        let module = &modules[number].0;
        let library = module.origin.library;
        let own = library == Library::Own;
        match answer {
            Some(Ok(Answer::Code { marshalled, warnings })) if warnings.is_empty() || !own => {
                codes[number] = Code::Compiled(marshalled, keys[number]);
            }
            Some(Ok(Answer::Code { marshalled, warnings })) => {
                compiled.warnings.extend(warnings.iter().map(|warning| shown(module, warning)));
                codes[number] = Code::Doubtful(marshalled);
            }
            // CPython's tests of its own compiler; they read them as files.
            Some(Ok(Answer::Syntax(_) | Answer::Exception { .. }))
                if library == Library::Standard =>
            {
                data.push(number);
            }
            Some(Ok(
                Answer::Syntax(SyntaxError { message, .. }) | Answer::Exception { message, .. },
            )) if library == Library::Foreign => {
                compiled.warnings.push(no_module(module, &message));
                data.push(number);
            }
            Some(Ok(Answer::Syntax(error))) => {
                problems.push((module, diagnostic::syntax(&module.source, &error)));
            }
            Some(Ok(Answer::Exception { kind, message })) => {
                problems.push((module, diagnostic::exception(&module.source, &kind, &message)));
            }
            Some(Err(problem)) => problems.push((module, problem)),
            None => untried += 1,
        }
    }
    problems.sort_by(|a, b| a.0.source.cmp(&b.0.source));
    let mut problems: Vec<_> = problems.into_iter().map(|(_, problem)| problem).collect();
    if untried > 0 {
        let text =
            format!("{untried} more files were not compiled, because interpreters kept dying");
        problems.push(Problem::new(ErrorKind::Worker, text));
    }
    if let Some(error) = Error::new(problems) {
        return Err(error);
    }

    compiled.warnings.sort();
    for (number, ((module, source), code)) in modules.into_iter().zip(codes).enumerate() {
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
        compiled.modules.push((module, source, code));
    }
    Ok(compiled)
}

fn part_keys(common: &Context, part: &[(Module, Vec<u8>)]) -> Vec<Key> {
    part.iter().map(|(module, source)| common.key(&module.name, &module.path, source)).collect()
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
        let keys = self.modules.iter().filter_map(|(module, _, code)| match code {
            Code::Reused(_, key) | Code::Compiled(_, key) => Some((module.name.as_str(), *key)),
            Code::Doubtful(_) | Code::None => None,
        });
        keys::write(digest, keys)
    }
}

impl Code<'_> {
    /// The marshalled code objects, one for each target.
    pub(super) fn codes(&self) -> Vec<Cow<'_, [u8]>> {
        match self {
            Self::None => Vec::new(),
            Self::Reused(code, _) => vec![Cow::Borrowed(code)],
            Self::Compiled(code, _) | Self::Doubtful(code) => vec![Cow::Borrowed(code)],
        }
    }
}
