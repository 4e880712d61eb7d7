//! Errors in sources, with CPython's messages and locations.
//!
//! The rows have what 3.13.0's `compile()` raises, as (`lineno`, `offset`) and (`end_lineno`,
//! `end_offset`).

use crate::error::{ErrorKind, Fault};
use crate::location::Column;
use crate::options::Mode;
use crate::parse::accepted::{Accepted, Depth, Refusal};
use crate::parse::tokens::Tokens;

fn diagnose(tokens: &Tokens<'_>, mode: Mode) -> Option<Fault> {
    super::diagnose(tokens, mode, &Refusal::default())
}

/// The same if the parser has accepted some statements.
fn diagnose_after(tokens: &Tokens<'_>, accepted: Vec<Accepted>) -> Option<Fault> {
    let refusal = Refusal { accepted, depth: Depth::Shallow, ..Refusal::default() };
    super::diagnose(tokens, Mode::Module, &refusal)
}

type Row = (&'static str, &'static str, (i32, i32), (i32, i32));

/// The column from 1, 0 for none.
fn offset(column: Column) -> i32 {
    column.get().map_or(0, |column| column + 1)
}

#[test]
fn faults_are_those_of_cpython() {
    for row in ROWS {
        check_row(row, diagnose(&Tokens::of(row.0), Mode::Module));
        // The same with the shortcuts for what isn't nested deeply.
        check_row(row, diagnose_after(&Tokens::of(row.0), Vec::new()));
    }
}

fn check_row((text, message, start, end): &Row, fault: Option<Fault>) {
    let Some(fault) = fault else { panic!("{text}") };
    let kind = match fault.kind {
        ErrorKind::Syntax => "",
        _ => "IndentationError: ",
    };
    let at = fault.location;
    assert_eq!(
        (format!("{kind}{}", fault.message), at.line.number(), offset(at.column)),
        ((*message).to_owned(), start.0, start.1),
        "{text}"
    );
    assert_eq!((at.end_line.number(), offset(at.end_column)), *end, "{text}");
}

#[test]
fn valid_sources_have_no_fault() {
    let text = "def f[T](a, /, b=1, *c, d: int, **e) -> x:\n  with (a as b, c): pass\nx[*a, 1:2]: int = 3\n\
                match x:\n  case [1, *_, {'a': A.b(c, d=2) | 3 as e}] if f'{x!r:{w}}': print(*a, b=1, **c)\n";
    assert!(diagnose(&Tokens::of(text), Mode::Module).is_none());
    assert!(diagnose(&Tokens::in_mode("a, b\n", Mode::Expression), Mode::Expression).is_none());
    let tokens = Tokens::in_mode("x = 1\n", Mode::Expression);
    assert!(diagnose(&tokens, Mode::Expression).is_some());
    let single = |text| {
        let tokens = Tokens::in_mode(text, Mode::Interactive);
        diagnose(&tokens, Mode::Interactive)
    };
    for text in ["if x: y\n", "if x:\n  y\n", "x; y", "x # c\n# d\n"] {
        assert!(single(text).is_none(), "{text}");
    }
    assert!(single("x\ny").unwrap().message.starts_with("multiple statements found"));
    assert!(single("").is_some());
}

#[test]
fn deep_sources_need_no_stack() {
    for len in [1, 100, 10_000] {
        let text = "not ".repeat(len) + "a b";
        let fault = diagnose(&Tokens::of(&text), Mode::Module).unwrap();
        let kind = if len < 1000 { ErrorKind::Syntax } else { ErrorKind::Memory };
        assert_eq!(fault.kind, kind, "{len}");
    }
}

/// Without memoisation, nested brackets and alternatives with a common start would be read again
/// and again.
#[test]
fn time_is_linear() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")"), ("x[", "]"), ("{1:", "}")]
    {
        let text = format!("{}a b{}\n", open.repeat(90), close.repeat(90));
        assert!(diagnose(&Tokens::of(&text), Mode::Module).is_some());
    }
    let text = "if x:\n  y\n".to_owned() + &"elif x:\n  y\n".repeat(1000) + "else\n";
    assert!(diagnose(&Tokens::of(&text), Mode::Module).is_some());
}

