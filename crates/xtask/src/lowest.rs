//! Checks that the published packages build with the lowest versions of dependencies that the
//! manifests allow.
//!
//! ```text
//! memchr = "2.7" in a manifest ─▶ memchr 2.7.0 in the lock file
//! ```
//!
//! Users' lock files can contain any version that a manifest allows. The check runs in a copy of
//! the repository whose lock file has the lowest ones.

use std::path::Path;
use std::process::{Command, Stdio};

use testbed::project;

use crate::graph::Graph;
use crate::metadata;

pub(crate) fn check(root: &Path) -> Result<(), String> {
    let metadata = metadata::ask(root, &[])?;
    let graph = Graph::read(&metadata);
    let copy = root.join("target/lowest");
    copy_files(root, &copy)?;
    let mut update = cargo(&copy, &["update", "--quiet", "-Z", "direct-minimal-versions"]);
    // The option isn't stable, but only selects versions, which the stable compiler then builds.
    succeed(update.env("RUSTC_BOOTSTRAP", "1"))?;
    let mut build = cargo(&copy, &["check", "--quiet"]);
    build.args(graph.published().flat_map(|package| ["-p", &package.name]));
    succeed(build.env("CARGO_TARGET_DIR", copy.join("target")))?;
    println!("lowest: the published packages build with the lowest versions of their dependencies");
    Ok(())
}

/// Copies the files that git tracks or would track; only changed ones, so that Cargo rebuilds no
/// others.
fn copy_files(root: &Path, copy: &Path) -> Result<(), String> {
    let tree = crate::tree::Tree::read(root)?;
    for file in tree.files() {
        let from = root.join(&file.path);
        let to = copy.join(&file.path);
        let bytes =
            std::fs::read(&from).map_err(|error| format!("can't read `{}`: {error}", file.path))?;
        if !std::fs::read(&to).is_ok_and(|present| present == bytes) {
            project::write(&to, &bytes)?;
        }
    }
    Ok(())
}

fn cargo(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = testbed::cargo();
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    command
}

fn succeed(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?}: {status}")),
        Err(error) => Err(format!("can't run cargo: {error}")),
    }
}
