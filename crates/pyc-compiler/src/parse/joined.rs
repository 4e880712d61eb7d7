//! F-strings and t-strings (3.12 and later, PEP 701; 3.14 and later, PEP 750).
//!
//! ```text
//! f"{{a{x!r:>{w}}" "b"   ─▶   "{a"  Formatted x!r, spec ">" Formatted w  "b"
//! ```
//!
//! Adjacent constants become one, from the first's start to the last's end (`action_helpers.c:
//! _PyPegen_concatenate_strings`, 3.13). Between replacement fields the lexer reads no tokens: the
//! parser processes the text itself.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use super::debug::{Scan, without_comments};
use super::escape::{self, Kind};
use super::lexer::{StringKind, StringToken};
use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::constant::{ConstId, Constant};
use crate::location::{Location, Position};
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{Conversion, ExprId, ExprKind, Item, StrPrefix};

/// The maximum depth of replacement fields in format specs (`MAX_EXPR_NESTING`, 3.13).
const MOST_SPECS: u32 = 2;

/// The same for releases in which f-strings are tokens (`string_parser.c: fstring_find_expr`,
/// 3.11).
const MOST_SPECS_OF_TOKENS: u32 = 1;

/// An f-string being built.
pub(super) struct Joining {
    /// Where its values begin on the scratch list.
    values: usize,
    /// Where the pending constant's text begins in `bytes`.
    text: usize,
    pending: Option<Pending>,
    /// Whether its texts are several tokens for CPython: a named character or a doubled brace ends
    /// one.
    splits: bool,
}

/// A constant that may be extended.
#[derive(Clone, Copy)]
struct Pending {
    start: Position,
    end: Position,
    prefix: StrPrefix,
}

/// The f-string or t-string token around the elements.
pub(super) struct Within<'t> {
    pub(super) string: StringToken,
    /// The state of older releases' tokenizers, created when it is first needed for a debug text
    /// that isn't plain.
    pub(super) scan: Option<Scan<'t>>,
    /// The position of its start.
    begin: Position,
    /// The location of the last format spec if that is a constant instead of a list of values.
    constant_spec: Option<Location>,
}

/// Which braces, if doubled, stand for a brace in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Braces {
    Doubled,
    /// In a format spec, after a field
    OpeningDoubled,
    /// In a format spec
    Single,
}

/// Whether escapes in a text are decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    Decoded,
    /// The text is raw, or has no escapes.
    Kept,
}

impl Joining {
    pub(super) fn new(values: usize, text: usize) -> Self {
        Self { values, text, pending: None, splits: false }
    }

    /// Extends the pending constant, or starts one.
    pub(super) fn extend(&mut self, start: Position, end: Position, prefix: StrPrefix) {
        match &mut self.pending {
            Some(pending) => pending.end = end,
            None => self.pending = Some(Pending { start, end, prefix }),
        }
    }
}

impl<'s> Parser<'s, '_, '_> {
    /// The literals from an f-string on. Earlier ones are pending already.
    pub(super) fn joined(&mut self, mut joining: Joining, start: Position) -> Result<ExprId> {
        let mark = self.spread.mark();
        let prefix = joining.pending.map_or(StrPrefix::None, |pending| pending.prefix);
        loop {
            match self.token() {
                Token::String => {
                    let string = self.lexer.string;
                    let begin = self.here();
                    self.add_text(string, self.origin())?;
                    self.advance()?;
                    joining.extend(begin, self.lexer.cursor.end, string.str_prefix());
                }
                Token::Joined => self.one_joined(&mut joining)?,
                Token::Template => return Err(Doubt),
                _ => break,
            }
        }
        self.flush(&mut joining);
        self.end_concatenation(mark, self.since(start), prefix);
        let values = self.take_list(joining.values);
        Ok(self.push_since(ExprKind::Joined { values }, start))
    }

    /// Consecutive t-strings. They can't be mixed with other literals.
    pub(super) fn template(&mut self, start: Position) -> Result<ExprId> {
        if !self.context.facts.has(Feature::TemplateStrings) {
            return Err(Doubt);
        }
        let mut joining = Joining::new(self.mark::<ExprId>(), self.bytes.len());
        while self.at(Token::Template) {
            self.one_joined(&mut joining)?;
        }
        if matches!(self.token(), Token::String | Token::Joined) {
            return Err(Doubt);
        }
        self.flush(&mut joining);
        let values = self.take_list(joining.values);
        Ok(self.push_since(ExprKind::Template { values }, start))
    }

