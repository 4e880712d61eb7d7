//! Rule `bools`: functions don't take `bool` parameters.
//!
//! ```text
//! write(text, true)             what does `true` mean?
//! write(text, Interned::Yes)    an enum says it at the call; two functions also do
//! ```
//! Only shipped code is checked, not code generation for tests and tools.

use super::{Problem, Rule};
use crate::rust::Source;
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "bools", why: "at the call, `true` doesn't say what it means", check };

/// Functions that may have `bool` parameters: the file, the function, and the reason.
#[rustfmt::skip]
const ALLOWED: &[(&str, &str, &str)] = &[
    ("crates/include-py-cli/src/json.rs", "boolean", "a boolean of JSON is a `bool`"),
    ("crates/include-py/src/files/scan.rs", "is_dir", PYTHON),
    ("crates/include-py/src/files/scan.rs", "is_file", PYTHON),
    ("crates/include-py/src/files/scan.rs", "stat", PYTHON),
    ("crates/include-py/src/resources/path.rs", "exists", PYTHON),
    ("crates/include-py/src/resources/path.rs", "get_is_file", PYTHON),
    ("crates/include-py/src/resources/path.rs", "is_dir", PYTHON),
    ("crates/include-py/src/resources/path.rs", "stat", PYTHON),
    ("crates/include-py/src/resources/path.rs", "walk", PYTHON),
    ("crates/include-py/src/resources/path.rs", "resolve", PYTHON),
    ("crates/include-py-build/src/bundle.rs", "include_source", OPTION),
    ("crates/include-py-build/src/bundle.rs", "verify_against_interpreter", OPTION),
    ("crates/pyc-compiler/src/codegen/statement/annotated.rs", "annotated_assign", "`simple` of Python's `AnnAssign`"),
    ("crates/pyc-compiler/src/constant.rs", "truth", "a constant of Python's `bool`"),
    ("crates/pyc-compiler/src/fold/integer.rs", "new", SIGN),
    ("crates/pyc-compiler/src/fold/integer.rs", "from_u128", SIGN),
];

const PYTHON: &str = "Python calls it, with its own `bool`";
const OPTION: &str = "a public option, which build scripts set by a condition of theirs";
const SIGN: &str = "the field `negative`; calls compute it from the fields of other integers";

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in tree.rust() {
        if file.is_test() || file.is_tool() || file.path.starts_with("tests/") {
            continue;
        }
        for (line, function, parameter) in bools(source) {
            let is_allowed = |(path, name, _): &&(&str, &str, &str)| {
                *path == file.path && *name == function.as_str()
            };
            if !ALLOWED.iter().any(|row| is_allowed(&row)) {
                let message = format!("`{function}` takes the bool `{parameter}`");
                problems.push(Problem::new(&file.path, line, message));
            }
        }
    }
    problems
}

/// The line, the function and the parameter's name for each `bool` parameter in shipped code.
fn bools(source: &Source) -> Vec<(usize, String, String)> {
    let code: String = source.shipped().flat_map(|(_, line)| [line, "\n"]).collect();
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = code.as_str();
    while let Some(at) = rest.find("fn ") {
        let (before, after) = rest.split_at(at);
        line += before.matches('\n').count();
        rest = &after[3..];
        if before.ends_with(|character: char| character.is_alphanumeric() || character == '_') {
            continue;
        }
        let Some((name, parameters)) = signature(rest) else { continue };
        let bools = parameters.split(',').filter_map(|parameter| {
            let (name, kind) = parameter.rsplit_once(':')?;
            (kind.trim() == "bool").then(|| name.trim().trim_start_matches("mut "))
        });
        found.extend(bools.map(|parameter| (line, name.to_owned(), parameter.to_owned())));
    }
    found
}

/// The name and the parameters of the function whose `fn` precedes `code`; `None` for a function
/// pointer, which has no name.
fn signature(code: &str) -> Option<(&str, &str)> {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let code = code.strip_prefix("r#").unwrap_or(code);
    let (name, rest) = code.split_at(code.find(|character| !is_name(character))?);
    let rest = match rest.strip_prefix('<') {
        Some(generics) => after_generics(generics)?,
        None => rest,
    };
    let parameters = rest.strip_prefix('(')?;
    let mut depth = 1_usize;
    let end = parameters.find(|character| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    (!name.is_empty()).then_some((name, &parameters[..end]))
}

/// The rest after the `>` that ends the generics; the `>` of an arrow ends nothing.
fn after_generics(generics: &str) -> Option<&str> {
    let mut depth = 1_usize;
    let mut previous = ' ';
    let end = generics.find(|character| {
        match character {
            '<' => depth += 1,
            '>' if previous != '-' => depth -= 1,
            _ => {}
        }
        previous = character;
        depth == 0
    })?;
    Some(&generics[end + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bool_parameters_are_reported() {
        let text = "pub fn a(x: u8, mut y: bool) -> bool {}\n\
                    fn b<T: Fn(u8) -> bool>(\n    &self,\n    deep: bool,\n) {}\n\
                    fn r#for(is_async: bool) {}\n";
        assert_eq!(
            RULE.problems_in(&[("crates/pyc-code/src/a.rs", text)]),
            [
                "crates/pyc-code/src/a.rs:1: `a` takes the bool `y`",
                "crates/pyc-code/src/a.rs:2: `b` takes the bool `deep`",
                "crates/pyc-code/src/a.rs:6: `for` takes the bool `is_async`"
            ]
        );
    }

    #[test]
    fn results_fields_tests_and_tools_may_be_bools() {
        let text = "struct A { x: bool }\nfn a(x: &A) -> bool {}\n\
                    #[cfg(test)]\nmod tests {\n    fn c(x: bool) {}\n}\n";
        let files =
            [("crates/pyc-code/src/a.rs", text), ("crates/xtask/src/a.rs", "fn a(x: bool) {}")];
        assert!(RULE.problems_in(&files).is_empty());
    }

    #[test]
    fn every_exception_has_a_reason() {
        assert!(ALLOWED.iter().all(|(.., reason)| !reason.is_empty()));
    }
}
