//! Rule `publishing`: a published package describes itself in its own directory.
//!
//! ```text
//! crates/pyc-code/README.md, LICENSE-MIT, LICENSE-APACHE
//! crates/pyc-code/Cargo.toml: description, keywords, categories
//! ```

use super::{Problem, Rule};
use crate::metadata::{Package, Publication};
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "publishing",
    why: "a registry shows the package alone, without the repository",
    check,
};

/// The registry's limit (<https://doc.rust-lang.org/cargo/reference/manifest.html>).
const MAX_KEYWORDS: usize = 5;

fn check(tree: &Tree) -> Vec<Problem> {
    let published = |package: &'_ &Package| package.publication.is_some();
    tree.packages.iter().filter(published).flat_map(|package| problems(tree, package)).collect()
}

fn problems(tree: &Tree, package: &Package) -> Vec<Problem> {
    let Some(publication) = &package.publication else { return Vec::new() };
    let Publication { description, readme, keywords, categories } = publication;
    let mut missing = Vec::new();
    if description.is_empty() {
        missing.push("needs a `description`");
    }
    if readme != "README.md" {
        missing.push("needs `readme = \"README.md\"`, in its own directory");
    }
    if keywords.is_empty() || keywords.len() > MAX_KEYWORDS {
        missing.push("needs one to five `keywords`");
    }
    if categories.is_empty() {
        missing.push("needs `categories`");
    }
    let manifest = format!("{}/Cargo.toml", package.directory);
    let mut problems: Vec<Problem> =
        missing.into_iter().map(|message| Problem::new(&manifest, 1, message)).collect();
    for name in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        let path = format!("{}/{name}", package.directory);
        if tree.file(&path).is_none() {
            problems.push(Problem::new(path, 1, "is missing, so the package would be without it"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::File;

    #[test]
    fn missing_registry_metadata_is_reported() {
        let package = Package {
            directory: "a".into(),
            publication: Some(Publication {
                description: "Does things".into(),
                readme: "../README.md".into(),
                keywords: ["a", "b", "c", "d", "e", "f"].map(str::to_owned).to_vec(),
                categories: vec!["encoding".into()],
            }),
            ..Package::default()
        };
        let internal = Package { directory: "b".into(), ..Package::default() };
        let files = ["a/README.md", "a/LICENSE-MIT"].map(|path| File::new(path, "text".into()));
        let tree = Tree::new(files.into(), vec![package, internal]);
        assert_eq!(
            RULE.problems(&tree),
            [
                "a/Cargo.toml:1: needs `readme = \"README.md\"`, in its own directory",
                "a/Cargo.toml:1: needs one to five `keywords`",
                "a/LICENSE-APACHE:1: is missing, so the package would be without it",
            ]
        );
    }
}
