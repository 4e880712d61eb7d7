//! Builds each published package from its archive, as a registry would get it.
//!
//! `target/package/pyc-code-0.1.0.crate` is such an archive.

use std::path::Path;
use std::process::Stdio;

use crate::graph::Graph;
use crate::metadata;

pub(crate) fn check(root: &Path) -> Result<(), String> {
    let metadata = metadata::ask(root, &[])?;
    let graph = Graph::read(&metadata);
    let names: Vec<&str> = graph.published().map(|package| package.name.as_str()).collect();
    let status = testbed::cargo()
        .args(["package", "--quiet", "--allow-dirty"])
        .args(names.iter().flat_map(|name| ["-p", name]))
        .current_dir(root)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("can't run cargo: {error}"))?;
    if !status.success() {
        return Err(format!("not every package builds from its archive: {status}"));
    }
    println!("package: {} build from their archives", names.join(", "));
    Ok(())
}
