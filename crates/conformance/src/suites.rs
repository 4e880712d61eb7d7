//! `cargo xtask conformance suites`: runs CPython's own tests on bytecode made by our compiler.
//!
//! ```text
//! suite              tests  as from CPython's bytecode
//! test_grammar          79                          79
//! ```
//!
//! The standard library is copied twice. One copy gets CPython's `.pyc` files, the other ours, and
//! none is checked against its source. Each suite runs from both, and every test must have the same
//! outcome.

mod answers;
mod replaced;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_code::pyc::{Check, Header, Origin};
use pyc_compiler::{Options, Target};

use testbed::Outcome as Exit;
use testbed::command_line;
use testbed::library;
use testbed::pythons::Python;
use testbed::pythons::interpreter;

const HELP: &str = "\
Run suites of CPython's own tests on bytecode that our compiler made, and on CPython's.

Usage: cargo xtask conformance suites [--our-compile] VERSION [SUITE]…

Options:
  --our-compile  The tests' code is the interpreter's, but whatever they give to compile(), exec() and eval() is compiled
                 by ours: test_syntax, test_exceptions, test_string_literals and test_eof, if no suite is named

Exit code: 0 if every test has the same outcome, 1 if one has another.
";

/// Suites that test compiled code: the language, and modules that examine code objects.
const SUITES: &[&str] = &[
    "test_grammar",
    "test_syntax",
    "test_compile",
    "test_patma",
    "test_generators",
    "test_coroutines",
    "test_asyncgen",
    "test_with",
    "test_exceptions",
    "test_except_star",
    "test_fstring",
    "test_listcomps",
    "test_setcomps",
    "test_dictcomps",
    "test_genexps",
    "test_type_params",
    "test_scope",
    "test_dataclasses",
    "test_typing",
    "test_ast",
    "test_dis",
    "test_traceback",
    "test_inspect",
    "test_asyncio",
];

/// Prints a row of a report's outcomes.
const SCRIPT: &str = include_str!("suites.py");

pub(super) fn main(words: &[&str]) -> Exit {
    let arguments = match parse(words) {
        Ok(arguments) => arguments,
        Err(outcome) => return outcome,
    };
    let version = &arguments.version;
    let suites: Vec<&str> = arguments.suites.iter().map(String::as_str).collect();
    Exit::of(match arguments.role {
        Role::Answering => answers::serve(version).map(|()| true),
        Role::Replaced => replaced::run(version, &suites),
        Role::Compiled if suites.is_empty() => run(version, SUITES),
        Role::Compiled => run(version, &suites),
    })
}

/// The parsed command line.
struct Arguments {
    version: String,
    suites: Vec<String>,
    role: Role,
}

/// What our compiler does.
enum Role {
    /// It compiles the tests.
    Compiled,
    /// It replaces what the tests call.
    Replaced,
    /// This process answers for it.
    Answering,
}

fn parse(words: &[&str]) -> Result<Arguments, Exit> {
    if words.is_empty() {
        return Err(Exit::Help(HELP));
    }
    let (mut version, mut suites, mut role) = (None, Vec::new(), Role::Compiled);
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Exit::Help(HELP)),
            Long("answer") => role = Role::Answering,
            Long("our-compile") => role = Role::Replaced,
            Value(word) if version.is_none() => version = Some(word.string()?),
            Value(word) => suites.push(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Arguments { version: command_line::required(version)?, suites, role })
}

fn run(version: &str, suites: &[&str]) -> Result<bool, String> {
    let python = interpreter(version)?;
    let target = Target::preview(python.version()).map_err(|error| error.to_string())?;
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let [ours, theirs] = ["ours", "theirs"].map(|name| home.path().join(name));
    for copy in [&ours, &theirs] {
        copy_library(&python, copy)?;
    }
    let compiled = compile(&python, target, &library(&ours, &python))?;
    let options = ["-m", "compileall", "-q", "-j2", "--invalidation-mode", "unchecked-hash"];
    // The command fails because some files are intentionally invalid.
    let _ = Command::new(python.path()).args(options).arg(library(&theirs, &python)).output();
    println!("{} with {compiled} files compiled by ours", python.version());
    println!("suite              tests  as from CPython's bytecode");
    let mut good = true;
    let (ours, theirs) = (Home::new(&python, ours)?, Home::new(&python, theirs)?);
    for suite in suites {
        let (ours, theirs) = (outcomes(&python, &ours, suite)?, outcomes(&python, &theirs, suite)?);
        let same = theirs.iter().filter(|(name, outcome)| ours.get(*name) == Some(outcome)).count();
        println!("{suite:16} {:7} {same:27}", theirs.len());
        for (name, outcome) in &theirs {
            let other = ours.get(name).map_or("not run", String::as_str);
            if other != outcome {
                println!("    {name}: {other}, not {outcome}");
            }
        }
        good &= same == theirs.len() && ours.len() == theirs.len() && same > 0;
    }
    Ok(good)
}

