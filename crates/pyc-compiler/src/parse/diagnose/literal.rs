//! Errors in literals, in releases in which f-strings are tokens.
//!
//! `f"{a b}"`: the text is searched for fields, and each expression is parsed separately, as if in
//! parentheses. Its error is reported as "f-string: invalid syntax. Perhaps you forgot a comma?".
//!
//! This follows `string_parser.c: _PyPegen_FstringParser_ConcatFstring` and the functions that it
//! calls, 3.11.

use super::depth::on_any_stack;
use super::notation::Grammar;
use super::{Faulty, find_by};
use crate::error::{ErrorKind, Fault, FoundBy};
use crate::location::Location;
use crate::parse::lexer::{StringKind, StringToken};
use crate::parse::tokens::{Tokens, runs_words, text_words};
use crate::source::{complaint, decode_utf8};
use crate::target::Target;

/// `MAXLEVEL`
const MOST_BRACKETS: usize = 200;

/// The maximum depth of replacement fields in format specs.
const MOST_SPECS: u32 = 1;

/// An error and its location.
pub(super) enum Complaint {
    /// The message of an error at the parser's position.
    Here(String),
    /// An error at another position.
    There(Fault),
}

type Searched<T = ()> = Result<T, Complaint>;

/// An f-string's content, in which fields are searched for.
struct Search<'t> {
    text: &'t [u8],
    at: usize,
    is_raw: bool,
    /// The location of the literal.
    at_literal: Location,
    /// The number of bytes before its content.
    prefix: i32,
    target: &'t Target,
}

/// The error in an f-string with this location and this content between its quotes.
pub(super) fn joined(
    content: &[u8],
    string: StringToken,
    at: Location,
    target: &Target,
) -> Option<Complaint> {
    debug_assert_eq!(string.kind, StringKind::Joined, "others have no fields");
    let prefix = i32::try_from(string.start).unwrap_or(0);
    let mut search =
        Search { text: content, at: 0, is_raw: string.raw, at_literal: at, prefix, target };
    search.elements(0).err()
}