    /// One f-string or t-string, from the opening quotes to the token after the closing ones.
    fn one_joined(&mut self, joining: &mut Joining) -> Result<()> {
        let (string, mark) = (self.lexer.string, self.lexer.warnings.len());
        let (begin, literal) = (self.here(), self.spread.mark());
        let mut within = Within { string, scan: None, begin, constant_spec: None };
        self.lexer.open_joined()?;
        self.deeper(|this| this.elements_of(joining, &mut within, 0))?;
        self.lexer.close_joined();
        self.end_joined(mark, string);
        self.lexer.cursor.at += string.quotes();
        self.advance()?;
        self.end_literal(literal, self.since(begin));
        Ok(())
    }

    /// Text and replacement fields, up to the closing quotes or the brace that closes a format
    /// spec. Returns where they end.
    fn elements_of(
        &mut self,
        joining: &mut Joining,
        within: &mut Within<'s>,
        specs: u32,
    ) -> Result<Position> {
        let mut braces = if specs == 0 { Braces::Doubled } else { Braces::Single };
        loop {
            self.middle(joining, within.string, specs, braces)?;
            match self.lexer.byte(self.lexer.cursor.at) {
                b'{' => self.field(joining, within, specs)?,
                b'\n' => return self.fields_below(joining, within, specs),
                _ => return Ok(self.lexer.position()),
            }
            if specs > 0 && self.context.facts.has(Feature::BracesInSpecAfterField) {
                braces = Braces::OpeningDoubled;
            }
        }
    }

    /// Text, up to a single brace or the closing quotes.
    fn middle(
        &mut self,
        joining: &mut Joining,
        string: StringToken,
        specs: u32,
        braces: Braces,
    ) -> Result<()> {
        let (start, mut begin) = (self.lexer.cursor.at, self.lexer.position());
        let pieces = specs > 0 && self.context.facts.has(Feature::EmptyTextInSpec);
        let mut after_piece = self.mark::<ExprId>() > joining.values;
        let (mut at, mut copied, mark) = (start, start, self.bytes.len());
        // Where CPython's current token starts.
        let (mut token, mut token_begin) = (start, begin);
        let is_raw = string.raw && (specs == 0 || self.context.facts.has(Feature::RawFormatSpecs));
        // What to do with the text that isn't copied yet, whether there are any escapes that
        // need a check for warnings, and whether this is in the name of a character.
        let (mut escapes, mut warns, mut named) = (Escapes::Kept, false, false);
        loop {
            let byte = self.lexer.byte(at);
            match byte {
                b'}' if named => {
                    joining.splits |= token > start;
                    (named, token) = (false, at + 1);
                    self.lexer.cursor.at = token;
                    token_begin = self.lexer.position();
                    if pieces {
                        self.add_middle(copied, token, escapes)?;
                        self.put_piece(joining, begin);
                        (copied, escapes, after_piece) = (token, Escapes::Kept, true);
                        begin = token_begin;
                    }
                }
                b'{' | b'}'
                    if (braces == Braces::Doubled
                        || braces == Braces::OpeningDoubled && byte == b'{')
                        && self.lexer.byte(at + 1) == byte =>
                {
                    self.add_middle(copied, at + 1, escapes)?;
                    (at, escapes, named) = (at + 1, Escapes::Kept, false);
                    (copied, token) = (at + 1, at + 1);
                    self.lexer.cursor.at = token;
                    token_begin = self.lexer.position();
                }
                b'{' => break,
                b'}' if specs > 0 => break,
                b'\\' => {
                    if !is_raw {
                        (escapes, warns) = (Escapes::Decoded, true);
                    }
                    match self.lexer.byte(at + 1) {
                        b'\n' => {
                            self.lexer.next_line(at + 2);
                            at += 1;
                        }
                        // A backslash doesn't escape a brace.
                        b'{' | b'}' => {}
                        b'N' if !string.raw && self.lexer.byte(at + 2) == b'{' => {
                            named = true;
                            at += 2;
                        }
                        _ => at += 1,
                    }
                }
                b'\n' if string.triple => self.lexer.next_line(at + 1),
                b'\n' if specs > 0 && braces == Braces::Single && self.takes_line_ends() => break,
                b'}' | b'\n' | 0 => return Err(Doubt),
                _ if byte == string.quote && self.closes(at, string) => {
                    if specs > 0 {
                        return Err(Doubt);
                    }
                    break;
                }
                _ => {}
            }
            at += 1;
        }
        if warns {
            self.warn_in_middle((start, begin), at, string, specs);
        }
        self.add_middle(copied, at, escapes)?;
        self.lexer.cursor.at = at;
        let mut end = self.lexer.position();
        if token > start && at > token {
            // The last token extends nothing if it consists of escaped line ends.
            if is_raw || !self.continues_lines(token..at) {
                joining.splits = true;
            } else {
                end = token_begin;
            }
        }
        let byte = self.lexer.byte(at);
        // Even without text, there is a token before a second brace, and before a line end.
        let ends_token = byte == b'{' && (at > token || self.lexer.byte(at + 1) == b'{')
            || byte == b'\n' && specs > 0;
        let is_piece = pieces && (ends_token || after_piece && (byte == b'}' || at > token));
        if is_piece {
            self.put_piece(joining, begin);
            return Ok(());
        }
        // An empty text extends nothing, even if it contains an escaped line end.
        if self.bytes.len() > mark {
            joining.extend(begin, end, StrPrefix::None);
        }
        Ok(())
    }

