//! The text that `=` in a replacement field inserts before the value, in releases before 3.13.6.
//!
//! | source | 3.12.1 | 3.13.0 | 3.13.2 |
//! |---|---|---|---|
//! | `{x = }` | `x = ` | `x = ` | `x = ` |
//! | `{a != b=}` | `a ` | `a ` | `a != b=` |
//! | `{f(b=1)[a:b]=}` | `f(b=1)[a:b]=` | `f(b=1)[a` | `f(b=1)[a` |
//! | `{x:{y}{z=}}` | an error | `y` | `z=` |
//!
//! In these releases the tokenizer keeps one text per f-string, from some `{` to some `!`, `:` or
//! `}`. After a single `=`, it also takes marks inside brackets into account. A [`Scan`] reads the
//! f-string again and does the same.

use std::ops::Range;

use super::Result;
use super::escape::{self, Kind};
use super::joined::{Joining, Within};
use super::lexer::StringToken;
use super::parser::Parser;
use crate::location::Position;
use crate::name::count;
use crate::target::{Facts, Feature};
use crate::tree::StrPrefix;

/// The tokenizer's state in an f-string (`lexer.c: _PyLexer_update_fstring_expr,
/// tok_get_normal_mode, tok_get_fstring_mode`, 3.13.0).
#[derive(Debug)]
pub(super) struct Scan<'t> {
    text: &'t [u8],
    string: StringToken,
    at: usize,
    region: Region,
    /// The number of open brackets, including those of fields, and the number of open fields.
    brackets: usize,
    fields: usize,
    /// The text; its end may not be known yet.
    start: usize,
    end: Option<usize>,
    equal: Equal,
    spec: Spec,
    ending: Ending,
    nesting: Nesting,
}

/// The position in an f-string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Region {
    Field,
    /// At the first character of text or of a format spec.
    TextStart,
    Text,
}

/// Whether a single `=` was read in this field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Equal {
    Seen,
    Unseen,
}

/// Whether a `:` was read in this field, and no other field after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spec {
    Inside,
    Outside,
}

/// Which mark ends a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    FirstMark,
    /// The last one, but `:` only if it is the first.
    LastMark,
    /// The same, and the `!` of `!=` is a mark, too.
    LastMarkOrUnequal,
}

/// At which depth of brackets marks count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nesting {
    Outermost,
    /// Also inside one bracket, after a single `=` or in a format spec.
    OneBracket,
}

impl<'t> Scan<'t> {
    /// Starts at an f-string's content.
    pub(super) fn new(text: &'t [u8], string: StringToken, facts: &Facts) -> Self {
        let ending = if facts.has(Feature::NotEqualEndsDebugText) {
            Ending::LastMarkOrUnequal
        } else if facts.has(Feature::DebugTextPastNotEqual) {
            Ending::LastMark
        } else {
            Ending::FirstMark
        };
        let nesting = if facts.has(Feature::DebugTextToMarksInBrackets) {
            Nesting::OneBracket
        } else {
            Nesting::Outermost
        };
        Self { ending, nesting, ..Self::outside(text, string) }
    }

    /// Starts at an f-string whose texts aren't needed.
    fn outside(text: &'t [u8], string: StringToken) -> Self {
        Self {
            text,
            string,
            at: string.start as usize,
            region: Region::TextStart,
            brackets: 0,
            fields: 0,
            start: 0,
            end: None,
            equal: Equal::Unseen,
            spec: Spec::Outside,
            ending: Ending::FirstMark,
            nesting: Nesting::Outermost,
        }
    }

    /// The text at a mark, up to which it reads.
    pub(super) fn text_at(&mut self, mark: usize) -> Range<usize> {
        while self.at <= mark && self.step() {}
        self.start..self.end.unwrap_or(self.start).max(self.start)
    }

