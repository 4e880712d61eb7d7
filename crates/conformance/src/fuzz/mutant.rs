//! Sources with a wrong token: statements from a library that are damaged.
//!
//! `return x + 1` may become `return x 1`, `return return x + 1`, `return + x 1`.

use super::random::Random;

/// The possible replacements of a token.
const TOKENS: &[&str] = &[
    "x",
    "1",
    "''",
    "b''",
    "f'{x}'",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ";",
    ".",
    "=",
    "==",
    ":=",
    "->",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "@",
    "%",
    "&",
    "|",
    "^",
    "~",
    "<",
    "<<",
    "!=",
    "+=",
    "...",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "elif",
    "for",
    "while",
    "break",
    "continue",
    "def",
    "class",
    "return",
    "yield",
    "await",
    "async",
    "lambda",
    "global",
    "nonlocal",
    "import",
    "from",
    "as",
    "with",
    "try",
    "except",
    "finally",
    "raise",
    "assert",
    "del",
    "pass",
    "None",
    "True",
    "match",
    "case",
    "type",
    "_",
    "print",
    "__debug__",
];

/// A part of `source`: a few complete top-level statements of moderate length.
pub(crate) fn excerpt(source: &str, random: &mut Random) -> Option<String> {
    let lines: Vec<&str> = source.lines().collect();
    let starts_statement = |line: &&str| {
        line.starts_with(|first: char| first.is_alphabetic() || first == '@' || first == '_')
    };
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| starts_statement(&lines[at])).collect();
    let first = *starts.get(random.below(starts.len()))?;
    let end = starts.iter().copied().find(|&at| at > first + 3).unwrap_or(lines.len());
    (end - first <= 60).then(|| lines[first..end].join("\n") + "\n")
}

/// `source` with one to three tokens removed, doubled, exchanged or replaced.
pub(crate) fn mutate(source: &str, random: &mut Random) -> String {
    let mut tokens = tokens(source);
    let mutations = if random.percent(70) { 1 } else { 1 + random.below(3) };
    for _ in 0..mutations {
        let words: Vec<usize> =
            (0..tokens.len()).filter(|&at| !tokens[at].trim().is_empty()).collect();
        if words.is_empty() {
            break;
        }
        let at = *random.pick(&words);
        match random.below(5) {
            0 => " ".clone_into(&mut tokens[at]),
            1 => tokens[at] = format!("{0} {0}", tokens[at]),
            2 => {
                let other = *random.pick(&words);
                tokens.swap(at, other);
            }
            3 => tokens[at] = format!("{} {}", tokens[at], random.pick(TOKENS)),
            _ => (*random.pick(TOKENS)).clone_into(&mut tokens[at]),
        }
    }
    tokens.concat()
}

/// Splits a source into words, strings, operators and what is between them; nothing is lost.
pub(crate) fn tokens(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let len = if first.is_alphanumeric() || first == '_' {
            let word = |character: char| character.is_alphanumeric() || character == '_';
            let end = rest.find(|character| !word(character)).unwrap_or(rest.len());
            // A string's prefix belongs to the string.
            end + if end <= 2 { string(&rest[end..]).unwrap_or(0) } else { 0 }
        } else if first.is_whitespace() {
            rest.find(|character: char| !character.is_whitespace()).unwrap_or(rest.len())
        } else if first == '#' {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(len) = string(rest) {
            len
        } else {
            let pair = ["**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", ":=", "+=", "-="];
            pair.iter().find(|pair| rest.starts_with(**pair)).map_or(first.len_utf8(), |_| 2)
        };
        let (token, after) = rest.split_at(len);
        found.push(token.to_owned());
        rest = after;
    }
    found
}

/// The length of the string literal at the start of `text`, if there is one.
fn string(text: &str) -> Option<usize> {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text.starts_with(*quote))?;
    let mut at = quote.len();
    while let Some(rest) = text.get(at..) {
        if rest.starts_with(quote) {
            return Some(at + quote.len());
        }
        let mut characters = rest.chars();
        let step = match characters.next()? {
            '\\' => 1 + characters.next().map_or(0, char::len_utf8),
            other => other.len_utf8(),
        };
        at += step;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_cover_the_whole_source() {
        let source = "def f(x):  # é\n    return rb'\\'' + \"\"\"a\"b\"\"\" ** x_1 != 'open\n";
        assert_eq!(tokens(source).concat(), source);
        assert!(tokens(source).contains(&"rb'\\''".to_owned()));
    }

    #[test]
    fn mutants_are_the_same_for_the_same_seed() {
        let source = "x = f(1, 2)\n";
        let [one, same] = [7, 7].map(|seed| mutate(source, &mut Random::new(seed)));
        assert_eq!(one, same);
        assert!((0..20).any(|seed| mutate(source, &mut Random::new(seed)) != source));
    }
}
