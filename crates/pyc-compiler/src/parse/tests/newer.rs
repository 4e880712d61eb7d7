//! Sources that 3.14 accepts and 3.13 doesn't, and the messages of both about sources that they
//! refuse.

use crate::{Options, Target, compile, stage};

fn options(release: &str) -> Options {
    Options::new(Target::preview(release.parse().unwrap()).unwrap(), "m.py")
}

/// Lines of the tree of an expression.
fn tree(release: &str, source: &str) -> Vec<String> {
    let tree = stage::syntax(source.as_bytes(), &options(release)).unwrap();
    tree.lines().skip(2).map(|line| line.trim_start().to_owned()).collect()
}

#[test]
fn fields_of_t_strings_know_their_text() {
    let fields = |release: &str, source: &str| {
        let lines = tree(release, source);
        let fields = lines.iter().filter_map(|line| line.split_once("Interpolation "));
        fields.map(|(_, field)| field.split_once(' ').unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    for (source, new, old) in [
        ("t'{ x }'", "str=' x ' conversion=-1", "str=' x' conversion=-1"),
        ("t'{x = }'", "str='x ' conversion=114", "str='x' conversion=114"),
        ("t'''{x # = }\n!s:>{y}}'''", r"str='x \x0a' conversion=115", "str='x' conversion=115"),
        ("t'{a==b}'", "str='a==b' conversion=-1", "str='a==b' conversion=-1"),
    ] {
        assert_eq!(fields("3.14.10", source), [new], "{source}");
        assert_eq!(fields("3.14.7", source), [old], "{source}");
    }
}

#[test]
fn t_strings_are_joined_only_with_t_strings() {
    let lines = tree("3.14.10", "t'a{b=}c' rt'\\d' T''");
    assert_eq!(
        lines,
        [
            "value TemplateStr 1:0-1:20",
            "values Constant 1:2-1:6 value='ab='",
            "values Interpolation 1:3-1:7 str='b' conversion=114",
            "value Name 1:4-1:5 id='b' ctx=Load",
            "values Constant 1:7-1:15 value='c\\x5cd'",
        ]
    );
}

#[test]
fn handlers_need_no_parentheses() {
    let source = "try: a\nexcept B, C: d\nexcept (E, F) as g: h\nexcept I,: j\n";
    let lines = tree("3.14.10", source);
    let types: Vec<_> = lines.iter().filter(|line| line.starts_with("type")).collect();
    let types: Vec<_> = types.iter().map(|line| line.split(" ctx").next().unwrap()).collect();
    assert_eq!(types, ["type Tuple 2:7-2:11", "type Tuple 3:7-3:13", "type Tuple 4:7-4:9"]);
}

#[test]
fn each_release_has_its_own_messages() {
    let said = |release: &str, source: &str| {
        let error = compile(source.as_bytes(), &options(release)).unwrap_err();
        error.message().to_owned()
    };
    let mixed = "cannot mix t-string literals with string or bytes literals";
    let invalid = "invalid syntax";
    for (source, old, new) in [
        ("t'a' 'b'", invalid, mixed),
        ("'a' 'c' t'b'", invalid, mixed),
        ("bft'a'", invalid, "'b' and 'f' prefixes are incompatible"),
        (
            "t'{a!x}'",
            invalid,
            "t-string: invalid conversion character 'x': expected 's', 'r', or 'a'",
        ),
        ("t'{f\"{}\"}'", invalid, "f-string: valid expression required before '}'"),
        (
            "f'{t\"{}\"}'",
            "f-string: expecting '=', or '!', or ':', or '}'",
            "t-string: valid expression required before '}'",
        ),
        (
            "t'{lambda: a}'",
            invalid,
            "t-string: lambda expressions are not allowed without parentheses",
        ),
        (
            "t'a' = b",
            invalid,
            "cannot assign to t-string expression here. Maybe you meant '==' instead of '='?",
        ),
        ("'a' b 'c'", invalid, "invalid syntax. Is this intended to be part of the string?"),
        ("a if b else pass", invalid, "expected expression after 'else', but statement is given"),
        ("pass if b else c", invalid, "expected expression before 'if', but statement is given"),
        ("import a as b.c", invalid, "cannot use attribute as import target"),
        ("if a: b\nelse: c\nelif d: e", invalid, "'elif' block follows an 'else' block"),
        (
            "try: a\nexcept B, C as d: e",
            "multiple exception types must be parenthesized",
            "multiple exception types must be parenthesized when using 'as'",
        ),
        (
            "try: a\nexcept B, C: d\nexcept* e: f",
            "multiple exception types must be parenthesized",
            "cannot have both 'except' and 'except*' on the same 'try'",
        ),
    ] {
        assert_eq!(said("3.13.18", source), old, "{source}");
        assert_eq!(said("3.14.10", source), new, "{source}");
    }
}
