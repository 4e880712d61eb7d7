//! From a plan to the files in the output directory, without Cargo.
//!
//! ```text
//! find → read → look up keys → compile the rest → pack → write
//! ```
//!
//! A build that fails has written nothing: the previous one's files stay, and the next one can reuse
//! them. Cargo doesn't compile a package whose build script fails, so nobody takes them for new.

mod compile;
mod pack;

use std::path::PathBuf;

use include_py_bundle::ModuleKind;

use crate::backend::{Backend, Choice, Toolchain, Verify};
use crate::cargo::Watched;
use crate::environment::Sources;
use crate::error::Problem;
use crate::find::{self, Content, Library, Root};
use crate::keys::Previous;
use crate::output::Counts;
use crate::pattern::Pattern;
use crate::{Environment, Error, Output, Stdlib, fs, rust};
use pack::Packed;

/// What to build, checked.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) name: String,
    /// The standard library isn't among them: only the interpreter knows where it is.
    pub(crate) roots: Vec<Root>,
    pub(crate) stdlib: Option<Stdlib>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) optimize: u8,
    pub(crate) sources: Sources,
    pub(crate) interpreter: Option<PathBuf>,
    pub(crate) backend: Option<Backend>,
    pub(crate) verify: Verify,
}

/// Builds; `problems` are those found so far, which let it find the rest, but not build.
///
/// ```text
/// $OUT_DIR/
/// ├── app.bundle   the bundle
/// ├── app.rs       the expression that `include_py!(APP = "app")` includes
/// └── app.keys     what the next build can reuse of app.bundle
/// ```
pub(crate) fn build(
    plan: Plan,
    environment: &Environment,
    mut problems: Vec<Problem>,
) -> Result<Output, Error> {
    let out_dir = environment.out_dir();
    fs::create_dir(out_dir)?;
    let choice = Choice {
        backend: plan.backend,
        interpreter: plan.interpreter.as_deref(),
        verify: plan.verify,
    };
    let started = Toolchain::new(choice, environment);
    problems.extend(started.as_ref().err().cloned());

    let mut roots = plan.roots;
    let mut watched: Vec<_> = roots.iter().filter_map(watched_root).collect();
    if let (Some(stdlib), Ok(toolchain)) = (plan.stdlib, &started) {
        match &toolchain.hello.stdlib_dir {
            Some(dir) => roots.push(Root::Stdlib { dir: dir.clone(), stdlib }),
            None => problems.push(toolchain.without_stdlib()),
        }
    }
    let found = find::find(&roots, &plan.patterns, &mut problems);
    if found.modules.is_empty() && problems.is_empty() {
        problems.push(find::nothing(&roots));
    }
    let mut warnings = found.warnings.clone();
    let content = find::read(found, &mut problems);
    if let Some(error) = Error::new(problems) {
        return Err(error);
    }
    let toolchain = started?;

    watched.extend(library_files(&content));
    watched.extend(toolchain.watched());

    let path = |suffix: &str| out_dir.join(format!("{}.{suffix}", plan.name));
    let (bundle_path, keys_path, rust_path) = (path("bundle"), path("keys"), path("rs"));
    let target = toolchain.target(plan.optimize);
    let old_bundle = fs::read_previous(&bundle_path).unwrap_or_default();
    let old_keys = fs::read_previous(&keys_path).unwrap_or_default();
    let previous = || Previous::open(&old_bundle, &old_keys, target);
    let expression = rust::expression(&plan.name, &toolchain.hello);
    let workers = environment.workers();
    let compiled = compile::compile(content, toolchain, plan.optimize, workers, previous)?;
    warnings.extend(compiled.warnings.iter().cloned());

    let Packed { bytes, digest } = pack::pack(&plan.name, target, &compiled, plan.sources)?;
    fs::write(&bundle_path, &bytes)?;
    fs::write(&rust_path, expression.as_bytes())?;
    // Last: without it, or with an older one, the next build compiles what it could have reused.
    fs::write(&keys_path, compiled.keys(&digest).as_bytes())?;

    Ok(Output {
        counts: Counts { files: compiled.files.len(), ..compiled.counts },
        bytes: bytes.len(),
        bundle: bundle_path,
        rust: rust_path,
        keys: keys_path,
        warnings,
        watched,
    })
}

/// The library's files, and never its directory: what is installed into it, and compiled by whoever
/// uses it, would count as changes.
fn library_files(content: &Content) -> Vec<Watched> {
    let modules = content.modules.iter().filter(|(one, _)| one.kind != ModuleKind::Namespace);
    let modules = modules.map(|(module, _)| (&module.origin, &module.source));
    let files = content.files.iter().map(|(file, _)| (&file.origin, &file.source));
    let standard = modules.chain(files).filter(|(origin, _)| origin.library == Library::Standard);
    standard.map(|(_, path)| Watched::Path(path.clone())).collect()
}

fn watched_root(root: &Root) -> Option<Watched> {
    match root {
        Root::Source { dir: path }
        | Root::SitePackages { dir: path }
        | Root::Package { path, .. } => Some(Watched::Path(path.clone())),
        Root::Stdlib { .. } => None,
    }
}
