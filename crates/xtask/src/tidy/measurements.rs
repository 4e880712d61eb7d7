//! Rule `measurements`: published numbers have the command that produced them.
//!
//! ~~~text
//! ## Start-up          a section of docs/guide/measurements.md
//! ```sh
//! hyperfine …          the command first
//! ```
//! | way | time |       then its numbers
//! ~~~

use super::{Problem, Rule};
use crate::markdown::{Line, lines};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "measurements", why: "a number that nobody can measure again is a claim", check };

const PAGE: &str = "docs/guide/measurements.md";
const UNITS: &[&str] = &["ms", "s", "min", "KB", "MB", "GB", "KiB", "MiB", "GiB", "%", "times"];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut has_command = false;
    for (number, line) in tree.file(PAGE).into_iter().flat_map(|page| lines(&page.text)) {
        match line {
            Line::Heading(_) => has_command = false,
            Line::Fence(language) => has_command |= language == "sh",
            Line::Prose(text) if !has_command && (text.starts_with('|') || has_quantity(text)) => {
                let message = "put the command that measured this above it, as a `sh` block";
                problems.push(Problem::new(PAGE, number, message));
                // Reports at most one problem per section.
                has_command = true;
            }
            Line::Prose(_) | Line::Code => {}
        }
    }
    problems
}

/// Whether the line contains a number with a unit.
fn has_quantity(line: &str) -> bool {
    let words: Vec<&str> =
        line.split(' ').map(|word| word.trim_matches([',', '.', ':', '(', ')'])).collect();
    words.windows(2).any(|pair| {
        pair[0].starts_with(|first: char| first.is_ascii_digit()) && UNITS.contains(&pair[1])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_a_command_are_reported() {
        let page =
            "# M\n## A\nIt takes (12.5 ms).\n## B\n```sh\nx\n```\n| a |\n## C\n| a |\n| b |\n";
        let message = "put the command that measured this above it, as a `sh` block";
        assert_eq!(
            RULE.problems_in(&[(PAGE, page)]),
            [format!("{PAGE}:3: {message}"), format!("{PAGE}:10: {message}")]
        );
    }
}
