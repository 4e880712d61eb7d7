//! Rule `versions`: Python versions are compared only in a few listed places.
//!
//! ```text
//! bad     if target.hexversion() >= 0x030c_0000 { … }     anywhere
//! good    the rows of `MAY` below
//! ```

use super::{Problem, Rule};
use crate::rust::has_word;
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "versions",
    why: "scattered comparisons have to be found again for each CPython",
    check,
};

/// Places where versions may be compared, with the reason.
const MAY: &[(&str, &str)] = &[
    ("crates/include-py/build.rs", "refuses interpreters that are too old, once, for everything"),
    (
        "crates/include-py-build/src/backend/interpreter.rs",
        "refuses an interpreter that isn't the target's",
    ),
    (
        "crates/include-py-build/src/backend/interpreter/greeting.rs",
        "lets one that is too old say so itself",
    ),
    ("crates/include-py/src/files/change.rs", "words an error as the running version does"),
    ("crates/include-py/src/host/exit.rs", "prints as 3.13 does where CPython doesn't yet"),
    ("crates/include-py/src/host/frozen.rs", "the shape of CPython's own table, as PyO3 has it"),
    (
        "crates/include-py/src/host/python/code.rs",
        "has tracebacks show the code of `-c`, as 3.13 does",
    ),
    ("crates/include-py/src/importer/printers.rs", "the same, for what Python prints by itself"),
    ("crates/include-py/src/importer/display.rs", "prints what only C code computes up to 3.12"),
    ("crates/include-py/src/host/gate.rs", "reads a frame's code, for which 3.11 has no function"),
    ("crates/include-py/src/resources/glob.rs", "`**` means what it does in the running version"),
    ("crates/pyc-code/src/version.rs", "the table of what each version has"),
    ("crates/pyc-code/src/version/", "the table's parts"),
    ("crates/pyc-compiler/src/target/", "one file for each version, with what it changed"),
];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in tree.rust() {
        let may = MAY.iter().any(|(place, _)| file.path.starts_with(place));
        if may || file.is_test() || file.is_generated() {
            continue;
        }
        for (number, _) in source.shipped().filter(|(_, line)| compares(line)) {
            let message =
                "compares versions: ask for a feature, or add the place to the rule's table";
            problems.push(Problem::new(&file.path, number, message));
        }
    }
    problems
}

/// Whether the line compares something named `version`, or a pair like `(3, 12)`, or uses PyO3's
/// `Py_3_N`.
///
/// rustfmt puts spaces around comparison operators, but not around the brackets of generics.
fn compares(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let ordered = words.windows(3).any(|three| {
        ["<", "<=", ">", ">="].contains(&three[1]) && (is_version(three[0]) || is_version(three[2]))
    });
    ordered
        || ["cfg(", "cfg!(", "cfg_attr("].iter().any(|cfg| has_word(line, cfg))
            && line.contains("Py_3_")
}

fn is_version(operand: &str) -> bool {
    operand.to_lowercase().contains("version") || operand.starts_with("(3,")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_elsewhere_are_reported() {
        let text = concat!(
            "if target.hexversion() >= 0x030c_0000 {}\n",
            "#[cfg(not(Py_3_13))]\n",
            "if hello.minor() < (3, 11) {}\n",
            "if version == other {}\n",
            "let version: Option<Version> = x;\n",
        );
        let problems = RULE
            .problems_in(&[("crates/a/src/lib.rs", text), ("crates/include-py/build.rs", text)]);
        assert_eq!(problems.len(), 3);
        assert!(problems[1].starts_with("crates/a/src/lib.rs:2: compares versions"));
    }
}
