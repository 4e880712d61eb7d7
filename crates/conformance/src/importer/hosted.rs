//! The strongest check: a binary that contains the whole library and its tests runs `python -m
//! test`.
//!
//! ```text
//! version  modules  equal  tests  different
//! 3.13.0       150    147  16021         12
//! ```
//!
//! Each module of `harness/library.txt` is run by the binary, which has no library on disk except
//! its extension modules, and by the interpreter from its files. *Different* counts the tests with
//! different outcomes; `docs/internals/conformance.md` explains each. If modules are named, each
//! has a line before this row, with the binary's outcomes:
//!
//! ```text
//! 3.13.0   test_multiprocessing_fork.test_misc  68 tests, 4 skipped, 0 failed, 0 different
//! ```

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use testbed::project::{self, Project};
use testbed::pythons::Python;

use super::known::{self, Known};
use super::shadow::target_dir;

/// The name of this suite in the table of known differences.
const SUITE: &str = "self_hosted";

/// The whole library, including what is left out by default.
const BUILD: &str = r#"fn main() {
    let stdlib = include_py_build::STDLIB_EXCLUDES
        .iter()
        .fold(include_py_build::Stdlib::new(), |stdlib, name| stdlib.with(*name));
    include_py_build::Bundle::new("library")
        .source("hosted")
        .stdlib_with(stdlib)
        .include_source(true)
        .compile();
}
"#;

const MAIN: &str = r#"use pyo3::prelude::*;

include_py::include_py!(LIBRARY = "library");

fn main() -> std::process::ExitCode {
    include_py::Host::new(&LIBRARY)
        .serve_files()
        .file_names(include_py::FileNames::Virtual)
        .run(|py| py.import("command")?.call_method0("main").map(drop))
}
"#;

/// Compares with every interpreter, and prints a row for each. If `tests` isn't empty, only these
/// run.
pub(super) fn run(pythons: &[Python], tests: &[&str], root: &Path) -> Result<bool, String> {
    let known = Known::read(root)?;
    let modules = match tests {
        [] => modules(root)?,
        tests => tests.iter().map(|&test| test.to_owned()).collect(),
    };
    let extent = if tests.is_empty() { Extent::Whole } else { Extent::Some };
    println!("version  modules  equal  tests  different");
    let mut good = true;
    for python in pythons {
        let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
        let program = build(python, directory.path(), root)?;
        let mut row = Row::default();
        let version = python.version().to_string();
        compare(python, &program, &modules, root, |result| {
            let different = row.add(result);
            if extent == Extent::Some {
                print_module(&version, result, different);
            }
        })?;
        println!(
            "{version:7}  {:7}  {:5}  {:5}  {:9}",
            row.modules,
            row.equal,
            row.tests,
            row.different.len()
        );
        good &= row.judge(&version, &python.version().minor().to_string(), &known, extent);
    }
    Ok(good)
}

/// Whether all modules run, in which case every known difference must occur.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Some,
}

/// The results of all modules with one interpreter.
#[derive(Default)]
struct Row {
    modules: usize,
    equal: usize,
    tests: u64,
    /// The test, and its outcomes with the binary and with the interpreter.
    different: Vec<(String, String)>,
}

impl Row {
    /// Adds the result of a module, and returns the number of its tests that differ.
    fn add(&mut self, result: &Value) -> usize {
        self.modules += 1;
        self.tests += result["tests"].as_u64().unwrap_or_default();
        let before = self.different.len();
        for (test, outcomes) in result["different"].as_object().into_iter().flatten() {
            self.different.push((test.clone(), outcomes.to_string()));
        }
        self.equal += usize::from(self.different.len() == before);
        self.different.len() - before
    }

    fn judge(&self, version: &str, minor: &str, known: &Known, extent: Extent) -> bool {
        let mut good = self.modules > 0;
        for (test, outcomes) in &self.different {
            if !known.has(SUITE, test, minor) {
                eprintln!("{version}: `{test}`, ours and the interpreter's: {outcomes}");
                good = false;
            }
        }
        for pattern in known.of(SUITE, minor).filter(|_| extent == Extent::Whole) {
            if !self.different.iter().any(|(test, _)| pattern.is(test)) {
                eprintln!("{version}: {pattern} is equal: take it out of {}", known::PAGE);
                good = false;
            }
        }
        good
    }
}

fn print_module(version: &str, result: &Value, different: usize) {
    let failed: Vec<&str> =
        result["failed"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    println!(
        "{version:7}  {}  {} tests, {} skipped, {} failed, {different} different",
        result["module"].as_str().unwrap_or_default(),
        result["tests"],
        result["skipped"],
        failed.len(),
    );
    for test in failed {
        println!("{version:7}    {test} fails");
    }
}

fn build(python: &Python, directory: &Path, root: &Path) -> Result<PathBuf, String> {
    let source = root.join("tests/conformance/hosted/command.py");
    let command = std::fs::read(&source).map_err(|error| error.to_string())?;
    project::write(&directory.join("hosted/command.py"), &command)?;
    Project::new(root, directory, "hosted", BUILD, MAIN)?.build(python, &target_dir(python, root))
}

fn modules(root: &Path) -> Result<Vec<String>, String> {
    let path = root.join("tests/conformance/harness/library.txt");
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Ok(lines.flat_map(str::split_whitespace).map(str::to_owned).collect())
}

/// Passes the output of `harness/hosted.py` for each module to `take`.
fn compare(
    python: &Python,
    program: &Path,
    modules: &[String],
    root: &Path,
    mut take: impl FnMut(&Value),
) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", python.path().display());
    let mut child = Command::new(python.path())
        .arg("-B")
        .arg(root.join("tests/conformance/harness/hosted.py"))
        .arg(program)
        .args(modules)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error))?;
    let output = child.stdout.take().ok_or("no pipe from the interpreter")?;
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|error| failed(&error))?;
        take(&serde_json::from_str(&line).map_err(|error| failed(&error))?);
    }
    let status = child.wait().map_err(|error| failed(&error))?;
    if status.success() { Ok(()) } else { Err(failed(&status)) }
}
