//! Rule `circles`: files that use each other are listed, with the reason.
//!
//! ```text
//! code.rs  ─▶  constant.rs  ─▶  code.rs    nested code is a constant
//! ```
//!
//! An edge is a `use` of another module of the package. A module and those below it count as one
//! place: `foo.rs` is the table of contents of `foo/`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problem, Rule};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "circles", why: "files in a circle can only be understood together", check };

/// Circles that are there: the beginnings of their files' paths, and the reason.
#[rustfmt::skip]
const KNOWN: &[(&[&str], &str)] = &[
    (&["crates/pyc-code/src/code.rs", "crates/pyc-code/src/constant.rs"], DATA),
    (&["crates/pyc-code/src/dis/argument.rs", "crates/pyc-code/src/dis/lines.rs"], "an argument can be nested code, which has lines"),
    (&["crates/pyc-code/src/marshal/canonical/"], "the order of a frozenset needs merged nodes, and merging sorts frozensets"),
    (&["crates/pyc-code/src/op/"], "each table has a function for stack effects, whose type is beside the lookup"),
    (STAGES, "the context lends each stage its memory, and a release lists its passes, which read the context"),
    (&["crates/pyc-compiler/src/codegen/"], "a unit holds its annotations until its end"),
    (&["crates/pyc-compiler/src/flow/"], "the list of passes names each pass, and passes call each other"),
    (&["crates/pyc-compiler/src/fold/"], "a number is a float or complex, whose operations give numbers"),
    (&["crates/pyc-compiler/src/parse/diagnose/"], "rules skip statements, and skipping applies rules"),
    (&["crates/pyc-compiler/src/parse/tokens/"], "the scanner enters f-strings, which contain tokens"),
    (&["crates/pyc-compiler/src/parse/"], "the parser's state contains the parts' states, whose methods are the parser's"),
    (&["crates/pyc-compiler/src/tree/"], DATA),
    (&["crates/pyc-tree/src/"], "the builder `TreeCompiler` has the methods that run it"),
    (&["crates/include-py-build/src/record.rs", "crates/include-py-build/src/source.rs"], "a record has stamps of sources, and a source is compared with its record"),
    (&["crates/include-py-build/src/find", "crates/include-py-build/src/native"], "finding classifies machine code, which has the files that were found"),
    (&["crates/include-py-build/src/engine/"], "what was made is packed, and packing says what was made"),
    (&["crates/include-py-build/src/backend", "crates/include-py-build/src/cargo", "crates/include-py-build/src/ctools", "crates/include-py-build/src/environment", "crates/include-py-build/src/link", "crates/include-py-build/src/report"], "the environment describes what `link` and `backend` ask, and they say what Cargo watches"),
    (&["crates/include-py/src/mount.rs", "crates/include-py/src/native"], "a mount has its machine code, which refers to the mount"),
    (&["crates/include-py/src/files/"], "the table of functions names those that change files"),
    (&["crates/include-py/src/host/"], "both ends of a program print and leave in the same way"),
    (&["crates/include-py/src/importer/"], "classes that Python sees refer to each other: finders make loaders, loaders find"),
];

const DATA: &str = "types that contain each other";

/// The compiler's stages.
const STAGES: &[&str] = &[
    "crates/pyc-compiler/src/codegen.rs",
    "crates/pyc-compiler/src/context.rs",
    "crates/pyc-compiler/src/flow.rs",
    "crates/pyc-compiler/src/fold.rs",
    "crates/pyc-compiler/src/future.rs",
    "crates/pyc-compiler/src/levels.rs",
    "crates/pyc-compiler/src/options.rs",
    "crates/pyc-compiler/src/parse.rs",
    "crates/pyc-compiler/src/pipeline.rs",
    "crates/pyc-compiler/src/scope.rs",
    "crates/pyc-compiler/src/source.rs",
    "crates/pyc-compiler/src/target.rs",
];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in packages(tree) {
        for circle in circles(&edges(tree, &package)) {
            let is_known = |(places, _): &&(&[&str], &str)| {
                circle.iter().all(|file| places.iter().any(|place| file.starts_with(place)))
            };
            if !KNOWN.iter().any(|row| is_known(&row)) {
                let message = format!("these files use each other: {}", circle.join(", "));
                problems.push(Problem::new(circle[0].clone(), 1, message));
            }
        }
    }
    problems
}

/// The directories with the sources of published packages.
fn packages(tree: &Tree) -> BTreeSet<String> {
    let sources = tree.rust().filter(|(file, _)| !file.is_tool() && !file.is_test());
    sources
        .filter_map(|(file, _)| {
            let (package, _) = file.path.strip_prefix("crates/")?.split_once("/src/")?;
            Some(format!("crates/{package}/src/"))
        })
        .collect()
}

/// For each file, the files that it uses.
type Edges = BTreeMap<String, BTreeSet<String>>;

