//! The packages that users build: the published ones and all their dependencies.
//!
//! ```text
//! include-py-build ─▶ cc ─▶ shlex: "MIT OR Apache-2.0", 1.3.0, Rust 1.46
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A release of Rust, without its patch number.
pub(crate) type Rust = (u32, u32);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) rust: Option<Rust>,
    /// Alternatives in Cargo's form: `MIT OR Apache-2.0`.
    pub(crate) license: String,
    /// Whether it is a package of this workspace that is published.
    is_published: bool,
}

/// All packages by their identifiers, and their dependencies.
pub(crate) struct Graph<'v> {
    all: BTreeMap<&'v str, Package>,
    needs: BTreeMap<&'v str, Vec<&'v str>>,
}

impl<'v> Graph<'v> {
    pub(crate) fn read(metadata: &'v Value) -> Self {
        let text = |value: &'v Value| value.as_str().unwrap_or_default();
        let list = |value: &'v Value| value.as_array().into_iter().flatten();
        let package = |value: &'v Value| {
            let rust = value["rust_version"].as_str().and_then(release);
            let [name, version, license] =
                ["name", "version", "license"].map(|key| text(&value[key]).to_owned());
            // Packages from registries have a source; an empty list of registries means `publish =
            // false`.
            let is_published = value["source"].is_null() && value["publish"].is_null();
            (text(&value["id"]), Package { name, version, rust, license, is_published })
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

    /// The published packages of this workspace, by name.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Package> {
        self.all.values().filter(|package| package.is_published)
    }

    /// The published packages and all their dependencies.
    pub(crate) fn built(&self) -> Vec<&Package> {
        let is_published = |id: &&str| self.all[id].is_published;
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = self.all.keys().copied().filter(is_published).collect();
        while let Some(id) = open.pop() {
            if found.insert(id) {
                open.extend(self.needs.get(id).into_iter().flatten());
            }
        }
        found.into_iter().filter_map(|id| self.all.get(id)).collect()
    }
}

fn release(text: &str) -> Option<Rust> {
    let mut numbers = text.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next().unwrap_or(Some(0))?))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A published `include-py` that needs `spam` in one of the kinds: `null`, `"build"` or
    /// `"dev"`.
    pub(crate) fn metadata(spam: &str, kind: &str) -> Value {
        let own = r#"{"id": "own", "name": "include-py", "version": "1.2.3", "rust_version": "1.85",
            "license": "MIT", "source": null, "publish": null}"#;
        let text = format!(
            r#"{{"packages": [{own}, {{"id": "spam", "name": "spam", "version": "1.2.3",
                "source": "registry", "publish": null, {spam}}}],
                "resolve": {{"nodes": [
                    {{"id": "own", "deps": [{{"pkg": "spam", "dep_kinds": [{{"kind": {kind}}}]}}]}}
                ]}}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn development_dependencies_are_not_built_by_users() {
        let names = |kind: &str| {
            let metadata = metadata(r#""license": "MIT""#, kind);
            let graph = Graph::read(&metadata);
            graph.built().into_iter().map(|package| package.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names("null"), ["include-py", "spam"]);
        assert_eq!(names("\"build\""), ["include-py", "spam"]);
        assert_eq!(names("\"dev\""), ["include-py"]);
    }
}
