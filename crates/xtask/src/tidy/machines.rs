//! Rule `machines`: no file contains a path of the machine on which it was written.
//!
//! ```text
//! bad     see /home/ada/include-py/docs
//! good    see docs
//! ```

use super::{Problem, Rule};
use crate::rust::numbered;
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "machines", why: "what works on one machine only works on one machine", check };

/// Split in two, so that this file satisfies its own rule.
const PLACES: &[&str] = &[concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/")];

/// Files that may contain such paths, with the reason.
const MAY: &[(&str, &str)] =
    &[("crates/xtask/src/tidy/machines.rs", "its first lines show what the rule forbids")];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.files() {
        if MAY.iter().any(|(path, _)| *path == file.path) {
            continue;
        }
        for (number, line) in numbered(&file.text) {
            let found = PLACES.iter().filter(|place| names(line, place));
            problems.extend(found.map(|place| {
                Problem::new(&file.path, number, format!("names a place below `{place}`"))
            }));
        }
    }
    problems
}

/// Whether an absolute path in `line` starts with `place`; it doesn't count inside a path.
fn names(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|one| one.is_alphanumeric() || "._-~}>*/".contains(one))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_machine_are_reported() {
        let place = PLACES[1];
        let text = format!("a\nsee `{place}x`\nframe{place}x $DIR{place} file://{place}\n");
        assert_eq!(
            RULE.problems_in(&[("a.md", &text)]),
            [format!("a.md:2: names a place below `{place}`")]
        );
    }
}
