//! Which sources are accepted and which aren't.

mod newer;
mod trees;

use crate::options::Mode;
use crate::{ErrorKind, Options, Target, compile, stage};

fn options() -> Options {
    Options::new(Target::for_version("3.13.18".parse().unwrap()).unwrap(), "m.py")
}

/// Sources, one a paragraph, that exercise each rule. `cargo xtask conformance tree` compares their
/// trees with the interpreter's.
const RIGHT: &str = include_str!("tests/right.txt");

/// Sources that CPython refuses.
const WRONG: &str = include_str!("tests/wrong.txt");

/// Paragraphs of a file. They may contain lines of code.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.trim_matches('\n').split("\n\n").filter(|paragraph| !paragraph.trim().is_empty())
}

/// Sources that CPython refuses and other parsers accept.
const ONLY_WE_REFUSE: &[&str] = &[
    "match a:\n    case _.b: c\n",
    "match a:\n    case _(): c\n",
    "match a:\n    case [(*b)]: c\n",
    "match a:\n    case (1, *b) | (*b): c\n",
    "match a:\n    case b((c)=d): e\n",
    "((a) := b)\n",
    "f((a) := b, c)\n",
    "(a).b: int\n",
    "((a).b)[c]: int = 1\n",
    "(()): a\n",
    "() += a\n",
    "() + () = a\n",
    "\u{feff}\u{feff}x = 1\n",
    "if a:\n  b\n \tc\n",
    "if a:\n \tb\n  c\n",
    "if a:\n\tif b:\n   c\nd\n",
];

/// Sources for which the parser has special cases.
const RARE: &[&str] = &[
    "match a:\n    case {_.b: c}: e\n",
    "match a:\n    case C(_=b): c\n",
    "match a:\n    case __debug__.b | __debug__(): c\n",
    "(a): int; ((a)): int; ((a).b): int; (a()).b: int; (a, b)[c]: int; (a + b).c: int\n",
    "() = ((), ()) = [(), a] = b\nfor () in a: del (), ((), [()])\n",
    "'a'[0], 'b'[0] = ('a'[0], ()), [('a'[0],)] = (('a'[0], c), d) = e\nfor 'a'[0], () in f: pass\n",
    "'a'[0] = ('b')[-1], ((),)[0] = c; 'a'[0] += 1; ('a')[0]: b; del 'a'[1 - 1]\n",
    "f(a\n=b, c # d\n = e, f\\\n=g)\n",
    "import a . b, c. d .e\nfrom . f .g import h\nimport \u{e9}.\u{fb01}\n",
];

#[test]
fn lone_stars_are_refused_by_the_compiler() {
    for (source, message) in [
        ("*a", "can't use starred expression here"),
        ("a = *b", "can't use starred expression here"),
        ("for a in *b: c", "can't use starred expression here"),
        ("def f(): return *a", "can't use starred expression here"),
        ("f'{*a}'", "can't use starred expression here"),
        ("*a = b", "starred assignment target must be in a list or tuple"),
        ("for *a in b: c", "starred assignment target must be in a list or tuple"),
    ] {
        let error = compile(source.as_bytes(), &options()).unwrap_err();
        assert_eq!(error.message(), message, "{source}");
    }
}

#[test]
fn sources_that_other_parsers_accept_are_refused() {
    for source in ONLY_WE_REFUSE {
        assert!(compile(source.as_bytes(), &options()).is_err(), "{source}");
    }
    for source in RARE {
        let compiled = compile(source.as_bytes(), &options());
        assert!(compiled.is_ok(), "{source}: {compiled:?}");
    }
}

#[test]
fn valid_sources_are_parsed() {
    for paragraph in paragraphs(RIGHT) {
        let nested = format!("if x:\n  {}\n", paragraph.replace('\n', "\n  "));
        for source in [paragraph, &format!("{paragraph}\n"), &nested] {
            let tree = stage::syntax(source.as_bytes(), &options());
            tree.unwrap_or_else(|error| panic!("{source}\n{error}"));
            assert!(stage::grammar_takes(source.as_bytes(), &options()), "{source}");
        }
    }
}

#[test]
fn invalid_sources_are_refused() {
    for source in paragraphs(WRONG).flat_map(sources) {
        let error = compile(source.as_bytes(), &options()).unwrap_err();
        assert_ne!(error.kind(), ErrorKind::Internal, "{source}");
    }
}

/// The lines of a paragraph, or the whole paragraph if its lines belong together.
fn sources(paragraph: &str) -> Vec<&str> {
    if paragraph.contains("\n ") { vec![paragraph] } else { paragraph.lines().collect() }
}

