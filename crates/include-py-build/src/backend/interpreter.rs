//! Finds the interpreter that compiles, and checks that its bytecode is the target's.
//!
//! | named by | interpreter |
//! |---|---|
//! | `Bundle::interpreter` | that one |
//! | PyO3's configuration | its executable |
//! | nothing: a cross build, or a configuration file without `executable` | `python3.13` on `PATH` |
//!
//! Its processes are the workers:
//!
//! ```text
//! us       ──▶ stdin    0, "app/a.py", b"x = 1\n"             ──▶ worker.py
//! us       ◀── stdout   "code", b"\xe3…", 3, "invalid escape" ◀──
//! problems ◀── stderr   whatever it prints
//! ```

mod frame;
mod greeting;
mod pool;
mod process;

use std::path::{Path, PathBuf};

use pyc_code::Minor;

use super::{Backend, Job, Outcome, Python};
use crate::Environment;
use crate::cargo::Watched;
use crate::error::{ErrorKind, Problem};
use crate::parallel::Workers;
use greeting::Greeting;
use pool::Pool;
pub(super) use process::Worker;

/// The oldest version whose bytecode the runtime supports.
const OLDEST: (u8, u8) = (3, 11);

/// A started interpreter whose bytecode is the target's.
pub(super) struct Interpreter {
    greeting: Greeting,
    pool: Pool,
}

/// How the interpreter was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// By PyO3; the program will run with the same implementation.
    Resolved,
    Named,
    Searched,
}

impl Interpreter {
    /// Starts the interpreter; `named` comes from the builder.
    pub(super) fn start(named: Option<&Path>, environment: &Environment) -> Result<Self, Problem> {
        let (command, origin) = match (named, &environment.python) {
            (Some(named), _) => (named.to_owned(), Origin::Named),
            (None, Some(resolved)) => (resolved.clone(), Origin::Resolved),
            (None, None) => (PathBuf::from(default_name(environment.version)), Origin::Searched),
        };
        // The worker runs in another directory, so a relative path must be made absolute.
        let absolute = std::path::absolute(&command).ok().filter(|_| has_directory(&command));
        let command = absolute.unwrap_or(command);
        let started = Worker::start(&command, environment.out_dir());
        let (first, greeting) = started.map_err(|death| {
            let text = format!("the interpreter `{}` {}", command.display(), death.what);
            let problem = death.explain(Problem::new(ErrorKind::Interpreter, text));
            let problem = match origin {
                Origin::Searched if environment.version.is_some() => problem.note(
                    "PyO3's configuration names no interpreter, as in a cross build, so this one \
                     was looked for on `PATH`",
                ),
                _ => problem,
            };
            advise(problem, environment.version)
        })?;
        let minor = check(&greeting, origin, environment.version)?;
        let dir = environment.out_dir().to_owned();
        Ok(Self { greeting, pool: Pool { command, dir, first, minor } })
    }

    /// Compiles the jobs; returns the outcomes in the order of the jobs.
    pub(super) fn compile(self, workers: &Workers, jobs: &[Job<'_>]) -> Vec<Outcome> {
        self.pool.compile(workers, jobs)
    }
}

impl Backend for Interpreter {
    fn python(&self) -> &Python {
        &self.greeting.python
    }

    fn identity(&self) -> String {
        // Two builds of a version can have different patches, and then different code.
        format!("{}\n{}", process::SCRIPT, self.greeting.version)
    }

    fn watched(&self) -> Vec<Watched> {
        let mut watched = Vec::new();
        watched.extend(self.python().executable.clone().map(Watched::Path));
        if !has_directory(&self.pool.command) {
            watched.push(Watched::Variable("PATH".into()));
        }
        watched
    }

