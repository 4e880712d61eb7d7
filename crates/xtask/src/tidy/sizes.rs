//! Rule `sizes`: files stay small enough to be read in one sitting.
//!
//! ```text
//! every file      at most 600 lines
//! test modules    at most 200 lines inline, otherwise in `tests.rs`
//! each package    median at most 6 KB, nine in ten at most 20 KB
//! ```

use std::collections::BTreeMap;

use super::{Problem, Rule};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "sizes", why: "a budget that nobody enforces is a wish", check };

const LINES: usize = 600;
const TEST_LINES: usize = 200;
const MEDIAN: usize = 6 * 1024;
const NINE_IN_TEN: usize = 20 * 1024;

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut packages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (file, source) in tree.rust().filter(|(file, _)| !file.is_generated()) {
        packages.entry(package(&file.path)).or_default().push(file.text.len());
        let lines = file.text.lines().count();
        if lines > LINES {
            let message = format!("{lines} lines, at most {LINES}: split the file by subject");
            problems.push(Problem::new(&file.path, LINES + 1, message));
        }
        let tests = source.test_module().unwrap_or(0..0);
        if tests.len() > TEST_LINES {
            let message = format!(
                "{} lines of inline tests, at most {TEST_LINES}: move them to `tests.rs` beside",
                tests.len()
            );
            problems.push(Problem::new(&file.path, tests.start, message));
        }
    }
    for (package, mut sizes) in packages {
        sizes.sort_unstable();
        for (label, percent, limit) in
            [("median", 50, MEDIAN), ("90th percentile", 90, NINE_IN_TEN)]
        {
            let size = percentile(&sizes, percent);
            if size > limit {
                let message =
                    format!("the {label} of its Rust files is {size} bytes, at most {limit}");
                problems.push(Problem::new(package, 1, message));
            }
        }
    }
    problems
}

/// `crates/x` for paths below it, otherwise the top-level directory.
fn package(path: &str) -> &str {
    let depth = usize::from(path.starts_with("crates/"));
    let end = path.match_indices('/').nth(depth).map_or(path.len(), |(at, _)| at);
    &path[..end]
}

/// By nearest rank: the size of an actual file, not an interpolated one.
fn percentile(sorted: &[usize], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted[rank.saturating_sub(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_reported() {
        let long = "//! x\n".repeat(601);
        let problems = RULE.problems_in(&[("crates/a/src/lib.rs", &long)]);
        assert_eq!(
            problems,
            ["crates/a/src/lib.rs:601: 601 lines, at most 600: split the file by subject"]
        );
        let generated = format!("// @generated\n{long}");
        assert!(RULE.problems_in(&[("crates/a/src/lib.rs", &generated)]).is_empty());
    }

    #[test]
    fn long_test_modules_are_reported() {
        let text = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(199));
        let problems = RULE.problems_in(&[("a.rs", &text)]);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("a.rs:2: 201 lines of inline tests"), "{}", problems[0]);
    }

    #[test]
    fn a_package_of_large_files_is_reported() {
        let large = "x".repeat(20 * 1024 + 1);
        let problems = RULE.problems_in(&[("tests/a.rs", "//"), ("tests/b.rs", &large)]);
        assert_eq!(
            problems,
            ["tests:1: the 90th percentile of its Rust files is 20481 bytes, at most 20480"]
        );
        let problems = RULE.problems_in(&[("tests/b.rs", &large)]);
        assert_eq!(problems.len(), 2);
    }
}
