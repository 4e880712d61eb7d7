//! Rule `joins`: a thread's panic is propagated.
//!
//! ```text
//! thread.join().unwrap_or_default()                             hides the panic
//! thread.join().unwrap_or_else(|panic| resume_unwind(panic))    propagates it
//! ```

use super::{Problem, Rule};
use crate::rust::numbered;
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "joins",
    why: "a thread that panics must not look like one without a result",
    check,
};

/// Calls after `.join()` that discard the panic.
const SWALLOWING: &[&str] = &[".unwrap_or_default()", ".ok()", ".is_ok()"];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in tree.rust() {
        let mut previous = "";
        for (number, line) in numbered(&source.code) {
            let line = line.trim();
            // rustfmt breaks long chains before each method.
            let same_line = line.split_once(".join()").map(|(_, rest)| rest);
            let next_line = previous.ends_with(".join()").then_some(line);
            let rest = same_line.or(next_line).unwrap_or_default();
            if let Some(found) = SWALLOWING.iter().find(|found| rest.starts_with(**found)) {
                let message = format!("`.join(){found}` swallows the panic of a thread");
                problems.push(Problem::new(&file.path, number, message));
            }
            previous = line;
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swallowed_panics_are_reported() {
        let text = "let a = one.join().unwrap_or_default();\nlet b = two.join().unwrap();\n\
                    let c = three\n    .join()\n    .ok();\n";
        assert_eq!(
            RULE.problems_in(&[("a.rs", text)]),
            [
                "a.rs:1: `.join().unwrap_or_default()` swallows the panic of a thread",
                "a.rs:5: `.join().ok()` swallows the panic of a thread"
            ]
        );
    }
}
