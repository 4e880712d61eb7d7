//! Rule `lints`: every package inherits the workspace's lints.
//!
//! ```text
//! [lints]
//! workspace = true
//! ```

use super::{Problem, Rule};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "lints", why: "one set of lints, or none of them can be relied on", check };

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in &tree.packages {
        let path = format!("{}/Cargo.toml", package.directory);
        let text = tree.file(&path).map_or("", |file| &file.text);
        if !text.contains("[lints]\nworkspace = true") {
            problems.push(Problem::new(path, 1, "needs `[lints]` with `workspace = true`"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Package;
    use crate::tree::File;

    #[test]
    fn a_package_without_them_is_reported() {
        let tree = |text: &str| {
            let package = Package { directory: "a".into(), ..Package::default() };
            Tree::new(vec![File::new("a/Cargo.toml", text.into())], vec![package])
        };
        let problems = RULE.problems(&tree("[package]\n"));
        assert_eq!(problems, ["a/Cargo.toml:1: needs `[lints]` with `workspace = true`"]);
        assert!(RULE.problems(&tree("[package]\n\n[lints]\nworkspace = true\n")).is_empty());
    }
}
