//! `match`, `case`, `type` and `_`, which are keywords in some contexts and names in others.
//!
//! `match ( a ) :` begins a statement, `match ( a )` is a call.

use super::{framed, owned};

const SOFT: &[&str] = &["match", "case", "type", "_"];

const TOKENS: &[&str] = &[
    "match", "case", "type", "_", "a", "1", "(", ")", "[", "]", "{", "}", "=", ":", ":=", "*", "-",
    ",", ".", "not", "in", "if", "as", "\\\n",
];

const STATEMENTS: &[&str] = &[
    "@\n",
    "@: pass\n",
    "@:\n    case a: pass\n",
    "@\n    case a: pass\n",
    "match a:\n    @: pass\n",
    "match a:\n    case @: pass\n",
];

pub(super) fn sources() -> Vec<String> {
    let mut all = owned(SOFT);
    let mut last = all.clone();
    for _ in 0..3 {
        let longer =
            last.iter().flat_map(|start| TOKENS.iter().map(move |t| format!("{start} {t}")));
        last = longer.collect();
        all.extend_from_slice(&last);
    }
    framed(STATEMENTS, &all).collect()
}
