//! Rule `constants`: two published packages don't define the same constant.
//!
//! ```text
//! const MAGIC: [u8; 4] = *b"ipw1";    in two packages: one of them may be changed alone
//! ```
//!
//! Names and values are compared as they are written, in shipped code on one line.

use std::collections::BTreeMap;

use super::{Problem, Rule};
use crate::tree::{File, Tree};

pub(super) const RULE: Rule = Rule {
    name: "constants",
    why: "of two equal constants, one is forgotten when they change",
    check,
};

/// Constants that two packages may define, and the reason.
const ALLOWED: &[(&str, &str)] = &[
    ("DT_NEEDED", ELF),
    ("DT_NULL", ELF),
    ("DT_SONAME", ELF),
    ("DT_STRTAB", ELF),
    ("PT_DYNAMIC", ELF),
    ("PT_LOAD", ELF),
    ("FLAG_REF", "marshal's; the runtime doesn't depend on `pyc-code`"),
    ("MAGIC", "of two programs that talk to each other, neither of which depends on the other"),
    ("RUNS", "how often a test measures"),
    ("STACK", "of threads that compile; packages can have different ones"),
];

const ELF: &str = "a number of the ELF specification";

fn check(tree: &Tree) -> Vec<Problem> {
    let mut seen: BTreeMap<(&str, &str), &File> = BTreeMap::new();
    let mut problems = Vec::new();
    for (file, source) in tree.rust() {
        let is_published = file.path.starts_with("crates/") && !file.is_tool() && !file.is_test();
        if !is_published || file.is_generated() {
            continue;
        }
        // The code without its comments shows where constants are, the text has their strings.
        for ((number, line), text) in source.shipped().zip(file.text.lines()) {
            let Some(constant) = constant(line).and_then(|_| constant(text)) else { continue };
            let first = *seen.entry(constant).or_insert(file);
            let name = constant.0;
            if package(first) != package(file) && !ALLOWED.iter().any(|(known, _)| *known == name) {
                let message = format!("`{name}` is also defined in `{}`", first.path);
                problems.push(Problem::new(&file.path, number, message));
            }
        }
    }
    problems
}

/// The name and the value of a constant that a line defines.
fn constant(line: &str) -> Option<(&str, &str)> {
    let (visibility, rest) = line.split_once("const ")?;
    let (name, rest) = rest.split_once(": ")?;
    let (_, value) = rest.split_once(" = ")?;
    let is_item = visibility.is_empty() || visibility.starts_with("pub");
    (is_item
        && name.chars().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit() || one == '_'))
    .then(|| (name, value.trim_end_matches(';')))
}

fn package(file: &File) -> Option<&str> {
    file.path.split('/').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_constants_of_two_packages_are_reported() {
        let files = [
            ("crates/a/src/a.rs", "const LIMIT: usize = 10;\nconst OTHER: u8 = 1;\n"),
            ("crates/b/src/b.rs", "pub(crate) const LIMIT: usize = 10;\nconst OTHER: u8 = 2;\n"),
        ];
        assert_eq!(
            RULE.problems_in(&files),
            ["crates/b/src/b.rs:1: `LIMIT` is also defined in `crates/a/src/a.rs`"]
        );
    }

    #[test]
    fn one_package_tests_and_local_constants_may_repeat() {
        let files = [
            ("crates/a/src/a.rs", "const LIMIT: usize = 10;\n"),
            ("crates/a/src/b.rs", "const LIMIT: usize = 10;\n"),
            ("crates/b/src/b.rs", "fn f() {\n    const LIMIT: usize = 10;\n}\n"),
            ("crates/b/tests/b.rs", "const LIMIT: usize = 10;\n"),
        ];
        assert!(RULE.problems_in(&files).is_empty());
    }
}
