//! Runs CPython's own tests of imports with bundles and our importer.
//!
//! ```text
//! version  suite              total  passed  skipped  failed  interpreter  served
//! 3.13.0   runpy                 38      37        1       0           37     345
//! ```
//!
//! *interpreter* is the number of tests that pass without us; *served* counts the calls of our
//! importer's methods. The command fails if a failure isn't listed in
//! `docs/internals/conformance.md` with its reason.

mod hosted;
mod known;
mod outcome;
mod shadow;

use std::path::Path;

use known::Known;
use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use outcome::Outcomes;
use testbed::pythons::{Python, chosen};
use testbed::{Outcome, command_line, project};

const HELP: &str = "\
Run CPython's own tests of imports with bundles and our importer under them.

Usage: cargo xtask conformance importer [--quick | --self-hosted] [VERSION]… [TEST]…

Options:
  --self-hosted
              Run `python -m test` in a binary that holds the whole library, tests included, and compare
              each test's outcome with the interpreter's; takes half an hour for each version
  --quick     Only the suites that take a second, with the Python that PyO3 finds
  [VERSION]…  Only these: 3.13 or 3.13.0; all that can be linked against if there is none
  [TEST]…     Only these modules of CPython's tests, in a self-hosted run: test_runpy

Failures that docs/internals/conformance.md lists with their reasons are expected, all others aren't.

Exit code: 0 if every failure is listed and every listed one fails, 1 otherwise.
";

/// The suites of `tests/conformance/harness/suites.py`, and whether they are quick.
const SUITES: &[(&str, Speed)] = &[
    ("protocol", Speed::Quick),
    ("namespaces", Speed::Quick),
    ("pkgutil", Speed::Quick),
    ("runpy", Speed::Quick),
    ("zipimport_support", Speed::Quick),
    ("metadata", Speed::Quick),
    ("resources", Speed::Quick),
    ("resources_shadowed", Speed::Slow),
    ("zipimport", Speed::Slow),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Speed {
    Quick,
    Slow,
}

pub(super) fn main(words: &[&str], root: &Path) -> Outcome {
    match parse(words) {
        Ok(arguments) => Outcome::of(run(&arguments, root)),
        Err(outcome) => outcome,
    }
}

/// The parsed command line.
struct Arguments {
    extent: Extent,
    versions: Vec<String>,
    /// Modules of CPython's tests, in a self-hosted run.
    tests: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Quick,
    Whole,
    SelfHosted,
}

fn parse(words: &[&str]) -> Result<Arguments, Outcome> {
    let (mut extent, mut names) = (Extent::Whole, Vec::new());
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Outcome::Help(HELP)),
            Long("quick") => extent = Extent::Quick,
            Long("self-hosted") => extent = Extent::SelfHosted,
            Value(word) => names.push(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    // Without `--self-hosted`, a test is an error: no version has its name.
    let is_version = |word: &String| extent != Extent::SelfHosted || command_line::is_version(word);
    let (versions, tests) = names.into_iter().partition(is_version);
    Ok(Arguments { extent, versions, tests })
}

fn run(arguments: &Arguments, root: &Path) -> Result<bool, String> {
    if arguments.extent == Extent::Quick {
        return quick(root);
    }
    let pythons = chosen(project::linkable()?, &arguments.versions)?;
    if arguments.extent == Extent::Whole {
        return whole(&pythons, root);
    }
    let tests: Vec<&str> = arguments.tests.iter().map(String::as_str).collect();
    hosted::run(&pythons, &tests, root)
}

fn whole(pythons: &[Python], root: &Path) -> Result<bool, String> {
    let known = Known::read(root)?;
    println!("{HEADING}");
    let mut good = true;
    for python in pythons {
        let harness = shadow::Harness::build(python, root)?;
        for (suite, _) in SUITES {
            good &= row(&harness, python, suite, &known)?;
        }
    }
    Ok(good)
}

/// For CI: uses one interpreter, which may be installed without its tests.
fn quick(root: &Path) -> Result<bool, String> {
    let python = Python::default_for_pyo3()?;
    if !shadow::has_tests(&python) {
        println!("left out: {} comes without CPython's tests", python.path().display());
        return Ok(true);
    }
    let known = Known::read(root)?;
    let harness = shadow::Harness::build_in_workspace(&python, root)?;
    println!("{HEADING}");
    let mut good = true;
    for (suite, _) in SUITES.iter().filter(|(_, speed)| *speed == Speed::Quick) {
        good &= row(&harness, &python, suite, &known)?;
    }
    Ok(good)
}

const HEADING: &str =
    "version  suite                total  passed  skipped  failed  interpreter  served";

/// Runs a suite with and without us, and prints the result.
fn row(
    harness: &shadow::Harness,
    python: &Python,
    suite: &str,
    known: &Known,
) -> Result<bool, String> {
    let ours = harness.run(suite, shadow::Importer::Ours)?;
    let theirs = harness.run(suite, shadow::Importer::Theirs)?;
    let version = python.version().to_string();
    let passed = |outcomes: &Outcomes| outcomes.count("ok");
    println!(
        "{version:7}  {suite:19}  {:5}  {:6}  {:7}  {:6}  {:>11}  {:6}",
        ours.len(),
        passed(&ours),
        ours.count("skipped"),
        ours.failures().count(),
        // Our own tests of the protocol only run with us.
        if theirs.len() == 0 { "-".to_owned() } else { passed(&theirs).to_string() },
        ours.served(),
    );
    let mut good = ours.len() > 0 && (theirs.len() == 0 || theirs.len() == ours.len());
    if !good {
        eprintln!("{version} {suite}: {} tests, {} without us", ours.len(), theirs.len());
    }
    if ours.served() == 0 {
        eprintln!("{version} {suite}: our importer was never called");
        good = false;
    }
    let minor = python.version().minor().to_string();
    for test in ours.failures().filter(|test| !known.has(suite, test, &minor)) {
        eprintln!("{version} {suite}: `{test}` fails: {}", ours.detail(test));
        good = false;
    }
    for test in known.of(suite, &minor).filter(|test| !ours.failures().any(|one| test.is(one))) {
        eprintln!("{version} {suite}: {test} passes: take it out of {}", known::PAGE);
        good = false;
    }
    Ok(good)
}
