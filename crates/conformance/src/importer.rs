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
use outcome::Outcomes;
use testbed::pythons::{Python, chosen};
use testbed::{Outcome, project};

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

pub(super) fn main(arguments: &[&str], root: &Path) -> Outcome {
    if let ["-h" | "--help", ..] = arguments {
        return Outcome::Help(HELP);
    }
    if let ["--quick"] = arguments {
        return Outcome::of(quick(root));
    }
    if let ["--self-hosted", rest @ ..] = arguments {
        let (versions, tests): (Vec<&str>, Vec<&str>) =
            rest.iter().partition(|argument| argument.starts_with(|c: char| c.is_ascii_digit()));
        let all = project::linkable().and_then(|all| chosen(all, &versions));
        return Outcome::of(all.and_then(|pythons| hosted::run(&pythons, &tests, root)));
    }
    if let Some(option) = arguments.iter().find(|argument| argument.starts_with('-')) {
        return Outcome::Misuse(format!(
            "no option `{option}`, see `cargo xtask conformance importer --help`"
        ));
    }
    let all = project::linkable().and_then(|all| chosen(all, arguments));
    Outcome::of(all.and_then(|pythons| whole(&pythons, root)))
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
