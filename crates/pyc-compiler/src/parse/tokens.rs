//! All tokens of a text, as CPython's tokenizer gives them to its parser.
//!
//! ```text
//! f"a{x}"     Joined f"   Middle a   LeftBrace   Name x   RightBrace   JoinedEnd "
//! ```
//!
//! Only for sources that are refused: the parser reads tokens one at a time, and f-strings without any.

use super::lexer::{Lexer, NO_FIELD, StringToken};
use super::token::Token;
use crate::error::Fault;
use crate::location::{Location, Position};
use crate::name::count;

/// How many brackets may be in each other (`lexer.c: MAXLEVEL`, 3.13).
const MOST_BRACKETS: usize = 200;

/// The tokens up to the first that is none.
pub(crate) struct Tokens<'s> {
    pub(super) text: &'s str,
    pub(super) list: Vec<Item>,
    end: End,
}

/// What comes behind the last token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Nothing,
    /// The text ends while this bracket, the innermost, is open.
    Unclosed(Position, char),
    /// Something that is no token.
    Else,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) token: Token,
    pub(super) at: Location,
    /// Where it is in the text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many brackets are open behind it.
    pub(super) level: u32,
}

/// An f-string that isn't at its end.
struct Open {
    string: StringToken,
    /// How many brackets are open in each replacement field, those in format specs of others included.
    fields: Vec<u32>,
    /// Whether text comes next.
    in_text: bool,
}

impl<'s> Tokens<'s> {
    pub(crate) fn read(text: &'s str) -> Self {
        let mut reader = Reader {
            tokens: Self { text, list: Vec::new(), end: End::Else },
            lexer: Lexer::new(text),
            open: Vec::new(),
            brackets: Vec::new(),
        };
        let is_complete = reader.all().is_some();
        let end = if is_complete { End::Nothing } else { reader.unfinished() };
        Self { end, ..reader.tokens }
    }

    /// As the tokenizer gives them if one statement is asked for: the end ends a line, too (`pegen.c:
    /// _PyPegen_fill_token`, 3.13).
    pub(crate) fn of_statement(mut self) -> Self {
        if let [.., _, end] = &*self.list {
            let newline = Item { token: Token::Newline, ..*end };
            self.list.insert(self.list.len() - 1, newline);
        }
        self
    }

    /// What the tokenizer says behind the last token, if it is known.
    pub(super) fn fault(&self) -> Option<Fault> {
        match self.end {
            End::Unclosed(at, bracket) => {
                let location = Location { end_column: -1, ..at.to(at) };
                Some(Fault::syntax(location, format!("'{bracket}' was never closed")))
            }
            End::Nothing | End::Else => None,
        }
    }

    /// `fault`, told of tokens up to `line`, or what the tokenizer says of those behind, which counts more
    /// (`pegen_errors.c: _PyPegen_tokenize_full_source_to_check_for_errors`, 3.13); `None` if that isn't known.
    pub(super) fn prefer_own(&self, fault: Fault, line: i32) -> Option<Fault> {
        match self.end {
            End::Unclosed(at, _) if line > at.line => self.fault(),
            End::Nothing | End::Unclosed(..) => Some(fault),
            End::Else => None,
        }
    }
}

struct Reader<'s> {
    tokens: Tokens<'s>,
    lexer: Lexer<'s>,
    open: Vec<Open>,
    /// The brackets that are open, and where.
    brackets: Vec<(char, Position)>,
}

