//! `cargo xtask conformance bazel`: builds a tree of 10,000 sources with a real Bazel and the rule
//! in `integrations/bazel`, and compares with a plain run of the command.
//!
//! ```text
//! build                     time   new processes   compiled   from the cache
//! two workers, cold        62.1 s               2      10000                0
//! cache warm               20.3 s               0          0            10000
//! ```

mod workspace;

use std::path::Path;
use std::process::Command;

use lexopt::prelude::{Long, Short};
use testbed::Outcome as Exit;
use testbed::command_line;
use workspace::{Build, Workspace};

use crate::compileall;

const HELP: &str = "\
Build 10,000 sources with Bazel and the rule in integrations/bazel, and compare the bytes with those of
a plain run of `include-py compile`. Needs `bazel` on PATH (Debian's package bazel-bootstrap), and no
network.

Usage: cargo xtask conformance bazel [--quick]

Options:
  --quick  Only 200 sources

Exit code: 0 if each build compiled what it should, and all bytes are equal.
";

/// Two processes, each of which answers one request at a time.
const TWO_WORKERS: &[&str] = &[
    "--strategy=IncludePyCompile=worker",
    "--noexperimental_worker_multiplex",
    "--worker_max_instances=IncludePyCompile=2",
];

/// One process that answers several requests at once.
const MULTIPLEX: &[&str] =
    &["--strategy=IncludePyCompile=worker", "--worker_max_instances=IncludePyCompile=2"];

/// Like `TWO_WORKERS`, but each request's files are in a directory of their own.
const SANDBOXED: &[&str] = &[
    "--strategy=IncludePyCompile=worker",
    "--worker_sandboxing",
    "--worker_max_instances=IncludePyCompile=2",
];

/// A process for each source.
const NO_WORKERS: &[&str] = &["--strategy=IncludePyCompile=local"];

/// All packages.
const ALL: &str = "//sources/...";

/// One package, of a hundred sources.
const ONE: &str = "//sources/p0:all";

pub(super) fn main(words: &[&str], root: &Path) -> Exit {
    match parse(words) {
        Ok(packages) => Exit::of(run(packages, root)),
        Err(outcome) => outcome,
    }
}

/// The number of packages.
fn parse(words: &[&str]) -> Result<usize, Exit> {
    let mut packages = 100;
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Exit::Help(HELP)),
            Long("quick") => packages = 2,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(packages)
}

fn run(packages: usize, root: &Path) -> Result<bool, String> {
    let command = compileall::built(root)?;
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let create = |name| Workspace::create(home.path(), name, packages, &command, root);
    let workspace = create("here")?;
    let all = workspace.sources();
    let one = all / packages;
    let cache = format!("--disk_cache={}", home.path().join("cache").display());
    let cached: Vec<&str> = TWO_WORKERS.iter().copied().chain([cache.as_str()]).collect();

    println!("{all} sources, `{}`", version());
    println!("build                        time  new processes  compiled  from the cache");
    let mut table = Table { good: true };
    table.row("two workers, cold", &workspace.build(ALL, &cached)?, (2, all, 0));
    table.same(&workspace, packages)?;
    table.row("nothing changed", &workspace.build(ALL, &cached)?, (0, 0, 0));
    workspace.edit()?;
    // The processes are still there.
    table.row("one edit", &workspace.build(ALL, &cached)?, (0, 1, 0));
    table.same(&workspace, packages)?;
    workspace.clean()?;
    table.row("cache warm", &workspace.build(ALL, &cached)?, (0, 0, all));
    table.same(&workspace, packages)?;
    workspace.clean()?;
    table.row("a multiplex worker", &workspace.build(ALL, MULTIPLEX)?, (1, all, 0));
    table.same(&workspace, packages)?;
    workspace.clean()?;
    table.row("sandboxed workers", &workspace.build(ONE, SANDBOXED)?, (2, one, 0));
    table.same(&workspace, 1)?;
    workspace.clean()?;
    table.row("no workers", &workspace.build(ONE, NO_WORKERS)?, (0, one, 0));
    table.same(&workspace, 1)?;
    table.good &= workspace.shows_errors(TWO_WORKERS)?;
    workspace.shut_down();

    // The results don't depend on the directory.
    let other = create("another-directory")?;
    other.edit()?;
    table.row("elsewhere, cache warm", &other.build(ALL, &cached)?, (0, 0, all));
    table.same(&other, packages)?;
    other.shut_down();
    Ok(table.good)
}

/// The results.
struct Table {
    good: bool,
}

impl Table {
    /// Prints a row, and compares its last three columns.
    fn row(&mut self, name: &str, build: &Build, expected: (usize, usize, usize)) {
        let Build { seconds, workers, compiled, cached } = *build;
        println!("{name:24} {seconds:6.1} s  {workers:13}  {compiled:8}  {cached:14}");
        if (workers, compiled, cached) != expected {
            println!("    the last three should be {expected:?}");
            self.good = false;
        }
    }

    /// Compares the results in the first packages with those of the command.
    fn same(&mut self, workspace: &Workspace, packages: usize) -> Result<(), String> {
        let different = workspace.different(packages)?;
        if !different.is_empty() {
            println!("    {} files differ from a plain run's: {:?}", different.len(), different[0]);
            self.good = false;
        }
        Ok(())
    }
}

/// What Bazel says of itself; Debian's has no version.
fn version() -> String {
    let output = Command::new("bazel").arg("--version").output();
    output.map_or_else(
        |_| "no bazel".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
