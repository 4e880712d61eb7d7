//! Rule `examples`: examples in the documentation of the API are compiled.
//!
//! ```text
//! no_run                            is compiled
//! # fn program(APP: &'static App)   a hidden line declares what an example needs
//! ignore                            only if a build script has to make a bundle first
//! ```
//! `cargo xtask ci pages` builds the programs of the guide, which do make bundles.

use super::{Problem, Rule};
use crate::markdown::{Line, lines};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "examples", why: "an example that isn't compiled is wrong one day", check };

/// What shows that an example needs a bundle.
const OF_BUNDLES: &[&str] = &["include_py!", "include_py_build::"];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in tree.rust() {
        // The text of the documentation, on the lines where it is in the file.
        let page: String =
            source.comments.lines().flat_map(|line| [documentation(line), "\n"]).collect();
        let page_lines: Vec<&str> = page.lines().collect();
        for (number, line) in lines(&page) {
            let Line::Fence(language) = line else { continue };
            let rest = page_lines.get(number..).unwrap_or_default();
            let mut example = rest.iter().take_while(|line| !line.trim_start().starts_with("```"));
            let is_ignored = language.split(',').any(|word| word.trim() == "ignore");
            if is_ignored && !example.any(|line| OF_BUNDLES.iter().any(|name| line.contains(name)))
            {
                let message = "the example is ignored; `no_run` compiles it";
                problems.push(Problem::new(&file.path, number, message));
            }
        }
    }
    problems
}

/// The text of a documentation comment; nothing for other lines.
fn documentation(line: &str) -> &str {
    let line = line.trim_start();
    let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).unwrap_or_default();
    text.strip_prefix(' ').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_examples_are_reported() {
        let text =
            "//! ```ignore\n//! let x;\n//! ```\n\n/// ```rust,ignore\n/// x\n/// ```\nfn a() {}\n";
        assert_eq!(
            RULE.problems_in(&[("a.rs", text)]),
            [
                "a.rs:1: the example is ignored; `no_run` compiles it",
                "a.rs:5: the example is ignored; `no_run` compiles it"
            ]
        );
    }

    #[test]
    fn compiled_examples_and_those_with_a_bundle_are_not() {
        let text = "/// ```no_run\n/// x\n/// ```\n/// ```ignore\n/// include_py::include_py!(APP = \"app\");\n/// ```\n";
        assert!(RULE.problems_in(&[("a.rs", text)]).is_empty());
    }
}
