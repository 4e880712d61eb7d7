//! `cargo xtask conformance`: compares this project with the interpreters, for their whole standard
//! library.
//!
//! ```text
//! version   files  read=write  CF1=oracle  idempotent  loads equal  perturbed  tables
//! 3.13.18    1600        1600        1600        1600         1600       1600    1600
//! ```

#![forbid(unsafe_code)]

mod bazel;
mod cases;
mod codecs;
mod compileall;
mod compiler;
mod corpus;
mod dis;
mod endure;
mod errors;
mod flow;
mod fuzz;
mod importer;
mod limited;
mod marshal;
mod native;
mod packages;
mod parsers;
mod suites;
mod tables;
mod tree;
mod verdicts;

use std::path::Path;
use std::process::ExitCode;

use corpus::Extent;
use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use testbed::pythons::{self, Python, chosen};
use testbed::{Outcome, command_line, project};

const HELP: &str = "\
Compare ours with the interpreters on this machine, over their whole standard library with its tests.

Usage: cargo xtask conformance <suite> [--quick] [VERSION]…

Suites:
  marshal   Reading, writing and the canonical form of code objects
  dis       Listings
  flow      The compiler's passes and assembler, by the interpreter's own stages
  codecs    Text encodings of sources: as CPython 3.13 decodes them
  compiler  The compiler; see `cargo xtask conformance compiler --help`
  errors    What is said of wrong sources; see `cargo xtask conformance errors --help`
  endure    The compiler on bytes that nobody wrote: no panic, no hang, time linear in the length
  fuzz      The compiler on random sources; see `cargo xtask conformance fuzz --help`
  verdicts  The compiler on enumerated sources; see `cargo xtask conformance verdicts --help`
  compileall  CPython's own tests of compileall, with the command; see `cargo xtask conformance compileall --help`
  bazel     Builds with Bazel and the rule in integrations/bazel; see `cargo xtask conformance bazel --help`
  suites    CPython's own tests on code of the compiler; see `cargo xtask conformance suites --help`
  importer  CPython's tests of imports; see `cargo xtask conformance importer --help`
  tree      What the compiler makes of the syntax; see `cargo xtask conformance tree --help`
  parsers   The compiler's parser and its grammar; see `cargo xtask conformance parsers --help`
  instructions  What the compiler generates; see `cargo xtask conformance tree --help`
  cases     Small programs, from a binary and from files; see `cargo xtask conformance cases --help`
  packages  Packages from PyPI, bundled and used from a binary; needs the network
  native    Packages with extension modules, in the same way

Options:
  --quick     Only every 40th file
  --suites    First word after `native`: numpy's own tests and a part of pandas', from a program and from files
  [VERSION]…  Only these: 3.13 or 3.13.0
  [PACKAGE]…  Of `packages` and `native`, only these

The canonical form is compared with an independent implementation if INCLUDE_PY_CF1 names one
(default: ../shared/oracles/cf1.py).

Exit code: 0 if everything is equal, 1 if anything differs.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    outcome(&arguments, testbed::root()).report()
}

fn outcome(arguments: &[&str], root: &Path) -> Outcome {
    let (suite, rest) = match arguments {
        [] | ["-h" | "--help", ..] => return Outcome::Help(HELP),
        ["bazel", rest @ ..] => return bazel::main(rest, root),
        ["compileall", rest @ ..] => return compileall::main(rest, root),
        ["suites", rest @ ..] => return suites::main(rest),
        ["errors", rest @ ..] => return errors::main(rest),
        ["fuzz", rest @ ..] => return fuzz::main(rest),
        ["endure", rest @ ..] => return endure::main(rest),
        ["compiler", rest @ ..] => return compiler::main(rest),
        ["cases", rest @ ..] => return cases::main(rest, root),
        ["importer", rest @ ..] => return importer::main(rest, root),
        ["tree", rest @ ..] => return tree::main(&tree::TREE, rest),
        ["parsers", rest @ ..] => return parsers::main(rest),
        ["instructions", rest @ ..] => return tree::main(&tree::INSTRUCTIONS, rest),
        ["verdicts", rest @ ..] => return verdicts::main(rest),
        ["packages", rest @ ..] => return of_packages(packages::run, rest, root),
        ["native", "--suites", rest @ ..] => return of_packages(native::run_suites, rest, root),
        ["native", rest @ ..] => return of_packages(native::run, rest, root),
        [suite, rest @ ..] => (*suite, rest),
    };
    let run: fn(&[Python], Extent, &Path) -> Result<bool, String> = match suite {
        "marshal" => marshal::run,
        "dis" => dis::run,
        "flow" => flow::run,
        "codecs" => codecs::run,
        _ => {
            return Outcome::Misuse(format!(
                "no suite `{suite}`, see `cargo xtask conformance --help`"
            ));
        }
    };
    let (extent, wanted) = match parse(rest) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    Outcome::of(pythons::all().and_then(|all| run(&chosen(all, &wanted)?, extent, root)))
}

/// How much of the library is compared, and the versions.
fn parse(words: &[&str]) -> Result<(Extent, Vec<String>), Outcome> {
    let (mut extent, mut versions) = (Extent::Whole, Vec::new());
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Outcome::Help(HELP)),
            Long("quick") => extent = Extent::Quick,
            Value(version) => versions.push(version.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok((extent, versions))
}

/// A suite of packages: the interpreters, the names of the packages, the workspace's directory.
type Suite = fn(&[Python], &[&str], &Path) -> Result<bool, String>;

/// Runs a suite of packages; if any are named, only those.
fn of_packages(run: Suite, words: &[&str], root: &Path) -> Outcome {
    let (versions, packages) = match command_line::versions_and_names(words, HELP) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
    let all = project::linkable();
    Outcome::of(all.and_then(|all| run(&chosen(all, &versions)?, &packages, root)))
}