fn edges(tree: &Tree, directory: &str) -> Edges {
    let mut edges = Edges::new();
    for (file, source) in tree.rust().filter(|(file, _)| file.path.starts_with(directory)) {
        if file.is_test() {
            continue;
        }
        let own = module(&file.path[directory.len()..]);
        let code: String = source.shipped().flat_map(|(_, line)| [line, "\n"]).collect();
        let used = uses(&code).into_iter().filter_map(|path| {
            let target = resolve(tree, directory, &own, &path)?;
            let other = module(&target[directory.len()..]);
            (!other.starts_with(&own) && !own.starts_with(&other)).then_some(target)
        });
        edges.insert(file.path.clone(), used.collect());
    }
    edges
}

/// The path of the module in a file: `["flow", "graph"]` for `flow/graph.rs`, empty for a root.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let names = path.split('/').map(str::to_owned);
    names.filter(|name| name != "lib" && name != "main").collect()
}

/// The file that has what a path of `use` names.
fn resolve(tree: &Tree, directory: &str, own: &[String], path: &[String]) -> Option<String> {
    let mut base = own.to_vec();
    let mut rest = path;
    while let [first, after @ ..] = rest {
        match first.as_str() {
            "crate" => base.clear(),
            "super" => drop(base.pop()),
            "self" => {}
            _ => break,
        }
        rest = after;
    }
    base.extend_from_slice(rest);
    while !base.is_empty() {
        let file = format!("{directory}{}.rs", base.join("/"));
        if tree.file(&file).is_some() {
            return Some(file);
        }
        base.pop();
    }
    None
}

/// The paths of all `use` items that begin with `crate`, `super` or `self`.
fn uses(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for item in code.split(';') {
        let Some(at) = item.rfind("use ") else { continue };
        let starts = item[..at].chars().next_back().is_none_or(|one| !one.is_alphanumeric());
        let path = item[at + 4..].trim();
        if starts && ["crate", "super", "self"].iter().any(|root| path.starts_with(root)) {
            expand("", path, &mut found);
        }
    }
    found
}

/// Adds the paths of `a::{b, c::{d, e}}`.
fn expand(prefix: &str, text: &str, found: &mut Vec<Vec<String>>) {
    let mut depth = 0;
    let pieces = text.split(|one: char| {
        match one {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        one == ',' && depth == 0
    });
    for piece in pieces.map(str::trim).filter(|piece| !piece.is_empty()) {
        if let Some((before, inside)) = piece.split_once('{') {
            let inside = inside.trim().strip_suffix('}').unwrap_or(inside);
            expand(&[prefix, before].concat(), inside, found);
        } else {
            let path = [prefix, piece].concat();
            let path = path.split(" as ").next().unwrap_or_default().trim().to_owned();
            found.push(path.split("::").map(|name| name.trim().to_owned()).collect());
        }
    }
}

/// The sets of files that reach each other.
fn circles(edges: &Edges) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        edges.keys().map(|file| (file, reach(edges, file))).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for file in edges.keys() {
        let both =
            |other: &&&String| reached.get(**other).is_some_and(|files| files.contains(file));
        let circle: Vec<String> =
            reached[file].iter().filter(both).map(|&other| other.clone()).collect();
        if circle.len() > 1 && seen.insert(circle.clone()) {
            found.push(circle);
        }
    }
    found
}

/// All files that a file uses, and those that these use.
fn reach<'e>(edges: &'e Edges, file: &'e String) -> BTreeSet<&'e String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![file];
    while let Some(next) = open.pop() {
        let targets = edges.get(next).into_iter().flatten();
        open.extend(targets.filter(|target| reached.insert(*target)));
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_use_each_other_are_reported() {
        let files = [
            ("crates/a/src/lib.rs", "mod b;\nmod c;\nmod d;\n"),
            ("crates/a/src/b.rs", "use std::fmt;\nuse crate::{c::{C, D}, e::E};\n"),
            ("crates/a/src/c.rs", "pub(crate) use super::d::F as G;\n"),
            ("crates/a/src/d.rs", "use super::b;\n"),
        ];
        assert_eq!(
            RULE.problems_in(&files),
            ["crates/a/src/b.rs:1: these files use each other: \
              crates/a/src/b.rs, crates/a/src/c.rs, crates/a/src/d.rs"]
        );
    }

    #[test]
    fn a_module_and_its_parts_are_one_place() {
        let files = [
            ("crates/a/src/b.rs", "mod c;\nuse c::C;\n"),
            ("crates/a/src/b/c.rs", "use super::B;\n"),
        ];
        assert!(RULE.problems_in(&files).is_empty());
    }

    #[test]
    fn every_circle_has_a_reason() {
        assert!(KNOWN.iter().all(|(_, reason)| !reason.is_empty()));
    }
}
