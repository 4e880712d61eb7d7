//! Splits a Rust file into code and comments, keeping line numbers.
//!
//! ```text
//! source      let url = "http://x"; // not todo!()
//! code        let url = "        ";
//! comments                          // not todo!()
//! ```
//! The rules search one of the two, so that a rule that names what it forbids doesn't violate
//! itself. This implements only the necessary part of Rust's lexical grammar.

/// The two layers of a Rust file, in the same shape; the other layer's text is blank.
#[derive(Debug)]
pub(crate) struct Source {
    /// Everything except comments and the content of string and character literals.
    pub(crate) code: String,
    /// Comments only, including documentation.
    pub(crate) comments: String,
}

impl Source {
    pub(crate) fn new(text: &str) -> Self {
        let mut layers = Layers { rest: text, code: String::new(), comments: String::new() };
        while !layers.rest.is_empty() {
            layers.step();
        }
        Self { code: layers.code, comments: layers.comments }
    }

    /// The code's lines before the first inline test module, numbered from 1.
    ///
    /// Tests are at the bottom of a file, so this is all code that isn't test code.
    pub(crate) fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.test_module().map_or(usize::MAX, |lines| lines.start);
        numbered(&self.code).take_while(move |(number, _)| *number < end)
    }

    /// The lines of the first `#[cfg(test)] mod … { … }`, excluding the end.
    pub(crate) fn test_module(&self) -> Option<std::ops::Range<usize>> {
        let mut after_attribute = false;
        let (start, _) = numbered(&self.code).find(|(_, line)| {
            let line = line.trim();
            let found = after_attribute && line.starts_with("mod ") && line.ends_with('{');
            after_attribute = line == "#[cfg(test)]" || (after_attribute && line.starts_with('#'));
            found
        })?;
        let mut depth = 0;
        for (number, line) in numbered(&self.code).skip(start - 1) {
            depth += line.matches('{').count();
            depth = depth.saturating_sub(line.matches('}').count());
            if depth == 0 {
                return Some(start..number + 1);
            }
        }
        Some(start..self.code.lines().count() + 1)
    }
}

/// Lines with their numbers, starting at 1.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// Whether `line` contains `word` without an identifier character on either side.
pub(crate) fn has_word(line: &str, word: &str) -> bool {
    let inside = |character: Option<char>| character.is_some_and(is_identifier);
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let opens = !word.starts_with(is_identifier) || !inside(before);
        opens && (!word.ends_with(is_identifier) || !inside(after))
    })
}

fn is_identifier(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The two layers under construction.
struct Layers<'a> {
    rest: &'a str,
    code: String,
    comments: String,
}

impl Layers<'_> {
    /// Moves a token, or a character of it, from `rest` to its layer.
    fn step(&mut self) {
        if self.rest.starts_with("//") {
            self.comment(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.comment(block_comment(self.rest));
        } else if let Some((open, length)) = self.literal() {
            self.code(open);
            self.blank(length - open);
        } else {
            let first = self.rest.chars().next().map_or(0, char::len_utf8);
            self.code(first.max(plain(self.rest)));
        }
    }

    /// The literal at the start of `rest`: the lengths of its opening part, which is kept, and of
    /// the whole.
    fn literal(&self) -> Option<(usize, usize)> {
        if self.rest.starts_with('\'') {
            return character(self.rest).map(|length| (1, length));
        }
        if self.rest.starts_with('"') {
            return Some((1, quoted(self.rest)));
        }
        if self.code.ends_with(is_identifier) {
            return None;
        }
        let prefix = self.rest.len() - self.rest.trim_start_matches(['b', 'c']).len();
        let raw = self.rest.get(prefix..)?.strip_prefix('r').filter(|_| prefix < 2)?;
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw[hashes..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(hashes));
        let open = prefix + 1 + hashes + 1;
        let length = inside.find(&close).map_or(inside.len(), |at| at + close.len());
        Some((open, open + length))
    }

    fn comment(&mut self, length: usize) {
        let (token, rest) = self.rest.split_at(length);
        add_blank(token, &mut self.code);
        self.comments.push_str(token);
        self.rest = rest;
    }

    fn code(&mut self, length: usize) {
        let (token, rest) = self.rest.split_at(length);
        self.code.push_str(token);
        add_blank(token, &mut self.comments);
        self.rest = rest;
    }

    fn blank(&mut self, length: usize) {
        let (token, rest) = self.rest.split_at(length);
        add_blank(token, &mut self.code);
        add_blank(token, &mut self.comments);
        self.rest = rest;
    }
}

/// The length of what can't begin a comment or a literal. Taking it at once makes reading the
/// repository several times as fast.
fn plain(text: &str) -> usize {
    let special = |byte: &u8| matches!(byte, b'/' | b'\'' | b'"' | b'b' | b'c' | b'r');
    text.as_bytes().iter().position(special).unwrap_or(text.len())
}

/// Adds a space for each character of a token; line ends are kept.
fn add_blank(token: &str, layer: &mut String) {
    for (number, line) in token.split('\n').enumerate() {
        if number > 0 {
            layer.push('\n');
        }
        layer.push_str(&" ".repeat(line.chars().count()));
    }
}

/// The length of a block comment, which can be nested.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a string literal including its quotes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal; `None` if the quote begins a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    let (_, first) = characters.next()?;
    let (second_at, second) = characters.next()?;
    match (first, second) {
        // After the backslash and the escaped character, the next quote ends the literal.
        ('\\', _) => characters.find(|(_, one)| *one == '\'').map(|(at, _)| at + 1),
        (_, '\'') => Some(second_at + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_comments_leave_the_code() {
        let source = Source::new(concat!(
            "let a = \"todo!() \\\" // x\"; // todo!()\n",
            "let b = r#\"todo!() \"quoted\" \"#; /* a /* b */ todo!() */ live!();\n",
            "let c = ('\"', '\\'', b'x', 'é', 'y); fn f<'a>(x: &'a str) {}\n",
        ));
        assert!(!source.code.contains("todo!"));
        assert_eq!(source.comments.matches("todo!").count(), 2);
        assert!(source.code.contains("live!();"));
        assert!(source.code.contains("fn f<'a>(x: &'a str) {}"));
        assert_eq!(source.code.lines().count(), 3);
    }

    #[test]
    fn identifiers_that_end_like_a_raw_prefix_are_no_literals() {
        let source = Source::new("for(\"x\"); br\"\\\"; cr##\"y\"#\"##; end()");
        assert!(source.code.ends_with("end()"));
    }

    #[test]
    fn the_test_module_is_found() {
        let source =
            Source::new("fn a() {}\n#[cfg(test)]\nmod tests {\n  mod x {}\n}\nfn b() {}\n");
        assert_eq!(source.test_module(), Some(3..6));
        assert_eq!(source.shipped().count(), 2);
        assert_eq!(Source::new("#[cfg(test)]\nmod tests;\n").test_module(), None);
    }

    #[test]
    fn words_stand_alone() {
        assert!(has_word("use std::fs;", "fs"));
        assert!(!has_word("use std::offset;", "fs"));
        assert!(has_word("fs::read(x)", "fs::"));
        assert!(!has_word("dfs::read(x)", "fs::"));
    }
}
