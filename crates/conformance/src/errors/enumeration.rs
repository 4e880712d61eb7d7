//! All combinations of small pieces of tokens.
//!
//! `tokens-brackets` contains all sequences of one to five brackets, on one line and on separate
//! lines.

mod nesting;

use super::super::fuzz::Random;

pub(super) struct Enumeration {
    pub(super) name: &'static str,
    pub(super) make: fn() -> Vec<Vec<u8>>,
}

pub(super) const ALL: [Enumeration; 9] = [
    Enumeration { name: "tokens-indent", make: indentations },
    Enumeration { name: "tokens-brackets", make: brackets },
    Enumeration { name: "tokens-numbers", make: numbers },
    Enumeration { name: "tokens-quotes", make: quotes },
    Enumeration { name: "tokens-fstrings", make: fstrings },
    Enumeration { name: "tokens-characters", make: characters },
    Enumeration { name: "tokens-layout", make: layout },
    Enumeration { name: "tokens-encoding", make: encodings },
    Enumeration { name: "tokens-nesting", make: nesting::make },
];

/// Every sequence of `len` pieces.
fn rows(pieces: &[&str], len: usize) -> Vec<String> {
    (0..len).fold(vec![String::new()], |rows, _| {
        let longer = |row: &String| pieces.iter().map(|piece| format!("{row}{piece}")).collect();
        rows.iter().flat_map::<Vec<_>, _>(longer).collect()
    })
}

fn up_to(pieces: &[&str], most: usize) -> impl Iterator<Item = String> {
    let pieces: Vec<&str> = pieces.to_vec();
    (1..=most).flat_map(move |len| rows(&pieces, len))
}

/// Lines indented by up to three tabs and spaces, by eight columns in different ways, or
/// inconsistently.
fn indentations() -> Vec<Vec<u8>> {
    let mut indents: Vec<String> = vec![String::new()];
    indents.extend(up_to(&[" ", "\t"], 3));
    let odd =
        ["        ", "       \t", "\t        ", "        \t", "\x0c", " \x0c ", "\\\n ", " \\\n"];
    indents.extend(odd.map(str::to_owned));
    let mut made = Vec::new();
    for a in &indents {
        made.push(format!("{a}x\n"));
        made.push(format!("{a}if 1:\n x\n"));
        for b in &indents {
            made.push(format!("if 1:\n{a}x\n{b}y\n"));
            made.push(format!("if 1:\n{a}x\n{b}# y\nz\n"));
            made.push(format!("if 1:\n{a}if 2:\n{b}x"));
            made.push(format!("x\n{a}y\n{b}z\n"));
            for c in &indents {
                made.push(format!("if 1:\n{a}if 2:\n{b}x\n{c}y\n"));
                made.push(format!("if 1:\n{a}x\n{b}y\n{c}z\n"));
            }
        }
    }
    made.into_iter().map(String::into_bytes).collect()
}

fn brackets() -> Vec<Vec<u8>> {
    let mut made = Vec::new();
    for row in up_to(&["(", ")", "[", "]", "{", "}"], 5) {
        let lines: Vec<String> = row.chars().map(|bracket| format!("x{bracket}")).collect();
        made.push(row.clone());
        made.push(format!("f = {}\ny = 1\n", lines.join("\n")));
    }
    for depth in [199, 200, 201] {
        made.push("(".repeat(depth) + &")".repeat(depth));
        made.push("[{".repeat(depth / 2));
    }
    made.into_iter().map(String::into_bytes).collect()
}

/// Numbers with every ASCII character, and some others, at every position.
fn numbers() -> Vec<Vec<u8>> {
    let seeds = [
        "0", "12", "0x1f", "0o17", "0b10", "1.5", "1e5", "1e-5", "1j", "1_0", ".5", "00", "09.5",
        "0_7", "012", "1_", "0x", "0b1_", "1e",
    ];
    let mut characters: Vec<char> = (1..128).map(char::from).collect();
    characters.extend(['\u{e9}', '\u{20ac}', '\u{a0}', '\u{663}', '\u{b2}']);
    let mut made = Vec::new();
    for seed in seeds {
        for at in 0..=seed.len() {
            for character in &characters {
                made.push(format!("{}{character}{}", &seed[..at], &seed[at..]));
                if at < seed.len() {
                    made.push(format!("x = {}{character}{}\n", &seed[..at], &seed[at + 1..]));
                }
            }
        }
        for word in ["and", "else", "for", "if", "in", "is", "not", "or", "x", "andy", "i", "orx"] {
            made.push(format!("{seed}{word}"));
            made.push(format!("{seed}{word} x\n"));
        }
    }
    made.into_iter().map(String::into_bytes).collect()
}

/// Combinations of prefixes, quotes, contents and ends.
fn quotes() -> Vec<Vec<u8>> {
    let letters = ["r", "R", "b", "B", "u", "U", "f", "F", "t"];
    let mut prefixes = vec![String::new(), "rbf".to_owned(), "x".to_owned(), "1".to_owned()];
    prefixes.extend(up_to(&letters, 2));
    let bodies = [
        "",
        "a",
        "a\nb",
        "a\\\nb",
        "\u{e9}",
        "\\",
        "\\x",
        "\\x4",
        "\\u12",
        "\\N{",
        "\\N{no}",
        "\\777",
        "\\d",
        "{",
        "}",
        "{}",
        "{x",
        "x}",
        "{x}",
        "a\n\nb\n",
        "\\U00110000",
        "\\'",
    ];
    let mut made = Vec::new();
    for prefix in &prefixes {
        for quote in ["'", "\"", "'''"] {
            for body in bodies {
                for end in ["", quote, "\n", "\nx = 1\n", &quote[..1]] {
                    made.push(format!("{prefix}{quote}{body}{end}"));
                }
                made.push(format!("(x, {prefix}{quote}{body}{quote}, 'y')\n"));
                made.push(format!("x = (1,\n  {prefix}{quote}{body}\n  2)\n"));
            }
        }
    }
    made.into_iter().map(String::into_bytes).collect()
}

