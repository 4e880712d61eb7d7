//! `cargo xtask conformance parsers`: the compiler's two parsers against each other.
//!
//! ```text
//! version  files  alike  in doubt  wrong  different  false accepts
//! 3.13.0    1732   1710        16      6          0              0
//! ```
//!
//! What our own reads without doubt, ruff's has to read alike, and our own may be in doubt about little.

use std::collections::BTreeMap;

use pyc_compiler::{Options, Target, stage};

use super::compiler::files::sources;
use super::compiler::interpreters;
use super::tree::{Arguments, first_difference, parse};
use crate::Outcome as Exit;
use crate::pythons::Python;

const HELP: &str = "\
Compare the trees of the compiler's two parsers: its own, and ruff's, which parses what that has doubts about.

Usage: cargo xtask conformance parsers VERSION [OPTION]… [PATH]…

Arguments:
  VERSION    The target, and the interpreter whose standard library is read: 3.13.0, 3.13 or `all`
  [PATH]…    Files or trees (default: the interpreter's standard library, with its tests)

Options:
  --quick     Only every 40th file
  --most N    Show this many differences (default: 10)
  --refusals  Show which files are in doubt

Exit code: 0 if no trees differ, nothing is accepted by one only, and no more than one file in fifty, or two, are in doubt.
";

/// One file in so many may be in doubt, and of fewer files this many.
const SURE: usize = 50;
const FEW: usize = 2;

pub(super) fn main(arguments: &[&str]) -> Exit {
    if let [] | ["-h" | "--help", ..] = arguments {
        return Exit::Help(HELP);
    }
    match parse(arguments) {
        Ok(arguments) => match run(&arguments) {
            Ok(true) => Exit::Good,
            Ok(false) => Exit::Bad,
            Err(message) => Exit::Failed(message),
        },
        Err(message) => Exit::Misuse(message),
    }
}

/// What came of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Alike,
    Doubt,
    Wrong,
    Different,
    FalselyAccepted,
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    println!("version   files  alike  in doubt  wrong  different  false accepts");
    let mut good = true;
    for python in interpreters(&arguments.version)? {
        good &= compare(&python, arguments)?;
    }
    Ok(good)
}

/// Reads the library of an interpreter, or the paths, for that release.
fn compare(python: &Python, arguments: &Arguments) -> Result<bool, String> {
    let target = Target::for_version(python.version()).map_err(|error| error.to_string())?;
    let options = Options::new(target, "m.py");
    let sources = sources(python, &arguments.paths, arguments.step)?;
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut shown = 0;
    for (name, path) in &sources {
        let source = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let (outcome, words) = match stage::both_parsers(&source, &options) {
            (Some(ours), Ok(theirs)) if ours == theirs => (Outcome::Alike, None),
            (Some(ours), Ok(theirs)) => {
                (Outcome::Different, Some(first_difference(&ours, &theirs)))
            }
            (Some(_), Err(error)) => (Outcome::FalselyAccepted, Some(error.to_string())),
            (None, Ok(_)) => (Outcome::Doubt, arguments.refusals.then(|| "in doubt".to_owned())),
            (None, Err(_)) => (Outcome::Wrong, None),
        };
        *counts.entry(outcome).or_default() += 1;
        if let Some(words) = words {
            shown += 1;
            if shown <= arguments.most {
                println!("{name}: {words}");
            }
        }
    }
    let of = |outcome| counts.get(&outcome).copied().unwrap_or(0);
    let (doubts, different) = (of(Outcome::Doubt), of(Outcome::Different));
    let accepted = of(Outcome::FalselyAccepted);
    println!(
        "{:8} {:6} {:6} {doubts:9} {:6} {different:10} {accepted:14}",
        python.version().to_string(),
        sources.len(),
        of(Outcome::Alike),
        of(Outcome::Wrong),
    );
    Ok(!sources.is_empty()
        && different + accepted == 0
        && doubts <= (sources.len() / SURE).max(FEW))
}
