//! The minimum Rust version: that of the manifests is enough for everything that users build.
//!
//! ```text
//! minimum: Rust 1.85 suffices for 63 packages; 11 of them state none
//! minimum: Rust 1.85 builds the published packages
//! ```
//!
//! What packages state is checked always. Some state none, or too little, so the published ones are built by that release as
//! well, if rustup has it: `rustup toolchain install 1.85`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What users build.
const PUBLISHED: &[&str] = &["include-py", "include-py-build", "include-py-cli"];

pub(crate) fn check(root: &Path) -> Result<(), String> {
    let metadata = metadata(root)?;
    let packages = Packages::read(&metadata);
    let stated = packages.of_published();
    let minimum = packages.minimum()?;
    let newer: Vec<String> = stated
        .iter()
        .filter(|package| package.rust.is_some_and(|rust| rust > minimum))
        .map(Package::words)
        .collect();
    let shown = format!("{}.{}", minimum.0, minimum.1);
    if !newer.is_empty() {
        return Err(format!("the manifests promise Rust {shown}, but {}", newer.join(", ")));
    }
    let silent = stated.iter().filter(|package| package.rust.is_none()).count();
    println!(
        "minimum: Rust {shown} suffices for {} packages; {silent} of them state none",
        stated.len()
    );
    build(root, &shown)
}

/// Checks the published packages with that release.
fn build(root: &Path, release: &str) -> Result<(), String> {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new("rustup");
        // This process was started by the other toolchain's Cargo.
        command.env_remove("CARGO").env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN");
        command.args(["run", release, "cargo"]).args(arguments).current_dir(root);
        command
    };
    let probe = cargo(&["--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        println!("minimum: not built: `rustup toolchain install {release}` brings that release");
        return Ok(());
    }
    let packages = PUBLISHED.iter().flat_map(|name| ["-p", name]);
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

fn metadata(root: &Path) -> Result<Value, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("can't run `cargo metadata`: {error}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`cargo metadata` failed: {}", words.trim()));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("`cargo metadata` printed bad JSON: {error}"))
}

/// A release of Rust, without its patch number.
type Rust = (u32, u32);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Package {
    name: String,
    version: String,
    rust: Option<Rust>,
}

impl Package {
    fn words(&self) -> String {
        let (major, minor) = self.rust.unwrap_or_default();
        format!("`{}` {} demands {major}.{minor}", self.name, self.version)
    }
}

/// All packages by their identifiers, and what they are built with.
struct Packages<'v> {
    all: BTreeMap<&'v str, Package>,
    needs: BTreeMap<&'v str, Vec<&'v str>>,
}

impl<'v> Packages<'v> {
    fn read(metadata: &'v Value) -> Self {
        let text = |value: &'v Value| value.as_str().unwrap_or_default();
        let list = |value: &'v Value| value.as_array().into_iter().flatten();
        let package = |value: &'v Value| {
            let rust = value["rust_version"].as_str().and_then(release);
            let [name, version] = ["name", "version"].map(|key| text(&value[key]).to_owned());
            (text(&value["id"]), Package { name, version, rust })
        };
        let is_built = |dependency: &&Value| {
            let kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            kinds.map(|kind| &kind["kind"]).any(|kind| kind.as_str() != Some("dev"))
        };
        let node = |value: &'v Value| {
            let built = value["deps"].as_array().into_iter().flatten().filter(is_built);
            (text(&value["id"]), built.map(|dependency| text(&dependency["pkg"])).collect())
        };
        Self {
            all: list(&metadata["packages"]).map(package).collect(),
            needs: list(&metadata["resolve"]["nodes"]).map(node).collect(),
        }
    }

    /// The published packages, and all that they are built with.
    fn of_published(&self) -> Vec<Package> {
        let is_published = |id: &&str| PUBLISHED.contains(&&*self.all[id].name);
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = self.all.keys().copied().filter(is_published).collect();
        while let Some(id) = open.pop() {
            if found.insert(id) {
                open.extend(self.needs.get(id).into_iter().flatten());
            }
        }
        found.into_iter().filter_map(|id| self.all.get(id).cloned()).collect()
    }

    /// What the manifests of the published packages promise.
    fn minimum(&self) -> Result<Rust, String> {
        let ours = self.all.values().filter(|package| PUBLISHED.contains(&&*package.name));
        let rusts: BTreeSet<Option<Rust>> = ours.map(|package| package.rust).collect();
        match (rusts.len(), rusts.first()) {
            (1, Some(Some(rust))) => Ok(*rust),
            _ => Err(format!("the published packages have no `rust-version` in common: {rusts:?}")),
        }
    }
}

fn release(text: &str) -> Option<Rust> {
    let mut numbers = text.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next().unwrap_or(Some(0))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(rust: &str, kind: &str) -> Value {
        let package = |name: &str, rust: &str| {
            format!(
                r#"{{"id": "{name} id", "name": "{name}", "version": "1.2.3", "rust_version": {rust}}}"#
            )
        };
        let own: Vec<String> = PUBLISHED.iter().map(|name| package(name, "\"1.85\"")).collect();
        let text = format!(
            r#"{{"packages": [{own}, {spam}],
                "resolve": {{"nodes": [
                    {{"id": "include-py id", "deps": [{{"pkg": "spam id", "dep_kinds": [{{"kind": {kind}}}]}}]}}
                ]}}}}"#,
            own = own.join(", "),
            spam = package("spam", rust)
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn what_demands_more_is_found() {
        let demands = |rust: &str, kind: &str| -> Vec<String> {
            let metadata = metadata(rust, kind);
            let packages = Packages::read(&metadata);
            assert_eq!(packages.minimum(), Ok((1, 85)));
            let found = packages.of_published();
            let newer = found.iter().filter(|package| package.rust > Some((1, 85)));
            newer.map(Package::words).collect()
        };
        assert_eq!(demands("\"1.86.1\"", "null"), ["`spam` 1.2.3 demands 1.86"]);
        assert_eq!(demands("\"1.86\"", "\"build\""), ["`spam` 1.2.3 demands 1.86"]);
        assert!(demands("\"1.86\"", "\"dev\"").is_empty());
        assert!(demands("\"1.85.9\"", "null").is_empty());
        assert!(demands("null", "null").is_empty());
    }
}
