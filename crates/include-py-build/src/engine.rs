//! From a plan to the files in the output directory, without Cargo.
//!
//! ```text
//! find → read what isn't recorded → compile what has changed → pack → write
//! ```
//!
//! A failed build writes nothing. The previous build's files stay, and the next build can reuse
//! them. They aren't mistaken for new ones, since Cargo doesn't compile a package whose build
//! script fails.

mod compile;
mod made;
mod pack;
mod sourceless;
mod unpack;
mod write;

use std::path::{Path, PathBuf};

use include_py_bundle::ModuleKind;

use crate::backend::{self, Backend, Python};
use crate::cargo::{self, Watched};
use crate::develop::{Develop, Mode};
use crate::embed::Embedded;
use crate::error::Problem;
use crate::extension::Linked;
use crate::find::{self, Absent, Content, Library, Root};
use crate::link::{self, Libpython, Linkage};
use crate::native::{self, Abi, Natives};
use crate::options::Part;
use crate::output::Counts;
use crate::patterns::Patterns;
use crate::record::{Moment, Previous};
use crate::report::{Clock, Time};
use crate::settings::Settings;
use crate::{Environment, Error, Output, Stdlib, embed, extension, fs, report, rust, stdlib};
use compile::{Common, Compiled};
use pack::{Frame, Packed};

/// Builds, or returns all problems.
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
pub(crate) fn build(settings: &Settings, environment: &Environment) -> Result<Output, Error> {
    let clock = Clock::start();
    let (mut output, digest) = make(settings, environment)?;
    output.time = clock.stop();
    fs::write(&output.report(), report::json(&settings.name, &output, &digest).as_bytes())?;
    Ok(output)
}

