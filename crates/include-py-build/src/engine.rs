//! From a plan to the files in the output directory, without Cargo.
//!
//! ```text
//! find → read what isn't recorded → compile what has changed → pack → write
//! ```
//!
//! A build that fails has written nothing: the previous one's files stay, and the next one can reuse
//! them. Cargo doesn't compile a package whose build script fails, so nobody takes them for new.

mod compile;
mod made;
mod pack;
mod sourceless;
mod unpack;
mod write;

use std::path::{Path, PathBuf};

use include_py_bundle::ModuleKind;

use crate::backend::{Backend, Choice, Toolchain, Verify};
use crate::cargo::{self, Watched};
use crate::develop::{Develop, Mode};
use crate::embed::Embedded;
use crate::error::Problem;
use crate::extension::Linked;
use crate::find::{self, Absent, Content, Library, Root};
use crate::link::{self, Libpython};
use crate::native::{self, Abi, Natives};
use crate::options::{Part, Table};
use crate::output::Counts;
use crate::patterns::Patterns;
use crate::record::{Moment, Previous};
use crate::report::{Clock, Time};
use crate::worker::Hello;
use crate::{
    Environment, Error, Extension, Output, Stdlib, SystemLibraries, embed, extension, fs, report,
    rust,
};
use compile::{Common, Compiled};
use pack::{Frame, Packed};

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

impl Plan {
    fn choice(&self) -> Choice<'_> {
        let Self { backend, interpreter, verify, .. } = self;
        Choice { backend: *backend, interpreter: interpreter.as_deref(), verify: *verify }
    }
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
    problems: Vec<Problem>,
) -> Result<Output, Error> {
    let (name, clock) = (plan.name.clone(), Clock::start());
    let (mut output, digest) = make(plan, environment, problems)?;
    output.time = clock.stop();
    fs::write(&output.report(), report::json(&name, &output, &digest).as_bytes())?;
    Ok(output)
}

/// All but the report; the bundle's digest comes with it.
fn make(
    plan: Plan,
    environment: &Environment,
    mut problems: Vec<Problem>,
) -> Result<(Output, [u8; 32]), Error> {
    let start = Moment::now();
    let out_dir = environment.out_dir();
    fs::create_dir(out_dir)?;
    fs::remove_leftovers(out_dir, &plan.name);
    let started = Toolchain::new(plan.choice(), environment);
    problems.extend(started.as_ref().err().cloned());
    let mut further = further(&plan.further, environment, &mut problems);

    let mut roots = plan.roots;
    let mode = if plan.develop == environment.develop { plan.develop } else { Mode::Bundled };
    let mut watched: Vec<_> = roots.iter().filter_map(|root| watched_root(root, mode)).collect();
    watched.extend(variables(plan.develop));
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
    let [bundle_path, keys_path, rust_path] =
        ["bundle", "keys", "rs"].map(|end| out_dir.join(format!("{}.{end}", plan.name)));
    let record = fs::read_previous(&keys_path).unwrap_or_default();
    let places = format!("{roots:?}");
    let previous = Previous::open(&record, &bundle_path, &places, environment.trust);
    let mut content = find::read(found, previous.as_ref(), &mut problems, &mut warnings);
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

    let level = plan.options.general.settle(Part::Kept).manner.level();
    let targets: Vec<_> = toolchains.iter().map(|one| one.target(level)).collect();
    let mut hello = toolchains[0].hello.clone();
    if roots.iter().any(|root| matches!(root, Root::Extensions { .. })) {
        hello.extension_dir = None;
    }
    let (workers, options) = (environment.workers(), &plan.options);
    let common = Common { options, level, workers: &workers, previous: previous.as_ref() };
    let extensions = extension::compile(&plan.extensions, &plan.name, &hello, environment);
    let compiled = compile::compile(content, toolchains, &common);
    let (compiled, mut extensions) = Error::both(compiled, extensions)?;
    warnings.append(&mut extensions.warnings);
    watched.append(&mut extensions.watched);
    warnings.extend(compiled.warnings.iter().cloned());

    let unpacked = unpack::paths(&compiled, &natives, options);
    let frame = Frame {
        name: &plan.name,
        targets: &targets,
        natives: &natives,
        unpacked: &unpacked,
        mismatch: plan.mismatch,
        roots: &places,
        start,
    };
    let Packed { length, digest, record } = pack::pack(&bundle_path, &frame, &compiled, &common)?;
    if !linkage.lines.is_empty() {
        link::write_symbols(out_dir)?;
    }
    let bundle = embed::Bundle { name: &plan.name, path: &bundle_path, length };
    let embedded = embed::embed(&bundle, &digest, environment)?;
    let expression =
        rust::expression(&bundle, &embedded, &extensions.modules, &hello, develop.as_ref());
    fs::write(&rust_path, expression.as_bytes())?;
    // Last: without it, or with an older one, the next build compiles what it could have reused.
    fs::write(&keys_path, &record)?;

    let library_dirs = library_dirs(out_dir, &embedded, &extensions.modules);
    let output = Output {
        counts: counts(&compiled, &natives),
        bytes: length,
        bundle: bundle_path,
        rust: rust_path,
        keys: keys_path,
        warnings: warnings.into_iter().chain(embedded.warning).collect(),
        watched: watched.into_iter().chain(embedded.watched).collect(),
        link: linkage.lines,
        system_libraries: natives.needed,
        library_dirs,
        time: Time::default(),
    };
    Ok((output, digest))
}

/// The backends of further targets.
fn further(
    interpreters: &[PathBuf],
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Vec<Toolchain> {
    let mut further = Vec::new();
    for interpreter in interpreters {
        match Toolchain::further(interpreter, environment) {
            Ok(toolchain) => further.push(toolchain),
            Err(problem) => problems.push(problem),
        }
    }
    further
}

/// Where the linker looks for what the expression names.
fn library_dirs(out_dir: &Path, embedded: &Embedded, extensions: &[Linked]) -> Vec<PathBuf> {
    let own = embedded.archive.is_some() || !extensions.is_empty();
    let own = own.then(|| out_dir.to_owned());
    let theirs = extensions.iter().flat_map(|one| one.library_dirs.iter().cloned());
    own.into_iter().chain(theirs).collect()
}

fn counts(compiled: &Compiled, natives: &Natives) -> Counts {
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

/// The user's own variables that decide what is built.
fn variables(develop: Mode) -> impl Iterator<Item = Watched> {
    let develop = (develop == Mode::Developed).then_some(cargo::DEVELOP);
    [cargo::HASH, cargo::COMMAND]
        .into_iter()
        .chain(develop)
        .map(|name| Watched::Variable(name.into()))
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
