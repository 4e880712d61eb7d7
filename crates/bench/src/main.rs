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

use std::path::Path;
use std::process::ExitCode;

use testbed::pythons::chosen;
use testbed::{Outcome, project};

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
    let rest = match arguments {
        [] | ["-h" | "--help", ..] | [_, "-h" | "--help", ..] => return Outcome::Help(HELP),
        ["import", rest @ ..] => rest,
        ["compiler", rest @ ..] => return compiler(rest),
        ["refused", rest @ ..] => return of_compiler(rest, refused::run),
        ["build", rest @ ..] => return build(rest, root),
        ["embed", rest @ ..] => return embed(rest, root),
        ["start", rest @ ..] => return start(rest, root),
        ["linear", wanted @ ..] => return Outcome::of(linear::run(wanted)),
        [unknown, ..] => {
            let message = format!("no benchmark `{unknown}`, see `cargo xtask bench --help`");
            return Outcome::Misuse(message);
        }
    };
    let mut runs = 21;
    let (mut versions, mut workloads) = (Vec::new(), Vec::new());
    for argument in rest {
        if let Some(number) = argument.strip_prefix("--runs=") {
            match number.parse() {
                Ok(number) if number > 0 => runs = number,
                _ => return Outcome::Misuse(format!("`{number}` is no number of runs")),
            }
        } else if argument.starts_with(|first: char| first.is_ascii_digit()) {
            versions.push(*argument);
        } else if import::WORKLOADS.contains(argument) {
            workloads.push(*argument);
        } else {
            return Outcome::Misuse(format!(
                "no workload `{argument}`, see `cargo xtask bench --help`"
            ));
        }
    }
    let outcome = project::linkable()
        .and_then(|all| import::run(&chosen(all, &versions)?, &workloads, runs, root));
    match outcome {
        Ok(()) => Outcome::Good,
        Err(message) => Outcome::Failed(message),
    }
}

fn embed(arguments: &[&str], root: &Path) -> Outcome {
    let numbers = arguments.strip_prefix(&["--edit"]).unwrap_or(arguments);
    if let Some(size) = numbers.iter().find(|size| size.parse::<f64>().is_err()) {
        return Outcome::Misuse(format!("`{size}` is no number of megabytes"));
    }
    let default: &[&str] = if numbers.is_empty() { &["200"] } else { &[] };
    let arguments = [arguments, default].concat();
    let python =
        project::linkable().and_then(|mut all| all.pop().ok_or("no Python to link".into()));
    match python.and_then(|python| embed::run(&python, &arguments, root)) {
        Ok(()) => Outcome::Good,
        Err(message) => Outcome::Failed(message),
    }
}

fn start(arguments: &[&str], root: &Path) -> Outcome {
    let runs = arguments.iter().find_map(|argument| argument.strip_prefix("--runs="));
    let Some(runs) = runs.map_or(Some(11), |runs| runs.parse().ok()).filter(|runs| *runs > 0)
    else {
        return Outcome::Misuse("`--runs` takes a number".to_owned());
    };
    let versions: Vec<&str> =
        arguments.iter().copied().filter(|argument| !argument.starts_with("--runs=")).collect();
    let python = project::linkable().and_then(|all| {
        let newest = all.iter().rev().find(|python| python.version().minor().to_string() == "3.13");
        let newest = newest.cloned();
        if versions.is_empty() { Ok(newest) } else { Ok(chosen(all, &versions)?.pop()) }
    });
    let python = python.and_then(|python| python.ok_or("no Python to link".to_owned()));
    match python.and_then(|python| start::run(&python, runs, root)) {
        Ok(()) => Outcome::Good,
        Err(message) => Outcome::Failed(message),
    }
}

fn compiler(arguments: &[&str]) -> Outcome {
    of_compiler(arguments, |version, runs| {
        let outcome = match version {
            "--all" => compiler::run_all(runs),
            version => compiler::run(version, runs),
        };
        outcome.map(|()| true)
    })
}

/// Runs a benchmark of a version's compiler with a number of rounds.
fn of_compiler(
    arguments: &[&str],
    run: impl FnOnce(&str, usize) -> Result<bool, String>,
) -> Outcome {
    let (runs, version) = match arguments {
        [version] => (Some(7), version),
        [runs, version] => {
            (runs.strip_prefix("--runs=").and_then(|runs| runs.parse().ok()), version)
        }
        _ => (None, &""),
    };
    let Some(runs) = runs.filter(|runs| *runs > 0) else {
        return Outcome::Misuse("this takes a version, see `--help`".to_owned());
    };
    Outcome::of(run(version, runs))
}

fn build(arguments: &[&str], root: &Path) -> Outcome {
    let profile = build::Profile::Default;
    let mut subject = build::Subject { modules: vec![5000], data: 200, profile, base: None };
    for argument in arguments {
        let known = match argument.split_once('=') {
            Some(("--modules", text)) => {
                let numbers: Option<Vec<_>> = text.split(',').map(positive).collect();
                numbers.map(|numbers| subject.modules = numbers)
            }
            Some(("--data", text)) => text.parse().ok().map(|number| subject.data = number),
            Some(("--base", commit)) => {
                subject.base = Some(commit);
                Some(())
            }
            None if *argument == "--optimised" => {
                subject.profile = build::Profile::Optimised;
                Some(())
            }
            _ => None,
        };
        if known.is_none() {
            return Outcome::Misuse(format!("`{argument}` isn't a valid argument, see `--help`"));
        }
    }
    match build::run(&subject, root) {
        Ok(()) => Outcome::Good,
        Err(message) => Outcome::Failed(message),
    }
}

fn positive(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number| *number > 0)
}