    /// Reads one or more characters, but not the closing quotes.
    fn step(&mut self) -> bool {
        if self.region == Region::Field {
            self.token();
            true
        } else {
            self.middle()
        }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Whether a bracket or mark at this depth of brackets counts.
    fn counts(&self, around: usize) -> bool {
        let inside = self.equal == Equal::Seen || self.spec == Spec::Inside;
        around == 0 || around == 1 && inside && self.nesting == Nesting::OneBracket
    }

    fn mark(&mut self, ending: Ending) {
        let ends = ending != Ending::FirstMark || self.end.is_none();
        if ends && self.counts(self.brackets.saturating_sub(1)) {
            self.end = Some(self.at);
        }
    }

    /// Reads a token of a field.
    fn token(&mut self) {
        let twice = self.byte(1) == b'=';
        match self.byte(0) {
            b'{' => {
                if self.counts(self.brackets) {
                    (self.start, self.end) = (self.at + 1, None);
                }
                self.brackets += 1;
            }
            b'(' | b'[' => self.brackets += 1,
            b')' | b']' => self.brackets = self.brackets.saturating_sub(1),
            b':' => {
                self.mark(Ending::FirstMark);
                if self.brackets == self.fields {
                    (self.region, self.spec) = (Region::TextStart, Spec::Inside);
                } else {
                    self.at += usize::from(twice);
                }
            }
            b'!' => {
                // Since gh-129093, that of `!=` isn't a mark.
                if !(twice && self.ending == Ending::LastMark) {
                    self.mark(self.ending);
                }
                self.at += usize::from(twice);
            }
            b'}' => {
                self.mark(self.ending);
                self.brackets = self.brackets.saturating_sub(1);
                if self.brackets < self.fields {
                    self.fields -= 1;
                    self.region = Region::TextStart;
                    (self.equal, self.spec) = (Equal::Unseen, Spec::Outside);
                }
            }
            b'=' if !twice => self.equal = Equal::Seen,
            b'=' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'@' => {
                self.at += usize::from(twice);
            }
            b'#' => {
                let rest = &self.text[self.at..];
                self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
            b'"' | b'\'' => return self.skip_string(),
            _ => {}
        }
        self.at += 1;
    }

    /// Reads text up to a field or the closing quotes. Returns whether it advanced.
    fn middle(&mut self) -> bool {
        let region = std::mem::replace(&mut self.region, Region::Text);
        let (byte, next) = (self.byte(0), self.byte(1));
        if region == Region::TextStart && byte == b'{' && next != b'{' {
            (self.fields, self.region) = (self.fields + 1, Region::Field);
            return true;
        }
        let in_spec = match self.nesting {
            Nesting::OneBracket => self.spec == Spec::Inside,
            // These releases read `{{` alike everywhere in a format spec.
            Nesting::Outermost => self.fields > 0,
        };
        match byte {
            0 => return false,
            b'{' => {
                (self.start, self.end) = (self.at + 1, None);
                if next != b'{' || in_spec {
                    (self.fields, self.region) = (self.fields + 1, Region::Field);
                    self.spec = Spec::Outside;
                } else {
                    (self.at, self.region) = (self.at + 2, Region::TextStart);
                }
            }
            b'}' if next == b'}' && !in_spec && self.brackets == 0 => {
                (self.at, self.region) = (self.at + 2, Region::TextStart);
            }
            b'}' => (self.region, self.spec) = (Region::Field, Spec::Outside),
            b'\\' if matches!(next, b'{' | b'}') => self.at += 1,
            b'\\' if next == b'N' && !self.string.raw && self.byte(2) == b'{' => {
                let name = memchr::memchr(b'}', &self.text[self.at..]);
                self.at += name.map_or(1, |name| name + 1);
                self.region = Region::TextStart;
            }
            b'\\' => self.at += 2,
            b'\n' if in_spec && !self.string.triple => {
                (self.region, self.spec) = (Region::Field, Spec::Outside);
            }
            _ if self.closes() => return false,
            _ => self.at += 1,
        }
        true
    }

    fn closes(&self) -> bool {
        let quotes = self.string.quotes() as usize;
        (0..quotes).all(|ahead| self.byte(ahead) == self.string.quote)
    }

    /// Skips a string in a field, including everything nested in it if it is an f-string.
    fn skip_string(&mut self) {
        let before = &self.text[..self.at];
        let letters = before.iter().rev().take(3).take_while(|byte| byte.is_ascii_alphanumeric());
        let prefix = &before[before.len() - letters.count()..];
        let mut string = StringToken::prefix(prefix).unwrap_or(StringToken::PLAIN);
        string.quote = self.byte(0);
        string.triple = self.byte(1) == string.quote && self.byte(2) == string.quote;
        string.start = count(self.at) + string.quotes();
        let mut inner = Self::outside(self.text, string);
        if string.kind.opening().is_some() {
            while inner.step() {}
        } else {
            while !inner.closes() && inner.at < self.text.len() {
                inner.at += if inner.byte(0) == b'\\' { 2 } else { 1 };
            }
        }
        self.at = inner.at + string.quotes() as usize;
    }
}

impl<'s> Parser<'s, '_, '_> {
    /// The text that `=` inserts before the field: the source from the brace to the token after
    /// `=`, without comments. Releases before 3.13.6 sometimes use another part of the source
    /// ([`Scan`]). 3.13.0 and 3.13.1 decode escapes in it.
    pub(super) fn debug_text(
        &mut self,
        joining: &mut Joining,
        within: &mut Within<'s>,
        (open, start): (u32, Position),
        specs: u32,
    ) -> Result<()> {
        let begin = Position { line: start.line, column: start.column + 1 };
        joining.extend(begin, self.here(), StrPrefix::None);
        let (text, mark) = (self.lexer.text, self.lexer.cursor.start as usize);
        let facts = &self.context.facts;
        let written = &text[open as usize..mark];
        if self.is_of_token() {
            self.bytes.extend_from_slice(written.as_bytes());
            return Ok(());
        }
        let is_cut = facts.has(Feature::NotEqualEndsDebugText)
            && written.contains("!=")
            && text[mark..].starts_with(':');
        let range = if is_plain(written) && specs == 0 && within.scan.is_none()
            || facts.has(Feature::RawFormatSpecs) && !is_cut
        {
            open as usize..mark
        } else {
            let begin = || Scan::new(text.as_bytes(), within.string, facts);
            within.scan.get_or_insert_with(begin).text_at(mark)
        };
        let text = &text[range];
        let is_raw = within.string.raw || specs > 0;
        if is_raw || !text.contains('\\') || facts.has(Feature::DebugTextPastNotEqual) {
            without_comments(text, facts, &mut self.bytes);
            return Ok(());
        }
        let mut kept = Vec::new();
        without_comments(text, facts, &mut kept);
        let kept = String::from_utf8_lossy(&kept);
        self.warn_in_debug_text((open - 1, start), &kept, within.string);
        escape::decode(&kept, Kind::Text, &self.context.facts, &mut self.bytes)
    }
}

/// Whether a debug text is the same in all releases.
fn is_plain(written: &str) -> bool {
    let value = written.trim_end().trim_end_matches('=');
    !value
        .bytes()
        .any(|byte| matches!(byte, b'#' | b'"' | b'\'' | b'!' | b'\\' | b':' | b'=' | b'{'))
}

/// Appends the text without its comments (`lexer.c: set_fstring_expr`, 3.13).
pub(super) fn without_comments(source: &str, facts: &Facts, into: &mut Vec<u8>) {
    if !source.contains('#') {
        into.extend_from_slice(source.as_bytes());
        return;
    }
    if !facts.has(Feature::RawFormatSpecs) {
        // Quirk: everything from any `#` to the line's end is removed, even in a string.
        for line in source.split_inclusive('\n') {
            let (before, _) = line.split_once('#').unwrap_or((line, ""));
            into.extend_from_slice(before.as_bytes());
            if before.len() < line.len() && line.ends_with('\n') {
                into.push(b'\n');
            }
        }
        return;
    }
    let start = into.len();
    remove_comments(source, Escapes::Known, into);
    let has_comment = into.len() - start < source.len();
    if has_comment && !facts.has(Feature::EscapedQuotesInDebugText) {
        // Quirk: older releases know escapes when they look for a comment, but not when they remove
        // it.
        into.truncate(start);
        remove_comments(source, Escapes::Unknown, into);
    }
}

/// Whether a quote after a backslash is part of its string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escapes {
    Known,
    Unknown,
}

/// Appends the text without what follows a `#` that is outside of strings.
fn remove_comments(source: &str, escapes: Escapes, into: &mut Vec<u8>) {
    // A triple quote toggles three times.
    let mut quote = None;
    let mut bytes = source.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if escapes == Escapes::Known => {
                into.push(byte);
                into.extend(bytes.next());
                continue;
            }
            b'"' | b'\'' if quote.is_none() => quote = Some(byte),
            b'"' | b'\'' if quote == Some(byte) => quote = None,
            b'#' if quote.is_none() => {
                if bytes.any(|byte| byte == b'\n') {
                    into.push(b'\n');
                }
                continue;
            }
            _ => {}
        }
        into.push(byte);
    }
}
