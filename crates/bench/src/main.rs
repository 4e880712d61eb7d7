//! `cargo xtask bench`: compares times with CPython's own.
//!
//! `cargo xtask bench import 3.12` prints a row for each workload, `cargo xtask bench compiler
//! 3.13.0` one for each stage.

#![forbid(unsafe_code)]

mod build;
mod compiler;
mod embed;
mod import;
mod linear;
mod refused;
mod start;

use std::num::NonZero;
use std::path::Path;
use std::process::ExitCode;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use testbed::pythons::chosen;
use testbed::{Outcome, command_line, project};

/// The allocator of the command `include-py`, so that the benchmark of the compiler applies to it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HELP: &str = "\
Measure against CPython's own way, with fresh processes and processor time.

Usage: cargo xtask bench import [--runs=N] [WORKLOAD]… [VERSION]…
       cargo run --profile dist -p bench -- compiler [--runs=N] {VERSION | --all}
       cargo run --profile dist -p bench -- refused [--runs=N] VERSION
       cargo xtask bench linear [SHAPE]…
       cargo xtask bench build [--modules=N,…] [--data=MB] [--optimised] [--base=COMMIT]
       cargo xtask bench embed [--edit] [MEGABYTES]…
       cargo xtask bench start [--runs=N] [VERSION]

Benchmarks:
  import    Imports from a bundle, against files with warm .pyc files; needs the network
  compiler  Our compiler, against compile() and marshal.dumps, over the standard library in memory
  refused   How long our compiler takes to refuse files of the library, against how long it takes to compile them
  linear    Whether our compiler's time grows with the source and no faster, for each of a hundred shapes
  build     A build without optimisation, as build scripts are: fresh, unchanged, after one edit
  embed     Building again with a changed bundle of 200 MB, by the assembler and by rustc
  start     Programs of one file, beside files and what PyInstaller makes; needs the network

Options:
  --runs=N    How many pairs of runs (default: 21)
  WORKLOAD…   Only these: stdlib, django, sympy, boto3, tiny
  SHAPE…      Only those whose names contain this
  VERSION…    Only these: 3.13 or 3.13.0
  --modules=N,…  How many modules are built, a row for each number (default: 5000)
  --optimised    The build script is optimised, as where the workspace says so
  --data=MB      How much data is bundled with them (default: 200)
  --edit         Of `embed`: the megabytes are extension modules, and one Python module is edited
  --base=COMMIT  Measures the build of this commit, too
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    outcome(&arguments, testbed::root()).report()
}

fn outcome(arguments: &[&str], root: &Path) -> Outcome {
    let run = match arguments {
        [] | ["-h" | "--help", ..] => return Outcome::Help(HELP),
        ["import", rest @ ..] => import(rest, root),
        ["compiler", rest @ ..] => compiler(rest),
        ["refused", rest @ ..] => refused(rest),
        ["build", rest @ ..] => build(rest, root),
        ["embed", rest @ ..] => embed(rest, root),
        ["start", rest @ ..] => start(rest, root),
        ["linear", rest @ ..] => linear(rest),
        [unknown, ..] => {
            let message = format!("no benchmark `{unknown}`, see `cargo xtask bench --help`");
            return Outcome::Misuse(message);
        }
    };
    run.unwrap_or_else(|outcome| outcome)
}

/// The command line of a benchmark that has `--runs`.
struct Arguments {
    runs: Option<NonZero<usize>>,
    /// Every release that the compiler knows.
    all: bool,
    words: Vec<String>,
}

