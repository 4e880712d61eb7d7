//! CPython's warnings while it parses: invalid escapes, and numbers directly before a keyword.
//!
//! ```text
//! '''a
//! \d'''    line 1 in 3.13.0, line 2 in later releases
//! ```

use super::invalid::{self, Invalid, Kind};
use super::lexer::StringToken;
use super::parser::Parser;
use crate::context::Context;
use crate::error::{Warning, WarningKind};
use crate::location::{Location, Position};
use crate::name::count;
use crate::target::Feature;

/// Warnings, in any order.
#[derive(Debug, Default)]
pub(super) struct Warnings(Vec<Pending>);

#[derive(Debug)]
struct Pending {
    /// The offset of its cause. The line in CPython's message may be another.
    at: u32,
    /// The offset where CPython finds it: for the text of an f-string, that text's end.
    met: u32,
    location: Location,
    /// The f-string whose last line determines the warning's line, by the start of its content. Set
    /// until that line is known.
    joined: Option<u32>,
    message: String,
}

impl Warnings {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    pub(super) fn add(&mut self, at: u32, location: Location, message: String) {
        self.0.push(Pending { at, met: at, location, joined: None, message });
    }

    /// Adds them before the warnings of later stages. A text that was parsed twice is warned about
    /// once.
    pub(super) fn hand_over(mut self, context: &mut Context<'_>) {
        if self.0.is_empty() {
            return;
        }
        self.0.sort_by_key(|pending| (pending.met, pending.at));
        self.0.dedup_by(|a, b| a.at == b.at && a.message == b.message);
        let later: Vec<Warning> = std::mem::take(&mut context.warnings);
        let deprecates = !context.facts.has(Feature::SyntaxWarningsOfEscapes);
        for Pending { location, message, .. } in self.0 {
            let is_of_escape = message.starts_with("invalid") && message.contains(" escape ");
            let kind = if deprecates && is_of_escape {
                WarningKind::Deprecation
            } else {
                WarningKind::Syntax
            };
            context.warn_of(kind, location, message);
        }
        context.warnings.extend(later);
    }
}

/// The start of a text: its offset and its position.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    offset: u32,
    position: Position,
}

impl Origin {
    pub(super) fn position(self) -> Position {
        self.position
    }

    /// Advances to another offset.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "sources of 2 GiB and more aren't parsed"
    )]
    fn at(self, offset: u32, text: &str) -> Self {
        let passed = &text[self.offset as usize..offset as usize];
        let Position { line, column } = self.position;
        let position = match passed.rfind('\n') {
            None => Position { line, column: column + passed.len() as i32 },
            Some(last) => {
                let lines = memchr::memchr_iter(b'\n', passed.as_bytes()).count();
                let column = (passed.len() - last - 1) as i32;
                Position { line: line + lines as i32, column }
            }
        };
        Self { offset, position }
    }
}