    fn compile(
        self: Box<Self>,
        _: Vec<Outcome>,
        workers: &Workers,
        jobs: &[Job<'_>],
    ) -> Vec<Outcome> {
        (*self).compile(workers, jobs)
    }
}

/// Whether the path has a directory. If not, the command is searched for on `PATH`.
fn has_directory(command: &Path) -> bool {
    command.parent().is_some_and(|dir| !dir.as_os_str().is_empty())
}

/// The version whose formats the interpreter writes. Fails unless its bytecode is the target's.
fn check(greeting: &Greeting, origin: Origin, wanted: Option<(u8, u8)>) -> Result<Minor, Problem> {
    let Greeting { implementation, python, .. } = greeting;
    let name = python.executable.as_deref().unwrap_or(Path::new("")).display();
    let problem = |text| Problem::new(ErrorKind::Interpreter, text);
    let minor = python.minor();
    let shown = dotted(minor);
    if implementation != "cpython" {
        let text = format!("the interpreter `{name}` is {implementation}, not CPython");
        return Err(advise(problem(text), wanted));
    }
    if let Some(wanted) = wanted.filter(|&wanted| wanted != minor) {
        let text = format!(
            "the interpreter `{name}` is CPython {shown}, but the program is built for CPython {}",
            dotted(wanted)
        );
        let problem = problem(text).note("bytecode runs only on the minor version it is made for");
        return Err(advise(problem, Some(wanted)));
    }
    if minor < OLDEST {
        let text = format!("the interpreter `{name}` is CPython {shown}, which is too old");
        return Err(advise(problem(text), None));
    }
    let known = (minor.0 == 3).then(|| Minor::new(minor.1)).flatten();
    let text = match known {
        Some(known) if origin == Origin::Resolved || known.magic() == python.magic => {
            return Ok(known);
        }
        Some(known) => format!(
            "the interpreter `{name}` makes bytecode with magic {}, but releases of CPython \
             {shown} have {}",
            python.magic,
            known.magic()
        ),
        None => {
            let text = format!(
                "the interpreter `{name}` is CPython {shown}, whose bytecode this version of \
                 include-py-build doesn't know"
            );
            return Err(advise(problem(text), None));
        }
    };
    let problem =
        problem(text).note("that is right only for a program linked against this very interpreter");
    Err(advise(problem, wanted))
}

/// Adds how to get the right interpreter.
fn advise(problem: Problem, version: Option<(u8, u8)>) -> Problem {
    let shown = dotted(version.unwrap_or((3, 13)));
    let what = match version {
        Some(_) => format!("a CPython {shown}"),
        None => "a CPython 3.11 or later".to_owned(),
    };
    problem
        .help(format!("name {what} with `PYO3_PYTHON`: `PYO3_PYTHON=python{shown} cargo build`"))
        .help(format!(
            "to install one: `apt install python{shown}-dev` (Debian, Ubuntu), `dnf install \
             python{shown}-devel` (Fedora), `brew install python@{shown}` (macOS)"
        ))
}

fn default_name(version: Option<(u8, u8)>) -> String {
    // On Windows the installer puts only `python` on `PATH`.
    match version {
        _ if cfg!(windows) => "python".to_owned(),
        Some(version) => format!("python{}", dotted(version)),
        None => "python3".to_owned(),
    }
}

fn dotted((major, minor): (u8, u8)) -> String {
    format!("{major}.{minor}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "\n  = help: name a CPython 3.13 with `PYO3_PYTHON`: \
        `PYO3_PYTHON=python3.13 cargo build`\n  \
        = help: to install one: `apt install python3.13-dev` (Debian, Ubuntu), \
        `dnf install python3.13-devel` (Fedora), `brew install python@3.13` (macOS)";

    fn with(python: Python) -> Greeting {
        Greeting { python, ..Greeting::example() }
    }

    fn refused(greeting: &Greeting, origin: Origin) -> String {
        check(greeting, origin, Some((3, 13))).unwrap_err().message().to_owned()
    }

    #[test]
    fn a_release_of_the_right_version_fits() {
        for origin in [Origin::Named, Origin::Resolved, Origin::Searched] {
            check(&Greeting::example(), origin, Some((3, 13))).unwrap();
            check(&Greeting::example(), origin, None).unwrap();
        }
    }

    #[test]
    fn another_implementation_or_version_does_not_fit() {
        let other = Greeting { implementation: "pypy".to_owned(), ..Greeting::example() };
        assert_eq!(
            refused(&other, Origin::Resolved),
            format!("the interpreter `/bin/python3.13` is pypy, not CPython{HELP}")
        );
        let other = with(Python { hexversion: 0x030c_01f0, ..Python::example() });
        assert_eq!(
            refused(&other, Origin::Resolved),
            format!(
                "the interpreter `/bin/python3.13` is CPython 3.12, but the program is built for \
                 CPython 3.13\n  = note: bytecode runs only on the minor version it is made for{HELP}"
            )
        );
        let other = with(Python { hexversion: 0x030a_0df0, ..Python::example() });
        let problem = check(&other, Origin::Searched, None).unwrap_err();
        assert!(
            problem.message().contains(
                "is CPython 3.10, which is too old\n  = help: name a CPython 3.11 or later"
            )
        );
    }

    #[test]
    fn a_prerelease_is_taken_from_pyo3_only() {
        let alpha = with(Python { magic: 3560, ..Python::example() });
        check(&alpha, Origin::Resolved, Some((3, 13))).unwrap();
        assert_eq!(
            refused(&alpha, Origin::Named),
            format!(
                "the interpreter `/bin/python3.13` makes bytecode with magic 3560, but releases of \
                 CPython 3.13 have 3571\n  = note: that is right only for a program linked \
                 against this very interpreter{HELP}"
            )
        );
        let future = with(Python { hexversion: 0x0363_00f0, ..Python::example() });
        for origin in [Origin::Named, Origin::Resolved] {
            let problem = check(&future, origin, None).unwrap_err();
            let text =
                "is CPython 3.99, whose bytecode this version of include-py-build doesn't know";
            assert!(problem.message().contains(text), "{}", problem.message());
        }
    }
}
