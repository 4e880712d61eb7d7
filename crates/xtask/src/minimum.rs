//! Checks that the minimum Rust version in the manifests suffices for everything that users build.
//!
//! ```text
//! minimum: Rust 1.85 suffices for 63 packages; 11 of them state none
//! minimum: Rust 1.85 builds the published packages
//! ```
//!
//! The versions that packages declare are always checked. Some declare none, or a version that is
//! too low, so the published packages are also built with that release if rustup has it: `rustup
//! toolchain install 1.85`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::graph::{Graph, Rust};
use crate::metadata;

pub(crate) fn check(root: &Path) -> Result<(), String> {
    let metadata = metadata::ask(root, &[])?;
    let graph = Graph::read(&metadata);
    let minimum = promised(&graph)?;
    let newer = newer(&graph, minimum);
    let shown = format!("{}.{}", minimum.0, minimum.1);
    if !newer.is_empty() {
        return Err(format!("the manifests promise Rust {shown}, but {}", newer.join(", ")));
    }
    let built = graph.built();
    let silent = built.iter().filter(|package| package.rust.is_none()).count();
    println!(
        "minimum: Rust {shown} suffices for {} packages; {silent} of them state none",
        built.len()
    );
    build(&graph, root, &shown)
}

/// Checks the published packages with that release of Rust.
fn build(graph: &Graph<'_>, root: &Path, release: &str) -> Result<(), String> {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new("rustup");
        // This process was started by another toolchain's Cargo.
        command.env_remove("CARGO").env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN");
        command.args(["run", release, "cargo"]).args(arguments).current_dir(root);
        command
    };
    let probe = cargo(&["--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        println!("minimum: not built: `rustup toolchain install {release}` brings that release");
        return Ok(());
    }
    let packages = graph.published().flat_map(|package| ["-p", &package.name]);
    let status = cargo(&["check", "--quiet", "--target-dir", "target/minimum"])
        .args(packages)
        .status()
        .map_err(|error| format!("can't run Rust {release}: {error}"))?;
    if !status.success() {
        return Err(format!("Rust {release} doesn't build the published packages"));
    }
    println!("minimum: Rust {release} builds the published packages");
    Ok(())
}

/// The Rust version that the manifests of the published packages declare.
fn promised(graph: &Graph<'_>) -> Result<Rust, String> {
    let rusts: BTreeSet<Option<Rust>> = graph.published().map(|package| package.rust).collect();
    match (rusts.len(), rusts.first()) {
        (1, Some(Some(rust))) => Ok(*rust),
        _ => Err(format!("the published packages have no `rust-version` in common: {rusts:?}")),
    }
}

/// The packages that require a newer release than declared.
fn newer(graph: &Graph<'_>, promised: Rust) -> Vec<String> {
    let built = graph.built().into_iter();
    let demands = built.filter_map(|package| Some((package, package.rust?)));
    let newer = demands.filter(|(_, rust)| *rust > promised);
    newer
        .map(|(package, (major, minor))| {
            format!("`{}` {} demands {major}.{minor}", package.name, package.version)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::tests::metadata;

    #[test]
    fn packages_that_need_a_newer_rust_are_found() {
        let demands = |rust: &str, kind: &str| -> Vec<String> {
            let metadata = metadata(&format!("\"rust_version\": {rust}"), kind);
            let graph = Graph::read(&metadata);
            assert_eq!(promised(&graph), Ok((1, 85)));
            newer(&graph, (1, 85))
        };
        assert_eq!(demands("\"1.86.1\"", "null"), ["`spam` 1.2.3 demands 1.86"]);
        assert_eq!(demands("\"1.86\"", "\"build\""), ["`spam` 1.2.3 demands 1.86"]);
        assert!(demands("\"1.86\"", "\"dev\"").is_empty());
        assert!(demands("\"1.85.9\"", "null").is_empty());
        assert!(demands("null", "null").is_empty());
    }
}
