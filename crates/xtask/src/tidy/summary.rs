//! Rule `summary`: every page of the book is in its table of contents.
//!
//! ```text
//! docs/guide/build.md    docs/SUMMARY.md has to link guide/build.md, once
//! ```

use super::{Problem, Rule};
use crate::markdown::links;
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "summary",
    why: "mdBook leaves out what its table of contents doesn't name",
    check,
};

const SUMMARY: &str = "docs/SUMMARY.md";

fn check(tree: &Tree) -> Vec<Problem> {
    let Some(summary) = tree.file(SUMMARY) else {
        return vec![Problem::new(SUMMARY, 1, "the book has no table of contents")];
    };
    let listed = links(&summary.text);
    let mut problems = Vec::new();
    for page in tree.markdown() {
        let Some(path) = page.path.strip_prefix("docs/").filter(|path| *path != "SUMMARY.md")
        else {
            continue;
        };
        match listed.iter().filter(|(_, link)| link == path).collect::<Vec<_>>().as_slice() {
            [_] => {}
            [] => problems.push(Problem::new(
                &page.path,
                1,
                "`docs/SUMMARY.md` doesn't list this page",
            )),
            [_, (line, _), ..] => {
                problems.push(Problem::new(SUMMARY, *line, format!("`{path}` is listed twice")));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unlisted_and_doubly_listed_pages_are_reported() {
        let problems = RULE.problems_in(&[
            ("docs/SUMMARY.md", "# Summary\n[A](a.md)\n[B](guide/b.md)\n[B](guide/b.md)\n"),
            ("docs/a.md", ""),
            ("docs/guide/b.md", ""),
            ("docs/guide/c.md", ""),
        ]);
        assert_eq!(
            problems,
            [
                "docs/SUMMARY.md:4: `guide/b.md` is listed twice",
                "docs/guide/c.md:1: `docs/SUMMARY.md` doesn't list this page"
            ]
        );
        assert_eq!(RULE.problems_in(&[]).len(), 1);
    }
}