/// The library's directory below `PYTHONHOME`.
pub(super) fn library(home: &Path, python: &Python) -> PathBuf {
    home.join("lib").join(format!("python{}", python.version().minor()))
}

pub(super) fn copy_library(python: &Python, home: &Path) -> Result<(), String> {
    let from = library::standard_library(python)?;
    let to = library(home, python);
    let skipped = ["__pycache__", "site-packages"];
    let wanted = |entry: &walkdir::DirEntry| !skipped.iter().any(|name| *name == entry.file_name());
    for entry in walkdir::WalkDir::new(&from).into_iter().filter_entry(wanted) {
        let entry = entry.map_err(|error| error.to_string())?;
        let target = to.join(entry.path().strip_prefix(&from).unwrap_or(Path::new("")));
        // Debian's `sitecustomize.py` leads to the machine's configuration, which may be missing.
        if entry.path_is_symlink() && !entry.path().exists() {
            continue;
        }
        let result = if entry.file_type().is_dir() {
            std::fs::create_dir_all(&target)
        } else {
            std::fs::copy(entry.path(), &target).map(|_| ())
        };
        result.map_err(|error| format!("{}: {error}", entry.path().display()))?;
    }
    Ok(())
}

/// Writes `.pyc` files that Python uses without checking their sources; returns their number.
fn compile(python: &Python, target: Target, library: &Path) -> Result<usize, String> {
    let minor = target.minor();
    let mut count = 0;
    for (_, path) in library::sources(python, &[library.to_owned()], 1)? {
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        let source = std::fs::read(&path).map_err(failed)?;
        let options = Options::new(target, path.to_string_lossy());
        // Intentionally invalid files get no `.pyc` file, as with `compileall`.
        let Ok(code) = pyc_compiler::compile(&source, &options) else { continue };
        let stream = pyc_code::marshal::write(&code, minor).map_err(|error| error.to_string())?;
        let header = Header::new(minor, Origin::hash_of(&source, minor, Check::Unchecked));
        let mut bytes = header.to_bytes().to_vec();
        bytes.extend(stream);
        let directory = path.parent().unwrap_or(library).join("__pycache__");
        std::fs::create_dir_all(&directory).map_err(failed)?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let file = directory.join(format!("{stem}.{}.pyc", minor.cache_tag()));
        std::fs::write(file, bytes).map_err(failed)?;
        count += 1;
    }
    Ok(count)
}

/// A copy of the library, and the environment variable that makes the interpreter use it.
struct Home {
    directory: PathBuf,
    variable: (&'static str, PathBuf),
}

impl Home {
    /// Interpreters that are started by a script may set `PYTHONHOME` themselves. These find the
    /// copy by `PYTHONPATH`, before their own library.
    fn new(python: &Python, directory: PathBuf) -> Result<Self, String> {
        let path = library(&directory, python);
        for variable in [("PYTHONHOME", directory.clone()), ("PYTHONPATH", path)] {
            let output = Command::new(python.path())
                .env(variable.0, &variable.1)
                .args(["-c", "import json, test; print(json.__file__, test.__file__, sep='\\n')"])
                .output()
                .map_err(|error| format!("{}: {error}", python.path().display()))?;
            let files = String::from_utf8_lossy(&output.stdout);
            if files.lines().filter(|file| Path::new(file).starts_with(&directory)).count() == 2 {
                return Ok(Self { directory, variable });
            }
        }
        Err(format!("{} doesn't use a copy of its library", python.path().display()))
    }
}

/// The outcome of each test of a suite, with the library of `home`.
fn outcomes(python: &Python, home: &Home, suite: &str) -> Result<BTreeMap<String, String>, String> {
    let mut command = Command::new(python.path());
    command.env(home.variable.0, &home.variable.1);
    outcomes_of(python, command, &home.directory, suite)
}

/// The outcome of each test of a suite run by `interpreter`. `python` reads the report, which is
/// stored in `directory`.
pub(super) fn outcomes_of(
    python: &Python,
    mut interpreter: Command,
    directory: &Path,
    suite: &str,
) -> Result<BTreeMap<String, String>, String> {
    let report = directory.join(format!("{suite}.xml"));
    interpreter
        .args(["-B", "-m", "test", "--junit-xml"])
        .arg(&report)
        .arg(suite)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", python.path().display()))?;
    reported(python, &report, suite)
}

/// The outcome of each test in a suite's report.
fn reported(
    python: &Python,
    report: &Path,
    suite: &str,
) -> Result<BTreeMap<String, String>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", python.path().display());
    let output =
        Command::new(python.path()).args(["-c", SCRIPT]).arg(report).output().map_err(failed)?;
    if !output.status.success() {
        return Err(format!("{suite} leaves no report: {}", report.display()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let rows = text.lines().filter_map(|line| line.split_once('\t'));
    Ok(rows.map(|(name, outcome)| (name.to_owned(), outcome.to_owned())).collect())
}