impl Arguments {
    fn parse(words: &[&str]) -> Result<Self, Outcome> {
        let mut found = Self { runs: None, all: false, words: Vec::new() };
        let mut parser = command_line::parser(words);
        while let Some(argument) = parser.next()? {
            match argument {
                Short('h') | Long("help") => return Err(Outcome::Help(HELP)),
                Long("runs") => found.runs = Some(parser.value()?.parse()?),
                Long("all") => found.all = true,
                Value(word) => found.words.push(word.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(found)
    }

    /// How often to measure.
    fn runs(&self, default: usize) -> usize {
        self.runs.map_or(default, NonZero::get)
    }

    /// The only word, which is a version.
    fn version(&self) -> Result<&str, Outcome> {
        match self.words.as_slice() {
            [version] => Ok(version),
            _ => Err(Outcome::Misuse("this takes one version, see `--help`".to_owned())),
        }
    }

    /// Refuses `--all`, which only the compiler's benchmark has.
    fn without_all(self) -> Result<Self, Outcome> {
        if self.all {
            return Err(Outcome::Misuse("only `compiler` has `--all`, see `--help`".to_owned()));
        }
        Ok(self)
    }
}

/// The outcome of a benchmark that only prints.
fn printed(result: Result<(), String>) -> Outcome {
    Outcome::of(result.map(|()| true))
}

fn import(words: &[&str], root: &Path) -> Result<Outcome, Outcome> {
    let arguments = Arguments::parse(words)?.without_all()?;
    let (versions, workloads): (Vec<&str>, Vec<&str>) =
        arguments.words.iter().map(String::as_str).partition(|word| command_line::is_version(word));
    if let Some(unknown) = workloads.iter().find(|name| !import::WORKLOADS.contains(name)) {
        return Err(Outcome::Misuse(format!("no workload `{unknown}`, see `--help`")));
    }
    Ok(printed(project::linkable().and_then(|all| {
        import::run(&chosen(all, &versions)?, &workloads, arguments.runs(21), root)
    })))
}

fn compiler(words: &[&str]) -> Result<Outcome, Outcome> {
    let arguments = Arguments::parse(words)?;
    let runs = arguments.runs(7);
    if arguments.all && arguments.words.is_empty() {
        return Ok(printed(compiler::run_all(runs)));
    }
    let arguments = arguments.without_all()?;
    Ok(printed(compiler::run(arguments.version()?, runs)))
}

fn refused(words: &[&str]) -> Result<Outcome, Outcome> {
    let arguments = Arguments::parse(words)?.without_all()?;
    Ok(Outcome::of(refused::run(arguments.version()?, arguments.runs(7))))
}

fn start(words: &[&str], root: &Path) -> Result<Outcome, Outcome> {
    let arguments = Arguments::parse(words)?.without_all()?;
    let python = project::linkable().and_then(|all| {
        let newest = all.iter().rev().find(|python| python.version().minor().to_string() == "3.13");
        let newest = newest.cloned();
        let named = &arguments.words;
        let python = if named.is_empty() { newest } else { chosen(all, named)?.pop() };
        python.ok_or_else(|| "no Python to link".to_owned())
    });
    Ok(printed(python.and_then(|python| start::run(&python, arguments.runs(11), root))))
}

fn linear(words: &[&str]) -> Result<Outcome, Outcome> {
    let arguments = Arguments::parse(words)?.without_all()?;
    let shapes: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    Ok(Outcome::of(linear::run(&shapes)))
}

fn embed(words: &[&str], root: &Path) -> Result<Outcome, Outcome> {
    let (mut edited, mut sizes) = (embed::Edited::Bundle, Vec::<f64>::new());
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Outcome::Help(HELP)),
            Long("edit") => edited = embed::Edited::Module,
            Value(size) => sizes.push(size.parse()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if sizes.is_empty() {
        sizes.push(200.0);
    }
    let python =
        project::linkable().and_then(|mut all| all.pop().ok_or("no Python to link".into()));
    Ok(printed(python.and_then(|python| embed::run(&python, edited, &sizes, root))))
}

fn build(words: &[&str], root: &Path) -> Result<Outcome, Outcome> {
    let profile = build::Profile::Default;
    let mut subject = build::Subject { modules: vec![5000], data: 200, profile, base: None };
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Outcome::Help(HELP)),
            Long("modules") => {
                let numbers = parser.value()?.string()?;
                let numbers: Option<Vec<usize>> = numbers.split(',').map(positive).collect();
                let refused = || Outcome::Misuse("`--modules` takes numbers: 100,1000".to_owned());
                subject.modules = numbers.ok_or_else(refused)?;
            }
            Long("data") => subject.data = parser.value()?.parse()?,
            Long("base") => subject.base = Some(parser.value()?.string()?),
            Long("optimised") => subject.profile = build::Profile::Optimised,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(printed(build::run(&subject, root)))
}

fn positive(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number| *number > 0)
}
