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
mod end;
mod last;
mod made;
mod pack;
mod sourceless;
mod start;
mod unpack;
mod write;

use std::path::PathBuf;

use include_py_bundle::ModuleKind;

use crate::cargo::Watched;
use crate::develop::{Develop, Mode};
use crate::find::{self, Content, Library};
use crate::native::{self, Natives};
use crate::options::Part;
use crate::output::Counts;
use crate::record::Previous;
use crate::report::Clock;
use crate::settings::Settings;
use crate::{Environment, Error, Output, extension, fs, report};
use compile::{Common, Compiled};
use end::End;
use last::{Consulted, Inputs, Made};
use pack::{Frame, Packed};
use start::Start;

/// Builds, or returns all problems.
///
/// ```text
/// $OUT_DIR/
/// ├── app.bundle   the bundle
/// ├── app.rs       the expression that `include_py!(APP = "app")` includes
/// ├── app.keys     what the next build can reuse of app.bundle
/// ├── app.inputs   by what the next build sees that nothing has changed
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
    let mut start = Start::new(settings, environment)?;
    let inputs = Inputs::of(&start);
    match inputs.as_ref().and_then(|inputs| inputs.unchanged(&mut start)) {
        Some(unchanged) => Ok(unchanged?),
        None => make_anew(start, inputs.as_ref()),
    }
}

/// The same, with a search for what has changed.
fn make_anew(start: Start<'_>, inputs: Option<&Inputs>) -> Result<(Output, [u8; 32]), Error> {
    let python = start.python();
    let Start { settings, environment, moment, patterns, roots, abi, mut problems, .. } = start;
    let Settings { name, extensions, options, .. } = settings;
    let (out_dir, mut watched) = (environment.out_dir(), start.watched);
    let unpacks = |package: &str| options.unpacks_in(package);
    let mut found = find::find(&roots, &patterns, &unpacks, &abi, &mut problems);
    if found.modules.is_empty() && extensions.is_empty() && problems.is_empty() {
        problems.push(find::nothing(&roots));
    }
    extension::check(extensions, &found.modules, &mut problems);
    extension::leave_out_sources(extensions, &mut found.files);
    options.check(&found.modules, &mut problems);
    let develop =
        (start.mode == Mode::Developed).then(|| Develop::of(&roots, &found.modules, &mut problems));
    let mut warnings = std::mem::take(&mut found.warnings);
    let consulted = std::mem::take(&mut found.consulted);
    warnings.extend(patterns.unused());
    warnings.extend(start.linkage.warnings());
    let [bundle_path, keys_path] =
        ["bundle", "keys"].map(|end| out_dir.join(format!("{name}.{end}")));
    let record = fs::read_previous(&keys_path).unwrap_or_default();
    let places = format!("{roots:?}");
    let previous = Previous::open(&record, &bundle_path, &places, environment.trust);
    let mut content = find::read(found, previous.as_ref(), &mut problems, &mut warnings);
    let mut natives = native::resolve(&mut content, &abi, &settings.system, &mut warnings);
    natives.absent.extend(start.left_out);
    if let Some(error) = Error::new(problems) {
        return Err(error);
    }
    let (python, mut backends) = (python?, vec![start.first?]);
    backends.extend(start.further);
    let library = library_files(&content, &natives);
    let consulted = Consulted::of(consulted, &content, &natives);

    let level = options.general.settle(Part::Kept).level.optimize();
    let targets: Vec<_> = backends.iter().map(|one| one.python().target(level)).collect();
    let (workers, sources) = (environment.workers(), settings.sources(environment));
    let previous = previous.as_ref();
    let common = Common { options, sources, targets: &targets, workers: &workers, previous };
    let extensions = extension::compile(extensions, name, &python, environment);
    let compiled = compile::compile(content, backends, &common);
    let (compiled, mut extensions) = Error::both(compiled, extensions)?;
    warnings.append(&mut extensions.warnings);
    watched.append(&mut extensions.watched);
    watched.extend(library.iter().cloned().map(Watched::Path));
    warnings.extend(compiled.warnings.iter().cloned());

    let unpacked = unpack::paths(&compiled, &natives, options);
    let frame = Frame {
        name,
        natives: &natives,
        unpacked: &unpacked,
        settings,
        roots: &places,
        start: moment,
    };
    let Packed { length, digest, record } = pack::pack(&bundle_path, &frame, &compiled, &common)?;
    let end = End {
        settings,
        environment,
        link: start.linkage.lines,
        python: &python,
        extensions: &extensions.modules,
        develop: develop.as_ref(),
        length,
        digest,
        counts: counts(&compiled, &natives),
        warnings: warnings.clone(),
        watched,
        system_libraries: natives.needed,
    };
    let output = end.write()?;
    // Written after the bundle: if it is missing or older, the next build only compiles more than
    // necessary.
    fs::write(&keys_path, &record)?;
    if let Some(inputs) = inputs {
        let (compiled, warnings, library, output) = (&compiled, &warnings, &library, &output);
        let consulted = consulted.as_ref();
        inputs.write(&Made { output, digest, compiled, consulted, warnings, library, moment })?;
    }
    Ok((output, digest))
}

fn counts(compiled: &Compiled, natives: &Natives) -> Counts {
    let modules = compiled.counts.modules + natives.modules.len();
    Counts { modules, files: compiled.files.len(), ..compiled.counts }
}

/// The library's files. The directory itself isn't watched: installing packages there or compiling
/// `.pyc` files would count as changes.
fn library_files(content: &Content, natives: &Natives) -> Vec<PathBuf> {
    let modules = content.modules.iter().chain(&natives.modules);
    let modules = modules.filter(|(one, _)| one.kind != ModuleKind::Namespace);
    let modules = modules.map(|(module, _)| (&module.origin, &module.source));
    let files = content.files.iter().map(|(file, _)| (&file.origin, &file.source));
    let standard = modules.chain(files).filter(|(origin, _)| origin.library == Library::Standard);
    standard.map(|(_, path)| path.clone()).collect()
}
