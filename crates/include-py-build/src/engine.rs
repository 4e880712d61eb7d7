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
mod sourceless;
mod unpack;

use std::path::{Path, PathBuf};

use include_py_bundle::ModuleKind;

use crate::backend::{Backend, Choice, Toolchain, Verify};
use crate::cargo::{self, Watched};
use crate::develop::{Develop, Mode};
use crate::embed::Embedded;
use crate::error::Problem;
use crate::extension::Linked;
use crate::find::{self, Absent, Content, Library, Root};
use crate::keys::Previous;
use crate::link::{self, Libpython};
use crate::native::{self, Abi, Natives};
use crate::options::{Part, Table};
use crate::output::Counts;
use crate::patterns::Patterns;
use crate::worker::Hello;
use crate::{
    Environment, Error, Extension, Output, Stdlib, SystemLibraries, embed, extension, fs, rust,
};
use compile::Compiled;
use pack::Packed;

/// What to build, checked.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) name: String,
    /// The standard library isn't among them: only the interpreter knows where it is.
    pub(crate) roots: Vec<Root>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) stdlib: Option<Stdlib>,
    pub(crate) patterns: Patterns,
    pub(crate) options: Table,
    pub(crate) interpreter: Option<PathBuf>,
    /// Interpreters of further targets.
    pub(crate) further: Vec<PathBuf>,
    pub(crate) mismatch: Mismatch,
    pub(crate) develop: Mode,
    pub(crate) backend: Option<Backend>,
    pub(crate) verify: Verify,
    pub(crate) libpython: Libpython,
    pub(crate) system: SystemLibraries,
}

/// What an interpreter that no target suits may do with the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Refuse,
    CompileSource,
}

/// Builds; `problems` are those found so far, which let it find the rest, but not build.
///
/// ```text
/// $OUT_DIR/
/// ├── app.bundle   the bundle
/// ├── app.rs       the expression that `include_py!(APP = "app")` includes
/// ├── app.keys     what the next build can reuse of app.bundle
/// ├── python.symbols   what extension modules need, where libpython is inside
/// ├── libinclude_py_app_….a    the bundle for the linker, if it is large
/// ├── libinclude_py.app_….a    an extension module for the linker
/// └── app.objects/    what that was made of
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
    let mut further = Vec::new();
    for interpreter in &plan.further {
        match Toolchain::further(interpreter, environment) {
            Ok(toolchain) => further.push(toolchain),
            Err(problem) => problems.push(problem),
        }
    }

    let mut roots = plan.roots;
    let mode = if plan.develop == environment.develop { plan.develop } else { Mode::Bundled };
    let mut watched: Vec<_> = roots.iter().filter_map(|root| watched_root(root, mode)).collect();
    if plan.develop == Mode::Developed {
        watched.push(Watched::Variable(cargo::DEVELOP.into()));
    }
    let library = plan.stdlib.zip(started.as_ref().ok());
    let left_out = library
        .and_then(|(stdlib, toolchain)| add_library(stdlib, toolchain, &mut roots, &mut problems));
    let inside = plan.libpython == Libpython::Inside;
    let resolved = |hello| plan.interpreter.is_none().then_some(hello);
    let linked = started.as_ref().ok().filter(|_| inside).map(|toolchain| {
        link::libpython(environment, resolved(&toolchain.hello)).map_err(|one| problems.push(one))
    });
    let mut linkage = linked.and_then(Result::ok).unwrap_or_default();
    let unpacks = |package: &str| plan.options.unpacks_in(package);
    let abi = abi(started.as_ref().ok(), &further, environment);
    let mut found = find::find(&roots, &plan.patterns, &unpacks, &abi, &mut problems);
    if found.modules.is_empty() && plan.extensions.is_empty() && problems.is_empty() {
        problems.push(find::nothing(&roots));
    }
    extension::check(&plan.extensions, &found.modules, &mut problems);
    extension::leave_out_sources(&plan.extensions, &mut found.files);
    plan.options.check(&found.modules, &mut problems);
    let develop =
        (mode == Mode::Developed).then(|| Develop::of(&roots, &found.modules, &mut problems));
    let mut warnings = found.warnings.clone();
    warnings.extend(plan.patterns.unused());
    warnings.extend(linkage.warnings());
    let mut content = find::read(found, &mut problems, &mut warnings);
    let mut natives = native::resolve(&mut content, &abi, &plan.system, &mut warnings);
    natives.absent.extend(left_out);
    if let Some(error) = Error::new(problems) {
        return Err(error);
    }
    let mut toolchains = vec![started?];
    toolchains.append(&mut further);

    watched.extend(library_files(&content, &natives));
    watched.append(&mut linkage.watched);
    watched.extend(toolchains.iter().flat_map(Toolchain::watched));

    let path = |suffix: &str| out_dir.join(format!("{}.{suffix}", plan.name));
    let (bundle_path, keys_path, rust_path) = (path("bundle"), path("keys"), path("rs"));
    let level = plan.options.general.settle(Part::Kept).manner.level();
    let targets: Vec<_> = toolchains.iter().map(|one| one.target(level)).collect();
    let old_bundle = fs::read_previous(&bundle_path).unwrap_or_default();
    let old_keys = fs::read_previous(&keys_path).unwrap_or_default();
    let previous = || Previous::open(&old_bundle, &old_keys, &targets);
    let mut hello = toolchains[0].hello.clone();
    if roots.iter().any(|root| matches!(root, Root::Extensions { .. })) {
        hello.extension_dir = None;
    }
    let workers = environment.workers();
    let extensions = extension::compile(&plan.extensions, &plan.name, &hello, environment);
    let compiled = compile::compile(content, toolchains, &plan.options, level, workers, previous);
    let (compiled, mut extensions) = Error::both(compiled, extensions)?;
    warnings.append(&mut extensions.warnings);
    watched.append(&mut extensions.watched);
    warnings.extend(compiled.warnings.iter().cloned());

    let unpacked = unpack::paths(&compiled, &natives, &plan.options);
    let parts = pack::Parts { compiled: &compiled, natives: &natives, unpacked: &unpacked };
    let Packed { bytes, digest } = pack::pack(&plan.name, &targets, parts, plan.mismatch, workers)?;
    if !linkage.lines.is_empty() {
        fs::write(&out_dir.join(link::SYMBOLS_FILE), link::SYMBOLS.as_bytes())?;
    }
    fs::write(&bundle_path, &bytes)?;
    let bundle = embed::Bundle { name: &plan.name, path: &bundle_path, length: bytes.len() };
    let embedded = embed::embed(&bundle, &digest, environment)?;
    let expression =
        rust::expression(&bundle, &embedded, &extensions.modules, &hello, develop.as_ref());
    fs::write(&rust_path, expression.as_bytes())?;
    // Last: without it, or with an older one, the next build compiles what it could have reused.
    fs::write(&keys_path, compiled.keys(&digest).as_bytes())?;

    let library_dirs = library_dirs(out_dir, &embedded, &extensions.modules);
    Ok(Output {
        counts: counts(&compiled, &natives),
        bytes: bytes.len(),
        bundle: bundle_path,
        rust: rust_path,
        keys: keys_path,
        warnings: warnings.into_iter().chain(embedded.warning).collect(),
        watched: watched.into_iter().chain(embedded.watched).collect(),
        link: linkage.lines,
        system_libraries: natives.needed,
        library_dirs,
    })
}

