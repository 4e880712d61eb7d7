//! Rule `repeatability`: code that makes a bundle uses nothing that differs between runs.
//!
//! ```text
//! read_dir      the file system's order    use walkdir, sorted
//! SystemTime    the day                    output has no date
//! thread_rng    a random number            output has none
//! ```

use super::{Problem, Rule};
use crate::rust::has_word;
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "repeatability",
    why: "the same input gives the same bundle, byte for byte",
    check,
};

const MAKERS: &[&str] = &[
    "crates/include-py-build/src/",
    "crates/include-py-bundle/src/",
    "crates/include-py-cli/src/",
    "crates/pyc-code/src/",
    "crates/pyc-compiler/src/",
    "crates/pyc-tree/src/",
];

/// Words for what differs, and what to use instead.
const WORDS: &[(&str, &str)] = &[
    ("read_dir", "walk with `walkdir`, sorted"),
    ("SystemTime", "output has no date"),
    ("thread_rng", "output has nothing random"),
];

/// Uses of such a word that don't affect the output: file, word, reason.
const HARMLESS: &[(&str, &str, &str)] = &[
    (
        "crates/include-py-build/src/record/stamp.rs",
        "SystemTime",
        "decides what is read again, and the bundle is the same either way",
    ),
    ("crates/pyc-tree/src/file.rs", "SystemTime", "sets the time of a file, as writing it would"),
    (
        "crates/pyc-tree/src/walk.rs",
        "read_dir",
        "sorts the names, and opens each directory once, where `walkdir` opens it twice",
    ),
];

fn check(tree: &Tree) -> Vec<Problem> {
    let makes = |path: &str| MAKERS.iter().any(|maker| path.starts_with(maker));
    let mut problems = Vec::new();
    for (file, source) in tree.rust().filter(|(file, _)| makes(&file.path) && !file.is_test()) {
        for (number, line) in source.shipped() {
            let harmless =
                |word: &str| HARMLESS.iter().any(|row| (row.0, row.1) == (&*file.path, word));
            let found = WORDS.iter().filter(|(word, _)| has_word(line, word) && !harmless(word));
            problems.extend(found.map(|(word, instead)| {
                Problem::new(
                    &file.path,
                    number,
                    format!("`{word}` differs from run to run: {instead}"),
                )
            }));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_in_build_code_are_reported() {
        let text = "use std::time::SystemTime;\n#[cfg(test)]\nmod tests {\n fs::read_dir\n}\n";
        let problems = RULE.problems_in(&[
            ("crates/include-py-build/src/a.rs", text),
            ("crates/pyc-tree/src/file.rs", text),
            ("crates/xtask/src/a.rs", text),
        ]);
        assert_eq!(
            problems,
            ["crates/include-py-build/src/a.rs:1: `SystemTime` differs from run to run: \
              output has no date"]
        );
    }
}
