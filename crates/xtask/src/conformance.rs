//! `cargo xtask conformance`: ours against the interpreters, over their whole standard library.
//!
//! ```text
//! version   files  read=write  CF1=oracle  idempotent  loads equal  perturbed
//! 3.13.18    1600        1600        1600        1600         1600       1600
//! ```

mod compiler;
mod corpus;
mod dis;
mod marshal;

use std::path::Path;

use crate::Outcome;
use crate::pythons::{self, Python};
use corpus::Extent;

const HELP: &str = "\
Compare ours with the interpreters on this machine, over their whole standard library with its tests.

Usage: cargo xtask conformance <suite> [--quick] [VERSION]…

Suites:
  marshal   Reading, writing and the canonical form of code objects
  dis       Listings
  compiler  The compiler; see `cargo xtask conformance compiler --help`

Options:
  --quick     Only every 40th file
  [VERSION]…  Only these: 3.13 or 3.13.0

The canonical form is compared with an independent implementation if INCLUDE_PY_CF1 names one
(default: ../shared/oracles/cf1.py).

Exit code: 0 if everything is equal, 1 if anything differs.
";

pub(crate) fn main(arguments: &[&str], root: &Path) -> Outcome {
    let (suite, rest) = match arguments {
        [] | ["-h" | "--help", ..] => return Outcome::Help(HELP),
        ["compiler", rest @ ..] => return compiler::main(rest),
        [suite, rest @ ..] => (*suite, rest),
    };
    let extent = if rest.contains(&"--quick") { Extent::Quick } else { Extent::Whole };
    let wanted: Vec<&str> =
        rest.iter().copied().filter(|argument| *argument != "--quick").collect();
    let run: fn(&[Python], Extent, &Path) -> Result<bool, String> = match suite {
        "marshal" => marshal::run,
        "dis" => dis::run,
        _ => {
            return Outcome::Misuse(format!(
                "no suite `{suite}`, see `cargo xtask conformance --help`"
            ));
        }
    };
    let outcome = pythons::all().and_then(|all| {
        let wants = |python: &Python| {
            let (version, minor) =
                (python.version().to_string(), python.version().minor().to_string());
            wanted.is_empty() || wanted.iter().any(|wanted| *wanted == version || *wanted == minor)
        };
        let chosen: Vec<Python> = all.into_iter().filter(wants).collect();
        run(&chosen, extent, root)
    });
    match outcome {
        Ok(true) => Outcome::Good,
        Ok(false) => Outcome::Bad,
        Err(message) => Outcome::Failed(message),
    }
}
