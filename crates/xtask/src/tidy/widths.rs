//! Rule `widths`: comments are at most 100 columns wide, as code is.
//!
//! ```text
//! rustfmt         limits code to 100 columns, but leaves comments alone
//! not limited     code blocks, tables, and lines with a single word, such as a link
//! ```

use super::{Problem, Rule};
use crate::rust::numbered;
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "widths", why: "wide comments wrap in diffs and beside other windows", check };

/// Maximum width of a line that contains only a comment, as `rustfmt.toml` sets it for code.
const MAX_WIDTH: usize = 100;

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in tree.rust() {
        if file.is_generated() {
            continue;
        }
        let mut in_block = false;
        let wide = numbered(&source.comments).filter(|(_, line)| {
            in_block ^= comment(line).starts_with("```");
            !in_block && is_too_wide(line)
        });
        problems.extend(wide.map(|(number, line)| {
            let width = line.chars().count();
            Problem::new(&file.path, number, format!("the comment is {width} columns wide"))
        }));
    }
    problems
}

fn is_too_wide(line: &str) -> bool {
    let text = comment(line);
    line.trim_start().starts_with("//")
        && line.chars().count() > MAX_WIDTH
        && !text.starts_with('|')
        && text.contains(' ')
}

/// The text of a comment line.
fn comment(line: &str) -> &str {
    line.trim_start().trim_start_matches(['/', '!']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_comments_are_reported() {
        let wide = format!("/// {}\n", "word ".repeat(20).trim_end());
        assert_eq!(
            RULE.problems_in(&[("a.rs", &wide)]),
            ["a.rs:1: the comment is 103 columns wide"]
        );
    }

    #[test]
    fn code_tables_and_links_may_be_wide() {
        let word = "x".repeat(100);
        let text = format!(
            "let x = \"{word} x\"; // why\n//! | {word} | x |\n// {word}\n\
             //! ```text\n//! {word} x\n//! ```\n"
        );
        assert!(RULE.problems_in(&[("a.rs", &text)]).is_empty());
    }
}
