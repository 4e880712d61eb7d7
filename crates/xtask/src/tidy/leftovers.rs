//! Rule `leftovers`: nothing unfinished is committed.
//!
//! ```text
//! in code        macros for unfinished work and debugging, `#[ignore]` without a reason
//! in comments    the usual marks for unfinished work, in capitals
//! ```

use super::{Problem, Rule};
use crate::rust::{has_word, numbered};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "leftovers", why: "a commit holds finished work; plans go into issues", check };

const IN_CODE: &[&str] = &["todo!", "unimplemented!", "dbg!", "#[ignore]"];
const IN_COMMENTS: &[&str] = &["FIXME", "TODO", "XXX"];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in tree.rust() {
        for (layer, words) in [(&source.code, IN_CODE), (&source.comments, IN_COMMENTS)] {
            for (number, line) in numbered(layer) {
                let found = words.iter().filter(|word| has_word(line, word));
                problems.extend(found.map(|word| {
                    Problem::new(&file.path, number, format!("`{word}` is left over"))
                }));
            }
        }
    }
    problems.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_work_is_reported() {
        let text = "// FIXME: x\nfn a() { todo!() }\n#[ignore]\n// dbg! is fine here\n";
        assert_eq!(
            RULE.problems_in(&[("a.rs", text)]),
            [
                "a.rs:1: `FIXME` is left over",
                "a.rs:2: `todo!` is left over",
                "a.rs:3: `#[ignore]` is left over"
            ]
        );
    }

    #[test]
    fn a_test_that_says_what_it_needs_may_be_ignored() {
        let text = "#[ignore = \"needs the network\"]\nlet x = \"FIXME\";\n";
        assert!(RULE.problems_in(&[("a.rs", text)]).is_empty());
    }
}