impl Search<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Texts and fields up to the end, or in a format spec up to a brace.
    fn elements(&mut self, specs: u32) -> Searched {
        loop {
            if self.literal(specs)? {
                continue;
            }
            if self.is_at_end() || self.byte(self.at) == b'}' {
                break;
            }
            self.field(specs)?;
        }
        if specs > 0 && self.byte(self.at) != b'}' {
            return here("f-string: expecting '}'");
        }
        Ok(())
    }

    /// Text up to a field or the end. Returns whether it ended in a doubled brace and may continue
    /// (`fstring_find_literal`).
    fn literal(&mut self, specs: u32) -> Searched<bool> {
        let start = self.at;
        let (mut at, mut doubled) = (start, false);
        while at < self.text.len() {
            let mut byte = self.byte(at);
            at += 1;
            if !self.is_raw && byte == b'\\' && at < self.text.len() {
                byte = self.byte(at);
                at += 1;
                if byte == b'N' {
                    if at < self.text.len() && self.byte(at) == b'{' {
                        let name = memchr::memchr(b'}', &self.text[at..]);
                        at = name.map_or(self.text.len(), |name| at + name + 1);
                    } else {
                        at = (at + 1).min(self.text.len());
                    }
                    continue;
                }
            }
            if !matches!(byte, b'{' | b'}') {
                continue;
            }
            if specs == 0 {
                if self.byte(at) == byte {
                    doubled = true;
                    break;
                }
                if byte == b'}' {
                    return here("f-string: single '}' is not allowed");
                }
            }
            at -= 1;
            break;
        }
        self.at = at + usize::from(doubled);
        let text = &self.text[start..at];
        // Quirk: non-ASCII runs are decoded one by one here, even if there are no escapes
        // (`string_parser.c: decode_unicode_with_escapes`, 3.11).
        let words = if self.is_raw {
            complaint(text)
        } else {
            runs_words(text).or_else(|| text_words(text, self.target))
        };
        if let Some(words) = words {
            return here(format!("(unicode error) {words}"));
        }
        Ok(doubled)
    }

    /// A field, from its brace on (`fstring_find_expr`).
    fn field(&mut self, specs: u32) -> Searched {
        if specs > MOST_SPECS {
            return here("f-string: expressions nested too deeply");
        }
        self.at += 1;
        let start = self.at;
        self.skip_value()?;
        self.value(start)?;
        if self.byte(self.at) == b'=' {
            self.at += 1;
            while matches!(self.byte(self.at), b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) {
                self.at += 1;
            }
            self.expect_more()?;
        }
        if self.byte(self.at) == b'!' {
            self.at += 1;
            self.expect_more()?;
            if !matches!(self.byte(self.at), b's' | b'r' | b'a') {
                return here("f-string: invalid conversion character: expected 's', 'r', or 'a'");
            }
            self.at += 1;
            self.expect_more()?;
        }
        if self.byte(self.at) == b':' {
            self.at += 1;
            self.expect_more()?;
            self.elements(specs + 1)?;
        }
        if self.is_at_end() || self.byte(self.at) != b'}' {
            return here("f-string: expecting '}'");
        }
        self.at += 1;
        Ok(())
    }

    fn expect_more(&self) -> Searched {
        if self.is_at_end() { here("f-string: expecting '}'") } else { Ok(()) }
    }

    /// Skips an expression.
    fn skip_value(&mut self) -> Searched {
        let mut brackets = Vec::new();
        let mut quoted: Option<(u8, bool)> = None;
        while !self.is_at_end() {
            let byte = self.byte(self.at);
            let is_triple = self.text[self.at..].starts_with(&[byte; 3]);
            if byte == b'\\' {
                return here("f-string expression part cannot include a backslash");
            }
            if let Some((quote, triple)) = quoted {
                if byte == quote && (!triple || is_triple) {
                    quoted = None;
                    self.at += if triple { 2 } else { 0 };
                }
                self.at += 1;
                continue;
            }
            let is_double = self.byte(self.at + 1) == b'=';
            match byte {
                b'\'' | b'"' => {
                    quoted = Some((byte, is_triple));
                    self.at += if is_triple { 2 } else { 0 };
                }
                b'[' | b'{' | b'(' if brackets.len() >= MOST_BRACKETS => {
                    return here("f-string: too many nested parenthesis");
                }
                b'[' | b'{' | b'(' => brackets.push(byte),
                b'#' => return here("f-string expression part cannot include '#'"),
                b'!' | b'=' | b'<' | b'>' if brackets.is_empty() && is_double => self.at += 1,
                b'!' | b':' | b'}' | b'=' if brackets.is_empty() => break,
                b']' | b'}' | b')' => close(&mut brackets, byte)?,
                _ => {}
            }
            self.at += 1;
        }
        if quoted.is_some() {
            return here("f-string: unterminated string");
        }
        match brackets.last() {
            Some(&opening) => here(format!("f-string: unmatched '{}'", char::from(opening))),
            None => self.expect_more(),
        }
    }

    /// Parses the expression from `start` on (`fstring_compile_expr`).
    fn value(&self, start: usize) -> Searched {
        let written = &self.text[start..self.at];
        if written.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c')) {
            return match self.byte(self.at) {
                end @ (b'!' | b':' | b'=') => {
                    let end = char::from(end);
                    here(format!("f-string: expression required before '{end}'"))
                }
                _ => here("f-string: empty expression not allowed"),
            };
        }
        let written = [b"(", written, b")"].concat();
        let indent = self.indent(start);
        let Some(faulty) = fault_of(&written, indent, *self.target) else { return Ok(()) };
        let Faulty { fault, is_foreign } = faulty;
        if fault.kind == ErrorKind::Undecodable {
            return here(format!("(unicode error) {}", fault.message));
        }
        let lines = memchr::memchr_iter(b'\n', &self.text[..start]).count();
        let below = self.at_literal.line.number() - 1 + i32::try_from(lines).unwrap_or(0);
        let at = fault.location.below(below);
        let words =
            if is_foreign { fault.message.clone() } else { format!("f-string: {}", fault.message) };
        let text = fault.text.clone().unwrap_or_else(|| line_of(&written, fault.location));
        let found = Fault::new(fault.kind, at, words).with_text(text);
        let is_of_tokenizer = fault.found_by == FoundBy::Tokenizer;
        Err(Complaint::There(if is_of_tokenizer { found.of_tokenizer() } else { found }))
    }

    /// The column in which CPython's parser of the expression from `start` on starts
    /// (`string_parser.c: fstring_find_expr_location`, 3.11).
    fn indent(&self, start: usize) -> i32 {
        let brace = start - 1;
        let line = memchr::memrchr(b'\n', &self.text[..brace]).map(|end| end + 1);
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\x0c');
        let first = self.text[start..].iter().find(|byte| !is_blank(byte));
        let columns = |from: usize| i32::try_from(brace - from).unwrap_or(0);
        let column = match (first, line) {
            (None | Some(b'\n' | b'}'), _) => 0,
            (_, Some(line)) => columns(line),
            (_, None) => self.prefix + columns(0),
        };
        let is_below = line.is_some();
        column + if is_below { 0 } else { self.at_literal.column.get().unwrap_or(0) }
    }
}

/// The error in an expression in parentheses.
fn fault_of(written: &[u8], indent: i32, target: Target) -> Option<Faulty> {
    let grammar = Grammar::get()?;
    let rule = grammar.named("value-of-field")?;
    let (text, undecodable) = decode_utf8(written.into());
    let original = undecodable.first(0).map(|_| written.to_vec());
    let tokens = Tokens::of_field(&text, original, target);
    let found = on_any_stack(|most| find_by(&tokens, grammar, rule, indent, most));
    found.unwrap_or_else(|fault| Some(Faulty { fault, is_foreign: false }))
}

/// The line of the expression that CPython shows.
fn line_of(written: &[u8], at: Location) -> Box<[u8]> {
    let before = usize::try_from(at.line.number() - 1).unwrap_or(0);
    written.split(|byte| *byte == b'\n').nth(before).unwrap_or_default().into()
}

fn close(brackets: &mut Vec<u8>, closing: u8) -> Searched {
    let closed = char::from(closing);
    let Some(opening) = brackets.pop() else {
        return here(format!("f-string: unmatched '{closed}'"));
    };
    if matches!((opening, closing), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
        return Ok(());
    }
    let opening = char::from(opening);
    here(format!(
        "f-string: closing parenthesis '{closed}' does not match opening parenthesis '{opening}'"
    ))
}

fn here<T>(words: impl Into<String>) -> Searched<T> {
    Err(Complaint::Here(words.into()))
}

impl Complaint {
    /// The error, if the parser is at `at`.
    pub(super) fn fault(self, at: Location) -> Fault {
        match self {
            Self::Here(words) => Fault::new(ErrorKind::Syntax, at, words),
            Self::There(fault) => fault,
        }
    }
}
