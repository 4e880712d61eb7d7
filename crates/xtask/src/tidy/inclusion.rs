//! Rule `inclusion`: no crate includes source text from elsewhere with `include!`.
//!
//! ```text
//! allowed    the macro `include_py!`, whose purpose it is
//! ```

use super::{Problem, Rule};
use crate::rust::has_word;
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "inclusion",
    why: "tools and readers can't follow a file that isn't a module",
    check,
};

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let runtime = |path: &str| path.starts_with("crates/include-py/src/");
    for (file, source) in tree.rust().filter(|(file, _)| !runtime(&file.path)) {
        for (number, _) in source.shipped().filter(|(_, line)| has_word(line, "include!")) {
            let message = "make this a module; only `include_py!` expands to `include!`";
            problems.push(Problem::new(&file.path, number, message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inclusion_is_reported() {
        let text = "//! A b\ninclude!(\"x.rs\");\ninclude_bytes!(\"y\");\n";
        let problems = RULE
            .problems_in(&[("crates/a/src/lib.rs", text), ("crates/include-py/src/lib.rs", text)]);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("crates/a/src/lib.rs:2: make this a module"));
    }
}
