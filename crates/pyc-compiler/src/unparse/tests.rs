//! The annotation for `x: …` under the future import, compared with CPython 3.13.0.

use pyc_code::Minor;

use super::*;
use crate::fold::Folding;
use crate::options::Options;
use crate::pipeline;
use crate::source::Source;
use crate::target::{Facts, Target};
use crate::tree::{Root, StmtKind};

/// The text of an annotation, or the error.
fn text(annotation: &str) -> String {
    let options = Options::new(Target::newest(Minor::PY313).unwrap(), "m.py");
    let mut context = Context::new(&options);
    let source = format!("from __future__ import annotations\nx: {annotation}\n");
    let source = Source::decode(source.as_bytes(), &Facts::of(options.target()))
        .unwrap_or_else(|_| panic!("{annotation}"));
    let tree = pipeline::read(&source, &mut context, Folding::Done)
        .unwrap_or_else(|_| panic!("{annotation}"));
    let Root::Module(body) = tree.root else { panic!("no module") };
    let [.., statement] = tree[body] else { panic!("no statement") };
    let StmtKind::AnnotatedAssign { annotation, .. } = tree[statement].kind else {
        panic!("no annotation")
    };
    match super::annotation(&tree, annotation, &mut context) {
        Ok(name) => context.names.text(name).into_owned(),
        Err(fault) => fault.message.clone(),
    }
}

#[test]
fn annotations_are_written_in_one_form() {
    let table = [
        ("dict [ 'a' , (1+2) ]", "dict['a', 1 + 2]"),
        ("((a)+b)*c", "(a + b) * c"),
        ("a-(b-c)-d", "a - (b - c) - d"),
        ("a**(b**c)", "a ** b ** c"),
        ("(a**b)**c", "(a ** b) ** c"),
        ("-a**-b", "-a ** (-b)"),
        ("not (a or b) and c", "not (a or b) and c"),
        ("(a and b) and c", "(a and b) and c"),
        ("(a < b) < c", "(a < b) < c"),
        ("a if (b if c else d) else e", "a if (b if c else d) else e"),
        ("(a, b)", "(a, b)"),
        ("X[(a, b)]", "X[a, b]"),
        ("X[()]", "X[()]"),
        ("X[a,]", "X[a,]"),
        ("X[1:2:3, :, *a]", "X[1:2:3, :, *a]"),
        ("lambda a,/,b=1,*,c=2,d,**e:(a,b)", "lambda a, /, b=1, *, c=2, d, **e: (a, b)"),
        ("lambda *a: a", "lambda*a: a"),
        ("lambda: (yield)", "lambda: (yield)"),
        ("{**a, b: c}", "{**a, b: c}"),
        ("{*a, b}", "{*a, b}"),
        ("f(a for a in b)", "f(a for a in b)"),
        ("f(a, *b, c=d, **e)", "f(a, *b, c=d, **e)"),
        ("[a async for a, b in c if d if e]", "[a async for a, b in c if d if e]"),
        ("[(a := b) for c in d]", "[(a := b) for c in d]"),
        ("1 .real", "1 .real"),
        ("1e999 + 1e999j", "1e309 + 1e309j"),
        ("u'a' 'b'", "u'ab'"),
        ("\"it's\"", "\"it's\""),
        ("b'a' if ... else None", "b'a' if ... else None"),
        ("a @ b | c ^ d & e << f", "a @ b | c ^ d & e << f"),
    ];
    for (annotation, expected) in table {
        assert_eq!(text(annotation), expected, "{annotation}");
    }
}

#[test]
fn f_strings_are_quoted_as_a_whole() {
    let table = [
        ("f'{x!r:>{n}}'", "f'{x!r:>{n}}'"),
        ("f'{{{ {1: 2} }}}'", "f'{{{ {1: 2}}}}'"),
        ("f'{(lambda: 1)}'", "f'{(lambda: 1)}'"),
        ("f'{x=}'", "f'x={x!r}'"),
        ("f'{a[\"b\"]}' 'c'", "f\"{a['b']}c\""),
        ("f\"{a['b']}{c[f'{d}']}\"", "f\"{a['b']}{c[f'{d}']}\""),
        ("f'{x:{y}-{z!s}}'", "f'{x:{y}-{z!s}}'"),
    ];
    for (annotation, expected) in table {
        assert_eq!(text(annotation), expected, "{annotation}");
    }
}

#[test]
fn integers_have_a_limit() {
    assert_eq!(text("0xFF"), "255");
    assert!(text(&format!("0x{}", "F".repeat(4000))).starts_with("Exceeds the limit"));
}
