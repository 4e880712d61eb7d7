//! All patterns of a bundle: matching them, and finding unused ones.
//!
//! `exclude("tests")` leaves files out, `resource("skeleton/")` makes Python files data.

use crate::error::Problem;
use crate::pattern::{Node, Pattern};

/// The patterns that a bundle was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    /// The default excludes, which may match nothing.
    defaults: Vec<Pattern>,
    excludes: Vec<(String, Pattern)>,
    resources: Vec<(String, Pattern)>,
}

impl Patterns {
    /// Parses the patterns; reports invalid ones.
    pub(crate) fn new(
        defaults: &[&str],
        excludes: &[String],
        resources: &[String],
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut parse = |text: &str, method| match Pattern::parse(text, method) {
            Ok(pattern) => Some((text.to_owned(), pattern)),
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let defaults = defaults.iter().filter_map(|text| parse(text, "exclude"));
        let defaults = defaults.map(|(_, pattern)| pattern).collect();
        let excludes = excludes.iter().filter_map(|text| parse(text, "exclude")).collect();
        let resources = resources.iter().filter_map(|text| parse(text, "resource")).collect();
        Self { defaults, excludes, resources }
    }

    /// Whether the path in the bundle is excluded.
    pub(crate) fn exclude(&self, path: &str, node: Node) -> bool {
        // The defaults exclude what Python can create again from sources.
        let by_default = node != Node::Sourceless
            && self.defaults.iter().any(|pattern| pattern.matches(path, node))
            && !self.is_resource(path, node);
        matches(&self.excludes, path, node) || by_default
    }

    /// Whether the path is data even if it looks like a module or package.
    pub(crate) fn is_resource(&self, path: &str, node: Node) -> bool {
        matches(&self.resources, path, node)
    }

    /// Warnings about patterns that have matched nothing.
    pub(crate) fn unused(&self) -> impl Iterator<Item = String> {
        let all = [("exclude", &self.excludes), ("resource", &self.resources)];
        all.into_iter().flat_map(|(method, patterns)| {
            patterns.iter().filter(|(_, pattern)| !pattern.is_used()).map(move |(text, _)| {
                format!(
                    "`Bundle::{method}(\"{text}\")` matches nothing: remove it, or correct it; patterns \
                     are compared with paths in the bundle, such as `app/data/x.csv`"
                )
            })
        })
    }
}

/// Matches all patterns without stopping at the first, so that each records that it is used.
fn matches(patterns: &[(String, Pattern)], path: &str, node: Node) -> bool {
    patterns.iter().fold(false, |found, (_, pattern)| pattern.matches(path, node) || found)
}
