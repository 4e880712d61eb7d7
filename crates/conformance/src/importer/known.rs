//! The expected failures, from the tables in `docs/internals/conformance.md`.
//!
//! ```text
//! | `zipimport` | `testBadMagic2` | all | tests the zip format itself: … |
//! | `resources` | `MultiplexedPathTest.*` | 3.12, 3.13 | tests a real file system: … |
//! ```

use std::fmt;
use std::path::Path;

pub(super) const PAGE: &str = "docs/internals/conformance.md";

/// All rows of the tables.
pub(super) struct Known {
    rows: Vec<Row>,
}

struct Row {
    suite: String,
    test: Pattern,
    versions: Vec<String>,
}

/// The end of a test's name; with `.*`, a class and all its tests.
#[derive(Debug)]
pub(super) struct Pattern(String);

impl Known {
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let text =
            std::fs::read_to_string(root.join(PAGE)).map_err(|error| format!("{PAGE}: {error}"))?;
        Ok(Self::parse(&text))
    }

    fn parse(page: &str) -> Self {
        let row = |line: &str| {
            let cells: Vec<&str> =
                line.trim().trim_matches('|').split('|').map(str::trim).collect();
            let [suite, test, versions, reason] = cells[..] else { return None };
            let code = |cell: &str| Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned());
            if reason.is_empty() {
                return None;
            }
            Some(Row {
                suite: code(suite)?,
                test: Pattern(code(test)?),
                versions: versions.split(", ").map(str::to_owned).collect(),
            })
        };
        Self { rows: page.lines().filter_map(row).collect() }
    }

    /// The expected failures of a suite for a minor version.
    pub(super) fn of(&self, suite: &str, minor: &str) -> impl Iterator<Item = &Pattern> {
        let applies = move |row: &&Row| {
            row.suite == suite && row.versions.iter().any(|one| one == "all" || one == minor)
        };
        self.rows.iter().filter(applies).map(|row| &row.test)
    }

    pub(super) fn has(&self, suite: &str, test: &str, minor: &str) -> bool {
        self.of(suite, minor).any(|pattern| pattern.is(test))
    }
}

impl Pattern {
    pub(super) fn is(&self, test: &str) -> bool {
        let (whole, name) = match self.0.strip_suffix(".*") {
            Some(class) => (test.rsplit_once('.').map_or("", |(class, _)| class), class),
            None => (test, self.0.as_str()),
        };
        whole.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
| suite | test | versions | why |
|---|---|---|---|
| `zipimport` | `testBadMagic2` | all | zip |
| `resources` | `PathTest.*` | 3.12, 3.13 | disk |
| `resources` | `unexplained` | all | |
";

    #[test]
    fn rows_apply_to_their_suite_and_versions() {
        let known = Known::parse(TEXT);
        assert_eq!(known.rows.len(), 2);
        assert!(known.has("zipimport", "test.test_zipimport.Case.testBadMagic2", "3.11"));
        assert!(!known.has("runpy", "test.test_zipimport.Case.testBadMagic2", "3.11"));
        assert!(known.has("resources", "test.r.PathTest.test_a", "3.13"));
        assert!(!known.has("resources", "test.r.PathTest.test_a", "3.11"));
        assert!(!known.has("resources", "test.r.OtherPathTest.test_a", "3.13"));
        assert!(!known.has("resources", "test.r.unexplained", "3.13"));
    }
}
