//! Kinds of damage to an excerpt of a library.
//!
//! `if x:\n    y()` can become `if x:\n   y()`, `if x:)\n    y(`, or `if x:\n    y(“)`.

use super::super::super::fuzz::Random;
use super::pieces::PIECES;

/// A place between two characters.
pub(super) fn place(text: &str, random: &mut Random) -> usize {
    let mut at = random.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One line at another place, sometimes also one repeated.
pub(super) fn lines(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let line = lines.remove(random.below(lines.len()));
    lines.insert(random.below(lines.len() + 1), line);
    if random.percent(30) {
        let line = *random.pick(&lines);
        lines.insert(random.below(lines.len() + 1), line);
    }
    lines.join("\n") + "\n"
}

/// One to three lines with another indentation.
pub(super) fn indents(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..*random.pick(&[1, 1, 2, 3]) {
        let at = random.below(lines.len());
        let line = &lines[at];
        let bare = line.trim_start_matches(' ');
        let indent = line.len() - bare.len();
        lines[at] = match random.below(20) {
            0..=5 => " ".repeat(*random.pick(&[1, 2, 3, 4, 8])) + line,
            6..=11 => line[indent.min(*random.pick(&[1, 2, 4]))..].to_owned(),
            12..=14 => format!("\t{line}"),
            15 | 16 => line.replacen("    ", "\t", 1 + random.below(2)),
            17 => format!(" \t{bare}"),
            18 => format!("\x0c{line}"),
            _ => bare.to_owned(),
        };
    }
    lines.join("\n") + random.pick::<&str>(&["\n", "", "\n\n", "\n  ", "\n\t"])
}

/// Half of one text and half of another, or one inside the other.
pub(super) fn splice(one: &str, other: &str, random: &mut Random) -> String {
    let (at, start) = (place(one, random), place(other, random));
    let (before, after) = one.split_at(at);
    let rest = &other[start..];
    match random.below(4) {
        0 | 1 => format!("{before}{rest}\n"),
        2 => format!("{before}{other}{after}\n"),
        _ => {
            let len = *random.pick(&[1, 3, 8, 20]);
            let part: String = rest.chars().take(len).collect();
            format!("{before}{part}{after}\n")
        }
    }
}

/// One to three characters, escapes or quotes inserted, removed or replaced.
pub(super) fn characters(text: &str, random: &mut Random) -> String {
    let mut text = text.trim_end().to_owned();
    for _ in 0..*random.pick(&[1, 1, 1, 2, 3]) {
        change(&mut text, 0, 60, &PIECES.characters, random);
    }
    text + random.pick::<&str>(&["\n", "\n", "\n", ""])
}

/// Operators, quotes and fields in an f-string that begins at `start` of the line.
pub(super) fn fields((line, start): &(String, usize), random: &mut Random) -> String {
    let mut text = line.clone();
    for _ in 0..*random.pick(&[1, 1, 2]) {
        let pieces = match random.below(3) {
            0 => &PIECES.operators,
            1 => &PIECES.characters,
            _ => &PIECES.fields,
        };
        change(&mut text, *start, 60, pieces, random);
    }
    text + "\n"
}

/// Inserts a piece after `start` (`insert` of 100 times), or removes one to three characters, or
/// replaces one.
fn change(text: &mut String, start: usize, insert: usize, pieces: &[String], random: &mut Random) {
    let at = start + place(&text[start..], random);
    let kind = random.below(100);
    let removed = match kind {
        _ if kind < insert => 0,
        _ if kind < insert + 20 => *random.pick(&[1, 1, 2, 3]),
        _ => 1,
    };
    let end = text[at..].chars().take(removed).map(char::len_utf8).sum::<usize>() + at;
    let piece = random.pick::<String>(pieces);
    let keeps = kind >= insert && kind < insert + 20;
    text.replace_range(at..end, if keeps { "" } else { piece });
}

/// One or two brackets removed, doubled, replaced or exchanged.
pub(super) fn brackets(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..*random.pick(&[1, 1, 2]) {
        let is_bracket = |at: &usize| b"()[]{}".contains(&bytes[*at]);
        let places: Vec<usize> = (0..bytes.len()).filter(is_bracket).collect();
        if places.is_empty() {
            break;
        }
        let (at, other) = (*random.pick(&places), *random.pick(&places));
        match random.below(20) {
            0..=6 => drop(bytes.remove(at)),
            7..=11 => bytes[at] = *random.pick(b"()[]{}"),
            12..=15 => bytes.insert(at, bytes[at]),
            _ => bytes.swap(at, other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A byte order mark or an encoding, and bytes that aren't UTF-8.
pub(super) fn bytes(mut source: Vec<u8>, random: &mut Random) -> Vec<u8> {
    const NAMES: [&str; 7] = ["latin-1", "utf-8", "ascii", "cp1252", "nope", "utf-8-sig", "utf-16"];
    const BYTES: [&[u8]; 10] = [
        b"\xff",
        b"\xe9",
        b"\xc3",
        b"\xe2\x82",
        b"\x00",
        b"\r",
        b"\xed\xa0\x80",
        b"\xf0\x9f",
        b"\x80",
        b"\xc3\xa9",
    ];
    match random.below(10) {
        0..=2 => drop(source.splice(0..0, *b"\xef\xbb\xbf")),
        3 | 4 => {
            let cookie = format!("# coding: {}\n", random.pick::<&str>(&NAMES));
            source.splice(0..0, cookie.into_bytes());
        }
        _ => {}
    }
    if random.percent(70) {
        let at = random.below(source.len() + 1);
        source.splice(at..at, random.pick::<&[u8]>(&BYTES).iter().copied());
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_keeps_most_of_a_text() {
        let text = "if x:\n    y(1, [2])\n";
        let random = &mut Random::new(1);
        for _ in 0..200 {
            assert!(lines(text, random).contains("if x:"));
            assert!(indents(text, random).contains("y(1, [2])"));
            assert!(brackets(text, random).contains("if x:\n    y"));
            let field = fields(&("x = f'{a}'".to_owned(), 4), random);
            assert!(field.starts_with("x = "));
        }
    }
}
