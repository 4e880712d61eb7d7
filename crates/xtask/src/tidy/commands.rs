//! Rule `commands`: commands of this repository that the documentation shows exist.
//!
//! ```text
//! cargo xtask conformance tree --quick     the command, the suite and the option
//! cargo xtask ci minimum                   the command and the step
//! cargo build -p bench --example lookup    the package and the example
//! include-py compile --target 3.13.0       the command and the option
//! ```
//!
//! Names are looked up as string literals in the program that has them.

use super::{Problem, Rule};
use crate::markdown::{Line, lines};
use crate::tree::{Tree, has_extension};

pub(super) const RULE: Rule =
    Rule { name: "commands", why: "a reader tries the command, and it must work", check };

/// Pages about the past may show commands that no longer exist.
const HISTORY: &[&str] = &["docs/adr/", "CHANGELOG.md"];

/// Where the names of a program are.
struct Program {
    /// The words that start it.
    start: &'static str,
    /// The file that names what comes next.
    names: &'static str,
    /// The directories of the files that name its options.
    options: &'static [&'static str],
}

/// More words come before fewer.
const PROGRAMS: &[Program] = &[
    Program {
        start: "cargo xtask conformance",
        names: "crates/conformance/src/main.rs",
        options: &["crates/conformance/src/"],
    },
    Program {
        start: "cargo xtask bench",
        names: "crates/bench/src/main.rs",
        options: &["crates/bench/src/"],
    },
    Program {
        start: "cargo xtask ci",
        names: "crates/xtask/src/ci.rs",
        options: &["crates/xtask/src/ci.rs"],
    },
    Program {
        start: "cargo xtask",
        names: "crates/xtask/src/main.rs",
        options: &["crates/xtask/src/", "crates/api-listing/src/"],
    },
    Program {
        start: "include-py",
        names: "crates/include-py-cli/src/",
        options: &["crates/include-py-cli/src/"],
    },
];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in tree.markdown().filter(|page| !HISTORY.iter().any(|old| page.path.starts_with(old)))
    {
        let mut in_shell = false;
        for (number, line) in lines(&page.text) {
            let commands: Vec<&str> = match line {
                Line::Fence(language) => {
                    in_shell = language == "sh";
                    continue;
                }
                Line::Code if in_shell => {
                    page.text.lines().nth(number - 1).into_iter().flat_map(split).collect()
                }
                Line::Prose(text) => text.split('`').skip(1).step_by(2).flat_map(split).collect(),
                Line::Code | Line::Heading(_) => continue,
            };
            let faults = commands.into_iter().filter_map(|command| fault(tree, command));
            problems.extend(faults.map(|message| Problem::new(&page.path, number, message)));
        }
    }
    problems
}

/// The commands of a line of shell.
fn split(line: &str) -> impl Iterator<Item = &str> {
    let line = line.split_once(" #").map_or(line, |(command, _)| command);
    line.split(['|', ';', '&', '(', ')', '>', '<']).map(str::trim)
}

fn fault(tree: &Tree, command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let of_program = |program: &&Program| {
        let start: Vec<&str> = program.start.split(' ').collect();
        words.starts_with(&start) && words.len() > start.len()
    };
    if let Some(program) = PROGRAMS.iter().find(of_program) {
        let rest = &words[program.start.split(' ').count()..];
        return program.fault(tree, rest);
    }
    let is_ours = words.first() == Some(&"cargo");
    words.windows(2).filter(|_| is_ours).find_map(|pair| missing(tree, pair[0], pair[1]))
}

impl Program {
    /// What is wrong with the words after the program's name.
    fn fault(&self, tree: &Tree, words: &[&str]) -> Option<String> {
        let first = words[0];
        if is_name(first) && !contains(tree, self.names, &format!("\"{first}\"")) {
            return Some(format!("`{}` has no `{first}`", self.start));
        }
        let options = words.iter().filter_map(|word| word.strip_prefix("--"));
        let names = options.map(|option| option.split('=').next().unwrap_or(option));
        let is_known = |name: &&str| {
            let literals = [format!("Long(\"{name}\")"), format!("\"--{name}\"")];
            *name == "help"
                || self
                    .options
                    .iter()
                    .any(|place| literals.iter().any(|literal| contains(tree, place, literal)))
        };
        let unknown = names.filter(|name| is_name(name)).find(|name| !is_known(name))?;
        Some(format!("`{}` has no option `--{unknown}`", self.start))
    }
}

/// The package, example, test or path that an option of Cargo names and that isn't there.
fn missing(tree: &Tree, option: &str, name: &str) -> Option<String> {
    let is_there = match option {
        "-p" | "--package" => {
            let line = format!("name = \"{name}\"");
            tree.files()
                .iter()
                .any(|file| file.path.ends_with("Cargo.toml") && file.text.contains(&line))
        }
        "--example" => {
            let end = format!("/examples/{name}.rs");
            tree.files().iter().any(|file| file.path.ends_with(&end))
        }
        "--manifest-path" => has_extension(name, "toml") && tree.exists(name),
        _ => true,
    };
    (is_name(name) && !is_there).then(|| format!("there is no `{name}` for `{option}`"))
}

/// Whether a word names something, and isn't a placeholder, a variable or a version.
fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.chars().all(|one| one.is_ascii_alphanumeric() || "-_./".contains(one))
}

/// Whether a file, or one below a directory, contains a text.
fn contains(tree: &Tree, place: &str, text: &str) -> bool {
    tree.files().iter().any(|file| file.path.starts_with(place) && file.text.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &[(&str, &str)] = &[
        ("crates/xtask/src/main.rs", r#"["tidy", rest @ ..] => {}, ["conformance", ..] => {}"#),
        ("crates/conformance/src/main.rs", r#"["tree", rest @ ..] => {}"#),
        ("crates/conformance/src/tree.rs", r#"Long("quick") => {}"#),
        ("crates/include-py-cli/src/lib.rs", r#"Command { name: "dis" }"#),
        ("crates/a/Cargo.toml", "name = \"a\"\n"),
        ("crates/a/examples/b.rs", ""),
    ];

    fn problems(page: &str) -> Vec<String> {
        RULE.problems_in(&[FILES, &[("docs/a.md", page)]].concat())
    }

    #[test]
    fn missing_commands_suites_options_and_packages_are_reported() {
        assert_eq!(
            problems(
                "Run `cargo xtask tidi`, `include-py dos a.pyc`.\n```sh\nx && cargo xtask conformance three\n\
                 cargo xtask conformance tree --slow=1   # why\ncargo build -p b --example a\n```\n"
            ),
            [
                "docs/a.md:1: `cargo xtask` has no `tidi`",
                "docs/a.md:1: `include-py` has no `dos`",
                "docs/a.md:3: `cargo xtask conformance` has no `three`",
                "docs/a.md:4: `cargo xtask conformance` has no option `--slow`",
                "docs/a.md:5: there is no `b` for `-p`",
            ]
        );
    }

    #[test]
    fn existing_ones_and_placeholders_are_not() {
        let page = "`cargo xtask tidy`, `cargo xtask conformance tree --quick 3.N`, `include-py COMMAND`, \
             `cargo xtask conformance …`\n```sh\ncargo build -p a --example b -p $package\n```\n";
        assert_eq!(problems(page), [""; 0]);
    }
}