impl Reader<'_> {
    fn all(&mut self) -> Option<()> {
        loop {
            if self.open.last().is_some_and(|open| open.in_text) {
                self.joined_text()?;
                continue;
            }
            self.lexer.advance().ok()?;
            self.push()?;
            let brackets = self.lexer.place.brackets;
            let string = self.lexer.string;
            match (self.lexer.place.token, self.open.last_mut()) {
                (Token::Joined, _) => {
                    self.open.push(Open { string, fields: Vec::new(), in_text: true });
                }
                (Token::Colon, Some(open)) if open.fields.last() == Some(&brackets) => {
                    open.in_text = true;
                }
                (Token::RightBrace, Some(open)) if open.fields.last() == Some(&(brackets + 1)) => {
                    open.fields.pop();
                    open.in_text = true;
                }
                (Token::EndOfFile, None) => return Some(()),
                (Token::EndOfFile, Some(_)) => return None,
                _ => {}
            }
        }
    }

    /// What the end is if it isn't the text's, outside of all.
    fn unfinished(&self) -> End {
        let rest = self.tokens.text.get(self.lexer.place.at as usize..).unwrap_or_default();
        // Between the last token and the end there may be comments.
        let is_end = rest.lines().all(|line| {
            let line = line.trim_start_matches([' ', '\t', '\x0c']);
            line.is_empty() || line.starts_with('#')
        });
        let in_text = self.open.last().is_some_and(|open| open.in_text);
        match self.brackets.last() {
            Some(&(bracket, at)) if is_end && !in_text => End::Unclosed(at, bracket),
            _ => End::Else,
        }
    }

    /// Whether a bracket may be where it is.
    fn matches(&mut self, token: Token, at: Location) -> bool {
        let opening = match token {
            Token::LeftParenthesis => '(',
            Token::LeftBracket => '[',
            Token::LeftBrace => '{',
            Token::RightParenthesis => return self.closes_bracket('('),
            Token::RightBracket => return self.closes_bracket('['),
            Token::RightBrace => return self.closes_bracket('{'),
            _ => return true,
        };
        self.brackets.push((opening, Position { line: at.line, column: at.column }));
        self.brackets.len() <= MOST_BRACKETS
    }

    fn closes_bracket(&mut self, opening: char) -> bool {
        self.brackets.pop().is_some_and(|(bracket, _)| bracket == opening)
    }

    /// Notes the lexer's token, if it may be there.
    fn push(&mut self) -> Option<()> {
        let place = self.lexer.place;
        let mut at = self.lexer.location();
        match place.token {
            Token::Newline => {
                let Position { line, column } = place.begin;
                at = Location::new(line, line, column, column + 1);
            }
            Token::Indent | Token::Dedent | Token::EndOfFile => {
                let is_end = place.at as usize == self.tokens.text.len();
                let line = if is_end { (place.line - 1).max(1) } else { place.line };
                at = Location::new(line, line, at.end_column, at.end_column);
            }
            _ => {}
        }
        let (start, end) = (place.start, place.at);
        let level = place.brackets;
        if !self.matches(place.token, at) {
            self.brackets.clear();
            return None;
        }
        self.tokens.list.push(Item { token: place.token, at, start, end, level });
        Some(())
    }

    /// Text up to a replacement field or the end of a spec or the string, and what stands there.
    fn joined_text(&mut self) -> Option<()> {
        let open = self.open.last()?;
        let (string, in_spec) = (open.string, !open.fields.is_empty());
        let start = self.lexer.place.at;
        self.lexer.place.start = start;
        self.lexer.place.begin = self.lexer.position();
        let mut at = start;
        loop {
            let byte = self.lexer.byte(at);
            match byte {
                b'{' | b'}' if !in_spec && self.lexer.byte(at + 1) == byte => {
                    self.middle(at + 1)?;
                    self.lexer.place.at = at + 2;
                    return Some(());
                }
                b'{' => break,
                b'}' if in_spec => break,
                b'\\' => at = self.escaped(at, string)?,
                b'\n' if string.triple => self.lexer.next_line(at + 1),
                b'}' | b'\n' | 0 => return None,
                _ if byte == string.quote && self.closes(at, string) => break,
                _ => {}
            }
            at += 1;
        }
        if at > start {
            return self.middle(at);
        }
        let (token, len) = match self.lexer.byte(at) {
            b'{' => (Token::LeftBrace, 1),
            b'}' => (Token::RightBrace, 1),
            _ => (Token::JoinedEnd, string.quotes()),
        };
        self.lexer.place.token = token;
        self.lexer.place.at = at + len;
        let open = self.open.last_mut()?;
        match token {
            Token::LeftBrace => {
                self.lexer.place.brackets += 1;
                open.fields.push(self.lexer.place.brackets);
                open.in_text = false;
            }
            Token::RightBrace => {
                self.lexer.place.brackets -= 1;
                open.fields.pop();
            }
            _ => {
                self.open.pop();
            }
        }
        let innermost = self.open.iter().rev().find_map(|open| open.fields.last());
        self.lexer.place.field = innermost.copied().unwrap_or(NO_FIELD);
        self.push()
    }

    fn middle(&mut self, end: u32) -> Option<()> {
        self.lexer.place.token = Token::Middle;
        self.lexer.place.at = end;
        self.push()
    }

    /// The last byte of an escape that begins at `at`.
    fn escaped(&mut self, at: u32, string: StringToken) -> Option<u32> {
        match self.lexer.byte(at + 1) {
            b'\n' => {
                self.lexer.next_line(at + 2);
                Some(at + 1)
            }
            b'{' | b'}' => Some(at),
            b'N' if !string.raw && self.lexer.byte(at + 2) == b'{' => {
                let rest = self.tokens.text.as_bytes().get(at as usize..)?;
                Some(at + count(memchr::memchr2(b'}', b'\n', rest)?))
            }
            _ => Some(at + 1),
        }
    }

    fn closes(&self, at: u32, string: StringToken) -> bool {
        let quote = string.quote;
        !string.triple || self.lexer.byte(at + 1) == quote && self.lexer.byte(at + 2) == quote
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<(Token, &str)> {
        let tokens = Tokens::read(text);
        assert_eq!(tokens.end, End::Nothing, "{text}");
        let of = |item: &Item| (item.token, &text[item.start as usize..item.end as usize]);
        tokens.list.iter().map(of).collect()
    }

    #[test]
    fn joined_strings_are_many_tokens() {
        use Token::{Colon, Exclamation, Joined, JoinedEnd, LeftBrace, Middle, Name, RightBrace};
        let expected = [
            (Joined, "f'"),
            (Middle, "a{"),
            (Middle, "\\N{BULLET}"),
            (LeftBrace, "{"),
            (Name, "x"),
            (Exclamation, "!"),
            (Name, "r"),
            (Colon, ":"),
            (Middle, ">"),
            (LeftBrace, "{"),
            (Name, "w"),
            (RightBrace, "}"),
            (RightBrace, "}"),
            (JoinedEnd, "'"),
        ];
        assert_eq!(tokens(r"f'a{{\N{BULLET}{x!r:>{w}}'")[..14], expected);
    }

    #[test]
    fn what_is_no_token_ends_the_list() {
        let tokens = Tokens::read("x = $ y");
        assert_eq!((tokens.end, tokens.list.len()), (End::Else, 2));
        let open = Position { line: 1, column: 2 };
        assert_eq!(Tokens::read("f'{x").end, End::Unclosed(open, '{'));
        assert_eq!(
            Tokens::read("f({}, # c\n").end,
            End::Unclosed(Position { line: 1, column: 1 }, '(')
        );
        assert_eq!(Tokens::read("f'{x}").end, End::Else);
    }

    #[test]
    fn places_are_those_of_cpython() {
        let tokens = Tokens::read("if x:\n  y\n");
        let newline = &tokens.list[3];
        assert_eq!(newline.at, Location::new(1, 1, 5, 6));
        let end = tokens.list.last().unwrap();
        assert_eq!((end.token, end.at.line), (Token::EndOfFile, 2));
    }
}
