//! `cargo xtask valgrind`: runs programs that misuse include-py from safe code under valgrind.
//!
//! Each mode of `tests/misuse.rs` runs once; an invalid read or write of memory is a failure. Leaks
//! aren't checked, since CPython leaves memory to the system at the end. Neither are uninitialised
//! values: libpython's optimisations cause false positives.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use testbed::Outcome;

const HELP: &str = "\
Watch the programs of tests/misuse.rs with valgrind, which has to be installed.

Usage: cargo xtask valgrind [MODE]…

MODE… is what to run instead of everything; tests/misuse.rs lists the modes.
";

/// The modes of `tests/misuse.rs` and their exit codes.
const MODES: &[(&str, i32)] = &[
    ("runs", 0),
    ("after", 1),
    ("during", 0),
    ("starting", 0),
    ("order", 0),
    ("thread", 0),
    ("volumes", 0),
    ("fork", 0),
    ("panic", 101),
];

/// The exit code of valgrind if it found something, which no mode uses.
const FOUND: i32 = 99;

pub(crate) fn main(arguments: &[&str], root: &Path) -> Outcome {
    if let ["-h" | "--help", ..] = arguments {
        return Outcome::Help(HELP);
    }
    if let Some(unknown) = arguments.iter().find(|one| MODES.iter().all(|(mode, _)| mode != *one)) {
        return Outcome::Misuse(format!("no mode `{unknown}`, see `cargo xtask valgrind --help`"));
    }
    let mut bad = false;
    let chosen = MODES.iter().filter(|(mode, _)| arguments.is_empty() || arguments.contains(mode));
    for (mode, expected) in chosen {
        let start = Instant::now();
        // Cargo sets the path where the program finds libpython.
        let status = Command::new("cargo")
            .args(["run", "--quiet", "--package", "include-py-tests", "--bin", "misuse", mode])
            .env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", runner())
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", runner())
            .current_dir(root)
            .status();
        let verdict = match status.map(|status| status.code()) {
            Ok(Some(code)) if code == *expected => "good".to_owned(),
            Ok(Some(FOUND)) => "valgrind found errors".to_owned(),
            Ok(code) => format!("ended with {code:?} instead of {expected}"),
            Err(error) => return Outcome::Failed(format!("`cargo` could not be started: {error}")),
        };
        bad |= verdict != "good";
        println!("{mode:10} {:6.1} s  {verdict}", start.elapsed().as_secs_f64());
    }
    if bad { Outcome::Bad } else { Outcome::Good }
}

fn runner() -> String {
    format!("valgrind --quiet --error-exitcode={FOUND} --undef-value-errors=no --fair-sched=yes")
}
