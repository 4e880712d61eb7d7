//! Which backend compiles.
//!
//! | asked for | target | what makes code |
//! |---|---|---|
//! | nothing | one that `pyc-compiler` supports, installed where PyO3 says | the compiler |
//! | nothing | another, or not known yet | the interpreter |
//! | nothing | as in the first row, and much to compile, by a build script that isn't optimised | the command `include-py` of the same version, if it is installed: it is the same compiler |
//! | nothing | as in the first row, but a source is in an encoding of which the compiler has no exact table | for that file the interpreter, if it is there |
//! | `Bundle::interpreter(…)` | any | that interpreter |
//! | `Bundle::backend(…)` | any | that one, or the build says why it can't |

use std::path::Path;

use pyc_code::Minor;

use super::compiler::Compiler;
use super::installation::{self, Described};
use super::interpreter::Interpreter;
use super::verify::Verified;
use crate::Environment;
use crate::error::{ErrorKind, Problem};
use crate::settings::Settings;

/// What makes code of sources.
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
    /// The interpreter that PyO3 resolved, or that [`Bundle::interpreter`](crate::Bundle::interpreter) names.
    Interpreter,
}

/// Whether the interpreter compiles everything, too, and has to come to the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verify {
    Yes,
    No,
}

/// The backend for the bundle's first target, started.
pub(crate) fn choose(
    settings: &Settings,
    environment: &Environment,
) -> Result<Box<dyn super::Backend>, Problem> {
    let named = settings.interpreter.as_deref();
    let described = environment.version.and_then(|(major, minor)| {
        let minor = (major == 3).then(|| Minor::new(minor)).flatten()?;
        installation::describe(named.or(environment.python.as_deref()), minor)
    });
    match (settings.backend, described) {
        (Some(Backend::Compiler), Some(described)) => compiler(described, settings, environment),
        (Some(Backend::Compiler), None) => Err(unsupported(environment.version)),
        // An interpreter that is named is meant to be used, and one whose files aren't where they
        // usually are has to be asked.
        (None, Some(described)) if named.is_none() && described.python.stdlib_dir.is_some() => {
            compiler(described, settings, environment)
        }
        (None | Some(Backend::Interpreter), _) => {
            Ok(Box::new(Interpreter::start(named, environment)?))
        }
    }
}

/// A further target's interpreter, which has to be a release.
pub(crate) fn further(
    interpreter: &Path,
    environment: &Environment,
) -> Result<Box<dyn super::Backend>, Problem> {
    let environment = Environment { version: None, ..environment.clone() };
    Ok(Box::new(Interpreter::start(Some(interpreter), &environment)?))
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
