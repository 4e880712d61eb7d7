//! A tree without those errors of rustpython-parser that can't be corrected: the affected parts are
//! left out on both sides.
//!
//! ```text
//! values Constant 1:2-1:8 value='\xed\xa0\x80'   of our f'\ud800{x}'
//! values Constant 1:0-1:12 value='\xef\xbf\xbd'  of theirs
//! values Constant value='\xef\xbf\xbd'           of both, normal
//! ```

use std::fmt::Write as _;

pub(crate) fn normal(tree: &str, source: &str) -> String {
    let source: Vec<&str> = source.split('\n').collect();
    let mut text = String::with_capacity(tree.len());
    let mut classes: Vec<&str> = Vec::new();
    for line in tree.lines() {
        let bare = line.trim_start();
        classes.truncate((line.len() - bare.len()) / 2);
        let mut words = bare.split(' ');
        let (field, class) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let _ = write!(text, "{:width$}{field} {class}", "", width = classes.len() * 2);
        if misplaced(classes.last().copied().unwrap_or(""), field, class) {
            words.next();
        }
        for word in words {
            text.push(' ');
            match place_before_semicolon(word, &source) {
                Some(place) => text.push_str(&place),
                None => push_scalars(&mut text, word),
            }
        }
        text.push('\n');
        classes.push(class);
    }
    text
}

/// Whether such a node, in this field of a node of the class `above`, has a wrong location.
fn misplaced(above: &str, field: &str, class: &str) -> bool {
    match (above, field, class) {
        // `f(x for x in y)`: theirs excludes the call's parentheses.
        ("Call", "args", "GeneratorExp")
        // `(x := (1))`: theirs ends with the value, inside its parentheses.
        | (_, _, "NamedExpr")
        // `match a, b:`: theirs ends with the statement.
        | ("Match", "subject", "Tuple")
        // `f'a{b:c}'`: they only have the location of the whole string, as every parser did before
        // 3.12. Expressions in braces have their own, except for the tuple in `f'{a,}'`, which they
        // put into parentheses.
        | ("JoinedStr", "values", "Constant" | "FormattedValue")
        | ("FormattedValue", "format_spec", "JoinedStr")
        | ("FormattedValue", "value", "Tuple") => true,
        _ => false,
    }
}

/// A block that ends in `pass;` ends with its semicolon. Theirs ends before it.
fn place_before_semicolon(word: &str, source: &[&str]) -> Option<String> {
    let (start, end) = word.split_once('-')?;
    let (line, column) = end.split_once(':')?;
    let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
    let end = source.get(line.checked_sub(1)?)?.get(..column)?.strip_suffix(';')?.trim_end();
    Some(format!("{start}-{line}:{}", end.len()))
}

/// Surrogates (`'\ud800'`) can't be in Rust's strings. In theirs they are U+FFFD.
fn push_scalars(text: &mut String, word: &str) {
    let mut rest = word;
    while let Some(at) = rest.find("\\xed\\x") {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let surrogate = matches!(from.as_bytes().get(6), Some(b'a' | b'b')) && from.len() >= 12;
        text.push_str(if surrogate { "\\xef\\xbf\\xbd" } else { &from[..4] });
        rest = &from[if surrogate { 12 } else { 4 }..];
    }
    text.push_str(rest);
}
