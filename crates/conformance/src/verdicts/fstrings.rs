//! F-strings: debug text, format specifications, escapes and warnings, in all combinations of
//! parts.
//!
//! 3.13.0 cuts `f'{f(b=1)[a:b]=}'` at the colon; later releases keep it whole.

use super::{framed, owned, paired};

const EXPRESSIONS: &[&str] = &[
    "a",
    "a ",
    " a",
    "a != b",
    "a == b",
    "a['b']",
    "a['!']",
    "a[b:c]",
    "a[b!=c]",
    "{b: c}",
    "{b, c}[d]",
    "f(b=1)",
    "f(b=1)[a:b]",
    "f(b=1)[a!=b]",
    "f(b=1, c={d: e})",
    "(lambda b=1: 2)",
    "(lambda: 2)",
    "(a := b)",
    "f(b=1, c=(d := e))",
    "f(b=1)+{c: d}[e:f]",
    "'#'",
    "'a' # c\n",
    "a # b!:\n",
    "a\n",
    "'\\n'",
    "'\\d'",
    "f'{b}'",
    "f'{b=}'",
    "f'{b:c}'",
    "f'{b!r:{c}}'",
    "a, b",
    "yield",
    "a if b else c",
    "1if a else b",
    "'''b'''",
    "[b for b in c if b != d]",
    "a[b][c:d]",
    "a >= b",
    "a<=b",
    "f(b >= c, d=e)",
];

const FIELDS: &[&str] = &[
    "{@}",
    "{@=}",
    "{@ = }",
    "{@=!r}",
    "{@=!s:d}",
    "{@=:d}",
    "{@!r}",
    "{@:d}",
    "{@:{e}}",
    "{@=:{e}}",
    "{@:{e=}}",
    "{@:\\d}",
    "{@:\\x41}",
    "{@:\\N{EM DASH}}",
    "{@=:\\d}",
    "{e:{@}}",
    "{e:{@=}}",
    "{e:f{@=}}",
    "{e:{@!r}g}",
    "{e=:{@=}}",
    "{e:{g:{@}}}",
    "{e:{g}{@=}}",
    "{e!=g:{@=}}",
];

const AROUND: &[&str] = &[
    "@",
    "a@b",
    "{{@}}",
    "\\d@",
    "@\\d",
    "\\{{@",
    "\\N{EM DASH}@\\N{EN DASH}",
    "{x}@",
    "{x=}@",
    "@{x=}",
    "{x!=y=}@",
    "{x:y}@",
    "{x:{y}}@",
    "\\\n@",
    "\\N{EM DASH}\\d{{\\d@\\d",
    "{x:\\d}@",
];

const QUOTED: &[&str] =
    &["f\"@\"", "rf\"@\"", "f\"\"\"@\"\"\"", "f\"\"\"\n@\n\\d\"\"\"", "f\"@\" '\\d'"];

/// Parts of a format spec.
const PARTS: &[&str] = &[
    "{g}",
    "{g:h}",
    "{g:{{b: c}}}",
    "{g!r}",
    "{d=}",
    "{{b: c}}",
    "{{b}!r}",
    "{{b}:h}",
    "{{b}=}",
    "{{",
    "}",
    "x",
    "\\N{EN DASH}",
    "\\n",
    "\\\n",
    "\n",
];

/// Fields with a format spec, and what follows them.
const SPECS: &[&str] = &["f\"{e:@}\"", "rf\"{e=:@}{x=}\"", "f\"\"\"{e!r:@}u\"\"\""];

/// Sequences of up to three parts.
fn specs() -> Vec<String> {
    let one = owned(PARTS);
    let two: Vec<String> = paired(&["@#"], &one).collect();
    let three = two.iter().flat_map(|two| PARTS.iter().map(move |last| format!("{two}{last}")));
    let three: Vec<String> = three.collect();
    [one, two, three].concat()
}

pub(super) fn sources() -> Vec<String> {
    let fields: Vec<String> = framed(FIELDS, &owned(EXPRESSIONS)).collect();
    let around: Vec<String> = framed(AROUND, &fields).collect();
    let mut all: Vec<String> = framed(QUOTED, &around).collect();
    let simple: Vec<String> =
        framed(FIELDS, &owned(&["a", "a != b", "f(b=1)[a:b]", "'#'"])).collect();
    let pairs: Vec<String> = paired(&["@#", "@\\d#"], &simple).collect();
    all.extend(framed(&QUOTED[..2], &pairs));
    all.extend(framed(SPECS, &specs()));
    framed(&["x = @\n"], &all).collect()
}
