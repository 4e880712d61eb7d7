//! Rule `links`: relative links in Markdown pages have existing targets.
//!
//! ```text
//! [the format](../reference/bundle-format.md#header)    the page and the heading have to exist
//! ```
//! Pages of the book link only within the book, since mdBook copies nothing else.

use super::{Problem, Rule};
use crate::markdown::{anchors, links};
use crate::tree::{File, Tree};

pub(super) const RULE: Rule =
    Rule { name: "links", why: "a reader who follows a dead link has lost the way", check };

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in tree.markdown() {
        for (line, link) in links(&page.text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            if let Some(message) = fault(tree, page, &link) {
                problems.push(Problem::new(&page.path, line, message));
            }
        }
    }
    problems
}

fn fault(tree: &Tree, page: &File, link: &str) -> Option<String> {
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let Some(target) = resolve(&page.path, path) else {
        return Some(format!("`{link}` leads out of the repository"));
    };
    if !tree.exists(&target) {
        return Some(format!("`{link}` leads to `{target}`, which doesn't exist"));
    }
    if page.path.starts_with("docs/") && !target.starts_with("docs/") {
        return Some(format!(
            "`{link}` leads out of the book: name the file instead of linking it"
        ));
    }
    let known = |file: &File| anchors(&file.text).iter().any(|one| one == anchor);
    if !anchor.is_empty() && !tree.file(&target).is_some_and(known) {
        return Some(format!("`{target}` has no heading `#{anchor}`"));
    }
    None
}

/// The path to which `link` on the page `from` leads.
fn resolve(from: &str, link: &str) -> Option<String> {
    if link.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_links_are_reported() {
        let page = "# A b\n[1](c.md)\n[2](d.md#x)\n[3](d.md#y)\n[4](#a-b)\n[5](../../x)\n[6](../README.md)\n";
        let problems = RULE.problems_in(&[
            ("docs/a.md", page),
            ("docs/d.md", "# X\n"),
            ("README.md", "[a](docs/a.md) [b](docs) [c](https://example.org/x) [d](#none)"),
        ]);
        assert_eq!(
            problems,
            [
                "docs/a.md:2: `c.md` leads to `docs/c.md`, which doesn't exist",
                "docs/a.md:4: `docs/d.md` has no heading `#y`",
                "docs/a.md:6: `../../x` leads out of the repository",
                "docs/a.md:7: `../README.md` leads out of the book: name the file instead of linking it",
                "README.md:1: `README.md` has no heading `#none`",
            ]
        );
    }
}
