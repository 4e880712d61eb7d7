//! Nested patterns.
//!
//! `case {"k": (_.a, *b)} if c: pass`

use super::{framed, owned, paired};

const ATOMS: &[&str] = &[
    "a",
    "_",
    "1",
    "-1",
    "+1",
    "- 1.5",
    "1j",
    "-1j",
    "1 + 2j",
    "-1 - 2j",
    "1j + 1",
    "1 + 2",
    "~1",
    "'s'",
    "b's'",
    "'s' 't'",
    "f's'",
    "'s' f'{t}'",
    "u's'",
    "None",
    "True",
    "...",
    "a.b",
    "_.a",
    "a._",
    "_()",
    "a()",
    "a.b()",
    "_.a()",
    "a()()",
    "a().b",
    "a[b]",
    "*a",
    "*_",
    "**a",
    "**_",
    "*a.b",
    "__debug__",
    "__debug__.a",
    "match",
    "case",
    "type",
    "not a",
    "a := b",
    "a as b",
    "a as _",
    "a as b.c",
    "a if b else c",
    "()",
    "[]",
    "{}",
    "lambda: a",
    "await a",
    "",
];

const ONE: &[&str] = &[
    "(@)",
    "((@))",
    "[@]",
    "(@,)",
    "[@,]",
    "{k.k: @}",
    "{@: k}",
    "{**@}",
    "{'k': k, **@}",
    "{**@, 'k': k}",
    "C(@)",
    "C(k=@)",
    "C(@=k)",
    "C(@,)",
    "C((@)=k)",
    "C(k=1, @)",
    "C(l, k=@)",
    "_.C(@)",
    "@ as k",
    "(@) as k",
    "@ if k",
    "(*_, @)",
    "[@, *k]",
    "@,",
    "@, k",
    "*k, @",
    "(*k, @) as l",
    "[*_, @, *k]",
];

const TWO: &[&str] = &[
    "@ | #",
    "(@) | #",
    "[@, #]",
    "@, #",
    "(@, #)",
    "{@: #}",
    "C(@, #)",
    "C(@=#)",
    "(@ | #) as k",
];

const STATEMENTS: &[&str] = &["match s:\n    case @: pass\n"];

pub(super) fn sources() -> Vec<String> {
    let atoms = owned(ATOMS);
    let mut all = atoms.clone();
    let once: Vec<String> = framed(ONE, &atoms).collect();
    all.extend(paired(TWO, &atoms));
    all.extend(framed(ONE, &once));
    all.extend(once);
    framed(STATEMENTS, &all).collect()
}