/// Where the linker looks for what the expression names.
fn library_dirs(out_dir: &Path, embedded: &Embedded, extensions: &[Linked]) -> Vec<PathBuf> {
    let own = embedded.archive.is_some() || !extensions.is_empty();
    let own = own.then(|| out_dir.to_owned());
    let theirs = extensions.iter().flat_map(|one| one.library_dirs.iter().cloned());
    own.into_iter().chain(theirs).collect()
}

fn counts(compiled: &Compiled<'_>, natives: &Natives) -> Counts {
    let modules = compiled.counts.modules + natives.modules.len();
    Counts { modules, files: compiled.files.len(), ..compiled.counts }
}

/// Adds the standard library; what one could expect to be bundled with it, but isn't.
fn add_library(
    stdlib: Stdlib,
    toolchain: &Toolchain,
    roots: &mut Vec<Root>,
    problems: &mut Vec<Problem>,
) -> Option<Absent> {
    let Hello { stdlib_dir, extension_dir, .. } = &toolchain.hello;
    match stdlib_dir {
        Some(dir) => roots.push(Root::Stdlib { dir: dir.clone(), stdlib: stdlib.clone() }),
        None => problems.push(toolchain.without_stdlib()),
    }
    let dir = extension_dir.clone().filter(|_| stdlib.bundles_extensions())?;
    let left_out = stdlib.left_out().map(|(name, reason)| Absent {
        name: name.to_owned(),
        path: format!("{name}.so"),
        source: PathBuf::new(),
        reason: reason.to_owned(),
    });
    roots.push(Root::Extensions { dir, stdlib });
    left_out
}

/// For what machine code has to be.
fn abi(started: Option<&Toolchain>, further: &[Toolchain], environment: &Environment) -> Abi {
    let hello = started.map(|toolchain| &toolchain.hello);
    let version = hello.map(Hello::minor).or(environment.version).unwrap_or_default();
    let noted = native::noted_suffix(hello.and_then(|hello| hello.stdlib_dir.as_deref()));
    let abi = Abi::new(version, noted, environment.system.clone());
    if further.is_empty() { abi } else { abi.shared() }
}

/// The library's files, and never its directory: what is installed into it, and compiled by whoever
/// uses it, would count as changes.
fn library_files(content: &Content, natives: &Natives) -> Vec<Watched> {
    let modules = content.modules.iter().chain(&natives.modules);
    let modules = modules.filter(|(one, _)| one.kind != ModuleKind::Namespace);
    let modules = modules.map(|(module, _)| (&module.origin, &module.source));
    let files = content.files.iter().map(|(file, _)| (&file.origin, &file.source));
    let standard = modules.chain(files).filter(|(origin, _)| origin.library == Library::Standard);
    standard.map(|(_, path)| Watched::Path(path.clone())).collect()
}

/// What is developed isn't watched: the program imports it from where it is.
fn watched_root(root: &Root, mode: Mode) -> Option<Watched> {
    match root {
        Root::Source { .. } | Root::Package { .. } if mode == Mode::Developed => None,
        Root::Source { dir: path }
        | Root::SitePackages { dir: path }
        | Root::Package { path, .. } => Some(Watched::Path(path.clone())),
        Root::Stdlib { .. } | Root::Extensions { .. } => None,
    }
}
