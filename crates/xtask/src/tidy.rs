//! `cargo xtask tidy`: checks the house rules.
//!
//! ```text
//! crates/include-py/src/lib.rs:12: `dbg!` is left over (leftovers; a commit holds finished work)
//! ```
//! Each rule is a file in this module: its name, its reason, its check, and a test that it can
//! fail. To add a rule, write such a file and add it to [`RULES`].

mod allowances;
mod bools;
mod circles;
mod commands;
mod constants;
mod decisions;
mod environment;
mod examples;
mod files;
mod forbidding;
mod inclusion;
mod joins;
mod layers;
mod leftovers;
mod licences;
mod links;
mod lints;
mod machines;
mod measurements;
mod modules;
mod named;
mod openings;
mod pictures;
mod publishing;
mod repeatability;
mod sentences;
mod sizes;
mod spelling;
mod summary;
mod versions;
mod widths;

use std::path::Path;

use testbed::Outcome;

use crate::tree::Tree;

/// Every rule, sorted by subject: sources, crates, documentation, repository.
const RULES: &[Rule] = &[
    sizes::RULE,
    openings::RULE,
    modules::RULE,
    leftovers::RULE,
    allowances::RULE,
    inclusion::RULE,
    versions::RULE,
    bools::RULE,
    circles::RULE,
    constants::RULE,
    joins::RULE,
    widths::RULE,
    spelling::RULE,
    layers::RULE,
    files::RULE,
    environment::RULE,
    repeatability::RULE,
    forbidding::RULE,
    lints::RULE,
    sentences::RULE,
    examples::RULE,
    summary::RULE,
    links::RULE,
    named::RULE,
    commands::RULE,
    decisions::RULE,
    measurements::RULE,
    pictures::RULE,
    licences::RULE,
    publishing::RULE,
    machines::RULE,
];

const HELP: &str = "\
Check the house rules that a program can check, over every file git tracks or would track.

Usage: cargo xtask tidy [--list] [RULE]…

Arguments:
  [RULE]…   Only these rules

Options:
  --list    Print the rules with their reasons
  --help    Print this

Exit code: 0 if all is well, 1 if a rule is broken.
";

pub(crate) fn main(arguments: &[&str], root: &Path) -> Outcome {
    match arguments {
        ["-h" | "--help", ..] => return Outcome::Help(HELP),
        ["--list"] => {
            for rule in RULES {
                println!("{:14}{}", rule.name, rule.why);
            }
            return Outcome::Good;
        }
        _ => {}
    }
    let known = |name: &str| RULES.iter().any(|rule| rule.name == name);
    if let Some(unknown) = arguments.iter().find(|name| !known(name)) {
        return Outcome::Misuse(format!("no rule `{unknown}`, see `cargo xtask tidy --list`"));
    }
    let chosen = |rule: &&Rule| arguments.is_empty() || arguments.contains(&rule.name);
    match Tree::read(root) {
        Ok(tree) => print(&tree, RULES.iter().filter(chosen)),
        Err(message) => Outcome::Failed(message),
    }
}

/// A rule of this repository.
struct Rule {
    name: &'static str,
    /// The reason for the rule in a few words; it is printed with every problem.
    why: &'static str,
    check: fn(&Tree) -> Vec<Problem>,
}

/// A violation of a rule.
struct Problem {
    path: String,
    line: usize,
    message: String,
}

impl Problem {
    fn new(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.into(), line, message: message.into() }
    }
}

fn print<'a>(tree: &Tree, rules: impl Iterator<Item = &'a Rule>) -> Outcome {
    let (mut checked, mut found) = (0, 0);
    for rule in rules {
        checked += 1;
        for Problem { path, line, message } in (rule.check)(tree) {
            found += 1;
            println!("{path}:{line}: {message} ({}; {})", rule.name, rule.why);
        }
    }
    if found > 0 {
        println!("tidy: {found} problems");
        return Outcome::Bad;
    }
    println!("tidy: {checked} rules hold over {} files", tree.files().len());
    Outcome::Good
}

#[cfg(test)]
impl Rule {
    /// The problems that the rule finds in `tree`, without names and reasons.
    fn problems(&self, tree: &Tree) -> Vec<String> {
        let problems = (self.check)(tree).into_iter();
        problems
            .map(|Problem { path, line, message }| format!("{path}:{line}: {message}"))
            .collect()
    }

    /// The same for a repository with these files.
    fn problems_in(&self, files: &[(&str, &str)]) -> Vec<String> {
        self.problems(&Tree::of(files))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_hold_over_this_repository() {
        let tree = Tree::read(testbed::root()).unwrap();
        let problems: Vec<String> = RULES.iter().flat_map(|rule| rule.problems(&tree)).collect();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn names_are_unique_and_reasons_short() {
        for (index, rule) in RULES.iter().enumerate() {
            assert!(RULES[..index].iter().all(|other| other.name != rule.name), "{}", rule.name);
            assert!(rule.why.len() < 90 && !rule.why.ends_with('.'), "{}: {}", rule.name, rule.why);
        }
    }
}
