//! Golden listings: a source, and the instructions of its units, one unit a line, nested units
//! first.
//!
//! ```text
//! > x = y
//! <module>: LOAD_NAME y; STORE_NAME x
//! ```
//!
//! `BLESS=1 cargo test -p pyc-compiler codegen` writes the current listings. `cargo xtask
//! conformance instructions` compares all of it with CPython's own, including locations.

use std::fmt::Write;
use std::path::Path;

use pyc_code::{Minor, Version};

use crate::error::ErrorKind;
use crate::options::Options;
use crate::stage;
use crate::target::Target;

#[test]
fn statements_have_their_instructions() {
    check("statement/listings.txt", include_str!("statement/listings.txt"));
}

#[test]
fn copies_of_finally_end_before_memory_does() {
    let line = |level: usize, text: &str| format!("{}{text}\n", " ".repeat(level));
    let nested: String =
        (0..40).map(|level| line(level, "try: a") + &line(level, "finally:")).collect();
    let error = stage::instructions((nested + &line(40, "b")).as_bytes(), &options());
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Depth);
}

#[test]
fn joined_strings_are_no_patterns() {
    for (pattern, message) in [
        ("f'{a}'", "patterns may only match literals and attribute lookups"),
        ("{f'a': b}", "mapping pattern keys may only match literals and attribute lookups"),
    ] {
        let source = format!("match x:\n case {pattern}: pass\n");
        let error = stage::instructions(source.as_bytes(), &options()).unwrap_err();
        assert_eq!(error.message(), message);
    }
}

#[test]
fn expressions_have_their_instructions() {
    check("expression/listings.txt", include_str!("expression/listings.txt"));
}

#[test]
fn constructs_that_3_12_writes_differently_have_their_instructions() {
    let options = options_for("3.12.1".parse().unwrap());
    check_for("listings-3.12.txt", include_str!("listings-3.12.txt"), &options);
}

#[test]
fn constructs_that_3_14_writes_differently_have_their_instructions() {
    let options = options_for("3.14.10".parse().unwrap());
    check_for("listings-3.14.txt", include_str!("listings-3.14.txt"), &options);
}

/// Compares a file of listings with what is generated from its sources.
fn check(file: &str, wanted: &str) {
    check_for(file, wanted, &options());
}

fn check_for(file: &str, wanted: &str, options: &Options) {
    let made: String = wanted.split_inclusive("\n\n").map(|text| entry(text, options)).collect();
    if std::env::var_os("BLESS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/codegen").join(file);
        std::fs::write(path, made).expect("the source tree can be written");
    } else {
        let differing = made.split("\n\n").zip(wanted.split("\n\n")).find(|(a, b)| a != b);
        assert_eq!(differing, None, "left: made, right: {file}; if it's right: BLESS=1");
        assert_eq!(made, wanted);
    }
}

/// A source's lines, and what is generated from it.
fn entry(wanted: &str, options: &Options) -> String {
    let quoted: Vec<_> = wanted.lines().filter(|line| line.starts_with('>')).collect();
    let source: String = quoted
        .iter()
        .map(|line| line[1..].strip_prefix(' ').unwrap_or("").to_owned() + "\n")
        .collect();
    let mut made: String = quoted.iter().map(|line| (*line).to_owned() + "\n").collect();
    match stage::instructions(source.as_bytes(), options) {
        Ok(text) => text.split("\n\n").filter_map(one_line).for_each(|unit| made += &unit),
        Err(error) => {
            let (line, column) = error.span().map_or((0, None), |span| (span.line, span.column));
            let _ = writeln!(made, "{line}:{} {}", column.unwrap_or(0), error.message());
        }
    }
    made + if wanted.ends_with("\n\n") { "\n" } else { "" }
}

fn options() -> Options {
    options_for(Target::newest(Minor::PY313).expect("there is a compiler for it").version())
}

fn options_for(version: Version) -> Options {
    Options::new(Target::preview(version).expect("there is a compiler for it"), "m.py")
}

/// A unit without its leading `RESUME` and trailing `return None`. Jumps show the index of the
/// instruction that they go to, from 0.
fn one_line(unit: &str) -> Option<String> {
    let (title, lines) = unit.split_once('\n')?;
    let lines: Vec<_> = lines.lines().map(instruction).collect();
    let body = lines.strip_prefix(&["RESUME".to_owned()][..]).unwrap_or(&lines);
    let end = ["LOAD_CONST None".to_owned(), "RETURN_VALUE".to_owned()];
    let body = body.strip_suffix(&end[..]).unwrap_or(body);
    Some(format!("{title} {}\n", body.join("; ")))
}

/// `     3  LOAD_NAME                0 (x)      1:0-1:1` is `LOAD_NAME x`.
fn instruction(line: &str) -> String {
    let mut words = line.split_whitespace().skip(1);
    let name = words.next().unwrap_or_default();
    let mut rest: Vec<_> = words.collect();
    rest.pop();
    let shown = rest.get(1..).unwrap_or_default().join(" ");
    let argument = match rest.first() {
        Some(&"to") => shown,
        Some(_) if !shown.is_empty() => shown[1..shown.len() - 1].to_owned(),
        None | Some(&"0") => return name.to_owned(),
        Some(number) => (*number).to_owned(),
    };
    format!("{name} {argument}")
}
