//! Nested constructs, up to the limits of CPython's tokenizer, parser and compiler, and deeper.
//!
//! `(a, (a, (a, x)))` is accepted up to 199 levels.

/// A construct around another one: the text before and after it. The second constant is the
/// innermost text.
struct Around(&'static str, &'static str);

/// Constructs with brackets, whose number the tokenizer limits to 200.
const BRACKETS: &[Around] = &[
    Around("(", ")"),
    Around("[", "]"),
    Around("{", "}"),
    Around("{1: ", "}"),
    Around("{**", "}"),
    Around("(a, ", ")"),
    Around("[a, *", "]"),
    Around("f(", ")"),
    Around("f(a, *", ")"),
    Around("f(a=", ")"),
    Around("f(**", ")"),
    Around("a[", "]"),
    Around("a[1:", "]"),
    Around("a[b, ", "]"),
    Around("a < (", ")"),
    Around("a == (", ")"),
    Around("a != (", ")"),
    Around("a not in (", ")"),
    Around("a is not (", ")"),
    Around("a or (", ")"),
    Around("a and (", ")"),
    Around("not (", ")"),
    Around("a | (", ")"),
    Around("a + (", ")"),
    Around("a ** (", ")"),
    Around("-(", ")"),
    Around("(a := ", ")"),
    Around("(lambda: ", ")"),
    Around("[x for x in ", "]"),
    Around("[", " for a in b]"),
    Around("{", " for a in b}"),
    Around("{1: ", " for a in b}"),
    Around("(x for x in y if ", ")"),
    Around("(a if b else ", ")"),
    Around("(", ").a"),
    Around("(", ")(a)"),
    Around("f'{", "}'"),
    Around("f'{a:{", "}}'"),
    Around("f'a{", "!r}b'"),
];

/// Constructs without brackets.
const OPEN: &[Around] = &[
    Around("-", ""),
    Around("not ", ""),
    Around("a ** ", ""),
    Around("a ** -", ""),
    Around("lambda: ", ""),
    Around("lambda a, b=", ": 0"),
    Around("a if b else ", ""),
    Around("a.", ""),
    Around("a + ", ""),
];

/// Patterns and targets.
const LINES: &[(&str, Around, &str)] = &[
    ("match x:\n case ", Around("[", "]"), ": pass\n"),
    ("match x:\n case ", Around("(a, ", ")"), ": pass\n"),
    ("match x:\n case ", Around("{1: ", "}"), ": pass\n"),
    ("match x:\n case ", Around("C(", ")"), ": pass\n"),
    ("match x:\n case ", Around("C(a=", ")"), ": pass\n"),
    ("match x:\n case ", Around("(", ")"), ": pass\n"),
    ("", Around("[", "]"), " = 1\n"),
    ("", Around("(a, ", ")"), " = 1\n"),
    ("for ", Around("[a, ", "]"), " in y: pass\n"),
    ("del ", Around("(a, ", ")"), "\n"),
    ("with ", Around("(", ")"), ": pass\n"),
    ("if x: pass\n", Around("elif y: pass\n", ""), ""),
    ("if x: pass\n", Around("elif y: pass\n", ""), "else: pass\n"),
];

/// Nested blocks.
const HEADS: &[&str] =
    &["if x:", "while x:", "for x in y:", "with x:", "try:", "class C:", "def f():"];

pub(super) fn make() -> Vec<Vec<u8>> {
    let nest = |Around(open, close): &Around, depth: usize| {
        format!("{}x{}", open.repeat(depth), close.repeat(depth))
    };
    let near_limit = || (50..=150).step_by(25).chain(150..=202);
    let far = || [100, 500, 700, 745, 746, 747, 748].into_iter().chain((750..6000).step_by(375));
    let ends = || (2975..2995).chain(5960..5972).chain([9000, 12_000]);
    let mut made = Vec::new();
    for around in BRACKETS {
        made.extend(near_limit().map(|depth| nest(around, depth)));
    }
    for around in OPEN {
        made.extend(far().chain(ends()).map(|depth| nest(around, depth)));
    }
    for (before, around @ Around(open, _), behind) in LINES {
        if open.ends_with('\n') {
            let rows = far().chain(ends()).map(|depth| open.repeat(depth));
            made.extend(rows.map(|rows| format!("{before}{rows}{behind}")));
        } else {
            let nested = near_limit().map(|depth| nest(around, depth));
            made.extend(nested.map(|nested| format!("{before}{nested}{behind}")));
        }
    }
    for head in HEADS {
        for depth in [5, 19, 20, 21, 50, 98, 99, 100, 101] {
            let lines = (0..depth).map(|level| format!("{}{head}\n", " ".repeat(level)));
            made.push(lines.collect::<String>() + &" ".repeat(depth) + "pass\n");
        }
    }
    made.into_iter().map(String::into_bytes).collect()
}
