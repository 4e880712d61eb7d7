//! Rule `sentences`: sentences in the documentation have at most 35 words.
//!
//! ```text
//! `…`, [text](target)   code counts as one word, of a link only the text counts
//! . ! ? :               end a sentence; in tables, a semicolon does, too
//! not counted           headings, code blocks
//! ```

use super::{Problem, Rule};
use crate::markdown::{Line, lines};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "sentences", why: "a long sentence is understood at the second reading", check };

/// Maximum number of words in a sentence.
const MAX_WORDS: usize = 35;

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.markdown().filter(|file| !file.is_generated()) {
        for (line, text, ends) in paragraphs(&file.text) {
            let longest = longest(&plain(&text), ends);
            if longest > MAX_WORDS {
                let message = format!("the paragraph has a sentence of {longest} words");
                problems.push(Problem::new(&file.path, line, message));
            }
        }
    }
    problems
}

const IN_TEXT: &[char] = &['.', '!', '?', ':'];
const IN_TABLES: &[char] = &['.', '!', '?', ':', ';'];

/// The paragraphs, list items and table cells of a page, each with its first line and with the
/// characters that end a sentence in it.
fn paragraphs(page: &str) -> Vec<(usize, String, &'static [char])> {
    let mut found: Vec<(usize, String, &[char])> = Vec::new();
    let mut is_open = false;
    for (number, line) in lines(page) {
        let Line::Prose(line) = line else {
            is_open = false;
            continue;
        };
        let line = line.trim();
        if line.starts_with('|') {
            is_open = false;
            found.extend(line.split('|').map(|cell| (number, cell.to_owned(), IN_TABLES)));
        } else if line.is_empty() {
            is_open = false;
        } else if let (true, false, Some((_, text, _))) = (is_open, is_item(line), found.last_mut())
        {
            text.push(' ');
            text.push_str(line);
        } else {
            is_open = true;
            found.push((number, line.to_owned(), IN_TEXT));
        }
    }
    found
}

/// Whether a line begins an item of a list.
fn is_item(line: &str) -> bool {
    let number = line.trim_start_matches(|one: char| one.is_ascii_digit());
    line.starts_with("- ")
        || line.starts_with("* ")
        || number.len() < line.len() && number.starts_with(". ")
}

/// The text with one word for each `…`, and without the targets of links.
fn plain(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let text: String = parts.map(|(at, part)| if at % 2 == 0 { part } else { "code" }).collect();
    let mut links = text.split("](");
    let mut plain = links.next().unwrap_or_default().to_owned();
    for rest in links {
        plain.push_str(rest.split_once(')').map_or("", |(_, rest)| rest));
    }
    plain
}

/// The number of words in the longest sentence of a text.
fn longest(text: &str, ends: &[char]) -> usize {
    let (mut longest, mut words) = (0, 0);
    for word in text.split_whitespace() {
        words += usize::from(word.contains(char::is_alphanumeric));
        longest = longest.max(words);
        if word.trim_end_matches(['"', ')', '*']).ends_with(ends) {
            words = 0;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_are_reported() {
        let page =
            format!("# Title\n\nShort. {}\n{}end.\n", "word ".repeat(20), "word ".repeat(15));
        assert_eq!(
            RULE.problems_in(&[("docs/a.md", &page)]),
            ["docs/a.md:3: the paragraph has a sentence of 36 words"]
        );
    }

    #[test]
    fn lists_tables_code_and_links_are_read_as_such() {
        let words = "word ".repeat(30);
        let page = format!(
            "{words}:\n- {words}\n- {words}\n\n| {words} | {words}; {words} |\n\n```text\n{words}{words}\n```\n\n\
             {words}`a b c d e f g` [x](a.md \"a b c d e f g\")\n"
        );
        assert!(RULE.problems_in(&[("docs/a.md", &page)]).is_empty());
    }
}
