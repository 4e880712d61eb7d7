//! `cargo xtask conformance parsers`: compares the compiler's parser with the grammar that is used
//! to find its error messages.
//!
//! ```text
//! version  files  both take  both refuse  parser only  grammar only
//! 3.13.0    1726       1721            5            0             0
//! ```
//!
//! Both are ours, but were written independently: one by hand for speed, the other after CPython's
//! grammar.

use std::collections::BTreeMap;

use pyc_compiler::{ErrorKind, Options, Target, stage};

use testbed::Outcome as Exit;
use testbed::library::sources;
use testbed::pythons::Python;

use super::compiler::interpreters;
use super::tree::{Arguments, parse};

const HELP: &str = "\
Ask the compiler's parser and the grammar that its messages are found by whether files are right.

Usage: cargo xtask conformance parsers VERSION [OPTION]… [PATH]…

Arguments:
  VERSION    The target, and the interpreter whose standard library is read: 3.13.0, 3.13 or `all`
  [PATH]…    Files or trees (default: the interpreter's standard library, with its tests)

Options:
  --quick     Only every 40th file
  --most N    Show this many differences (default: 10)
  --refusals  Show what is said of files that both refuse

Exit code: 0 if they agree about every file.
";

pub(super) fn main(words: &[&str]) -> Exit {
    match parse(words, HELP) {
        Ok(arguments) => Exit::of(run(&arguments)),
        Err(outcome) => outcome,
    }
}

/// Which of the two accept a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Both,
    Neither,
    Parser,
    Grammar,
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    println!("version   files  both take  both refuse  parser only  grammar only");
    let mut good = true;
    for python in interpreters(&arguments.version)? {
        good &= compare(&python, arguments)?;
    }
    Ok(good)
}

/// Parses an interpreter's library, or the paths, for its release.
fn compare(python: &Python, arguments: &Arguments) -> Result<bool, String> {
    let target = Target::preview(python.version()).map_err(|error| error.to_string())?;
    let options = Options::new(target, "m.py");
    let sources = sources(python, &arguments.paths, arguments.step)?;
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut shown = 0;
    for (name, path) in &sources {
        let source = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let (outcome, words) = verdicts(&source, &options);
        *counts.entry(outcome).or_default() += 1;
        let is_shown = outcome != Outcome::Neither || arguments.refusals;
        if let Some(words) = words.filter(|_| is_shown) {
            shown += 1;
            if shown <= arguments.most {
                println!("{name}: {words}");
            }
        }
    }
    let of = |outcome| counts.get(&outcome).copied().unwrap_or(0);
    let (parser, grammar) = (of(Outcome::Parser), of(Outcome::Grammar));
    println!(
        "{:8} {:6} {:10} {:12} {parser:12} {grammar:13}",
        python.version().to_string(),
        sources.len(),
        of(Outcome::Both),
        of(Outcome::Neither),
    );
    Ok(!sources.is_empty() && parser + grammar == 0)
}

/// Which of the two accept a source, and a message.
fn verdicts(source: &[u8], options: &Options) -> (Outcome, Option<String>) {
    match stage::syntax(source, options) {
        Ok(_) if stage::grammar_takes(source, options) => (Outcome::Both, None),
        Ok(_) => (Outcome::Parser, Some("only the parser takes it".to_owned())),
        Err(error) if error.kind() == ErrorKind::Internal => {
            (Outcome::Grammar, Some(error.to_string()))
        }
        Err(error) => (Outcome::Neither, Some(error.to_string())),
    }
}
