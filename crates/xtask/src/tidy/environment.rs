//! Rule `environment`: only one file of include-py-build reads the environment, `cargo.rs`.
//!
//! ```text
//! crates/include-py-build/src/cargo.rs    every variable with its meaning
//! crates/*/src/                           `env::var` nowhere else
//! ```

use super::{Problem, Rule};
use crate::rust::has_word;
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "environment",
    why: "what a build depends on has to be listed in one place",
    check,
};

/// Files that may read the environment, with the reason.
const MAY: &[(&str, &str)] = &[
    ("crates/include-py-build/src/cargo.rs", "the one place"),
    (
        "crates/include-py-cli/src/colour.rs",
        "`NO_COLOR` and its like are users' choices for every program",
    ),
    (
        "crates/include-py-cli/src/compile/arguments.rs",
        "`SOURCE_DATE_EPOCH` is an option of compileall",
    ),
    (
        "crates/include-py/src/importer/develop.rs",
        "the one variable that a program reads, in debug builds",
    ),
    (
        "crates/include-py/src/process/system.rs",
        "whose child a process is, and what `python` reads, if it is one",
    ),
    (
        "crates/include-py/src/unpack/cache.rs",
        "where the user's cache is, for packages that are imported from real files",
    ),
];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in tree.rust() {
        let shipped = file.path.starts_with("crates/") && !file.is_test() && !file.is_tool();
        if !shipped || MAY.iter().any(|(path, _)| file.path.starts_with(path)) {
            continue;
        }
        let reads = |line: &str| {
            ["env::var", "env::var_os", "env::vars", "env::vars_os"]
                .iter()
                .any(|function| has_word(line, function))
        };
        for (number, _) in source.shipped().filter(|(_, line)| reads(line)) {
            let message = "read the environment in include-py-build's `cargo.rs` and hand it on";
            problems.push(Problem::new(&file.path, number, message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_elsewhere_are_reported() {
        let text = "let home = std::env::var_os(\"HOME\");\nlet me = env!(\"CARGO_PKG_NAME\");\n";
        let problems = RULE.problems_in(&[
            ("crates/include-py-build/src/cargo.rs", text),
            ("crates/include-py-build/src/lib.rs", text),
        ]);
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].starts_with("crates/include-py-build/src/lib.rs:1: read the environment")
        );
    }
}