/// The result of `compile` in a mode, with the position.
fn said(source: &str, mode: Mode) -> String {
    match compile(source.as_bytes(), &options().mode(mode)) {
        Ok(_) => "ok".to_owned(),
        Err(error) => {
            let (line, column) = error.span().map_or((0, None), |span| (span.line, span.column));
            format!("{line}:{} {}", column.map_or(0, |column| column + 1), error.message())
        }
    }
}

/// The expected results are those of 3.13.0.
#[test]
fn an_interactive_statement_ends_with_the_text() {
    let more = "multiple statements found while compiling a single statement";
    for (source, expected) in [
        ("x", "ok"),
        ("x;y # c", "ok"),
        ("x\n  ", "ok"),
        ("x\ny", &format!("1:2 {more}")),
        ("x\n  y", &format!("1:2 {more}")),
        ("if x: y\n", "ok"),
        ("if x: y", "1:0 invalid syntax"),
        ("if x: y\n  ", "2:2 unexpected indent"),
        ("if x: y\n  # c", "ok"),
        ("if x:\n  y", "ok"),
        ("if x:\n  y\n", "ok"),
        ("if x:\n  y\n\n# c\n", "ok"),
        ("if x:\n  y\n# c", "3:0 invalid syntax"),
        ("if x:\n  y\n  ", "3:0 invalid syntax"),
        ("if x:\n  y\nz\n", "3:1 invalid syntax"),
        ("class C: pass", "1:0 invalid syntax"),
        ("@a\n", "1:0 invalid syntax"),
        ("", "0:0 invalid syntax"),
        ("# c", "1:0 invalid syntax"),
        (" x", "1:1 unexpected indent"),
        ("x = 1 \\", "1:7 unexpected character after line continuation character"),
        ("x = 1 \\\n", "1:8 unexpected EOF while parsing"),
        ("'''a", "1:1 unterminated triple-quoted string literal (detected at line 1)"),
    ] {
        assert_eq!(said(source, Mode::Interactive), expected, "{source:?}");
    }
}

#[test]
fn an_expression_may_have_lines_after_it() {
    for (source, expected) in [
        ("x", "ok"),
        ("x,", "ok"),
        ("(*x, y), z", "ok"),
        ("x\n\n# c\n", "ok"),
        ("x # c", "ok"),
        ("x\n  # c", "ok"),
        ("*x", "1:1 invalid syntax"),
        ("x, *y", "1:4 invalid syntax"),
        ("(x), *y", "1:6 invalid syntax"),
        ("x\n  ", "2:2 unexpected indent"),
        (" x", "1:1 unexpected indent"),
        ("", "0:0 invalid syntax"),
        ("x = 1", "1:3 invalid syntax"),
        ("(\n", "1:1 '(' was never closed"),
    ] {
        assert_eq!(said(source, Mode::Expression), expected, "{source:?}");
    }
}

#[test]
fn a_line_may_begin_with_a_continuation() {
    for source in [
        "\\\nx",
        "if x:\n  \\\n y\n  z",
        "if x:\n\\\n  y\n\\\n  z",
        "x\n \\\n ",
        "  \\\n\nx",
        "  \\\n# c\nx",
    ] {
        assert_eq!(said(source, Mode::Module), "ok", "{source:?}");
    }
    assert_eq!(said("  \\\nx", Mode::Module), "2:0 unexpected indent");
    assert_eq!(said("x\n\\", Mode::Module), "2:2 unexpected EOF while parsing");
}

/// The maximum depths of 3.13.0.
#[test]
fn nesting_goes_as_deep_as_cpythons() {
    let parser = "Parser stack overflowed - Python source too complex to parse";
    let compiler = "maximum recursion depth exceeded during compilation";
    for (open, close, most, words) in [
        ("(", ")", 200, "too many nested parentheses"),
        ("{1: ", "}", 200, "too many nested parentheses"),
        ("-", "", 5969, parser),
        ("lambda: ", "", 2984, parser),
        ("1 if 2 else ", "", 5969, parser),
        ("a ** ", "", 2984, parser),
        ("(a, ", ")", 199, parser),
        ("a < (", ")", 192, parser),
        ("lambda a=", ": 0", 746, parser),
        ("x.", "", 9995, compiler),
        ("a + ", "", 9995, compiler),
    ] {
        let source = |depth: usize| format!("{}x{}", open.repeat(depth), close.repeat(depth));
        assert_eq!(said(&source(most), Mode::Module), "ok", "{open} {most}");
        let error = said(&source(most + 1), Mode::Module);
        assert!(error.ends_with(words), "{open} {}: {error}", most + 1);
    }
    assert!(said(&format!("x{}", ".a".repeat(200_000)), Mode::Module).ends_with(compiler));
    let ifs = |many: usize| format!("if x: pass\n{}", "elif y: pass\n".repeat(many));
    assert_eq!(said(&ifs(5965), Mode::Module), "ok");
    assert!(said(&ifs(5966), Mode::Module).ends_with(parser));
}
