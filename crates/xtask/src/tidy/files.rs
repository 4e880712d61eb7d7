//! Rule `files`: only the crates for the build machine access the file system.
//!
//! ```text
//! may       include-py-build, include-py-cli, pyc-tree, tools, build scripts, tests, `Volume`, unpacking, `process`
//! may not   include-py-bundle, include-py, pyc-code, pyc-compiler, example-app
//! ```

use super::{Problem, Rule};
use crate::rust::has_word;
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "files",
    why: "what a binary imports comes out of the binary, not off the disk",
    check,
};

const MAY: &[&str] = &[
    "crates/include-py-build/",
    "crates/include-py-cli/",
    "crates/include-py/src/files/descriptor.rs",
    "crates/include-py/src/native/mapped.rs",
    "crates/include-py/src/native/memory.rs",
    "crates/include-py/src/process/system.rs",
    "crates/include-py/src/unpack.rs",
    "crates/include-py/src/unpack/",
    "crates/include-py/src/volume.rs",
    "crates/pyc-tree/",
];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in tree.rust() {
        let may = MAY.iter().any(|crates| file.path.starts_with(crates));
        if may || file.is_test() || file.is_tool() || file.path.ends_with("/build.rs") {
            continue;
        }
        let touching = |line: &str| has_word(line, "std::fs") || has_word(line, "fs::");
        for (number, _) in source.shipped().filter(|(_, line)| touching(line)) {
            let message = "`std::fs` belongs to the crates for the build machine";
            problems.push(Problem::new(&file.path, number, message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_access_elsewhere_is_reported() {
        let text =
            "use std::fs::File;\nlet x = fs::read(y);\n#[cfg(test)]\nmod tests {\n fs::read\n}\n";
        let problems = RULE.problems_in(&[
            ("crates/include-py/src/lib.rs", text),
            ("crates/include-py/tests/a.rs", text),
            ("crates/include-py-build/src/lib.rs", text),
        ]);
        assert_eq!(problems.len(), 2);
        assert!(problems[1].starts_with("crates/include-py/src/lib.rs:2: `std::fs` belongs"));
    }
}
