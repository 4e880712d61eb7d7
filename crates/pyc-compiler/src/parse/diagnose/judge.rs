//! The actions of alternatives that match: they report errors, or that there is none.

use unicode_normalization::UnicodeNormalization as _;

use super::literal;
use super::node::{Kind, Part, Value};
use super::notation::{Anchor, Check, Purpose, Then};
use super::recognise::{Found, Outcome, Recogniser, Slots, Stop};
use super::words::Wrong;
use crate::error::{ErrorKind, Fault};
use crate::location::{Column, Line, Location};
use crate::parse::lexer::StringKind;
use crate::parse::token::{Token, UNEQUAL_FEATURE, Unequal};
use crate::parse::tokens::ONLY_ASCII;
use crate::target::Feature;

type Judged = Result<Outcome, Stop>;

impl Recogniser<'_> {
    pub(super) fn judge(&mut self, then: Then, start: u32, slots: Slots) -> Judged {
        match then {
            Then::Raise(anchor, wrong) => {
                let name = self.called(slots.a);
                self.raise_in(anchor, wrong, &name, slots)
            }
            Then::Target(purpose) => self.target(slots.a, purpose),
            Then::Bound(of) => {
                let is_tuple = self.nodes.kind(slots.b) == Some(Kind::Tuple);
                let wrong = if is_tuple { Wrong::ConstraintsOf } else { Wrong::BoundOf };
                self.raise_in(Anchor::After, wrong, of, slots)
            }
            Then::Check(check) => self.check(check, start, slots),
            Then::Last | Then::All | Then::Make(_) => Ok(Outcome::Fits(Value::NOTHING)),
        }
    }

    fn check(&mut self, check: Check, start: u32, slots: Slots) -> Judged {
        let Slots { a, b } = slots;
        let base = self.base();
        match check {
            Check::Comma => {
                let inside = self.mark.checked_sub(1).and_then(|last| self.item(last));
                if self.is_legacy(a) || inside.is_none_or(|item| item.level == 0) {
                    return Ok(Outcome::Ends);
                }
                self.forgotten_comma(slots)
            }
            Check::Legacy if self.is_legacy_token(a) => {
                let name = self.called(a);
                self.raise_in(Anchor::FromTo, Wrong::MissingCall, &name, slots)
            }
            Check::Generator => match self.arguments(a) {
                (positional, Some(last)) if positional > 1 => {
                    let slots = Slots { a: last, b };
                    self.raise_in(Anchor::FromTo, Wrong::BareGenerator, "", slots)
                }
                _ => Ok(Outcome::Ends),
            },
            Check::Positional => {
                let wrong = if self.unpacks(a) {
                    Wrong::PositionalAfterUnpacking
                } else {
                    Wrong::PositionalAfterKeyword
                };
                self.raise_in(Anchor::Last, wrong, "", slots)
            }
            Check::Conversion => self.conversion(slots),
            Check::FieldInSpec if self.tokens.target.has(Feature::NoDebugInSpec) => {
                self.field_in_spec(slots)
            }
            Check::Field | Check::FieldInSpec => self.field(b),
            Check::Strings => {
                let kind = self.strings(start)?;
                Ok(Outcome::Fits(self.make(kind, start, base)))
            }
            Check::Number => Ok(Outcome::Fits(self.make(Kind::Literal, start, base))),
            Check::Real if self.is_imaginary(a) => {
                self.raise_in(Anchor::At, Wrong::RealNumber, "", slots)
            }
            Check::Imaginary if !self.is_imaginary(a) => {
                self.raise_in(Anchor::At, Wrong::ImaginaryNumber, "", slots)
            }
            Check::Real | Check::Imaginary => {
                Ok(Outcome::Fits(self.make(Kind::Literal, start, base)))
            }
            // `<>` is the same token (`pegen.c: _PyPegen_check_barry_as_flufl`, 3.13).
            Check::Unequal if self.token_text(a) == self.unequal.text() => Ok(Outcome::Fits(a)),
            Check::Unequal if self.unequal == Unequal::Diamond => {
                self.raise_in(Anchor::Last, Wrong::WantedDiamond, "", slots)
            }
            Check::Diamond if self.token_text(a) != self.unequal.text() => {
                self.raise_in(Anchor::At, Wrong::MeantUnequal, "", slots)
            }
            Check::Unequal | Check::Diamond | Check::Legacy => Ok(Outcome::Ends),
            Check::Future => {
                self.apply_future(start);
                Ok(Outcome::Fits(a))
            }
            Check::DeepField => self.field_in_spec(slots),
        }
    }

    /// Finds errors in consecutive literals, in releases in which f-strings are tokens. Returns the
    /// kind of the concatenation (`action_helpers.c: _PyPegen_concatenate_strings`, 3.11).
    fn strings_of_tokens(&mut self, start: u32) -> Result<Kind, Stop> {
        let (mut kind, mut are_bytes) = (Kind::Literal, None);
        for index in start..self.mark {
            let Some((string, content)) = self.tokens.literal(index) else { continue };
            let is_joined = string.kind == StringKind::Joined;
            let words = || self.tokens.literal_words(string, content);
            if let Some(words) = if is_joined { None } else { words() } {
                let is_there = words == ONLY_ASCII && self.tokens.target.has(Feature::BytesLocated);
                let last = self.fill.saturating_sub(1);
                let at = self.at_token(if is_there { index } else { last });
                self.fault = Some(Fault::syntax(at, words));
                return Err(Stop);
            }
            let is_bytes = string.kind == StringKind::Bytes;
            if *are_bytes.get_or_insert(is_bytes) != is_bytes {
                let none = Slots { a: Value::NOTHING, b: Value::NOTHING };
                self.raise_in(Anchor::Last, Wrong::MixedStrings, "", none)?;
            }
            if is_joined {
                kind = Kind::Joined;
                let at = self.literal_location(index);
                if let Some(wrong) = literal::joined(content, string, at, &self.tokens.target) {
                    let last = self.fill.saturating_sub(1);
                    self.fault = Some(wrong.fault(self.at_token(last)));
                    return Err(Stop);
                }
            }
        }
        Ok(kind)
    }

    /// The location of a literal, whose column is CPython's until an error is reported.
    fn literal_location(&self, index: u32) -> Location {
        let at = self.unshifted_location(index);
        let indent = if at.end_line.number() == 1 { self.indent } else { 0 };
        Location { column: at.column.after(indent), ..at }
    }

    /// Refuses a mix of bytes and text. Returns the kind of the concatenation.
    fn strings(&mut self, start: u32) -> Result<Kind, Stop> {
        if self.tokens.target.has(Feature::JoinedStringTokens) {
            return self.strings_of_tokens(start);
        }
        let (mut kind, mut depth) = (Kind::Literal, 0_u32);
        let (mut bytes, mut text) = (false, false);
        for index in start..self.mark {
            match self.item(index).map(|item| item.token) {
                Some(Token::Joined) => {
                    (kind, text) = (Kind::Joined, true);
                    depth += 1;
                }
                Some(Token::JoinedEnd) => depth = depth.saturating_sub(1),
                Some(Token::String) if depth == 0 => {
                    let prefix = self.text(index).split(['"', '\'']).next().unwrap_or_default();
                    if prefix.contains(['b', 'B']) { bytes = true } else { text = true }
                }
                _ => {}
            }
        }
        if bytes && text {
            let none = Slots { a: Value::NOTHING, b: Value::NOTHING };
            self.raise_in(Anchor::Last, Wrong::MixedStrings, "", none)?;
        }
        Ok(kind)
    }

    /// `!r`, without a space in it (`action_helpers.c: _PyPegen_check_fstring_conversion`, 3.13).
    fn conversion(&mut self, slots: Slots) -> Judged {
        let Slots { a, b } = slots;
        let ends = |value: Value| match value.part() {
            Part::Token(index) => self.item(index).map(|item| (item.start, item.end)),
            _ => None,
        };
        if ends(a).map(|(_, end)| end) != ends(b).map(|(start, _)| start) {
            let wrong = if self.tokens.target.has(Feature::ExclamationSpelled) {
                Wrong::SpelledLateConversion
            } else {
                Wrong::LateConversion
            };
            return self.raise_in(Anchor::FromTo, wrong, "", slots);
        }
        if self.tokens.target.has(Feature::ConversionCheckedFirst) {
            return self.field(b);
        }
        Ok(Outcome::Fits(b))
    }

    /// See `action_helpers.c: _PyPegen_raise_error_for_missing_comma`, 3.15.
    fn forgotten_comma(&mut self, slots: Slots) -> Judged {
        let at = self.location(slots.a);
        let has_lines = at.line != at.end_line;
        if !has_lines || !self.tokens.target.has(Feature::MissingCommaAtEnd) {
            return self.raise_in(Anchor::FromTo, Wrong::ForgottenComma, "", slots);
        }
        // Quirk: the column is that of the start, but not after the end of the last line.
        let after = self.nodes.span(slots.a).and_then(|(_, last)| self.item(last));
        let rest = after.and_then(|item| self.tokens.text.get(item.end as usize..));
        let line = rest.and_then(|rest| rest.split_inclusive('\n').next()).unwrap_or_default();
        // The line has its end as long as the tokenizer is in it.
        let is_read = self.item(self.fill - 1).is_some_and(|last| last.at.end_line > at.end_line);
        let rest = if is_read { line.trim_end_matches('\n').len() } else { line.len() };
        let last = at.end_column.after(i32::try_from(rest).unwrap_or(i32::MAX));
        let column = if at.column.get() > last.get() { last } else { at.column };
        let location = Location { line: at.end_line, column, ..at };
        self.raise(ErrorKind::Syntax, location, Wrong::ForgottenComma, "")?;
        Ok(Outcome::Ends)
    }

    /// A complete field, perhaps with a conversion (`action_helpers.c: _PyPegen_formatted_value`,
    /// 3.13).
    fn field(&mut self, conversion: Value) -> Judged {
        let name: String = self.called(conversion).nfkc().collect();
        if matches!(&*name, "" | "r" | "s" | "a") {
            return Ok(Outcome::Fits(conversion));
        }
        let slots = Slots { a: conversion, b: conversion };
        self.raise_in(Anchor::At, Wrong::UnknownConversion, &name, slots)
    }

    /// A field with a `=` for which the tokenizer has no text. The error comes from a constant
    /// without a value (`action_helpers.c: _PyPegen_formatted_value`, 3.13).
    fn field_in_spec(&mut self, slots: Slots) -> Judged {
        if self.token_text(slots.a) != "=" {
            return self.field(slots.b);
        }
        let words = Wrong::FieldWithoutText.words("", Line::NONE);
        self.fault = Some(Fault::new(ErrorKind::Value, Location::NONE, words));
        Err(Stop)
    }

    /// Changes how `!=` is written from here on, if the statement at `start` enables that.
    fn apply_future(&mut self, start: u32) {
        let is = |index: u32, text: &str| self.text(index) == text;
        let is_future = is(start + 1, "__future__") && is(start + 2, "import");
        let names = |index: &u32| is(*index, UNEQUAL_FEATURE) && !is(index.saturating_sub(1), "as");
        let is_heeded = self.tokens.target.has(Feature::UnequalByFuture);
        if is_heeded && is_future && (start + 3..self.mark).any(|index| names(&index)) {
            self.unequal = Unequal::Diamond;
        }
    }

    fn token_text(&self, value: Value) -> &str {
        match value.part() {
            Part::Token(index) => self.text(index),
            _ => "",
        }
    }

    fn is_imaginary(&self, value: Value) -> bool {
        self.token_text(value).ends_with(['j', 'J'])
    }

    /// Whether it is a statement of Python 2 (`pegen.c: _PyPegen_check_legacy_stmt`, 3.13).
    fn is_legacy_token(&self, value: Value) -> bool {
        matches!(self.token_text(value), "print" | "exec")
    }

    fn is_legacy(&self, value: Value) -> bool {
        let is_name = self.nodes.kind(value) == Some(Kind::Name);
        is_name
            && self
                .nodes
                .span(value)
                .is_some_and(|(first, _)| self.is_legacy_token(Value::token(first)))
    }

    /// The number of positional arguments, including starred ones, and the last of them.
    fn arguments(&self, call: Value) -> (usize, Option<Value>) {
        let is_positional = |value: &&Value| {
            !matches!(self.nodes.kind(**value), Some(Kind::Keyword | Kind::Unpacked))
        };
        let mut positional = self.items(call).iter().filter(is_positional);
        (positional.clone().count(), positional.next_back().copied())
    }

    fn unpacks(&self, call: Value) -> bool {
        self.items(call).iter().any(|item| self.nodes.kind(*item) == Some(Kind::Unpacked))
    }

    fn items(&self, value: Value) -> &[Value] {
        match value.part() {
            Part::Node(number) => self.nodes.items(self.nodes.get(number)),
            Part::Token(_) | Part::Nothing => &[],
        }
    }

    fn target(&mut self, value: Value, purpose: Purpose) -> Judged {
        let Some(wrong) = self.invalid_target(value, purpose) else { return Ok(Outcome::Ends) };
        let name = self.called(wrong);
        let fault = match purpose {
            Purpose::Assigned | Purpose::Looped => Wrong::CannotAssign,
            Purpose::Deleted => Wrong::CannotDelete,
        };
        self.raise_in(Anchor::At, fault, &name, Slots { a: wrong, b: wrong })
    }

    /// The part of a value that can't be a target (`pegen.c: _PyPegen_get_invalid_target`, 3.13).
    fn invalid_target(&self, value: Value, purpose: Purpose) -> Option<Value> {
        let items = self.items(value);
        match self.nodes.kind(value)? {
            Kind::Name | Kind::Subscript | Kind::Attribute => None,
            Kind::List | Kind::Tuple => {
                items.iter().find_map(|item| self.invalid_target(*item, purpose))
            }
            Kind::Starred if purpose == Purpose::Deleted => Some(value),
            Kind::Starred => self.invalid_target(*items.first()?, purpose),
            Kind::Comparison if purpose == Purpose::Looped => {
                let operator = self.nodes.kind(*items.get(1)?)?;
                let is_in = operator == Kind::Contained;
                if is_in { self.invalid_target(items[0], purpose) } else { None }
            }
            _ => Some(value),
        }
    }

    /// The name of a value in messages.
    fn called(&self, value: Value) -> String {
        match value.part() {
            Part::Nothing => String::new(),
            Part::Token(index) => self.text(index).to_owned(),
            Part::Node(number) => self.nodes.get(number).kind.called().to_owned(),
        }
    }

    #[cold]
    fn raise_in(&mut self, anchor: Anchor, wrong: Wrong, name: &str, slots: Slots) -> Judged {
        let Slots { a, b } = slots;
        let line = self.location(a).line;
        let location = match anchor {
            Anchor::At => self.location(a),
            Anchor::FromTo => self.location(a).to_end_of(self.location(b)),
            Anchor::After => {
                let at = self.location(a);
                let read = self.read_up_to();
                // Quirk: only here, CPython counts columns from one (`pegen_errors.c: CURRENT_POS`,
                // 3.13).
                Location { end_line: read.line, end_column: read.column.before(), ..at }
            }
            Anchor::Behind => {
                let at = self.location(a);
                Location {
                    end_line: at.end_line,
                    ..Location::from(at.line, at.end_column.before())
                }
            }
            Anchor::Last | Anchor::Indent => self.at_token(self.fill.saturating_sub(1)),
            Anchor::Next => {
                self.peek()?;
                self.at_token(self.mark)
            }
        };
        let kind =
            if anchor == Anchor::Indent { ErrorKind::Indentation } else { ErrorKind::Syntax };
        let mut words = wrong.of(&self.tokens.target).words(name, line);
        if words.starts_with("f-string: ") && self.in_template() {
            words.replace_range(..1, "t");
        }
        self.fault = Some(Fault::new(kind, location, words));
        Err(Stop)
    }

    /// Whether what was read last is in a t-string, and not in an f-string nested in it.
    fn in_template(&self) -> bool {
        let mut closed = 0_u32;
        let read = &self.tokens.list[..self.mark as usize];
        let innermost = read.iter().rev().find(|item| match item.token {
            Token::JoinedEnd | Token::TemplateEnd => {
                closed += 1;
                false
            }
            Token::Joined | Token::Template if closed > 0 => {
                closed -= 1;
                false
            }
            token => matches!(token, Token::Joined | Token::Template),
        });
        innermost.is_some_and(|item| item.token == Token::Template)
    }

    /// Reports an error at a value.
    #[cold]
    pub(super) fn raise_at(&mut self, at: Value, wrong: Wrong, name: &str) -> Found {
        let location = self.location(at);
        self.raise(ErrorKind::Syntax, location, wrong, name)
    }

    #[cold]
    pub(super) fn raise(
        &mut self,
        kind: ErrorKind,
        location: Location,
        wrong: Wrong,
        name: &str,
    ) -> Found {
        self.fault = Some(Fault::new(kind, location, wrong.words(name, location.line)));
        Err(Stop)
    }

    /// The location of a value.
    pub(super) fn location(&self, value: Value) -> Location {
        let Some((first, last)) = self.nodes.span(value) else { return Location::NONE };
        self.token_location(first).to_end_of(self.token_location(last))
    }

    fn token_location(&self, index: u32) -> Location {
        let at = self.unshifted_location(index);
        // Quirk: in a field of several lines, the column of the first is subtracted in all
        // (`pegen.c: initialize_token`, 3.11).
        if at.end_line.number() == 1 { at } else { self.shifted(at) }
    }

    /// The parser's error at a token that couldn't be read. Such a token has no column, but that of
    /// the first line is added to this number, too (`pegen.c: initialize_token`, 3.11).
    pub(super) fn without_indent(&self, fault: Fault) -> Fault {
        let at = fault.location;
        let is_first = at.line.number() == 1 && self.indent > 0;
        fault.at(if is_first { at.without_columns() } else { self.shifted(at) })
    }

    fn shifted(&self, at: Location) -> Location {
        let before = |column: Column| column.after(-self.indent);
        Location { column: before(at.column), end_column: before(at.end_column), ..at }
    }

    fn unshifted_location(&self, index: u32) -> Location {
        let Some(item) = self.item(index) else { return Location::NONE };
        // The tokenizer doesn't record where these begin.
        let has_no_place = matches!(item.token, Token::Indent | Token::Dedent | Token::EndOfFile);
        if has_no_place || item.end_of_text {
            return item.at.without_columns();
        }
        if item.token == Token::Newline && !self.tokens.target.has(Feature::LineEndsLocated) {
            return Location { end_column: item.at.end_column.before(), ..item.at };
        }
        item.at
    }

    /// The location of an error that is reported at a token.
    pub(super) fn at_token(&self, index: u32) -> Location {
        let at = self.token_location(index);
        if self.unshifted_location(index).column.is_some() {
            return self.without_half(index, at);
        }
        // The location starts at the position of the tokenizer, whose columns count from one here.
        let read = self.read_up_to();
        Location { column: read.column.before(), ..at.without_columns() }
    }

    /// The location of a token. Of `<>`, it is that of `<`: the tokenizer of these releases reads
    /// two tokens (gh-151303).
    pub(super) fn without_half(&self, index: u32, at: Location) -> Location {
        let is_split = self.unequal == Unequal::Exclamation
            && self.tokens.target.has(Feature::UnequalSuggested)
            && self.text(index) == "<>";
        if is_split { Location { end_column: at.end_column.before(), ..at } } else { at }
    }

    /// The position of the tokenizer.
    fn read_up_to(&self) -> Location {
        let last = self.item(self.fill.saturating_sub(1));
        let at = last.map_or(Location::line_start(Line::new(1)), |item| item.at);
        self.shifted(Location { line: at.end_line, column: at.end_column, ..at })
    }
}
