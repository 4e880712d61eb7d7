//! Runs small programs from a binary, and compares them with the same programs from files.
//!
//! ```text
//! version  case                  sources  outcome
//! 3.13.0   served-fwalk          yes      ok
//! 3.13.0   name-getfile          no       FAIL name_getfile.py
//! ```
//!
//! A case is a directory with a source tree `py/`. Its module is named like the directory, with `_`
//! for `-`, and has a function `main` that prints `OK` under CPython. The program serves files if
//! there is a file `SERVE`.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use testbed::pythons::{Python, chosen};
use testbed::{Outcome, command_line, project};

use crate::limited;

const HELP: &str = "\
Run small programs from a binary that bundles them, with sources and without, and from files.

Usage: cargo xtask conformance cases [DIR] [VERSION]…
       cargo xtask conformance cases --quick

Arguments:
  [DIR]       Where the cases are, one directory each (default: ../shared/cases)
  [VERSION]…  Only these: 3.13 or 3.13.0; all that can be linked against if there is none
  --quick     With the Python that PyO3 finds, and only if the cases are there: for CI

Cases named `build-…` are about building, and have tests of their own in this repository.

Exit code: 0 if the program prints OK for every case for which CPython does, 1 otherwise.
";

/// The prefix of cases whose outcome is the signal that ended the process.
const SIGNALLED: &str = "sigint-";

const BUILD: &str = r#"fn main() {
    let mut sources: Vec<_> = std::fs::read_dir("cases").unwrap().map(|entry| entry.unwrap().path()).collect();
    sources.sort();
    for (name, with) in [("sources", true), ("bare", false)] {
        let bundle = include_py_build::Bundle::new(name).stdlib().include_source(with);
        sources.iter().fold(bundle, |bundle, source| bundle.source(source)).compile();
    }
}
"#;

const MAIN: &str = r#"use pyo3::prelude::*;

include_py::include_py!(SOURCES = "sources"; BARE = "bare");

fn main() -> std::process::ExitCode {
    let set = |name| std::env::var_os(name).is_some();
    let module = std::env::var("CASE").expect("CASE names a module");
    let host = include_py::Host::new(if set("CASE_BARE") { &BARE } else { &SOURCES });
    let host = if set("CASE_SERVE") { host.serve_files() } else { host };
    host.run(|py| py.import(module.as_str())?.call_method0("main").map(drop))
}
"#;

/// Directories without files, which Git doesn't store: the case, and the path below its tree.
const EMPTY: &[(&str, &str)] = &[("left-out-empty-directory", "left_out_empty_directory/spool")];

/// A case.
struct Case {
    directory: PathBuf,
    name: String,
}

/// Whether the bundle includes sources.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sources {
    Included,
    LeftOut,
}

pub(super) fn main(words: &[&str], root: &Path) -> Outcome {
    if words == ["--quick"] {
        return Outcome::of(quick(root));
    }
    let (versions, directories) = match command_line::versions_and_names(words, HELP) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let directory = match directories.as_slice() {
        [] => root.join("../shared/cases"),
        [one] => PathBuf::from(one),
        [_, second, ..] => {
            return Outcome::Misuse(format!("one directory of cases only, not `{second}`, too"));
        }
    };
    let all = project::linkable().and_then(|all| chosen(all, &versions));
    Outcome::of(all.and_then(|pythons| run(&pythons, &directory, root)))
}

/// For CI: uses the Python that PyO3 finds, if the cases are beside the repository.
fn quick(root: &Path) -> Result<bool, String> {
    let directory = root.join("../shared/cases");
    if !directory.is_dir() {
        println!("left out: there are no cases in {}", directory.display());
        return Ok(true);
    }
    let python = Python::default_for_pyo3()?;
    // The workspace has been built for this interpreter, so our crates aren't compiled again.
    run_with(&python, &read(&directory)?, &root.join("target"), root)
}

fn run(pythons: &[Python], directory: &Path, root: &Path) -> Result<bool, String> {
    let cases = read(directory)?;
    let mut good = true;
    for python in pythons {
        let target = root.join("target/cases").join(python.version().minor().to_string());
        good &= run_with(python, &cases, &target, root)?;
    }
    Ok(good)
}

