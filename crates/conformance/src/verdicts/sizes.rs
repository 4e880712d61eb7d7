//! Constructs with as many items as the limits at which CPython's compiler generates other code.
//!
//! `if a in [0, 1, …, 30]: b` has a constant tuple in some releases and a list in others, depending
//! on how many items there are.

/// The sizes at which CPython 3.11 to 3.15 switch: stack limits, one-byte and two-byte arguments.
const SIZES: &[usize] = &[
    0, 1, 2, 3, 4, 5, 8, 14, 15, 16, 17, 18, 19, 29, 30, 31, 32, 33, 64, 127, 128, 129, 254, 255,
    256, 257, 258, 300, 511, 513, 600,
];

/// An item, in which `#` is its number, and the separator. The items replace `@` in a shape.
const ITEMS: &[(&str, &str)] = &[
    ("#", ", "),
    ("v#", ", "),
    ("'k#'", ", "),
    ("*v#", ", "),
    ("'k#': #", ", "),
    ("v#: w#", ", "),
    ("k#=#", ", "),
    ("k#=v#", ", "),
    ("v#", " + "),
    ("v#", " and "),
    ("v# == #", " or "),
    ("v#", " < "),
    ("{v#}", ""),
    ("{v#!r:>{w#}}a", ""),
    ("x[#]", "; "),
    ("v# = x", "; "),
];

const SHAPES: &[&str] = &[
    "[@]",
    "{@}",
    "(@,)",
    "a in [@]",
    "if a in {@}: b",
    "if a:\n    b\nelif a not in [@]: c",
    "for a in [@]: b",
    "for a in {@}: b",
    "[a for a in [@]]",
    "f(@)",
    "f(*a, @)",
    "f(@, **a)",
    "a.f(@)",
    "f(*[@])",
    "[*a, @]",
    "{**a, @}",
    "@, b = c",
    "*a, @ = c",
    "def f(@): pass",
    "def f(*, @): pass",
    "class C(@): pass",
    "match a:\n    case [@]: b",
    "match a:\n    case {@}: b",
    "match a:\n    case C(@): b",
    "f'@'",
    "f'a@b'",
    "if @: b",
    "while @: b",
    "a = @",
    "for a in b:\n    if c: continue\n    @\nelse: d",
    "try:\n    @\nfinally: d",
    "def f():\n    @\n    return lambda: (v0, v1, x)",
    "del @",
    "global @",
    "from m import @",
    "with @: b",
];

pub(super) fn sources() -> Vec<String> {
    let mut all = Vec::new();
    for &(item, between) in ITEMS {
        for &size in SIZES {
            let numbered = (0..size).map(|number| item.replace('#', &number.to_string()));
            let items = numbered.collect::<Vec<_>>().join(between);
            all.extend(SHAPES.iter().map(|shape| shape.replace('@', &items)));
        }
    }
    all
}
