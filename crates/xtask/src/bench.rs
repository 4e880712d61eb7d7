//! `cargo xtask bench`: how long things take, against CPython's own way.
//!
//! `cargo xtask bench import 3.12` prints a row for each workload.

mod import;

use std::path::Path;

use crate::Outcome;
use crate::conformance::chosen;
use crate::project;

const HELP: &str = "\
Measure against CPython's own way, with fresh processes and processor time.

Usage: cargo xtask bench import [--runs=N] [WORKLOAD]… [VERSION]…

Benchmarks:
  import   Imports from a bundle, against files with warm .pyc files; needs the network

Options:
  --runs=N    How many pairs of runs (default: 21)
  WORKLOAD…   Only these: stdlib, django, sympy, boto3, tiny
  VERSION…    Only these: 3.13 or 3.13.0
";

pub(crate) fn main(arguments: &[&str], root: &Path) -> Outcome {
    let rest = match arguments {
        [] | ["-h" | "--help", ..] | [_, "-h" | "--help", ..] => return Outcome::Help(HELP),
        ["import", rest @ ..] => rest,
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
        .and_then(|all| import::run(&chosen(all, &versions), &workloads, runs, root));
    match outcome {
        Ok(()) => Outcome::Good,
        Err(message) => Outcome::Failed(message),
    }
}