    /// Adds the text since `begin` as a value of its own, even if it is empty. In format specs,
    /// texts that are separate tokens aren't concatenated, and there is an empty token where a spec
    /// ends after a field or a named character.
    fn put_piece(&mut self, joining: &mut Joining, begin: Position) {
        let name = self.context.names.intern(&self.bytes[joining.text..]);
        self.bytes.truncate(joining.text);
        let value = self.context.constants.str(name);
        let at = begin.to(self.lexer.position());
        let constant = self.push(ExprKind::Constant { value, prefix: StrPrefix::None }, at);
        self.put(constant);
    }

    /// Whether a value on the scratch list is the empty text.
    fn is_empty_text(&self, value: usize) -> bool {
        let id = ExprId::all(&self.scratch)[value];
        let ExprKind::Constant { value, .. } = self.tree[id].kind else { return false };
        matches!(self.context.constants[value], Constant::Str(Name::EMPTY))
    }

    /// Whether the text consists of escaped line ends only.
    #[cold]
    fn continues_lines(&self, range: Range<u32>) -> bool {
        let text = &self.lexer.text.as_bytes()[range.start as usize..range.end as usize];
        text.chunks(2).all(|escape| escape == b"\\\n")
    }

    /// Whether the quotes at `at` are the closing quotes.
    fn closes(&self, at: u32, string: StringToken) -> bool {
        !string.triple
            || self.lexer.byte(at + 1) == string.quote && self.lexer.byte(at + 2) == string.quote
    }

