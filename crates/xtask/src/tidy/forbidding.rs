//! Rule `forbidding`: every crate except the runtime forbids unsafe code in its root file.
//!
//! ```text
//! crates/include-py-bundle/src/lib.rs    #![forbid(unsafe_code)]
//! crates/include-py/src/lib.rs           may use it with SAFETY comments, which clippy checks
//! ```

use super::{Problem, Rule};
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "forbidding",
    why: "only the runtime speaks C; the rest needs no unsafe code",
    check,
};

const ATTRIBUTE: &str = "#![forbid(unsafe_code)]";

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in tree.packages.iter().filter(|package| package.name != "include-py") {
        for root in &package.roots {
            let forbids = tree.rust().any(|(file, source)| {
                file.path == *root && source.code.lines().any(|line| line == ATTRIBUTE)
            });
            if !forbids {
                problems.push(Problem::new(
                    root,
                    1,
                    format!("this crate's root needs `{ATTRIBUTE}`"),
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Package;
    use crate::tree::File;

    fn tree(name: &str, text: &str) -> Tree {
        let package =
            Package { name: name.into(), roots: vec!["lib.rs".into()], ..Package::default() };
        Tree::new(vec![File::new("lib.rs", text.into())], vec![package])
    }

    #[test]
    fn a_root_without_it_is_reported() {
        let problems = RULE.problems(&tree("a", "//! #![forbid(unsafe_code)]\n"));
        assert_eq!(problems, ["lib.rs:1: this crate's root needs `#![forbid(unsafe_code)]`"]);
        assert!(RULE.problems(&tree("a", "//! A.\n#![forbid(unsafe_code)]\n")).is_empty());
        assert!(RULE.problems(&tree("include-py", "//! A.\n")).is_empty());
    }
}
