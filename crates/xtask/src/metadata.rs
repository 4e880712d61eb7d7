//! Information about the workspace's packages from `cargo metadata`.
//!
//! ```text
//! Package { name: "include-py", directory: "crates/include-py", dependencies: [pyo3, …], … }
//! ```

use std::path::Path;

use serde_json::Value;

/// One package of the workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Relative to the workspace's root, with forward slashes.
    pub(crate) directory: String,
    pub(crate) license: String,
    /// `None` for packages that aren't published.
    pub(crate) publication: Option<Publication>,
    pub(crate) dependencies: Vec<Dependency>,
    /// The root files of its library and binaries, relative to the workspace's root.
    pub(crate) roots: Vec<String>,
}

/// What a registry shows of a package.
#[derive(Clone, Debug, Default)]
pub(crate) struct Publication {
    pub(crate) description: String,
    /// Relative to the package.
    pub(crate) readme: String,
    pub(crate) keywords: Vec<String>,
    pub(crate) categories: Vec<String>,
}

/// A direct dependency as declared in the manifest.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) requirement: String,
}

/// The manifest's table that contains a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

/// The packages of the workspace at `root`.
pub(crate) fn packages(root: &Path) -> Result<Vec<Package>, String> {
    let value = ask(root, &["--no-deps"])?;
    Ok(list(&value["packages"]).map(|package| read(package, root)).collect())
}

/// Runs `cargo metadata` with these options for the workspace at `root`.
pub(crate) fn ask(root: &Path, options: &[&str]) -> Result<Value, String> {
    let output = testbed::cargo()
        .args(["metadata", "--format-version=1"])
        .args(options)
        .current_dir(root)
        .output()
        .map_err(|error| format!("can't run `cargo metadata`: {error}"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`cargo metadata` failed: {}", stderr.trim()));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("`cargo metadata` printed bad JSON: {error}"))
}

fn read(package: &Value, root: &Path) -> Package {
    let manifest = relative(&text(&package["manifest_path"]), root);
    let is_root = |target: &&Value| {
        list(&target["kind"]).any(|kind| matches!(kind.as_str(), Some("lib" | "bin")))
    };
    Package {
        name: text(&package["name"]),
        directory: manifest.trim_end_matches("Cargo.toml").trim_end_matches('/').to_owned(),
        license: text(&package["license"]),
        // An empty list of registries means `publish = false`; `null` means any registry.
        publication: package["publish"].is_null().then(|| publication(package)),
        dependencies: list(&package["dependencies"]).map(dependency).collect(),
        roots: list(&package["targets"])
            .filter(is_root)
            .map(|target| relative(&text(&target["src_path"]), root))
            .collect(),
    }
}

fn publication(package: &Value) -> Publication {
    let texts = |value: &Value| list(value).map(text).collect();
    Publication {
        description: text(&package["description"]),
        readme: text(&package["readme"]),
        keywords: texts(&package["keywords"]),
        categories: texts(&package["categories"]),
    }
}

fn dependency(value: &Value) -> Dependency {
    Dependency {
        name: text(&value["name"]),
        kind: match value["kind"].as_str() {
            Some("build") => Kind::Build,
            Some("dev") => Kind::Dev,
            _ => Kind::Normal,
        },
        requirement: text(&value["req"]),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn relative(path: &str, root: &Path) -> String {
    let path = Path::new(path);
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_read() {
        let packages = packages(testbed::root()).unwrap();
        let runtime = packages.iter().find(|package| package.name == "include-py").unwrap();
        assert_eq!(runtime.directory, "crates/include-py");
        assert_eq!(runtime.roots, ["crates/include-py/src/lib.rs"]);
        let pyo3 = runtime.dependencies.iter().find(|one| one.name == "pyo3").unwrap();
        assert_eq!(pyo3.kind, Kind::Normal);
    }
}
