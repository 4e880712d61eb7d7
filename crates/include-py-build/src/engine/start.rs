//! What is known before anything is searched for: the compilers, the roots, how libpython is
//! linked.

use std::path::PathBuf;

use crate::backend::{self, Backend, Python};
use crate::cargo::{self, Watched};
use crate::develop::Mode;
use crate::error::Problem;
use crate::find::{Absent, Root};
use crate::link::{self, Libpython, Linkage};
use crate::native::{self, Abi};
use crate::patterns::Patterns;
use crate::record::Moment;
use crate::settings::Settings;
use crate::{Environment, Stdlib, fs, stdlib};

/// The start of a build.
pub(super) struct Start<'s> {
    pub(super) settings: &'s Settings,
    pub(super) environment: &'s Environment,
    pub(super) moment: Moment,
    pub(super) patterns: Patterns,
    /// The backend of the first target, and those of the others.
    pub(super) first: Result<Box<dyn Backend>, Problem>,
    pub(super) further: Vec<Box<dyn Backend>>,
    /// With the standard library's.
    pub(super) roots: Vec<Root>,
    pub(super) mode: Mode,
    pub(super) watched: Vec<Watched>,
    /// A module that the user may expect, but that isn't bundled.
    pub(super) left_out: Option<Absent>,
    pub(super) linkage: Linkage,
    pub(super) abi: Abi,
    /// If there are any, the search only looks for more.
    pub(super) problems: Vec<Problem>,
}

impl<'s> Start<'s> {
    pub(super) fn new(
        settings: &'s Settings,
        environment: &'s Environment,
    ) -> Result<Self, Problem> {
        let moment = Moment::now();
        let (out_dir, mut problems) = (environment.out_dir(), Vec::new());
        settings.check(&mut problems);
        let Settings { default_excludes, excludes, resources, .. } = settings;
        let patterns = Patterns::new(default_excludes, excludes, resources, &mut problems);
        fs::create_dir(out_dir)?;
        fs::remove_leftovers(out_dir, &settings.name);
        let first = backend::choose(settings, environment);
        problems.extend(first.as_ref().err().cloned());
        let python = first.as_ref().ok().map(|backend| backend.python().clone());
        let further = backend::further(settings, python.as_ref(), environment, &mut problems);

        let mut roots = settings.roots.clone();
        let developed = settings.develop == environment.develop;
        let mode = if developed { settings.develop } else { Mode::Bundled };
        let mut watched: Vec<_> =
            roots.iter().filter_map(|root| watched_root(root, mode)).collect();
        watched.extend(variables(settings.develop));
        let stdlib = unpacked_library(settings, environment, &mut watched, &mut problems);
        let library = stdlib.as_ref().zip(python.as_ref());
        let left_out = library
            .and_then(|(stdlib, python)| add_library(stdlib, python, &mut roots, &mut problems));
        let mut linkage = linkage(settings, python.as_ref(), environment, &mut problems);
        watched.append(&mut linkage.watched);
        watched.extend(first.iter().chain(&further).flat_map(|backend| backend.watched()));
        let abi = abi(python.as_ref(), &further, environment);
        Ok(Self {
            settings,
            environment,
            moment,
            patterns,
            first,
            further,
            roots,
            mode,
            watched,
            left_out,
            linkage,
            abi,
            problems,
        })
    }

    /// The first target's Python.
    pub(super) fn python(&self) -> Result<Python, Problem> {
        let mut python = self.first.as_ref().map_err(Clone::clone)?.python().clone();
        if self.roots.iter().any(|root| matches!(root, Root::Extensions { .. })) {
            python.extension_dir = None;
        }
        Ok(python)
    }
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
