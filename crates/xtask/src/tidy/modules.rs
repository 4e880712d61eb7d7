//! Rule `modules`: a module is `foo.rs` plus `foo/`, never `foo/mod.rs`.
//!
//! ```text
//! good    tidy.rs  tidy/links.rs
//! bad     tidy/mod.rs
//! ```

use super::{Problem, Rule};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "modules", why: "ten tabs named `mod.rs` tell nobody anything", check };

fn check(tree: &Tree) -> Vec<Problem> {
    // Cargo compiles every file directly below `tests/` as a test, so code that tests share must be
    // in a directory with a `mod.rs`.
    let shared = |path: &str| path.contains("tests/");
    tree.rust()
        .filter(|(file, _)| file.path.ends_with("/mod.rs") && !shared(&file.path))
        .map(|(file, _)| {
            let better = file.path.replace("/mod.rs", ".rs");
            Problem::new(&file.path, 1, format!("name this file `{better}`"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mod_rs_is_reported() {
        let problems = RULE.problems_in(&[("a/mod.rs", ""), ("tests/common/mod.rs", "")]);
        assert_eq!(problems, ["a/mod.rs:1: name this file `a.rs`"]);
    }
}