/// Elements before the wrong one aren't read again, unless CPython finds errors in them.
#[test]
fn faults_are_sought_from_the_wrong_element_on() {
    let message = |text: &str, stop: &str| {
        let stop = u32::try_from(text.rfind(stop).unwrap()).unwrap();
        let refusal = Refusal { stop, depth: Depth::Shallow, ..Refusal::default() };
        super::diagnose(&Tokens::of(text), Mode::Module, &refusal).unwrap().message.clone()
    };
    let comma = "invalid syntax. Perhaps you forgot a comma?";
    // The invalid elements at the start show that they aren't read.
    assert_eq!(message("x = [1 2, 3, 4, (5, 6), 7 8]", "8"), comma);
    assert_eq!(message("x = {1 2: 3, 4: 5, 6: 7, 7 8}", "8"), "':' expected after dictionary key");
    assert_eq!(message("f(1 2, x[3 4, 5, 6, 7 8])", "8"), comma);
    for start in ["a=1", "*a", "lambda x: 0", "a for a in b", "c as d"] {
        let text = format!("f(1 2, {start}, 3, 4, 5 6)");
        assert_eq!(message(&text, "6"), message(&text, "f"), "{start}");
    }
    let generator = "Generator expression must be parenthesized";
    assert_eq!(message("f(a, b, c, d for x in y)", "for"), generator);
}

/// Statements that are known to be valid aren't read again, unless CPython finds errors in them.
#[test]
fn the_search_for_faults_starts_at_the_invalid_statement() {
    let message = |text: &str| {
        let from = u32::try_from(text.rfind('\n').unwrap() + 1).unwrap();
        let accepted = vec![Accepted { start: 0, end: Some(from) }];
        diagnose_after(&Tokens::of(text), accepted).unwrap().message.clone()
    };
    assert_eq!(message("x = 1\nif x:\n  if y:\n    z\na b"), "invalid syntax");
    assert_eq!(message("match(x)\na b"), "expected ':'");
    let legacy = "Missing parentheses in call to 'print'. Did you mean print(...)?";
    assert_eq!(message("print -1\na b"), legacy);
    // The first statement isn't read, which shows that the time depends on the last one only.
    assert_eq!(
        message("1 = 2\nprint(a.match(b))\nx = (1 2)"),
        "invalid syntax. Perhaps you forgot a comma?"
    );
}

