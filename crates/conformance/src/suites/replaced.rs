//! `cargo xtask conformance suites --our-compile`: runs CPython's tests of its compiler against
//! ours.
//!
//! ```text
//! suite                tests  as by CPython  by ours  left to CPython
//! test_syntax             45             45      903               12
//! ```
//!
//! The last two columns count sources.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use testbed::pythons::{Python, interpreter};

use super::reported;

/// Suites that test what compilers refuse, and the values of literals.
const SUITES: &[&str] = &["test_syntax", "test_exceptions", "test_string_literals", "test_eof"];

const SCRIPT: &str = include_str!("replaced.py");

/// The results of a suite.
struct Run {
    outcomes: BTreeMap<String, String>,
    /// The number of sources compiled by us, and by the interpreter for each reason.
    counts: BTreeMap<String, u64>,
    /// The output of the tests.
    log: String,
}

/// Runs the suites with both compilers; returns whether each test has the same outcome.
pub(super) fn run(version: &str, suites: &[&str]) -> Result<bool, String> {
    let python = interpreter(version)?;
    let suites = if suites.is_empty() { SUITES } else { suites };
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    println!("{} with compile(), exec() and eval() by ours", python.version());
    println!("suite                  tests  as by CPython  by ours  left to CPython");
    let mut good = true;
    for suite in suites {
        let theirs = outcomes(&python, home.path(), suite, None)?;
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let ours = outcomes(&python, home.path(), suite, Some(&program))?;
        good &= print(suite, &ours, &theirs);
    }
    Ok(good)
}

fn print(suite: &str, ours: &Run, theirs: &Run) -> bool {
    let of_ours = |name: &String| ours.outcomes.get(name).map_or("not run", String::as_str);
    let different: Vec<_> =
        theirs.outcomes.iter().filter(|(name, outcome)| of_ours(name) != *outcome).collect();
    let tests = theirs.outcomes.len();
    let compiled = ours.counts.get("ours").copied().unwrap_or(0);
    let left: u64 = ours.counts.values().sum::<u64>() - compiled;
    println!("{suite:20} {tests:7} {:14} {compiled:8} {left:16}", tests - different.len());
    for (name, outcome) in &different {
        println!("    {name}: {}, not {outcome}", of_ours(name));
    }
    if !different.is_empty() {
        println!("{}", ours.log);
    }
    for (reason, count) in ours.counts.iter().filter(|(reason, _)| *reason != "ours") {
        println!("    {count} left: {reason}");
    }
    different.is_empty() && ours.outcomes.len() == tests && tests > 0 && compiled > 0
}

/// Runs a suite; with `program`, that command compiles.
fn outcomes(
    python: &Python,
    directory: &Path,
    suite: &str,
    program: Option<&Path>,
) -> Result<Run, String> {
    let report = directory.join(format!("{suite}.xml"));
    let script = directory.join("replaced.py");
    std::fs::write(&script, SCRIPT).map_err(|error| format!("{}: {error}", script.display()))?;
    let mut command = Command::new(python.path());
    command.arg("-B").arg(&script).arg(&report).arg(suite);
    if let Some(program) = program {
        command.arg(program).arg(python.version().to_string());
    }
    command.stdin(Stdio::null()).current_dir(directory);
    let output =
        command.output().map_err(|error| format!("{}: {error}", python.path().display()))?;
    let log = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    let counts = log.lines().find_map(|line| line.strip_prefix("COUNTS ")).unwrap_or("{}");
    let counts = serde_json::from_str(counts).map_err(|error| format!("{suite}: {error}"))?;
    Ok(Run { outcomes: reported(python, &report, suite)?, counts, log })
}
