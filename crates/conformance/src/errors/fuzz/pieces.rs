//! The pieces of which wrong sources are made, read from `pieces.txt`.
//!
//! `statement` can be `for $e in $e: pass`, and `fill` makes `for a + 1 in lambda: in: pass` of it.

use std::sync::LazyLock;

use super::super::super::fuzz::{Random, mutant};

const TEXT: &str = include_str!("pieces.txt");

/// Lists of pieces, in the order of the file.
#[derive(Default)]
pub(super) struct Pieces {
    expressions: Vec<String>,
    parameters: Vec<String>,
    type_parameters: Vec<String>,
    patterns: Vec<String>,
    decorators: Vec<String>,
    statements: Vec<String>,
    pub(super) operators: Vec<String>,
    pub(super) characters: Vec<String>,
    /// Fields of f-strings and parts of them.
    pub(super) fields: Vec<String>,
}

pub(super) static PIECES: LazyLock<Pieces> = LazyLock::new(|| Pieces::read(TEXT));

impl Pieces {
    fn read(text: &str) -> Self {
        let mut found = Self::default();
        let mut list = None;
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix("== ") {
                list = Some(match name {
                    "expressions" => &mut found.expressions,
                    "parameters" => &mut found.parameters,
                    "type parameters" => &mut found.type_parameters,
                    "patterns" => &mut found.patterns,
                    "decorators" => &mut found.decorators,
                    "statements" => &mut found.statements,
                    "operators" => &mut found.operators,
                    "characters" => &mut found.characters,
                    _ => &mut found.fields,
                });
            } else if let Some(list) = &mut list {
                list.push(unescaped(line));
            }
        }
        found
    }

    /// One to three statements, sometimes in a block.
    pub(super) fn program(&self, random: &mut Random) -> String {
        let count = *random.pick(&[1, 1, 1, 2, 3]);
        let statements: Vec<String> = (0..count)
            .map(|_| {
                let statement = random.pick::<String>(&self.statements);
                self.fill(statement, random)
            })
            .collect();
        let text = statements.join("\n");
        let head = match random.below(20) {
            0..=3 => "def g():",
            4 | 5 => "async def g():",
            6 => "class C:",
            _ => return text,
        };
        let lines = text.split('\n').map(|line| format!("\n  {line}"));
        lines.fold(head.to_owned(), |all, line| all + &line)
    }

    /// The statement with something random for each placeholder.
    fn fill(&self, statement: &str, random: &mut Random) -> String {
        let mut parts = statement.split('$');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (kind, rest) = part.split_at(1);
            text += &match kind {
                "p" => random.pick::<String>(&self.parameters).clone(),
                "n" => random.pick::<String>(&self.type_parameters).clone(),
                "d" => random.pick::<String>(&self.decorators).clone(),
                "q" if random.percent(80) => random.pick::<String>(&self.patterns).clone(),
                _ => self.expression(0, random),
            };
            text += rest;
        }
        text
    }

    /// An expression, or something that isn't one. The names `a`, `b` and `c` in it can be
    /// replaced by others.
    fn expression(&self, depth: usize, random: &mut Random) -> String {
        let mut text = random.pick::<String>(&self.expressions).clone();
        if depth < 2 && random.percent(40) {
            let words = mutant::tokens(&text);
            let nested = words.into_iter().map(|word| match &word[..] {
                "a" | "b" | "c" if random.percent(40) => self.expression(depth + 1, random),
                _ => word,
            });
            text = nested.collect();
        }
        if depth < 3 && random.percent(15) {
            let operator = random.pick::<String>(&self.operators);
            text = format!("{text} {operator} {}", self.expression(depth + 1, random));
        }
        if random.percent(5) {
            text = format!("{} {text}", random.pick::<String>(&self.operators));
        }
        text
    }
}

/// `piece` with the characters that its escapes stand for.
fn unescaped(piece: &str) -> String {
    let mut text = String::new();
    let mut rest = piece.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('u') => {
                let digits: String = rest.by_ref().skip(1).take_while(|end| *end != '}').collect();
                text.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            other => text.extend(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_read() {
        let Pieces { expressions, parameters, type_parameters, patterns, .. } = &*PIECES;
        let Pieces { decorators, statements, operators, characters, fields, .. } = &*PIECES;
        let lists = [expressions, parameters, type_parameters, patterns, decorators];
        assert!(lists.into_iter().chain([statements, operators]).all(|list| list.len() > 15));
        assert!(characters.contains(&"\\u12".to_owned()) && fields.contains(&"{a\n}".to_owned()));
    }

    #[test]
    fn no_placeholder_remains() {
        let mut random = Random::new(1);
        let known = |text: &str| !["$e", "$p", "$n", "$q", "$d"].iter().any(|x| text.contains(x));
        assert!((0..500).all(|_| known(&PIECES.program(&mut random))));
    }

    #[test]
    fn escapes_are_those_of_rust() {
        assert_eq!(unescaped("a\\n\\\\x\\u{e9}\\t"), "a\n\\x\u{e9}\t");
    }
}