/// Text, message, start and end.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("f(a b)", "invalid syntax. Perhaps you forgot a comma?", (1, 3), (1, 6)),
    ("print \"x\"",
      "Missing parentheses in call to 'print'. Did you mean print(...)?", (1, 1), (1, 10)),
    ("x = (1, 2 3)", "invalid syntax. Perhaps you forgot a comma?", (1, 9), (1, 12)),
    ("if x\n  y", "expected ':'", (1, 5), (1, 6)),
    ("if x:\ny",
      "IndentationError: expected an indented block after 'if' statement on line 1",
     (2, 1), (2, 2)),
    ("while x:\n\n# c\ny",
      "IndentationError: expected an indented block after 'while' statement on line 1",
     (4, 1), (4, 2)),
    ("def f()\n  pass", "expected ':'", (1, 8), (1, 9)),
    ("def f:\n  pass", "expected '('", (1, 6), (1, 7)),
    ("class C(:\n  pass", "invalid syntax", (1, 9), (1, 10)),
    ("try:\n  x\ny", "expected 'except' or 'finally' block", (3, 1), (3, 2)),
    ("try\n  x", "expected ':'", (1, 4), (1, 5)),
    ("for x y in z: pass", "invalid syntax", (1, 7), (1, 8)),
    ("for f() in z: pass", "cannot assign to function call", (1, 5), (1, 8)),
    ("for x in y\n  z", "expected ':'", (1, 11), (1, 12)),
    ("with a as f(): pass", "cannot assign to function call", (1, 11), (1, 14)),
    ("with a as b\n  c", "expected ':'", (1, 12), (1, 13)),
    ("1 = x",
      "cannot assign to literal here. Maybe you meant '==' instead of '='?", (1, 1), (1, 2)),
    ("f() += 1",
      "'function call' is an illegal expression for augmented assignment", (1, 1), (1, 4)),
    ("a, b += 1", "'tuple' is an illegal expression for augmented assignment", (1, 1), (1, 5)),
    ("(a, b): int", "only single target (not tuple) can be annotated", (1, 1), (1, 7)),
    ("[a]: int", "only single target (not list) can be annotated", (1, 1), (1, 4)),
    ("f(): int", "illegal target for annotation", (1, 1), (1, 4)),
    ("x = yield = 1", "assignment to yield expression not possible", (1, 5), (1, 10)),
    ("del f()", "cannot delete function call", (1, 5), (1, 8)),
    ("del (a, *b)", "cannot delete starred", (1, 9), (1, 11)),
    ("a = b if c", "expected 'else' after 'if' expression", (1, 5), (1, 11)),
    ("lambda *: 1", "named arguments must follow bare *", (1, 9), (1, 10)),
    ("lambda x=: 1", "invalid syntax", (1, 10), (1, 11)),
    ("lambda x, (y): 1", "Lambda expression parameters cannot be parenthesized", (1, 11), (1, 14)),
    ("f(**a, *b)",
      "iterable argument unpacking follows keyword argument unpacking", (1, 6), (1, 10)),
    ("f(a=1, b)", "positional argument follows keyword argument", (1, 9), (1, 10)),
    ("f(**a, b)", "positional argument follows keyword argument unpacking", (1, 9), (1, 10)),
    ("f(a for a in b, c)", "Generator expression must be parenthesized", (1, 3), (1, 15)),
    ("f(a, b for b in c)", "Generator expression must be parenthesized", (1, 6), (1, 18)),
    ("f(a=)", "expected argument value expression", (1, 3), (1, 5)),
    ("f(True=1)", "cannot assign to True", (1, 3), (1, 8)),
    ("f(a.b=1)", "expression cannot contain assignment, perhaps you meant \"==\"?", (1, 3), (1, 7)),
    ("f(*a=1)", "cannot assign to iterable argument unpacking", (1, 3), (1, 7)),
    ("f(**a=1)", "cannot assign to keyword argument unpacking", (1, 3), (1, 8)),
    ("def f(a=1, b): pass",
      "parameter without a default follows parameter with a default", (1, 12), (1, 13)),
    ("def f(*): pass", "named arguments must follow bare *", (1, 7), (1, 8)),
    ("def f(*, **k): pass", "named arguments must follow bare *", (1, 7), (1, 8)),
    ("def f(*a=1): pass", "var-positional argument cannot have default value", (1, 9), (1, 10)),
    ("def f(**k, a): pass", "arguments cannot follow var-keyword argument", (1, 12), (1, 13)),
    ("def f(/, a): pass", "at least one argument must precede /", (1, 7), (1, 8)),
    ("def f(a, /, b, /): pass", "/ may appear only once", (1, 16), (1, 17)),
    ("def f(*a, /): pass", "/ must be ahead of *", (1, 11), (1, 12)),
    ("def f(a, (b)): pass", "Function parameters cannot be parenthesized", (1, 10), (1, 13)),
    ("def f(a, / *b): pass", "expected comma between / and *", (1, 12), (1, 13)),
    ("def f[T: int](x): pass\ndef f[*T: int](): pass",
      "cannot use bound with TypeVarTuple", (2, 9), (2, 14)),
    ("def f[**P: (int, str)](): pass", "cannot use constraints with ParamSpec", (1, 10), (1, 22)),
    ("class C[]: pass", "Type parameter list cannot be empty", (1, 9), (1, 9)),
    ("{1: 2, 3}", "':' expected after dictionary key", (1, 8), (1, 0)),
    ("{1: *a}", "cannot use a starred expression in a dictionary value", (1, 5), (1, 7)),
    ("{1:}", "expression expected after dictionary key and ':'", (1, 3), (1, 4)),
    ("{1: 2, 3: }", "expression expected after dictionary key and ':'", (1, 9), (1, 10)),
    ("[x, y for x in z]",
      "did you forget parentheses around the comprehension target?", (1, 2), (1, 6)),
    ("[*a for a in b]", "iterable unpacking cannot be used in comprehension", (1, 2), (1, 4)),
    ("{**a for a in b}", "dict unpacking cannot be used in dict comprehension", (1, 2), (1, 4)),
    ("(*a)", "cannot use starred expression here", (1, 2), (1, 4)),
    ("(**a)", "cannot use double starred expression here", (1, 2), (1, 4)),
    ("[a for b c in d]", "'in' expected after for-loop variables", (1, 10), (1, 11)),
    ("from a import b,",
      "trailing comma not allowed without surrounding parentheses", (1, 17), (1, 18)),
    ("from a import", "Expected one or more names after 'import'", (1, 14), (1, 14)),
    ("import a from b", "Did you mean to use 'from ... import ...' instead?", (1, 1), (1, 16)),
    ("import", "Expected one or more names after 'import'", (1, 7), (1, 7)),
    ("x = 1 +", "invalid syntax", (1, 8), (1, 9)),
    ("x = 1 2", "invalid syntax", (1, 7), (1, 8)),
    (" x", "IndentationError: unexpected indent", (1, 1), (1, 0)),
    ("x\n  y", "IndentationError: unexpected indent", (2, 2), (2, 0)),
    ("if x:\n  y\n    z", "IndentationError: unexpected indent", (3, 4), (3, 0)),
    ("f'{a b}'", "invalid syntax. Perhaps you forgot a comma?", (1, 4), (1, 7)),
    ("f'{}'", "f-string: valid expression required before '}'", (1, 4), (1, 5)),
    ("f'{a!}'", "f-string: missing conversion character", (1, 6), (1, 7)),
    ("f'{a!z}'",
      "f-string: invalid conversion character 'z': expected 's', 'r', or 'a'", (1, 6), (1, 7)),
    ("f'{a! r}'",
      "f-string: conversion type must come right after the exclamanation mark", (1, 5), (1, 8)),
    ("f'{lambda x: 1}'",
      "f-string: lambda expressions are not allowed without parentheses", (1, 4), (1, 13)),
    ("f'{a:{}}'", "f-string: valid expression required before '}'", (1, 7), (1, 8)),
    ("f'{*}'", "f-string: expecting a valid expression after '{'", (1, 4), (1, 5)),
    ("'a' b'b'", "cannot mix bytes and nonbytes literals", (1, 9), (1, 10)),
    ("match x\n  case 1: pass", "expected ':'", (1, 8), (1, 9)),
    ("match x:\ncase 1: pass",
      "IndentationError: expected an indented block after 'match' statement on line 1",
     (2, 1), (2, 5)),
    ("match x:\n  case 1\n    pass", "expected ':'", (2, 9), (2, 10)),
    ("match x:\n  case a as _: pass", "cannot use '_' as a target", (2, 13), (2, 14)),
    ("match x:\n  case a as b.c: pass", "invalid syntax", (2, 14), (2, 15)),
    ("match x:\n  case C(a=1, b): pass",
      "positional patterns follow keyword patterns", (2, 15), (2, 16)),
    ("match x:\n  case 1j + 1: pass", "real number required in complex literal", (2, 8), (2, 10)),
    ("match x:\n  case 1 + 1: pass",
      "imaginary number required in complex literal", (2, 12), (2, 13)),
    ("if (a = 1): pass",
      "invalid syntax. Maybe you meant '==' or ':=' instead of '='?", (1, 5), (1, 10)),
    ("if x.y = 1: pass",
      "cannot assign to attribute here. Maybe you meant '==' instead of '='?", (1, 4), (1, 7)),
    ("(f() := 1)", "cannot use assignment expressions with function call", (1, 2), (1, 5)),
    ("a not b", "invalid syntax", (1, 7), (1, 8)),
    ("1 + not a", "'not' after an operator must be parenthesized", (1, 5), (1, 10)),
    ("else: pass", "invalid syntax", (1, 1), (1, 5)),
    ("if x:\n  pass\nelif y\n  pass", "expected ':'", (3, 7), (3, 8)),
    ("try:\n  a\nexcept b, c:\n  d",
      "multiple exception types must be parenthesized", (3, 8), (3, 12)),
    ("try:\n  a\nexcept* :\n  d", "expected one or more exception types", (3, 9), (3, 10)),
    ("try:\n  a\nexcept b:\n  c\nexcept* d:\n  e",
      "cannot have both 'except' and 'except*' on the same 'try'", (5, 1), (5, 8)),
    ("try:\n  a\nexcept b\n  c", "expected ':'", (3, 9), (3, 10)),
    ("try:\n  a\nfinally:\nb",
      "IndentationError: expected an indented block after 'finally' statement on line 3",
     (4, 1), (4, 2)),
    ("@a", "invalid syntax", (1, 0), (1, 0)),
    ("async x", "invalid syntax", (1, 7), (1, 8)),
    ("x = a b\n(\n1)", "invalid syntax", (1, 7), (1, 8)),
    ("(a,\n b c)", "invalid syntax. Perhaps you forgot a comma?", (2, 2), (2, 5)),
    ("async def f(): await", "invalid syntax", (1, 21), (1, 22)),
    ("f'{3!g'", "f-string: expecting '}'", (1, 7), (1, 7)),
    ("f'{3!g x'", "f-string: expecting ':' or '}'", (1, 8), (1, 9)),
    ("f'{3!g:'", "f-string: expecting '}', or format specs", (1, 8), (1, 9)),
    ("f'{,}' 07", "leading zeros in decimal integer literals are not permitted; \
     use an 0o prefix for octal integers", (1, 8), (1, 9)),
    ("f'{,} {07}'", "f-string: expecting a valid expression after '{'", (1, 4), (1, 5)),
    ("a b\nf'{(]}'", "invalid syntax", (1, 3), (1, 4)),
    ("a b\n(]", "closing parenthesis ']' does not match opening parenthesis '('", (2, 2), (2, 2)),
    ("if x  # c\n  y", "expected ':'", (1, 7), (1, 11)),
    ("a <> b", "invalid syntax", (1, 3), (1, 5)),
];
