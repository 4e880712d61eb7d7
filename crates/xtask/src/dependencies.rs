//! Checks the published packages' dependencies: their licences, and that no package occurs in two
//! versions.
//!
//! ```text
//! dependencies: 64 packages, all under permissive licences, none in two versions
//! ```
//!
//! `cargo deny check licenses bans` does the same, but takes longer to install than the whole CI to
//! run.

use std::collections::BTreeSet;
use std::path::Path;

use crate::graph::{Graph, Package};
use crate::metadata;

/// Licences that require only that their text and notices are kept.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

pub(crate) fn check(root: &Path) -> Result<(), String> {
    let metadata = metadata::ask(root, &[])?;
    let graph = Graph::read(&metadata);
    let built = graph.built();
    let problems = [under_other_licences(&built), in_two_versions(&built)].concat();
    if !problems.is_empty() {
        return Err(problems.join(", "));
    }
    println!(
        "dependencies: {} packages, all under permissive licences, none in two versions",
        built.len()
    );
    Ok(())
}

fn under_other_licences(packages: &[&Package]) -> Vec<String> {
    let others = packages.iter().filter(|package| !is_permissive(&package.license));
    others.map(|package| format!("`{}` is under `{}`", package.name, package.license)).collect()
}

/// Whether all licences that can be chosen are permissive.
///
/// Reads `A OR B AND C` as `(A OR B) AND C`, which is stricter than SPDX, where `AND` has higher
/// precedence.
fn is_permissive(license: &str) -> bool {
    let is_chosen = |choice: &str| PERMISSIVE.contains(&choice.trim_matches(['(', ')', ' ']));
    let alternatives = license.replace('/', " OR ");
    alternatives.split(" AND ").all(|all| all.split(" OR ").any(is_chosen))
}

fn in_two_versions(packages: &[&Package]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let again = packages.iter().filter(|package| !seen.insert(&package.name));
    again.map(|package| format!("`{}` is there in two versions", package.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::tests;

    #[test]
    fn licences_are_chosen_among_alternatives() {
        for good in ["MIT", "GPL-3.0 OR MIT", "Unlicense/MIT", "(MIT OR GPL-2.0) AND Unicode-3.0"] {
            assert!(is_permissive(good), "{good}");
        }
        for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "LGPL-2.1 OR GPL-3.0"] {
            assert!(!is_permissive(bad), "{bad}");
        }
    }

    #[test]
    fn packages_that_users_build_are_checked() {
        let problems = |spam: &str, kind: &str| {
            let metadata = tests::metadata(spam, kind);
            let graph = Graph::read(&metadata);
            let built = graph.built();
            [under_other_licences(&built), in_two_versions(&built)].concat()
        };
        assert_eq!(problems(r#""license": "GPL-3.0""#, "null"), ["`spam` is under `GPL-3.0`"]);
        assert!(problems(r#""license": "GPL-3.0""#, "\"dev\"").is_empty());
        let twin = r#""license": "MIT", "name": "include-py""#;
        assert_eq!(problems(twin, "null"), ["`include-py` is there in two versions"]);
    }
}