fn run_with(python: &Python, cases: &[Case], target: &Path, root: &Path) -> Result<bool, String> {
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    let copies = place.path().join("cases");
    for case in cases {
        case.copy(&copies)?;
    }
    let program = project::Project::new(root, place.path(), "cases", BUILD, MAIN)?
        .build_by_default(python, target)?;
    println!("version  case                              sources  outcome");
    let mut good = true;
    for case in cases {
        good &= case.compare(python, &program, &copies)?;
    }
    Ok(good)
}

fn read(directory: &Path) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    let walk = walkdir::WalkDir::new(directory).min_depth(1).max_depth(1).sort_by_file_name();
    for entry in walk {
        let entry = entry.map_err(|error| error.to_string())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let case = Case { directory: entry.into_path(), name };
        if !case.name.starts_with("build-") && case.tree().is_dir() {
            cases.push(case);
        }
    }
    if cases.is_empty() {
        return Err(format!("no cases in `{}`", directory.display()));
    }
    Ok(cases)
}

impl Case {
    fn tree(&self) -> PathBuf {
        self.directory.join("py")
    }

    fn module(&self) -> String {
        self.name.replace('-', "_")
    }

    /// Copies its tree below `copies`.
    fn copy(&self, copies: &Path) -> Result<(), String> {
        let copy = copies.join(&self.name);
        for (_, inside) in EMPTY.iter().filter(|(case, _)| *case == self.name) {
            fs::create_dir_all(copy.join(inside)).map_err(|error| error.to_string())?;
        }
        project::copy_tree(&self.tree(), &copy)
    }

    /// Runs the case from files and from the program, and prints the program's outcome.
    fn compare(&self, python: &Python, program: &Path, copies: &Path) -> Result<bool, String> {
        let module = self.module();
        let script = format!(
            "import sys; sys.path.insert(0, {:?}); import {module}; {module}.main()",
            copies.join(&self.name).display().to_string()
        );
        let mut theirs = Command::new(python.path());
        theirs.args(["-B", "-X", "utf8", "-c", &script]);
        let expected = self.outcome(&mut theirs)?;
        let mut good = true;
        for sources in [Sources::Included, Sources::LeftOut] {
            if sources == Sources::LeftOut && self.needs_sources() {
                continue;
            }
            let mut ours = Command::new(program);
            ours.env("CASE", &module);
            if self.directory.join("SERVE").exists() {
                ours.env("CASE_SERVE", "1");
            }
            if sources == Sources::LeftOut {
                ours.env("CASE_BARE", "1");
            }
            let outcome = self.outcome(&mut ours)?;
            let verdict = match (expected.as_str(), outcome.as_str()) {
                ("OK", "OK") => "ok".to_owned(),
                ("OK", _) => format!("FAIL {outcome}"),
                _ => format!("?    CPython itself says {expected}"),
            };
            good &= !verdict.starts_with("FAIL");
            let with = if sources == Sources::Included { "yes" } else { "no" };
            println!("{:7}  {:32}  {with:7}  {verdict}", python.version().to_string(), self.name);
        }
        Ok(good)
    }

    /// Whether the case tests source text, which a bundle without sources can't provide.
    fn needs_sources(&self) -> bool {
        self.name.starts_with("lines-")
            || self.name.starts_with("path-")
            || self.name.starts_with("hook-swaps")
    }

    /// The last line that the process prints, or the signal that ended it.
    fn outcome(&self, command: &mut Command) -> Result<String, String> {
        command.env("PYTHONDONTWRITEBYTECODE", "1").current_dir("/tmp").stdin(Stdio::null());
        let Some(output) = limited::output(command)? else {
            return Ok("no end in time".to_owned());
        };
        if self.name.starts_with(SIGNALLED) {
            return Ok(match output.status.signal() {
                Some(2) => "OK".to_owned(),
                _ => output.status.to_string(),
            });
        }
        let last = |text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            text.trim().lines().last().map(str::to_owned)
        };
        let line = last(&output.stdout).or_else(|| last(&output.stderr));
        Ok(line.unwrap_or_else(|| "nothing printed".to_owned()))
    }
}
