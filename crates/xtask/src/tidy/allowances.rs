//! Rule `allowances`: a silenced lint has a reason.
//!
//! ```text
//! good    #[allow(dead_code, reason = "the layout is CPython's")]
//! bad     #[allow(dead_code)]
//! ```

use super::{Problem, Rule};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "allowances", why: "a silenced lint without a reason outlives its reason", check };

const ATTRIBUTES: &[&str] = &["#[allow(", "#![allow(", "#[expect(", "#![expect("];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in tree.rust().filter(|(file, _)| !file.is_generated()) {
        for attribute in ATTRIBUTES {
            for (at, _) in source.code.match_indices(attribute) {
                // The content of literals is blank here, so the first `]` closes the attribute.
                let body = source.code[at..].split(']').next().unwrap_or_default();
                if !body.contains("reason =") {
                    let line = source.code[..at].lines().count().max(1);
                    let message = format!("`{attribute}…)]` needs a `reason = \"…\"`");
                    problems.push(Problem::new(&file.path, line, message));
                }
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasonless_allowances_are_reported() {
        let text = "//! A\n\n    #[allow(dead_code)]\nfn a() {}\n";
        let problems = RULE.problems_in(&[("a.rs", text)]);
        assert_eq!(problems, ["a.rs:3: `#[allow(…)]` needs a `reason = \"…\"`"]);
    }

    #[test]
    fn a_reason_may_stand_on_another_line() {
        let text = "#![expect(\n    missing_docs,\n    reason = \"x [y] z\"\n)]\n// #[allow(x)]\n";
        assert!(RULE.problems_in(&[("a.rs", text)]).is_empty());
    }
}
