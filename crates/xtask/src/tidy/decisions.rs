//! Rule `decisions`: every decision record has a number and the same four parts.
//!
//! ```text
//! docs/adr/0003-links-hand-over.md
//!     # 3. Hand PyO3's configuration over through `links`
//!     ## Status  ## Context  ## Decision  ## Consequences
//! ```

use super::{Problem, Rule};
use crate::markdown::{Line, lines};
use crate::tree::{File, Tree};

pub(super) const RULE: Rule = Rule {
    name: "decisions",
    why: "a decision can be revisited only if its reasons are there",
    check,
};

const DIRECTORY: &str = "docs/adr/";
const PARTS: &[&str] = &["Status", "Context", "Decision", "Consequences"];
const STATES: &[&str] = &["proposed", "accepted", "superseded", "rejected"];

fn check(tree: &Tree) -> Vec<Problem> {
    let records = tree
        .markdown()
        .filter(|page| page.path.strip_prefix(DIRECTORY).is_some_and(|name| name != "README.md"));
    let mut problems = Vec::new();
    for (record, number) in records.zip(1..) {
        problems
            .extend(faults(record, number).map(|message| Problem::new(&record.path, 1, message)));
    }
    problems
}

fn faults(record: &File, number: usize) -> impl Iterator<Item = String> {
    let name = &record.path[DIRECTORY.len()..];
    let mut faults = Vec::new();
    if !name.starts_with(&format!("{number:04}-")) {
        faults
            .push(format!("the file's name has to start with `{number:04}-`: no gaps, no doubles"));
    }
    if !record.text.starts_with(&format!("# {number}. ")) {
        faults.push(format!("the title has to start with `# {number}. `"));
    }
    let headings = lines(&record.text).filter_map(|(_, line)| match line {
        Line::Heading(heading) if PARTS.contains(&heading) => Some(heading),
        _ => None,
    });
    if !headings.eq(PARTS.iter().copied()) {
        faults.push(format!("needs the parts {} in this order", PARTS.join(", ")));
    }
    let status = record.text.split("## Status").nth(1).unwrap_or_default().trim_start();
    if !STATES.iter().any(|state| status.to_lowercase().starts_with(state)) {
        faults.push(format!("the status has to start with one of {}", STATES.join(", ")));
    }
    faults.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "# 1. A\n\n## Status\n\nAccepted.\n\n## Context\n\n## Decision\n\n## Consequences\n";

    #[test]
    fn incomplete_records_are_reported() {
        assert!(RULE.problems_in(&[("docs/adr/0001-a.md", GOOD)]).is_empty());
        let problems = RULE.problems_in(&[
            ("docs/adr/0001-a.md", GOOD),
            ("docs/adr/0003-b.md", "# 3. B\n\n## Context\n"),
        ]);
        assert_eq!(problems.len(), 4, "{problems:#?}");
        assert!(problems[0].contains("has to start with `0002-`"));
    }
}
