//! Sources with the mistakes that people make.
//!
//! `f(a, b)` can become `f(a b)` or `f(a, b`, and `while x:` can become `while x` or `whlie x:`.

use super::super::fuzz::{Random, mutant};

/// A person's mistake: something forgotten or mistyped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    Comma,
    Bracket,
    Colon,
    Keyword,
    MergeMarker,
}

pub(super) const ALL: [Slip; 5] =
    [Slip::Comma, Slip::Bracket, Slip::Colon, Slip::Keyword, Slip::MergeMarker];

const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "None",
    "True", "False",
];

const MARKERS: [&str; 3] = ["<<<<<<< HEAD", "=======", ">>>>>>> feature"];

/// `source` with one mistake; `None` if there is no place for it.
pub(super) fn make(slip: Slip, source: &str, random: &mut Random) -> Option<String> {
    if slip == Slip::MergeMarker {
        let mut lines: Vec<&str> = source.lines().collect();
        let at = random.below(lines.len() + 1);
        lines.insert(at, random.pick::<&str>(&MARKERS));
        return Some(lines.join("\n") + "\n");
    }
    let mut tokens = mutant::tokens(source);
    let fits = |token: &str| match slip {
        Slip::Comma => token == ",",
        Slip::Bracket => matches!(token, "(" | ")" | "[" | "]" | "{" | "}"),
        Slip::Colon => token == ":",
        Slip::Keyword | Slip::MergeMarker => KEYWORDS.contains(&token),
    };
    let places: Vec<usize> = (0..tokens.len()).filter(|&at| fits(&tokens[at])).collect();
    if places.is_empty() {
        return None;
    }
    let at = *random.pick(&places);
    tokens[at] = if slip == Slip::Keyword { mistyped(&tokens[at], random) } else { String::new() };
    Some(tokens.concat())
}

/// The word with two letters exchanged, one missing, or one doubled.
fn mistyped(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = random.below(letters.len() - 1);
    match random.below(3) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_changes_one_place() {
        let source = "while f(a, b):\n    pass\n";
        let made = |slip| make(slip, source, &mut Random::new(1)).unwrap();
        assert_eq!(made(Slip::Comma), "while f(a b):\n    pass\n");
        assert_eq!(made(Slip::Colon), "while f(a, b)\n    pass\n");
        assert_eq!(made(Slip::Bracket).len(), source.len() - 1);
        assert_eq!(made(Slip::MergeMarker).lines().count(), 3);
        assert_ne!(made(Slip::Keyword), source);
        assert_eq!(make(Slip::Comma, "x\n", &mut Random::new(1)), None);
    }
}
