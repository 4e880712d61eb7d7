//! Builds each published package from its archive, as a registry would get it.
//!
//! `target/package/pyc-code-0.1.0.crate` is such an archive.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{env, fs};

use crate::graph::Graph;
use crate::metadata;

pub(crate) fn check(root: &Path) -> Result<(), String> {
    let metadata = metadata::ask(root, &[])?;
    let graph = Graph::read(&metadata);
    let names: Vec<&str> = graph.published().map(|package| package.name.as_str()).collect();
    forget(&names).map_err(|error| format!("can't remove what Cargo unpacked before: {error}"))?;
    let manifest = fs::read_to_string(root.join("Cargo.toml"))
        .map_err(|error| format!("can't read `Cargo.toml`: {error}"))?;
    let status = testbed::cargo()
        .args(["package", "--quiet", "--allow-dirty"])
        .args(profile(&manifest).iter().flat_map(|setting| ["--config", setting]))
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

/// The workspace's settings of the profile `dev`, as Cargo's option `--config` takes them. An
/// archive doesn't contain them, and with others, all dependencies would be compiled once more.
fn profile(manifest: &str) -> Vec<String> {
    let mut table = "";
    let mut settings = Vec::new();
    for line in manifest.lines() {
        if let Some(name) = line.strip_prefix('[') {
            table = name.trim_end_matches(']');
        } else if table.starts_with("profile.dev") && line.contains(" = ") {
            settings.push(format!("{table}.{}", line.replacen(" = ", "=", 1)));
        }
    }
    settings
}

/// Removes what Cargo unpacked from archives of ours in earlier runs.
///
/// Cargo puts the archives into a registry of its own while it checks them. It doesn't unpack one
/// again whose name and version it has unpacked before, even if the content has changed.
fn forget(names: &[&str]) -> std::io::Result<()> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let Some(home) = home.or_else(|| Some(env::home_dir()?.join(".cargo"))) else { return Ok(()) };
    let Ok(registries) = fs::read_dir(home.join("registry/src")) else { return Ok(()) };
    for registry in registries {
        let registry = registry?;
        // Registries with a host have its name before the hyphen.
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for unpacked in fs::read_dir(registry.path())? {
            let unpacked = unpacked?;
            let name = unpacked.file_name();
            let name = name.to_string_lossy();
            let is_ours =
                |ours: &&str| name.strip_prefix(*ours).is_some_and(|rest| rest.starts_with('-'));
            if names.iter().any(is_ours) {
                fs::remove_dir_all(unpacked.path())?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn settings_are_read_from_the_manifest() {
        let manifest = "[profile.dev]\n# Why.\ndebug = \"limited\"\n\n[profile.release]\nlto = true\n\n\
                        [profile.dev.package.sha2]\nopt-level = 3\n";
        let expected = ["profile.dev.debug=\"limited\"", "profile.dev.package.sha2.opt-level=3"];
        assert_eq!(super::profile(manifest), expected);
    }
}
