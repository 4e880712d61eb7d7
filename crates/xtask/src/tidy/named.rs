//! Rule `named`: files of the repository that documentation and comments name exist.
//!
//! ```text
//! `crates/pyc-code/src/lib.rs`    in a page: from the root of the repository
//! `layout.rs`, `flow/jumps.rs`    in a page: the end of a file's path
//! docs/adr/0011-two-parsers.md    in a comment: from the root
//! ```

use super::{Problem, Rule};
use crate::markdown::{Line, lines};
use crate::rust::numbered;
use crate::tree::{File, Tree, has_extension};

pub(super) const RULE: Rule =
    Rule { name: "named", why: "a reader who looks for a file must find it", check };

/// Directories of the repository with which a path can start.
const ROOTS: &[&str] = &["crates/", "docs/", "tests/", "example-app/", ".ci/"];

/// Examples and patterns, which aren't files of this repository.
const FOREIGN: &[&str] = &["foo.rs", "crates/pyc-compiler/src/target/py3NN.rs", "target/py3NN.rs"];

/// Pages about the past may name files that no longer exist.
const HISTORY: &[&str] = &["docs/adr/", "CHANGELOG.md"];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in tree.markdown().filter(|page| !HISTORY.iter().any(|old| page.path.starts_with(old)))
    {
        for (number, line) in lines(&page.text) {
            if let Line::Prose(text) | Line::Heading(text) = line {
                let missing = spans(text).filter(|name| is_missing(tree, name));
                problems.extend(missing.map(|name| missing_file(page, number, name)));
            }
        }
    }
    for (file, source) in tree.rust() {
        for (number, line) in numbered(&source.comments) {
            let words = line.split(|character: char| {
                character.is_whitespace() || matches!(character, '`' | '(' | ')' | '[' | ']' | '"')
            });
            let pages = words.filter(|word| word.starts_with("docs/") && word.contains(".md"));
            let paths = pages.map(|word| &word[..word.find(".md").unwrap_or(0) + 3]);
            let missing = paths.filter(|path| !tree.exists(path));
            problems.extend(missing.map(|name| missing_file(file, number, name)));
        }
    }
    problems
}

fn missing_file(file: &File, line: usize, name: &str) -> Problem {
    Problem::new(&file.path, line, format!("there is no file `{name}`"))
}

/// The content of inline code in a line.
fn spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn is_missing(tree: &Tree, name: &str) -> bool {
    let is_path = |character: char| character.is_alphanumeric() || "/._-".contains(character);
    if !name.chars().all(is_path) || FOREIGN.contains(&name) {
        return false;
    }
    let is_rooted = ROOTS.iter().any(|root| name.starts_with(root));
    if !is_rooted && (!has_extension(name, "rs") || name.starts_with('.')) {
        return false;
    }
    let end = format!("/{}", name.trim_end_matches('/'));
    !tree.exists(&end[1..]) && !tree.files().iter().any(|file| file.path.ends_with(&end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_files_are_reported() {
        let files = [
            (
                "docs/a.md",
                "`crates/x/src/b.rs` `crates/x/` `b.rs` `src/c.rs` `d.rs x` `tests/gone`\n",
            ),
            ("crates/x/src/b.rs", "// See docs/a.md, docs/gone.md.\n"),
        ];
        assert_eq!(
            RULE.problems_in(&files),
            [
                "docs/a.md:1: there is no file `src/c.rs`",
                "docs/a.md:1: there is no file `tests/gone`",
                "crates/x/src/b.rs:1: there is no file `docs/gone.md`"
            ]
        );
    }
}
