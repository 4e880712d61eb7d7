//! Tokens outside of strings (`lexer.c: tok_get_normal_mode`, 3.13).

use pyc_code::{Const, Minor, dis};

use super::joined::Joined;
use super::layout::Line;
use super::lexical::{Lexical, What};
use super::scanner::{Bracket, Scanned, Scanner};
use crate::location::{Column, Location};
use crate::parse::lexer::{StringKind, StringToken};
use crate::parse::token::Token;
use crate::parse::{begins_name, continues_name, continues_word};
use crate::source::complaint;
use crate::target::{Facts, Feature};
use crate::unicode;

/// `MAXLEVEL` of CPython.
const MOST_BRACKETS: usize = 200;

impl Scanner<'_> {
    pub(super) fn plain_token(&mut self) -> Scanned {
        loop {
            self.start = None;
            let mut line = Line::Full;
            if self.begins_line {
                self.begins_line = false;
                line = self.indentation()?;
            }
            self.start = Some(self.at);
            if let Some(layout) = self.pending() {
                return Ok(layout);
            }
            // Loads the line before the token begins, as CPython does.
            self.peek();
            if let Some(token) = self.in_line(line)? {
                return Ok(token);
            }
        }
    }

    /// A token of this line. `None` if only a line end is left that isn't a token.
    fn in_line(&mut self, line: Line) -> Scanned<Option<super::Item>> {
        loop {
            self.start = None;
            let mut next = self.next();
            while let Some(b' ' | b'\t' | b'\x0c') = next {
                next = self.next();
            }
            let start = self.at.saturating_sub(1);
            self.start = Some(start);
            if next == Some(b'#') {
                self.skip_to(|rest| memchr::memchr(b'\n', rest));
                next = self.next();
            }
            let Some(first) = next else { return self.end().map(Some) };
            let token = match first {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(start),
                b'\n' => {
                    self.begins_line = true;
                    if line == Line::Blank || !self.brackets.is_empty() {
                        return Ok(None);
                    }
                    // The token includes the comment before it.
                    Ok(self.item_here(Token::Newline, start))
                }
                b'.' => self.dot(start),
                b'0'..=b'9' => self.number(start, first),
                b'\'' | b'"' => self.string(start, first),
                b'\\' => {
                    self.continuation()?;
                    continue;
                }
                _ => self.operator(start, first),
            };
            return token.map(Some);
        }
    }

    fn dot(&mut self, start: usize) -> Scanned {
        match &self.bytes[self.at..] {
            [b'0'..=b'9', ..] => {
                self.at += 1;
                return self.fraction(start);
            }
            [b'.', b'.', ..] => {
                self.at += 2;
                return Ok(self.item_here(Token::Ellipsis, start));
            }
            _ => {}
        }
        Ok(self.item_here(Token::Dot, start))
    }

    /// A name or keyword, or a string with a prefix.
    fn word(&mut self, start: usize) -> Scanned {
        let rest = &self.bytes[start..];
        let is_part = |byte: &u8| continues_word(*byte) || *byte >= 128;
        let len = rest.iter().take_while(|byte| is_part(byte)).count();
        let word = &rest[..len];
        self.at = start + len;
        if let Some(&quote @ (b'\'' | b'"')) = rest.get(len) {
            if let Some(prefix) = self.prefix(start, word)? {
                self.at += 1;
                let is_token = self.target.has(Feature::JoinedStringTokens);
                if prefix.kind.opening().is_some() && !is_token {
                    return self.joined_start(start, quote, prefix);
                }
                return self.string(start, quote);
            }
        }
        if !word.is_ascii() {
            self.check_name(start, word)?;
        }
        Ok(self.item_here(Token::of_word(word), start))
    }

    /// The prefix of a string. `None` if the word is a name that comes before one.
    fn prefix(&mut self, start: usize, word: &[u8]) -> Scanned<Option<StringToken>> {
        let has_templates = self.target.has(Feature::TemplateStrings);
        let prefix = StringToken::prefix(word)
            .filter(|prefix| has_templates || prefix.kind != StringKind::Template);
        if prefix.is_none() && self.target.has(Feature::PrefixesNamed) {
            if let Some((one, other)) = incompatible(word) {
                // Up to the quote.
                let end_column = self.column();
                self.at += 1;
                let start = Column::between(self.line_start, start);
                let at = Location { end_column, ..self.line_from(start) };
                return Err(Lexical { what: What::Prefixes(one, other), at });
            }
        }
        Ok(prefix)
    }

    /// See `lexer.c: verify_identifier`, 3.13.
    fn check_name(&mut self, start: usize, word: &[u8]) -> Scanned<()> {
        let Ok(text) = std::str::from_utf8(word) else {
            let words = complaint(word).unwrap_or_default();
            let at = self.line_from(self.column().before());
            return Err(Lexical { what: What::Undecodable(words), at });
        };
        let facts = Facts::of(&self.target);
        let wrong = text.char_indices().find(|&(at, character)| {
            let may = if at == 0 { begins_name(character) } else { continues_name(character) };
            !may || !unicode::is_known_in_names(character, &facts)
        });
        let Some((at, character)) = wrong else { return Ok(()) };
        self.at = start + at + character.len_utf8();
        self.fail_character(character)
    }

    #[cold]
    fn fail_character<T>(&self, character: char) -> Scanned<T> {
        let is_shown = is_printable(character, self.target.minor());
        self.fail(if is_shown { What::Invalid(character) } else { What::NonPrintable(character) })
    }

    fn operator(&mut self, start: usize, first: u8) -> Scanned {
        if first == b':' && self.begins_spec() {
            return Ok(self.item_here(Token::Colon, start));
        }
        let rest = &self.bytes[start..];
        // Quirk: in these releases `<>=` is `<` and `>=` (gh-151303).
        let is_split = rest.starts_with(b"<>=") && self.target.has(Feature::UnequalSuggested);
        if let Some((token, len)) = longest(rest).filter(|_| !is_split) {
            self.at = start + len;
            return Ok(self.item_here(token, start));
        }
        match first {
            b'(' | b'[' | b'{' => self.open(start, first)?,
            b')' | b']' | b'}' => self.close(first)?,
            _ => {}
        }
        if first.is_ascii_control() {
            return self.fail(What::NonPrintable(char::from(first)));
        }
        let token = of_bytes(&[first]).unwrap_or(Token::Unknown);
        Ok(self.item_here(token, start))
    }

    fn open(&mut self, start: usize, byte: u8) -> Scanned<()> {
        if self.brackets.len() >= MOST_BRACKETS {
            return self.fail(What::TooManyBrackets);
        }
        let column = start - self.line_start;
        self.brackets.push(Bracket { byte, line: self.line, column });
        if let Some(joined) = self.joined.last_mut() {
            joined.brackets += 1;
        }
        Ok(())
    }

    fn close(&mut self, closing: u8) -> Scanned<()> {
        let innermost = self.joined.last();
        if let Some(joined) = innermost.filter(|joined| closing == b'}' && joined.brackets == 0) {
            return self.fail(What::JoinedSingleBrace(joined.letter));
        }
        let Some(Bracket { byte: opening, line, .. }) = self.brackets.pop() else {
            return self.fail(What::Unmatched(closing));
        };
        if !matches!((opening, closing), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            let is_field = |joined: &&Joined| opening == b'{' && joined.brackets == joined.fields;
            if let Some(joined) = self.joined.last().filter(is_field) {
                return self.fail(What::JoinedUnmatched(joined.letter, closing));
            }
            let line = Some(line).filter(|line| *line != self.line);
            return self.fail(What::Mismatched { closing, opening, line });
        }
        let Some(joined) = self.joined.last_mut() else { return Ok(()) };
        joined.brackets -= 1;
        if joined.brackets < 0 {
            let of = joined.letter;
            return self.fail(What::JoinedUnmatched(of, closing));
        }
        if closing == b'}' && joined.brackets + 1 == joined.fields {
            joined.fields -= 1;
            joined.in_text = true;
            joined.in_spec = false;
        }
        Ok(())
    }
}