    fn add_middle(&mut self, from: u32, to: u32, escapes: Escapes) -> Result<()> {
        let text = &self.lexer.text[from as usize..to as usize];
        if escapes == Escapes::Decoded {
            let facts = &self.context.facts;
            return escape::decode(text, Kind::Text, facts, &mut self.bytes);
        }
        self.bytes.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// The depth of format specs from which on `=` in a field is refused.
    fn specs_without_debug(&self) -> u32 {
        if self.context.facts.has(Feature::NoDebugInSpec) { 1 } else { 2 }
    }

    /// Whether a format spec may contain a line end in a string with single quotes.
    fn takes_line_ends(&self) -> bool {
        !self.context.facts.has(Feature::NoNewlineInFormatSpec)
    }

    /// A replacement field, from brace to brace.
    fn field(&mut self, joining: &mut Joining, within: &mut Within<'s>, specs: u32) -> Result<()> {
        let most = if self.is_of_token() { MOST_SPECS_OF_TOKENS } else { MOST_SPECS };
        if specs > most {
            return Err(Doubt);
        }
        let start = self.lexer.position();
        let open = self.lexer.cursor.at + 1;
        let around = self.enter_field(open)?;
        self.rest_of_field(joining, within, specs, (open, start), Self::spec)?;
        self.lexer.cursor.field = around;
        Ok(())
    }

    /// The rest of a field, after its opening brace. `spec` reads the format spec.
    fn rest_of_field(
        &mut self,
        joining: &mut Joining,
        within: &mut Within<'s>,
        specs: u32,
        (open, start): (u32, Position),
        spec: fn(&mut Self, &mut Within<'s>, u32) -> Result<ExprId>,
    ) -> Result<()> {
        let value = if self.is_of_token() {
            self.field_value(within.string, (open, start), within.begin)?
        } else {
            self.value()?
        };
        let text = self.value_text(within.string, open, specs);
        let is_debug = self.at(Token::Equal);
        if is_debug {
            if specs >= self.specs_without_debug() {
                return Err(Doubt);
            }
            self.advance()?;
            self.debug_text(joining, within, (open, start), specs)?;
        }
        let before = self.flush(joining);
        let conversion = self.conversion()?;
        let spec = if self.at(Token::Colon) { Some(spec(self, within, specs)?) } else { None };
        if spec.is_none() && !self.at(Token::RightBrace) {
            return Err(Doubt);
        }
        if let (Some(spec), Some(text)) = (within.constant_spec.take(), before) {
            // The text of `=` ends where the conversion or the spec begins.
            if is_debug && conversion.is_none() {
                let Location { line: end_line, column: end_column, .. } = spec;
                let at = Location { end_line, end_column, ..self.tree[text].location };
                self.tree.relocate(text, at);
            }
        }
        let conversion = match conversion {
            Some(conversion) => conversion,
            None if is_debug && spec.is_none() => Conversion::Repr,
            None => Conversion::None,
        };
        let at = start.to(self.lexer.position());
        let kind = match text {
            Some(text) => ExprKind::Interpolation { value, text, conversion, spec },
            None => ExprKind::Formatted { value, conversion, spec },
        };
        let field = self.push(kind, at);
        if self.is_of_token() {
            self.spread.add_whole(field);
        }
        self.put(field);
        Ok(())
    }

    /// The source text of the value of a t-string's field, from the brace at `open` to the token
    /// after the value. `None` for f-strings and for fields in format specs (`action_helpers.c:
    /// _PyPegen_interpolation`, 3.14).
    fn value_text(&mut self, string: StringToken, open: u32, specs: u32) -> Option<ConstId> {
        if string.kind != StringKind::Template || specs > 0 {
            return None;
        }
        let (facts, mut kept) = (&self.context.facts, Vec::new());
        let written = &self.lexer.text[open as usize..self.lexer.cursor.start as usize];
        without_comments(written, facts, &mut kept);
        if !facts.has(Feature::BlanksAfterInterpolation) {
            let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'=';
            let blanks = kept.iter().rev().take_while(|byte| blank(byte)).count();
            kept.truncate(kept.len() - blanks);
        }
        let name = self.context.names.intern(&kept);
        Some(self.context.constants.str(name))
    }

    /// Whether f-strings are tokens.
    pub(super) fn is_of_token(&self) -> bool {
        self.context.facts.has(Feature::JoinedStringTokens)
    }

    /// Continues after a line end in the format spec of an f-string with single quotes. In 3.13.0
    /// the line end ends the text but not the spec: fields may follow, whose format specs have no
    /// text either (`lexer.c: tok_get_fstring_mode`, 3.13.0).
    #[cold]
    fn fields_below(
        &mut self,
        joining: &mut Joining,
        within: &mut Within<'s>,
        specs: u32,
    ) -> Result<Position> {
        self.advance()?;
        let end = self.fields_of_tokens(joining, within, specs)?;
        // Moves back to the brace, where the text of a format spec ends.
        self.lexer.cursor.at = self.lexer.cursor.start;
        self.lexer.cursor.brackets += 1;
        Ok(end)
    }

    /// Fields up to a closing brace. Returns where they end.
    fn fields_of_tokens(
        &mut self,
        joining: &mut Joining,
        within: &mut Within<'s>,
        specs: u32,
    ) -> Result<Position> {
        while self.at(Token::LeftBrace) {
            let open = (self.lexer.cursor.at, self.here());
            self.advance()?;
            self.deeper(|this| {
                this.rest_of_field(joining, within, specs, open, Self::spec_of_tokens)
            })?;
            self.advance()?;
        }
        if self.at(Token::RightBrace) { Ok(self.lexer.cursor.end) } else { Err(Doubt) }
    }

    /// A format spec that consists of fields only, from the colon to the brace that closes the
    /// field.
    fn spec_of_tokens(&mut self, within: &mut Within<'s>, specs: u32) -> Result<ExprId> {
        let start = self.here();
        let mut inner = Joining::new(self.mark::<ExprId>(), self.bytes.len());
        self.advance()?;
        let end = self.fields_of_tokens(&mut inner, within, specs + 1)?;
        self.flush(&mut inner);
        let values = self.take_list(inner.values);
        Ok(self.push(ExprKind::Joined { values }, start.to(end)))
    }

    /// Reads the first token after the brace. Returns the state of the enclosing field.
    fn enter_field(&mut self, open: u32) -> Result<u32> {
        self.lexer.open()?;
        let around = std::mem::replace(&mut self.lexer.cursor.field, self.lexer.cursor.brackets);
        self.lexer.cursor.at = open;
        self.advance()?;
        Ok(around)
    }

    /// `!s`, `!r` or `!a`.
    fn conversion(&mut self) -> Result<Option<Conversion>> {
        if !self.at(Token::Exclamation) {
            return Ok(None);
        }
        let mark_end = self.lexer.cursor.at;
        self.advance()?;
        // No blank may follow the `!`.
        if self.lexer.cursor.start != mark_end {
            return Err(Doubt);
        }
        let conversion = match self.lexer.source() {
            b"s" => Conversion::Str,
            b"r" => Conversion::Repr,
            b"a" => Conversion::Ascii,
            // `!ｒ` is a name, too, where names are tokens.
            other if !self.is_of_token() => normalized_conversion(other)?,
            _ => return Err(Doubt),
        };
        let letter_end = self.lexer.cursor.at;
        self.advance()?;
        // In 3.11, no blank may follow the letter, either (`string_parser.c: fstring_find_expr`).
        if self.is_of_token() && self.lexer.cursor.start != letter_end {
            return Err(Doubt);
        }
        Ok(Some(conversion))
    }

    /// A format spec, from the colon to the end of the brace that closes the field.
    fn spec(&mut self, within: &mut Within<'s>, specs: u32) -> Result<ExprId> {
        let start = self.here();
        let mut inner = Joining::new(self.mark::<ExprId>(), self.bytes.len());
        let end = self.deeper(|this| this.elements_of(&mut inner, within, specs + 1))?;
        let last = self.flush(&mut inner);
        let at = start.to(end);
        let is_only = self.mark::<ExprId>() == inner.values + 1;
        if is_only && last.is_none() && self.is_empty_text(inner.values) {
            self.drop_list::<ExprId>(inner.values);
        }
        if let Some(text) = last.filter(|_| is_only && inner.splits) {
            if self.context.facts.has(Feature::TextsOfSpecLocatedWhole) {
                self.tree.relocate(text, at);
            }
            within.constant_spec = Some(self.tree[text].location);
        }
        let values = self.take_list(inner.values);
        // The lexer doesn't read the closing brace of a format spec as a token.
        self.lexer.cursor.at += 1;
        self.lexer.cursor.brackets -= 1;
        let joined = self.push(ExprKind::Joined { values }, at);
        if self.is_of_token() {
            self.spread.end_spec(joined, last);
        }
        Ok(joined)
    }

    /// Converts the pending constant to an expression, unless it is empty.
    fn flush(&mut self, joining: &mut Joining) -> Option<ExprId> {
        let Pending { start, end, prefix } = joining.pending.take()?;
        if self.bytes.len() == joining.text {
            return None;
        }
        let name = self.context.names.intern(&self.bytes[joining.text..]);
        self.bytes.truncate(joining.text);
        let value = self.context.constants.str(name);
        let constant = self.push(ExprKind::Constant { value, prefix }, start.to(end));
        if self.is_of_token() {
            self.spread.add_whole(constant);
        }
        self.put(constant);
        Some(constant)
    }
}

/// The conversion whose name consists of a compatible character (PEP 3131).
#[cold]
fn normalized_conversion(name: &[u8]) -> Result<Conversion> {
    let name = std::str::from_utf8(name).map_err(|_| Doubt)?;
    match &*name.nfkc().collect::<String>() {
        "s" => Ok(Conversion::Str),
        "r" => Ok(Conversion::Repr),
        "a" => Ok(Conversion::Ascii),
        _ => Err(Doubt),
    }
}
