//! `cargo xtask …`: the developer commands of this workspace.
//!
//! ```text
//! cargo xtask tidy     check the house rules
//! cargo xtask ci       run every check, with times
//! cargo xtask api      list the public API
//! cargo xtask conformance marshal
//!                      compare with the interpreters
//! ```

#![forbid(unsafe_code)]

mod ci;
mod delegation;
mod dependencies;
mod gen_codecs;
mod gen_opcodes;
mod gen_unicode;
mod generate;
mod graph;
mod lowest;
mod markdown;
mod metadata;
mod minimum;
mod package;
mod pages;
mod rust;
mod tidy;
mod tree;
mod valgrind;

use std::process::ExitCode;

use testbed::{Outcome, root};

const HELP: &str = "\
Developer commands of the include-py workspace.

Usage: cargo xtask <command> [--help]

Commands:
  tidy   Check the house rules: file sizes, layering, docs, links, …
  api    List the public API of each published library in docs/api/
  ci     Run every check of this repository in order and time each
  gen-codecs   Generate pyc-compiler's tables of text encodings
  gen-unicode  Generate pyc-compiler's tables of characters
  gen-opcodes  Generate pyc-code's tables from the interpreters
  bench  Measure against CPython's own way
  valgrind  Watch programs that misuse include-py from safe code
  conformance  Compare ours with the interpreters over their standard library
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        [] | ["-h" | "--help" | "help", ..] => Outcome::Help(HELP),
        ["tidy", rest @ ..] => tidy::main(rest, root()),
        ["ci", rest @ ..] => ci::main(rest, root()),
        ["api", rest @ ..] => delegation::main("api-listing", "listing", rest),
        ["gen-codecs", rest @ ..] => gen_codecs::GENERATOR.main(rest, root()),
        ["gen-unicode", rest @ ..] => gen_unicode::GENERATOR.main(rest, root()),
        ["gen-opcodes", rest @ ..] => gen_opcodes::GENERATOR.main(rest, root()),
        ["bench", rest @ ..] => delegation::main("bench", "", rest),
        ["valgrind", rest @ ..] => valgrind::main(rest, root()),
        ["conformance", rest @ ..] => delegation::main("conformance", "", rest),
        [unknown, ..] => {
            Outcome::Misuse(format!("unknown command `{unknown}`, see `cargo xtask --help`"))
        }
    };
    outcome.report()
}
