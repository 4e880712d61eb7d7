//! Chooses the backend.
//!
//! | requested | target | backend |
//! |---|---|---|
//! | nothing | a version that `pyc-compiler` supports, installed where PyO3 says | the compiler |
//! | nothing | a version that `pyc-compiler` supports; PyO3's configuration names no interpreter, and nothing from an installation is bundled | the compiler, for the newest release |
//! | nothing | another or unknown version | the interpreter |
//! | nothing | as in the first row, but there is much to compile and the build script isn't optimised | the command `include-py` of the same version, if it is installed: it is the same compiler |
//! | nothing | as in the first row, but the compiler has no exact table for the encoding of a source | the interpreter for that file, if it is installed |
//! | `Bundle::targets(…)` | the named releases | the compiler |
//! | `Bundle::interpreter(…)` | any | that interpreter |
//! | `Bundle::backend(…)` | any | that one, or an error that says why it can't |

use pyc_code::Minor;
use pyc_compiler::Target;

use super::Python;
use super::compiler::Compiler;
use super::installation::{self, Described};
use super::interpreter::Interpreter;
use super::verify::Verified;
use crate::Environment;
use crate::error::{ErrorKind, Problem};
use crate::settings::Settings;

/// What compiles the sources.
///
/// ```
/// use include_py_build::{Backend, Bundle};
///
/// let bundle = Bundle::new("app").source("python").backend(Backend::Interpreter);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    /// `pyc-compiler`, which needs no Python. The default for the targets that it supports.
    Compiler,
    /// The interpreter that PyO3 resolved, or that
    /// [`Bundle::interpreter`](crate::Bundle::interpreter) names.
    Interpreter,
}

/// Whether the interpreter also compiles everything and must produce the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verify {
    Yes,
    No,
}

/// Starts the backend for the bundle's first target.
pub(crate) fn choose(
    settings: &Settings,
    environment: &Environment,
) -> Result<Box<dyn super::Backend>, Problem> {
    let named = settings.interpreter.as_deref();
    if let Some(release) = release_named(settings, environment) {
        return Ok(Box::new(Compiler::for_target(release, environment)));
    }
    let described = environment.version.and_then(|(major, minor)| {
        let minor = (major == 3).then(|| Minor::new(minor)).flatten()?;
        installation::describe(named.or(environment.python.as_deref()), minor)
    });
    match (settings.backend, described) {
        (Some(Backend::Compiler), Some(described)) => compiler(described, settings, environment),
        (Some(Backend::Compiler), None) => Err(unsupported(environment.version)),
        // A named interpreter must be used. If its files aren't in the usual places, it has to be
        // asked for them, unless the settings name them. If PyO3 knows no interpreter and nothing
        // from an installation is needed, none is searched for.
        (None, Some(described))
            if named.is_none()
                && (described.python.stdlib_dir.is_some()
                    || settings.has_own_stdlib()
                    || environment.python.is_none() && !settings.needs_installation()) =>
        {
            compiler(described, settings, environment)
        }
        (None | Some(Backend::Interpreter), _) => {
            Ok(Box::new(Interpreter::start(named, environment)?))
        }
    }
}

/// Starts the backends of the further targets, which differ from the target `first` if that is
/// known.
pub(crate) fn further(
    settings: &Settings,
    first: Option<&Python>,
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Vec<Box<dyn super::Backend>> {
    let mut backends: Vec<Box<dyn super::Backend>> = Vec::new();
    // Further interpreters can have any version, but must be releases.
    let of_any_version = Environment { version: None, ..environment.clone() };
    for interpreter in &settings.further {
        match Interpreter::start(Some(interpreter), &of_any_version) {
            Ok(interpreter) => backends.push(Box::new(interpreter)),
            Err(problem) => problems.push(problem),
        }
    }
    match releases(settings) {
        Ok(releases) => {
            for release in releases {
                if first.is_none_or(|first| first.minor() != (3, release.minor().number())) {
                    backends.push(Box::new(Compiler::for_target(release, environment)));
                }
            }
        }
        Err(problem) => problems.push(problem),
    }
    backends
}

/// The release that `Bundle::targets` names for the first target, if no interpreter decides it.
fn release_named(settings: &Settings, environment: &Environment) -> Option<Target> {
    if settings.interpreter.is_some() || environment.python.is_some() {
        return None;
    }
    // `further` reports invalid names.
    let mut releases = releases(settings).ok()?.into_iter();
    let wanted = environment.version;
    releases.find(|one| wanted.is_none_or(|wanted| wanted == (3, one.minor().number())))
}

/// The releases that `Bundle::targets` names.
fn releases(settings: &Settings) -> Result<Vec<Target>, Problem> {
    let mut releases: Vec<Target> = Vec::new();
    for name in &settings.targets {
        let release = Target::named(name).map_err(|error| {
            Problem::new(ErrorKind::Option, format!("`Bundle::targets`: {error}")).help(
                "name a version or release of CPython that the compiler supports: `3.13`, `3.13.0`",
            )
        })?;
        if let Some(other) = releases.iter().find(|other| other.minor() == release.minor()) {
            let text = format!("`Bundle::targets`: {other} and {release} run the same bytecode");
            return Err(Problem::new(ErrorKind::Option, text)
                .help("name one release of each version; it is for the others, too"));
        }
        releases.push(release);
    }
    Ok(releases)
}

fn compiler(
    described: Described,
    settings: &Settings,
    environment: &Environment,
) -> Result<Box<dyn super::Backend>, Problem> {
    let compiler = Compiler::new(described, environment);
    Ok(match (settings.verify, settings.backend) {
        (Verify::Yes, _) => {
            let judge = Interpreter::start(settings.interpreter.as_deref(), environment)?;
            Box::new(Verified::new(compiler, judge))
        }
        (Verify::No, None) => Box::new(compiler.with_decoder(environment)),
        (Verify::No, Some(_)) => Box::new(compiler),
    })
}

fn unsupported(version: Option<(u8, u8)>) -> Problem {
    let text = match version {
        Some((major, minor)) => format!("the compiler doesn't support CPython {major}.{minor} yet"),
        None => "the compiler has to know for which version of CPython it compiles".to_owned(),
    };
    let problem = Problem::new(ErrorKind::Option, text);
    match version {
        Some(_) => problem.help("leave the choice to the build, or take `Backend::Interpreter`"),
        None => problem.help("say it with `Environment::python_version`"),
    }
}