impl Parser<'_, '_, '_> {
    /// The start of the token.
    pub(super) fn origin(&self) -> Origin {
        Origin { offset: self.lexer.cursor.start, position: self.here() }
    }

    /// Warns about the first invalid escape of a string whose token begins at `token`.
    #[cold]
    pub(super) fn warn_in_string(&mut self, string: StringToken, token: Origin, kind: Kind) {
        let source = &self.lexer.text[string.start as usize..string.end as usize];
        if let Some(found) = invalid::first_invalid(source, kind) {
            let start = token.at(string.start, self.lexer.text);
            self.warn_of(start, token.position.line, None, &found);
        }
    }

    /// Warns about invalid escapes between replacement fields, from `start` to `end`: about every
    /// `\{`, and about one other for each token. Except in a format spec, their lines are relative
    /// to the line where the f-string ends (`string_parser.c: warn_invalid_escape_sequence`, 3.13).
    #[cold]
    pub(super) fn warn_in_middle(
        &mut self,
        start: (u32, Position),
        end: u32,
        string: StringToken,
        specs: u32,
    ) {
        let (offset, position) = start;
        let mut origin = Origin { offset, position };
        let whole = self.lexer.text;
        if self.context.facts.has(Feature::JoinedStringTokens) {
            return self.warn_in_literal(origin, end, string);
        }
        for piece in invalid::pieces(&whole[offset as usize..end as usize]) {
            let piece_end = origin.offset + count(piece.len());
            self.warn_of_braces(origin, piece_end);
            if let Some(found) = invalid::first_invalid(piece, Kind::Middle) {
                let joined = (specs == 0).then_some(string.start);
                let line = if joined.is_some() { 0 } else { position.line };
                self.warn_of(origin, line, joined, &found);
            }
            origin = origin.at(piece_end, whole);
        }
    }

    /// The same for releases in which f-strings are tokens: about every `\{`, then about the first
    /// invalid escape of each text that a single or doubled brace ends, all in the token's line
    /// (`string_parser.c: fstring_find_literal`, 3.11).
    fn warn_in_literal(&mut self, start: Origin, end: u32, string: StringToken) {
        let whole = self.lexer.text;
        let before = &whole.as_bytes()[string.start as usize..start.offset as usize];
        let lines = memchr::memchr_iter(b'\n', before).count();
        let line = start.position.line - i32::try_from(lines).unwrap_or(0);
        let mut origin = start;
        for piece in invalid::literals(&whole[start.offset as usize..end as usize]) {
            for at in memchr::memmem::find_iter(piece.as_bytes(), b"\\{") {
                let found = Invalid { offset: at, escape: invalid::BRACE.to_owned() };
                self.warn_of(origin, line, None, &found);
            }
            if let Some(mut found) = invalid::first_invalid(piece, Kind::Text) {
                // The same warning about a brace is given again, at the next offset.
                found.offset += usize::from(found.escape == invalid::BRACE);
                self.warn_of(origin, line, None, &found);
            }
            origin = origin.at(origin.offset + count(piece.len()), whole);
        }
    }

    /// Warns about the first invalid escape in the text that a `=` inserts before the field at
    /// `origin`.
    #[cold]
    pub(super) fn warn_in_debug_text(
        &mut self,
        (offset, position): (u32, Position),
        kept: &str,
        string: StringToken,
    ) {
        if let Some(mut found) = invalid::first_invalid(kept, Kind::Middle) {
            found.offset = 0;
            self.warn_of(Origin { offset, position }, 0, Some(string.start), &found);
        }
    }

    /// Warns about `\{` and `\}` from `origin` to `end`.
    fn warn_of_braces(&mut self, origin: Origin, end: u32) {
        let mut at = origin.offset;
        let mut last = origin;
        while let Some(found) =
            memchr::memchr(b'\\', &self.lexer.text.as_bytes()[at as usize..end as usize])
        {
            let backslash = at + count(found);
            let brace @ (b'{' | b'}') = self.lexer.byte(backslash + 1) else {
                at = (backslash + 2).min(end);
                continue;
            };
            last = last.at(backslash, self.lexer.text);
            let Position { line, column } = last.position;
            let location = Location::new(line, line, column, column + 2);
            let escape = format!("\\{}", char::from(brace));
            let message = Invalid { offset: 0, escape }.message(&self.context.facts);
            self.lexer.warnings.add(backslash, location, message);
            at = backslash + 1;
        }
    }

    /// Warns about an escape in a text that begins at `start`. The warning's line is `line`, or as
    /// many lines below it as the escape is below the text's start.
    fn warn_of(&mut self, start: Origin, line: i32, joined: Option<u32>, found: &Invalid) {
        let at = start.offset + count(found.offset);
        let position = start.at(at, self.lexer.text).position;
        let counts = self.context.facts.has(Feature::EscapeWarningsCountLines);
        let below = if counts { position.line - start.position.line } else { 0 };
        let Position { column, .. } = position;
        let location = Location::new(line + below, line + below, column, column + 2);
        let message = found.message(&self.context.facts);
        self.lexer.warnings.0.push(Pending { at, met: at, location, joined, message });
    }

    /// Sets the lines of the warnings since the first `mark` that are relative to the end of this
    /// f-string.
    pub(super) fn end_joined(&mut self, mark: usize, string: StringToken) {
        let (end, line) = (self.lexer.cursor.at, self.lexer.position().line);
        for pending in &mut self.lexer.warnings.0[mark..] {
            if pending.joined == Some(string.start) {
                pending.joined = None;
                pending.met = end;
                pending.location = pending.location.below(line);
            }
        }
    }
}
