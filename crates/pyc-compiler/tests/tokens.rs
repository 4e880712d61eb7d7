//! Small enumerations of sources from parts of tokens: how many of each are refused, and how, by
//! 3.13.0.
//!
//! The numbers come from the interpreter. `cargo xtask conformance errors` compares many more
//! sources, one by one.

use std::collections::BTreeMap;

use pyc_compiler::{Options, Target, compile};

/// The class of the error and the common part of its message; `none` for valid sources.
fn verdict(source: &str, options: &Options) -> String {
    let Err(error) = compile(source.as_bytes(), options) else { return "none".to_owned() };
    let words = format!("{}: {}", error.kind().exception_name(), error.message());
    // `SyntaxError: '(' was never closed` begins with a quote.
    let quote = words.match_indices(" '").find(|(at, _)| !words[..*at].ends_with(':'));
    let others = [" U+", "(detected"].iter().filter_map(|part| words.find(part));
    let end = quote.map(|(at, _)| at).into_iter().chain(others).min();
    words[..end.unwrap_or(words.len())].trim_end().to_owned()
}

fn check(sources: impl Iterator<Item = String>, expected: &[(&str, usize)]) {
    let options = Options::new(Target::for_version("3.13.0".parse().unwrap()).unwrap(), "m.py");
    let mut counts = BTreeMap::<String, usize>::new();
    for source in sources {
        *counts.entry(verdict(&source, &options)).or_default() += 1;
    }
    let counts: Vec<(&str, usize)> =
        counts.iter().map(|(words, count)| (&**words, *count)).collect();
    assert_eq!(counts, expected);
}

/// Every sequence of one to `most` pieces.
fn rows(pieces: &[&str], most: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut last = vec![String::new()];
    for _ in 0..most {
        let longer = |row: &String| pieces.iter().map(|piece| format!("{row}{piece}")).collect();
        last = last.iter().flat_map::<Vec<String>, _>(longer).collect();
        all.extend_from_slice(&last);
    }
    all
}

#[test]
fn indentations() {
    let mut indents = vec![String::new()];
    indents.extend(rows(&[" ", "\t"], 2));
    indents.push(" ".repeat(8));
    let mut sources = Vec::new();
    for a in &indents {
        for b in &indents {
            sources.extend(indents.iter().map(|c| format!("if 1:\n{a}if 2:\n{b}x\n{c}y\n")));
        }
    }
    let expected = [
        ("IndentationError: expected an indented block after", 176),
        ("IndentationError: unexpected indent", 1),
        ("IndentationError: unindent does not match any outer indentation level", 161),
        ("TabError: inconsistent use of tabs and spaces in indentation", 150),
        ("none", 24),
    ];
    check(sources.into_iter(), &expected);
}

#[test]
fn brackets() {
    let expected = [
        ("SyntaxError: '(' was never closed", 73),
        ("SyntaxError: '[' was never closed", 73),
        ("SyntaxError: '{' was never closed", 73),
        ("SyntaxError: closing parenthesis", 474),
        ("SyntaxError: invalid syntax", 6),
        ("SyntaxError: unmatched", 840),
        ("none", 15),
    ];
    check(rows(&["(", ")", "[", "]", "{", "}"], 4).into_iter(), &expected);
}

/// Every ASCII character at every position of a number.
#[test]
fn numbers() {
    let mut sources = Vec::new();
    for seed in ["0", "12", "0x1f", "0o17", "0b10", "1e5", "1.5j", "1_0"] {
        for at in 0..=seed.len() {
            let (before, behind) = seed.split_at(at);
            let put = |byte: u8| format!("{before}{}{behind}\n", char::from(byte));
            sources.extend((1..128).map(put));
        }
    }
    let expected = [
        ("IndentationError: unexpected indent", 16),
        ("SyntaxError: '(' was never closed", 28),
        ("SyntaxError: '[' was never closed", 28),
        ("SyntaxError: '{' was never closed", 28),
        ("SyntaxError: can't use starred expression here", 8),
        ("SyntaxError: cannot assign to literal", 8),
        ("SyntaxError: cannot assign to literal here. Maybe you meant", 12),
        ("SyntaxError: illegal target for annotation", 12),
        ("SyntaxError: invalid binary literal", 229),
        ("SyntaxError: invalid decimal literal", 906),
        ("SyntaxError: invalid digit", 30),
        ("SyntaxError: invalid hexadecimal literal", 190),
        ("SyntaxError: invalid imaginary literal", 79),
        ("SyntaxError: invalid non-printable character", 784),
        ("SyntaxError: invalid octal literal", 229),
        ("SyntaxError: invalid syntax", 426),
        (
            "SyntaxError: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
            38,
        ),
        ("SyntaxError: unexpected EOF while parsing", 8),
        ("SyntaxError: unexpected character after line continuation character", 20),
        ("SyntaxError: unmatched", 84),
        ("SyntaxError: unterminated string literal", 56),
        ("none", 972),
    ];
    check(sources.into_iter(), &expected);
}

#[test]
fn quotes() {
    let mut sources = Vec::new();
    for prefix in ["", "r", "b", "u", "f", "rb", "fr"] {
        for quote in ["'", "\"", "'''"] {
            for body in ["", "a", "\n", "\\", "{", "}", "\\x4", "\u{e9}"] {
                sources.extend(["", quote, "\n"].map(|end| format!("{prefix}{quote}{body}{end}")));
            }
        }
    }
    let expected = [
        ("SyntaxError: '{' was never closed", 12),
        ("SyntaxError: (unicode error)", 9),
        ("SyntaxError: (value error) invalid \\x escape at position 0", 3),
        ("SyntaxError: bytes can only contain ASCII literal characters", 6),
        ("SyntaxError: f-string: expecting", 6),
        ("SyntaxError: f-string: single", 18),
        ("SyntaxError: unterminated f-string literal", 56),
        ("SyntaxError: unterminated string literal", 180),
        ("SyntaxError: unterminated triple-quoted f-string literal", 26),
        ("SyntaxError: unterminated triple-quoted string literal", 85),
        ("none", 103),
    ];
    check(sources.into_iter(), &expected);
}
