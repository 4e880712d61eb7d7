//! Rule `licences`: everything is offered under MIT or Apache-2.0, and both texts are included.
//!
//! ```text
//! LICENSE-MIT  LICENSE-APACHE          the texts
//! license = "MIT OR Apache-2.0"        in every manifest
//! ```

use super::{Problem, Rule};
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "licences",
    why: "Rust's usual pair, so that anyone may combine this with theirs",
    check,
};

const LICENCE: &str = "MIT OR Apache-2.0";

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for text in ["LICENSE-MIT", "LICENSE-APACHE"] {
        if tree.file(text).is_none_or(|file| file.text.trim().is_empty()) {
            problems.push(Problem::new(text, 1, "the licence's text is missing"));
        }
    }
    for package in tree.packages.iter().filter(|package| package.license != LICENCE) {
        let path = format!("{}/Cargo.toml", package.directory);
        problems.push(Problem::new(path, 1, format!("`license` has to be `{LICENCE}`")));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Package;
    use crate::tree::File;

    #[test]
    fn missing_texts_and_other_licences_are_reported() {
        let package =
            Package { directory: "a".into(), license: "MIT".into(), ..Package::default() };
        let tree = Tree::new(vec![File::new("LICENSE-MIT", "Permission …".into())], vec![package]);
        assert_eq!(
            RULE.problems(&tree),
            [
                "LICENSE-APACHE:1: the licence's text is missing",
                "a/Cargo.toml:1: `license` has to be `MIT OR Apache-2.0`"
            ]
        );
    }
}
