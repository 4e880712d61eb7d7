//! `cargo xtask conformance compileall`: runs CPython's own `test_compileall` against `include-py
//! compile`.
//!
//! ```text
//! 3.13.0: 135 of 145 tests of test_compileall come out as with CPython's own module; 10 of the others are known
//! ```
//!
//! The interpreter and its library are copied. In the copy, a module `compileall` that starts our
//! command replaces CPython's, so all tests run unchanged, including `python -m compileall`. With
//! `--package`, the module of the Python package is used instead. Then the package's own tests run
//! as well, and `test_py_compile` with its module of that name.

mod differential;
mod large;
mod package;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use testbed::Outcome as Exit;
use testbed::command_line;
use testbed::pythons::Python;
use testbed::pythons::interpreter;

use super::suites::{copy_library, library, outcomes_of};

const HELP: &str = "\
Run CPython's test_compileall against the command `include-py compile`.

Usage: cargo xtask conformance compileall [--package] VERSION
       cargo xtask conformance compileall --differential VERSION [PART]
       cargo xtask conformance compileall --large VERSION

  --package       Against the Python package instead, from its wheel; needs the network, for maturin
  --differential  Give hundreds of command lines to both, and compare what is written and printed; with
                  PART, only those that it is a part of
  --large         Compile 100,000 sources; leave them, change one, and clean

Exit code: 0 if every test has the outcome that it has with CPython's own module, but for the known ones.
";

const SUITE: &str = "test_compileall";

/// With the package, this suite runs, too.
const OF_ONE_FILE: &str = "test_py_compile";

/// The module that starts the command.
const MODULE: &str = include_str!("compileall.py");

/// Tests that can't pass, by the ends of their names, with the reason.
const KNOWN: &[(&str, &str)] = &[
    ("test_compile_pool_called", "puts a mock into CPython's module and expects its calls"),
    ("test_compile_workers_cpu_count", "puts a mock into CPython's module and expects its calls"),
    ("test_compile_one_worker", "puts a mock into CPython's module and expects its calls"),
    (
        "test_compile_missing_multiprocessing",
        "puts a mock into CPython's module and expects its calls",
    ),
    ("test_workers_available_cores", "puts a mock into CPython's module and expects its calls"),
];

pub(super) fn main(words: &[&str], root: &Path) -> Exit {
    let arguments = match parse(words) {
        Ok(arguments) => arguments,
        Err(outcome) => return outcome,
    };
    Exit::of(interpreter(&arguments.version).and_then(|python| match arguments.run {
        Run::Suite(subject) => run(&python, subject, root),
        Run::Large => large::run(&python, &built(root)?),
        Run::Differential => differential::run(&python, &built(root)?, arguments.part.as_deref()),
    }))
}

/// The parsed command line.
struct Arguments {
    version: String,
    run: Run,
    /// Only the command lines that contain this are compared.
    part: Option<String>,
}

/// What is run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Suite(Subject),
    Differential,
    Large,
}

/// The module that replaces CPython's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Command,
    Package,
}

fn parse(words: &[&str]) -> Result<Arguments, Exit> {
    if words.is_empty() {
        return Err(Exit::Help(HELP));
    }
    let (mut version, mut part, mut run) = (None, None, Run::Suite(Subject::Command));
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Exit::Help(HELP)),
            Long("package") => run = Run::Suite(Subject::Package),
            Long("differential") => run = Run::Differential,
            Long("large") => run = Run::Large,
            Value(word) if version.is_none() => version = Some(word.string()?),
            Value(word) if part.is_none() && run == Run::Differential => {
                part = Some(word.string()?);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Arguments { version: command_line::required(version)?, run, part })
}

fn run(python: &Python, subject: Subject, root: &Path) -> Result<bool, String> {
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let copy = copied(python, home.path())?;
    let outcomes = |suite| outcomes_of(python, Command::new(&copy), home.path(), suite);
    let theirs = outcomes(SUITE)?;
    let library = library(home.path(), python);
    let mut good = true;
    let module = match subject {
        Subject::Command => MODULE.replace("@COMMAND@", &built(root)?.to_string_lossy()),
        Subject::Package => {
            package::install(python, &copy, &library, root)?;
            let before = outcomes(OF_ONE_FILE)?;
            package::replace_py_compile(&library)?;
            good &= compared(python.version(), OF_ONE_FILE, &outcomes(OF_ONE_FILE)?, &before);
            package::MODULE.to_owned()
        }
    };
    let place = library.join("compileall.py");
    fs::write(&place, module).map_err(|error| format!("{}: {error}", place.display()))?;
    good &= compared(python.version(), SUITE, &outcomes(SUITE)?, &theirs);
    Ok(good)
}

/// Builds the command as `cargo install` does.
pub(super) fn built(root: &Path) -> Result<PathBuf, String> {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--package", "include-py-cli"])
        .current_dir(root)
        .status()
        .map_err(|error| error.to_string())?;
    if !status.success() {
        return Err("the command can't be built".to_owned());
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release/include-py"))
}

/// A copy of the interpreter that finds the library in `home` relative to itself, and thus also in
/// isolated mode.
fn copied(python: &Python, home: &Path) -> Result<PathBuf, String> {
    copy_library(python, home)?;
    let directory = home.join("bin");
    let copy = directory.join(format!("python{}", python.version().minor()));
    let original = fs::canonicalize(python.path());
    fs::create_dir_all(&directory)
        .and_then(|()| fs::copy(original?, &copy))
        .map_err(|error| format!("{}: {error}", copy.display()))?;
    Ok(copy)
}

/// Prints the number of tests with equal outcomes, and the other tests.
fn compared(
    version: impl std::fmt::Display,
    suite: &str,
    ours: &BTreeMap<String, String>,
    theirs: &BTreeMap<String, String>,
) -> bool {
    let (mut alike, mut known, mut others) = (0, 0, Vec::new());
    for (name, outcome) in theirs {
        let our = ours.get(name).map_or("not run", String::as_str);
        let reason = KNOWN.iter().find(|(test, _)| name.ends_with(test));
        match reason {
            _ if our == outcome => alike += 1,
            Some(_) => known += 1,
            None => others.push(format!("    {name}: {our}, not {outcome}")),
        }
    }
    println!(
        "{version}: {alike} of {} tests of {suite} come out as with CPython's own module; {known} of the others are known",
        theirs.len()
    );
    for other in &others {
        println!("{other}");
    }
    others.is_empty() && alike > 0
}
