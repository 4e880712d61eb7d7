//! Parses the parts of a Markdown page that the rules need: prose, headings, links, code blocks.
//!
//! ```text
//! prose       see [the guide](guide/build.md#errors) and `           `
//! links       guide/build.md#errors
//! anchors     the-bundle-s-format is no anchor, the-bundles-format is
//! ```

use crate::rust::numbered;

/// A line of a page with what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// The opening fence of a code block with its language.
    Fence(&'a str),
    /// A line inside a code block, or its closing fence.
    Code,
    /// A heading without its number signs.
    Heading(&'a str),
    /// Anything else.
    Prose(&'a str),
}

/// The page's lines, numbered from 1.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, Line<'_>)> {
    let mut fence: Option<&str> = None;
    numbered(text).map(move |(number, line)| {
        let trimmed = line.trim_start();
        let ticks = &trimmed[..trimmed.len() - trimmed.trim_start_matches('`').len()];
        let kind = match fence {
            Some(open) => {
                if ticks.len() >= open.len() && trimmed.trim_end() == ticks {
                    fence = None;
                }
                Line::Code
            }
            None if ticks.len() >= 3 => {
                fence = Some(ticks);
                Line::Fence(trimmed[ticks.len()..].trim())
            }
            None => heading(line).map_or(Line::Prose(line), Line::Heading),
        };
        (number, kind)
    })
}

/// The targets of the page's links, with line numbers; inline code contains no links.
pub(crate) fn links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (number, line) in lines(text) {
        let (Line::Prose(line) | Line::Heading(line)) = line else { continue };
        let line = without_code(line);
        for (at, _) in line.match_indices("](") {
            let target = line[at + 2..].split([')', ' ']).next().unwrap_or_default();
            links.push((number, target.to_owned()));
        }
        if let Some((_, target)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
            links.push((number, target.trim().to_owned()));
        }
    }
    links
}

/// The anchors that can follow `#` in a link to the page.
pub(crate) fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for (_, line) in lines(text) {
        let Line::Heading(heading) = line else { continue };
        let kept = heading.chars().filter(|one| one.is_alphanumeric() || " -_".contains(*one));
        let base: String = kept.collect::<String>().to_lowercase().replace(' ', "-");
        // A repeated heading gets a number.
        let repeated = (1..).map(|count| format!("{base}-{count}"));
        let anchor =
            std::iter::once(base.clone()).chain(repeated).find(|one| !anchors.contains(one));
        anchors.extend(anchor);
    }
    anchors
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let depth = line.len() - text.len();
    ((1..=6).contains(&depth) && text.starts_with(' ')).then(|| text.trim())
}

/// The line with the content of `…` blanked.
fn without_code(line: &str) -> String {
    let mut parts = line.split('`');
    let mut text = parts.next().unwrap_or_default().to_owned();
    while let (Some(code), prose) = (parts.next(), parts.next()) {
        // A final unpaired backtick opens nothing.
        text.push_str(prose.map_or(code, |_| " "));
        text.push_str(prose.unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A page's `title`\n\nSee [x](a.md#b \"t\"), `[y](z.md)`.\n\
        ```sh\n# no heading\n[n](o.md)\n```\n## Again\n## Again\n[r]: r.md\n";

    #[test]
    fn links_stand_in_prose_only() {
        assert_eq!(links(PAGE), [(3, "a.md#b".to_owned()), (10, "r.md".to_owned())]);
    }

    #[test]
    fn anchors_are_what_mdbook_makes() {
        assert_eq!(anchors(PAGE), ["a-pages-title", "again", "again-1"]);
    }

    #[test]
    fn fences_close_with_as_many_ticks() {
        let kinds: Vec<_> = lines("````md\n```\n````\nx").map(|(_, kind)| kind).collect();
        assert_eq!(kinds, [Line::Fence("md"), Line::Code, Line::Code, Line::Prose("x")]);
    }
}
