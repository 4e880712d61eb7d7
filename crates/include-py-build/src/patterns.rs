//! All patterns of a bundle: what they say of a path, and which of them say nothing.
//!
//! `exclude("tests")` leaves out, `resource("skeleton/")` makes data of Python files.

use crate::error::Problem;
use crate::pattern::{Node, Pattern};

/// The patterns that a bundle was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    /// Left out unless told otherwise: it is no fault if they match nothing.
    defaults: Vec<Pattern>,
    excludes: Vec<(String, Pattern)>,
    resources: Vec<(String, Pattern)>,
}

impl Patterns {
    /// Parses them; what isn't a pattern is a problem.
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

    /// Whether the path in the bundle is left out.
    pub(crate) fn exclude(&self, path: &str, node: Node) -> bool {
        // The defaults are about what Python makes again from sources.
        let by_default = node != Node::Sourceless
            && self.defaults.iter().any(|pattern| pattern.matches(path, node))
            && !self.is_resource(path, node);
        matches(&self.excludes, path, node) || by_default
    }

    /// Whether what is at the path is data, even if it looks like a module or a package.
    pub(crate) fn is_resource(&self, path: &str, node: Node) -> bool {
        matches(&self.resources, path, node)
    }

    /// The patterns that have matched nothing, as warnings.
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

/// Asks every pattern, so that each knows whether it is of use.
fn matches(patterns: &[(String, Pattern)], path: &str, node: Node) -> bool {
    patterns.iter().fold(false, |found, (_, pattern)| pattern.matches(path, node) || found)
}