fn fstrings() -> Vec<Vec<u8>> {
    let pieces = [
        "{", "}", "x", "!", "!r", ":", "=", "\\", "'", "#", "\n", "lambda", ",", " ", ">", "(",
        ")", "{{", "*", "\"",
    ];
    let mut made = Vec::new();
    for row in up_to(&pieces, 3) {
        made.push(format!("f'{row}'"));
        made.push(format!("f'a{{{row}}}'\n"));
        made.push(format!("f'''{{{row}}}'''\nx\n"));
    }
    let mut random = Random::new(1);
    for _ in 0..20_000 {
        let row: String = (0..4 + random.below(5)).map(|_| *random.pick(&pieces)).collect();
        let quote = *random.pick(&["'", "'''", "\""]);
        made.push(format!("x = rf{quote}{row}{quote}\n"));
        made.push(format!("f{quote}{{{row}}}{quote}"));
    }
    for depth in 1..7 {
        made.push(format!("f'{}'", "{x:".repeat(depth) + &"}".repeat(depth)));
        made.push("f'{".repeat(depth) + &"}'".repeat(depth));
    }
    made.push("f'''{\n".repeat(160));
    made.push("f'{".repeat(149));
    made.push("f'{".repeat(150));
    made.into_iter().map(String::into_bytes).collect()
}

/// Characters alone, before and in a name, in a string and in a comment.
fn characters() -> Vec<Vec<u8>> {
    let mut characters: Vec<char> = (0..=0x24f).filter_map(char::from_u32).collect();
    characters.extend((0x250..0x2_ffff).step_by(37).filter_map(char::from_u32));
    characters.extend([
        '\u{200b}',
        '\u{2028}',
        '\u{feff}',
        '\u{201c}',
        '\u{201d}',
        '\u{2018}',
        '\u{1f40d}',
        '\u{3000}',
        '\u{37e}',
        '\u{ff08}',
        '\u{e0001}',
        '\u{10ffff}',
        '\u{fffe}',
        '\u{d7}',
    ]);
    let mut made = Vec::new();
    for character in characters {
        for source in [
            format!("{character}"),
            format!("x = {character}\n"),
            format!("a{character}b = 1\n"),
            format!("x = 1{character}\n"),
            format!("\u{e9}{character}(\n"),
            format!("f({character}\ny"),
            format!("f'{{{character}}}'\n"),
            format!("x = b'{character}'\n"),
            format!("x = 'a{character}' # {character}\n)"),
        ] {
            made.push(source.into_bytes());
        }
    }
    made
}

/// Line ends, continuations, comments, and the end of the file within constructs.
fn layout() -> Vec<Vec<u8>> {
    let pieces = [
        "\\", "\n", " ", "x", "(", ")", "if 1:", "# c", "'", "'''", "\t", "\x0c", "\r", "=", "$",
        ":",
    ];
    let mut made: Vec<Vec<u8>> = up_to(&pieces, 4).map(String::into_bytes).collect();
    for depth in [98, 99, 100, 101] {
        let opened: String = (0..depth).map(|level| " ".repeat(level) + "if 1:\n").collect();
        made.push((opened + &" ".repeat(depth) + "x\n").into_bytes());
    }
    made
}

/// Byte order marks, encoding declarations, and bytes that are invalid in the encoding.
fn encodings() -> Vec<Vec<u8>> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let cookies: [&[u8]; 14] = [
        b"",
        b"# coding: utf-8\n",
        b"# coding: utf8\n",
        b"# -*- coding: latin-1 -*-\n",
        b"# coding: ascii\n",
        b"#!/usr/bin/python\n# coding: cp1252\n",
        b"# coding: no-such\n",
        b"# coding: uft-8\n",
        b"# coding: rot13\n",
        b"# coding: utf-16\n",
        b"\n# coding: iso8859-15\n",
        b"x = 1\n# coding: no-such\n",
        b"# coding: gbk\n",
        b"# coding:\n",
    ];
    let bodies: [&[u8]; 24] = [
        b"",
        b"x = 1\n",
        b"x = 'a\xff'\n",
        b"x = '\xc3\xa9'\n",
        b"x = \xe9\n",
        b"# \xff\nx = 1\n",
        b"x = 1 # \xff\n",
        b"x = \xff\n",
        b"x\xff = 1\n",
        b"x = b'\xff'\n",
        b"\xff",
        b"x = 1\n\n'''\n\xe2\x82'''\n",
        b"'\xed\xa0\x80'\n",
        b"'\xf4\x90\x80\x80'\n",
        b"f'{x}\xff'\n",
        b"f'{\xff}'\n",
        b"x = (\n\xff",
        b"x = 'a\\x\xff'\n",
        b"x = '\xe2\x82\n",
        b"x = '\x81'\n",
        b"x = 1\x00\n",
        b"x = 1\n\x00y\n",
        b"x = $\n# \xff\n",
        b"if 1:\nx\n# \xff",
    ];
    let mut made = Vec::new();
    for marks in 0..3 {
        for cookie in cookies {
            for body in bodies {
                made.push([&MARK.repeat(marks), cookie, body].concat());
                made.push([&MARK.repeat(marks), cookie, b"\r\n", body].concat());
            }
        }
    }
    made
}