/// The operator of several bytes at the start, and its length.
fn longest(rest: &[u8]) -> Option<(Token, usize)> {
    if !matches!(rest.get(1), Some(b'=' | b'>' | b'<' | b'*' | b'/')) {
        return None;
    }
    [3, 2].into_iter().find_map(|len| {
        let text = rest.get(..len)?;
        let token = if text == b"<>" { Some(Token::NotEqual) } else { of_bytes(text) };
        Some((token?, len))
    })
}

/// The operator with this text. Keywords can be as long, but begin with a letter.
fn of_bytes(text: &[u8]) -> Option<Token> {
    std::str::from_utf8(text).ok().and_then(Token::of_text)
}

/// Two incompatible letters of a prefix, if it has only valid letters and each at most once
/// (`lexer.c: maybe_raise_syntax_error_for_string_prefixes`, 3.14).
fn incompatible(word: &[u8]) -> Option<(char, char)> {
    const PAIRS: [(char, char); 7] =
        [('u', 'b'), ('u', 'r'), ('u', 'f'), ('u', 't'), ('b', 'f'), ('b', 't'), ('f', 't')];
    let letters: Vec<char> =
        word.iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    let is_prefix = |(at, letter): (usize, &char)| {
        matches!(letter, 'b' | 'f' | 'r' | 't' | 'u') && !letters[..at].contains(letter)
    };
    let has = |letter: &char| letters.contains(letter);
    let pair = PAIRS.into_iter().find(|(one, other)| has(one) && has(other));
    pair.filter(|_| letters.iter().enumerate().all(is_prefix))
}

/// Whether CPython prints a non-ASCII character as it is: `repr` escapes the others
/// (`unicodectype.c: _PyUnicode_IsPrintable`, 3.13).
fn is_printable(character: char, minor: Minor) -> bool {
    let text = Const::Str(character.to_string().into());
    !dis::repr(&text, minor).to_string().contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_printable_as_cpython_says() {
        for character in ['\u{e9}', '\u{20ac}', '\u{201c}', '\u{1f40d}'] {
            assert!(is_printable(character, Minor::PY313), "{character:?}");
        }
        for character in [
            '\u{a0}',
            '\u{ad}',
            '\u{200b}',
            '\u{2028}',
            '\u{feff}',
            '\u{e000}',
            '\u{10ffff}',
            // Unicode 16.
            '\u{10d50}',
        ] {
            assert!(!is_printable(character, Minor::PY313), "{character:?}");
        }
    }
}