/// Builds everything except the report, which needs the returned digest of the bundle.
fn make(settings: &Settings, environment: &Environment) -> Result<(Output, [u8; 32]), Error> {
    let start = Moment::now();
    let (out_dir, mut problems) = (environment.out_dir(), Vec::new());
    let Settings { name, extensions, options, .. } = settings;
    settings.check(&mut problems);
    let Settings { default_excludes, excludes, resources, .. } = settings;
    let patterns = Patterns::new(default_excludes, excludes, resources, &mut problems);
    fs::create_dir(out_dir)?;
    fs::remove_leftovers(out_dir, name);
    let started = backend::choose(settings, environment);
    problems.extend(started.as_ref().err().cloned());
    let python = started.as_ref().ok().map(|backend| backend.python().clone());
    let mut further = backend::further(settings, python.as_ref(), environment, &mut problems);

    let mut roots = settings.roots.clone();
    let developed = settings.develop == environment.develop;
    let mode = if developed { settings.develop } else { Mode::Bundled };
    let mut watched: Vec<_> = roots.iter().filter_map(|root| watched_root(root, mode)).collect();
    watched.extend(variables(settings.develop));
    let stdlib = unpacked_library(settings, environment, &mut watched, &mut problems);
    let library = stdlib.as_ref().zip(python.as_ref());
    let left_out =
        library.and_then(|(stdlib, python)| add_library(stdlib, python, &mut roots, &mut problems));
    let mut linkage = linkage(settings, python.as_ref(), environment, &mut problems);
    let unpacks = |package: &str| options.unpacks_in(package);
    let abi = abi(python.as_ref(), &further, environment);
    let mut found = find::find(&roots, &patterns, &unpacks, &abi, &mut problems);
    if found.modules.is_empty() && extensions.is_empty() && problems.is_empty() {
        problems.push(find::nothing(&roots));
    }
    extension::check(extensions, &found.modules, &mut problems);
    extension::leave_out_sources(extensions, &mut found.files);
    options.check(&found.modules, &mut problems);
    let develop =
        (mode == Mode::Developed).then(|| Develop::of(&roots, &found.modules, &mut problems));
    let mut warnings = found.warnings.clone();
    warnings.extend(patterns.unused());
    warnings.extend(linkage.warnings());
    let [bundle_path, keys_path, rust_path] =
        ["bundle", "keys", "rs"].map(|end| out_dir.join(format!("{name}.{end}")));
    let record = fs::read_previous(&keys_path).unwrap_or_default();
    let places = format!("{roots:?}");
    let previous = Previous::open(&record, &bundle_path, &places, environment.trust);
    let mut content = find::read(found, previous.as_ref(), &mut problems, &mut warnings);
    let mut natives = native::resolve(&mut content, &abi, &settings.system, &mut warnings);
    natives.absent.extend(left_out);
    if let Some(error) = Error::new(problems) {
        return Err(error);
    }
    let mut backends = vec![started?];
    backends.append(&mut further);

    watched.extend(library_files(&content, &natives));
    watched.append(&mut linkage.watched);
    watched.extend(backends.iter().flat_map(|backend| backend.watched()));

    let level = options.general.settle(Part::Kept).level.optimize();
    let targets: Vec<_> = backends.iter().map(|one| one.python().target(level)).collect();
    let mut python = backends[0].python().clone();
    if roots.iter().any(|root| matches!(root, Root::Extensions { .. })) {
        python.extension_dir = None;
    }
    let (workers, sources) = (environment.workers(), settings.sources(environment));
    let previous = previous.as_ref();
    let common = Common { options, sources, targets: &targets, workers: &workers, previous };
    let extensions = extension::compile(extensions, name, &python, environment);
    let compiled = compile::compile(content, backends, &common);
    let (compiled, mut extensions) = Error::both(compiled, extensions)?;
    warnings.append(&mut extensions.warnings);
    watched.append(&mut extensions.watched);
    warnings.extend(compiled.warnings.iter().cloned());

    let unpacked = unpack::paths(&compiled, &natives, options);
    let frame =
        Frame { name, natives: &natives, unpacked: &unpacked, settings, roots: &places, start };
    let Packed { length, digest, record } = pack::pack(&bundle_path, &frame, &compiled, &common)?;
    if !linkage.lines.is_empty() {
        link::write_symbols(out_dir)?;
    }
    let bundle = embed::Bundle { name, path: &bundle_path, length };
    let embedded = embed::embed(&bundle, &digest, environment)?;
    let parts = rust::Parts {
        embedded: &embedded,
        extensions: &extensions.modules,
        develop: develop.as_ref(),
        libpython: if linkage.lines.is_empty() { Libpython::AsResolved } else { Libpython::Inside },
    };
    let expression = rust::expression(&bundle, &parts, &python);
    fs::write(&rust_path, expression.as_bytes())?;
    // Written last: if it is missing or older, the next build only compiles more than necessary.
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

/// How libpython is linked, if the program shall contain it.
fn linkage(
    settings: &Settings,
    python: Option<&Python>,
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Linkage {
    let Some(python) = python.filter(|_| settings.libpython == Libpython::Inside) else {
        return Linkage::default();
    };
    let resolved = settings.interpreter.is_none().then_some(python);
    link::libpython(environment, resolved).unwrap_or_else(|problem| {
        problems.push(problem);
        Linkage::default()
    })
}

/// Directories in which the linker finds what the expression names.
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

/// The standard library to bundle, with its files in a directory.
fn unpacked_library(
    settings: &Settings,
    environment: &Environment,
    watched: &mut Vec<Watched>,
    problems: &mut Vec<Problem>,
) -> Option<Stdlib> {
    let stdlib = settings.stdlib.clone()?;
    watched.extend(stdlib.archive().map(|archive| Watched::Path(archive.to_owned())));
    let to = environment.out_dir().join(format!("{}.stdlib", settings.name));
    stdlib.unpacked(&to, environment.trust).map_err(|problem| problems.push(problem)).ok()
}

/// Adds the standard library; returns a module that the user may expect, but that isn't bundled.
fn add_library(
    stdlib: &Stdlib,
    python: &Python,
    roots: &mut Vec<Root>,
    problems: &mut Vec<Problem>,
) -> Option<Absent> {
    let (stdlib_dir, extension_dir) = match stdlib.dir() {
        Some(dir) => {
            problems.extend(stdlib::unfit(dir, python.minor()));
            (Some(dir), Some(dir.join("lib-dynload")).filter(|dir| dir.is_dir()))
        }
        None => (python.stdlib_dir.as_deref(), python.extension_dir.clone()),
    };
    match stdlib_dir {
        Some(dir) => roots.push(Root::Stdlib { dir: dir.to_owned(), stdlib: stdlib.clone() }),
        None => problems.push(python.without_stdlib()),
    }
    let dir = extension_dir.filter(|_| stdlib.bundles_extensions())?;
    let left_out = stdlib.left_out().map(|(name, reason)| Absent {
        name: name.to_owned(),
        path: format!("{name}.so"),
        source: PathBuf::new(),
        reason: reason.to_owned(),
    });
    roots.push(Root::Extensions { dir, stdlib: stdlib.clone() });
    left_out
}

/// The ABI that machine code must have.
fn abi(python: Option<&Python>, further: &[Box<dyn Backend>], environment: &Environment) -> Abi {
    let version = python.map(Python::minor).or(environment.version).unwrap_or_default();
    let noted = native::noted_suffix(python.and_then(|python| python.stdlib_dir.as_deref()));
    let abi = Abi::new(version, noted, environment.system.clone());
    if further.is_empty() { abi } else { abi.shared() }
}

/// The library's files. The directory itself isn't watched: installing packages there or compiling
/// `.pyc` files would count as changes.
fn library_files(content: &Content, natives: &Natives) -> Vec<Watched> {
    let modules = content.modules.iter().chain(&natives.modules);
    let modules = modules.filter(|(one, _)| one.kind != ModuleKind::Namespace);
    let modules = modules.map(|(module, _)| (&module.origin, &module.source));
    let files = content.files.iter().map(|(file, _)| (&file.origin, &file.source));
    let standard = modules.chain(files).filter(|(origin, _)| origin.library == Library::Standard);
    standard.map(|(_, path)| Watched::Path(path.clone())).collect()
}

/// The user's variables that affect the build.
fn variables(develop: Mode) -> impl Iterator<Item = Watched> {
    let develop = (develop == Mode::Developed).then_some(cargo::DEVELOP);
    [cargo::HASH, cargo::COMMAND]
        .into_iter()
        .chain(develop)
        .map(|name| Watched::Variable(name.into()))
}

/// Developed sources aren't watched, since the program imports them directly.
fn watched_root(root: &Root, mode: Mode) -> Option<Watched> {
    match root {
        Root::Source { .. } | Root::Package { .. } if mode == Mode::Developed => None,
        Root::Source { dir: path }
        | Root::SitePackages { dir: path }
        | Root::Package { path, .. } => Some(Watched::Path(path.clone())),
        Root::Stdlib { .. } | Root::Extensions { .. } => None,
    }
}
