//! F-strings: CPython's constants and replacement fields, from ruff's parts and elements (3.12 and later, PEP 701).
//!
//! ```text
//! f"a{x=}b" "c"   ─▶   "ax="  FormattedValue x!r  "bc"
//! ```
//!
//! Constants that meet become one, from the first's start to the last's end (`action_helpers.c:
//! _PyPegen_concatenate_strings`). What an f-string's own text is empty of extends nothing, but an empty plain string of
//! a concatenation does.

use ruff_python_ast::{
    self as ast, ConversionFlag, FStringPart, InterpolatedElement, InterpolatedStringElement,
    InterpolatedStringFormatSpec, InterpolatedStringLiteralElement,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::debug::{self, Before, Tracker};
use super::text::{self, Kind};
use super::unescape;
use super::walk::Lowering;
use crate::error::{ErrorKind, Fault, Result};
use crate::target::Feature;
use crate::tree::{Conversion, ExprId, ExprKind, StrPrefix};

/// Replacement fields in format specs of others, more deeply than this, are refused (`MAX_EXPR_NESTING`, 3.13).
const MOST_SPECS: u32 = 2;

/// A constant to which more may come.
#[derive(Clone, Copy)]
struct Pending {
    start: TextSize,
    end: TextSize,
    prefix: StrPrefix,
}

/// An f-string being put together.
struct Joining {
    /// Where its values are on the scratch list.
    values: usize,
    /// Where the pending constant's text is in `bytes`.
    text: usize,
    pending: Option<Pending>,
}

/// The f-string token that elements are part of.
#[derive(Clone, Copy)]
struct Token {
    raw: bool,
    /// Of its closing quotes, whose line CPython gives to warnings.
    end: TextSize,
    /// How many format specs are around.
    specs: u32,
}

impl Lowering<'_, '_, '_> {
    pub(super) fn joined(&mut self, node: &ast::ExprFString) -> Result<ExprId> {
        let start = self.start(node);
        let mut joining = self.join();
        for part in node.value.as_slice() {
            match part {
                FStringPart::Literal(string) => {
                    self.warn_in_string(string.range, string.flags, Kind::Text);
                    let prefix = self.prefix(string);
                    joining.extend(string.range, prefix);
                    self.add_string(string);
                }
                FStringPart::FString(string) => {
                    let raw = string.flags.prefix().is_raw();
                    let quotes = ast::StringFlags::closer_len(string.flags);
                    let token = Token { raw, end: string.end() - quotes, specs: 0 };
                    let mut tracker = Tracker::new(self.context.options.target());
                    self.elements(&mut joining, &mut tracker, &string.elements, token)?;
                }
            }
        }
        self.flush(&mut joining);
        let at = self.until(start, node.end());
        let values = self.take_list::<ExprId>(joining.values);
        Ok(self.push(ExprKind::Joined { values }, at))
    }

    fn join(&self) -> Joining {
        Joining { values: self.mark::<ExprId>(), text: self.bytes.len(), pending: None }
    }

    fn elements(
        &mut self,
        joining: &mut Joining,
        tracker: &mut Tracker,
        elements: &[InterpolatedStringElement],
        token: Token,
    ) -> Result<()> {
        let mut before = Before::Nothing;
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    self.middle(joining, literal, token)?;
                    before = Before::Text;
                }
                InterpolatedStringElement::Interpolation(field) => {
                    tracker.open(before, token.specs, field.start() + TextSize::from(1));
                    self.field(joining, tracker, field, token)?;
                    before = Before::Nothing;
                }
            }
        }
        Ok(())
    }

    /// Text between replacement fields.
    fn middle(
        &mut self,
        joining: &mut Joining,
        node: &InterpolatedStringLiteralElement,
        token: Token,
    ) -> Result<()> {
        let source = self.source(node.range);
        let raw_spec = token.raw && token.specs > 0;
        let raw = token.raw
            && (token.specs == 0 || self.context.options.target().has(Feature::RawFormatSpecs));
        if !raw && source.as_bytes().contains(&b'\\') {
            self.warn_in_middle(node.range, (token.specs == 0).then_some(token.end));
        }
        let decoded = raw_spec && !raw && source.contains('\\');
        if node.value.is_empty() {
            return Ok(());
        }
        joining.extend(node.range, StrPrefix::None);
        if decoded {
            if let Err(message) =
                unescape::decode(source, self.context.options.target(), &mut self.bytes)
            {
                return self.error(node.range, message);
            }
        } else if !raw && node.value.contains(char::REPLACEMENT_CHARACTER) && source.contains('\\')
        {
            text::restore_surrogates(source, &node.value, Kind::Middle, &mut self.bytes);
        } else {
            self.bytes.extend_from_slice(node.value.as_bytes());
        }
        Ok(())
    }

    /// A replacement field, with its text before it if there is a `=`.
    fn field(
        &mut self,
        joining: &mut Joining,
        tracker: &mut Tracker,
        node: &InterpolatedElement,
        token: Token,
    ) -> Result<()> {
        if token.specs > MOST_SPECS {
            return self.error(node.range, "f-string: expressions nested too deeply");
        }
        self.track(tracker, node, token.specs);
        if node.debug_text.is_some() {
            self.debug_text(joining, tracker, node, token)?;
        }
        self.flush(joining);
        let start = self.start(node);
        let value = self.expr(&node.expression)?;
        let spec = match &node.format_spec {
            Some(spec) => Some(self.spec(spec, tracker, token)?),
            None => None,
        };
        let conversion = match node.conversion {
            ConversionFlag::Str => Conversion::Str,
            ConversionFlag::Repr => Conversion::Repr,
            ConversionFlag::Ascii => Conversion::Ascii,
            ConversionFlag::None if node.debug_text.is_some() && spec.is_none() => Conversion::Repr,
            ConversionFlag::None => Conversion::None,
        };
        tracker.close(token.specs, node.end() - TextSize::from(1));
        let at = self.until(start, node.end());
        let field = self.push(ExprKind::Formatted { value, conversion, spec }, at);
        self.put(field);
        Ok(())
    }

    /// Tells the tracker what stands in a field up to where the text for `=` ends.
    fn track(&self, tracker: &mut Tracker, node: &InterpolatedElement, specs: u32) {
        let open = node.start() + TextSize::from(1);
        let expression = TextRange::new(open, node.expression.end());
        if tracker.minds_marks() && self.source(expression).contains("!=") {
            for at in debug::not_equals(self.tokens, expression) {
                tracker.exclamation(specs, at);
            }
        }
        if node.debug_text.is_some() {
            tracker.equal();
        }
        // Ruff's range of a spec is without the colon.
        let spec = node.format_spec.as_ref().map(|spec| spec.start() - TextSize::from(1));
        let end = spec.unwrap_or(node.end() - TextSize::from(1));
        if node.conversion != ConversionFlag::None {
            let rest = TextRange::new(expression.end(), end);
            let mark = self.source(rest).rfind('!').unwrap_or_default();
            let mark = rest.start() + TextSize::try_from(mark).unwrap_or_default();
            tracker.exclamation(specs, mark);
        } else if spec.is_none() && node.debug_text.is_some() {
            // The same as its end, which `close` tells again.
            tracker.exclamation(specs, end);
        }
        if let Some(colon) = spec {
            tracker.colon(specs, colon);
        }
    }

    /// The text that a `=` puts before its field: at the field's own place, whatever the text is.
    fn debug_text(
        &mut self,
        joining: &mut Joining,
        tracker: &Tracker,
        node: &InterpolatedElement,
        token: Token,
    ) -> Result<()> {
        if token.specs == MOST_SPECS {
            let message = "field 'value' is required for Constant";
            return Err(Fault::new(ErrorKind::Value, self.span(node.range), message));
        }
        let start = node.start() + TextSize::from(1);
        let len = node.debug_text.as_ref().map_or(0.into(), |text| TextSize::of(text.as_str()));
        joining.extend(TextRange::at(start, len), StrPrefix::None);
        let text = self.source(tracker.range());
        let target = self.context.options.target();
        let raw = token.raw || token.specs > 0 || target.has(Feature::DebugTextPastNotEqual);
        if raw || !text.contains('\\') {
            debug::without_comments(text, target, &mut self.bytes);
            return Ok(());
        }
        let mut kept = Vec::new();
        debug::without_comments(text, target, &mut kept);
        let kept = String::from_utf8_lossy(&kept);
        if let Some(found) = text::first_invalid(&kept, Kind::Middle) {
            let end = self.cursor.position(token.end);
            self.warnings.add(node.start(), end.to(end), found.message);
        }
        match unescape::decode(&kept, self.context.options.target(), &mut self.bytes) {
            Ok(()) => Ok(()),
            Err(message) => self.error(node.range, message),
        }
    }

    fn spec(
        &mut self,
        node: &InterpolatedStringFormatSpec,
        tracker: &mut Tracker,
        token: Token,
    ) -> Result<ExprId> {
        let start = self.cursor.position(node.start() - TextSize::from(1));
        let mut inner = self.join();
        let within = Token { specs: token.specs + 1, ..token };
        self.deeper(node.start(), |this| {
            this.elements(&mut inner, tracker, &node.elements, within)
        })?;
        self.flush(&mut inner);
        let at = self.until(start, node.end());
        let values = self.take_list::<ExprId>(inner.values);
        Ok(self.push(ExprKind::Joined { values }, at))
    }

    /// Makes an expression of the pending constant, unless it is empty.
    fn flush(&mut self, joining: &mut Joining) {
        let Some(pending) = joining.pending.take() else { return };
        if self.bytes.len() > joining.text {
            let name = self.context.names.intern(&self.bytes[joining.text..]);
            self.bytes.truncate(joining.text);
            let value = self.context.constants.str(name);
            let at = self.span(TextRange::new(pending.start, pending.end));
            let constant = self.push(ExprKind::Constant { value, prefix: pending.prefix }, at);
            self.put(constant);
        }
    }
}

impl Joining {
    /// More text, at `range`, comes to the pending constant or begins one.
    fn extend(&mut self, range: TextRange, prefix: StrPrefix) {
        let (start, end) = (range.start(), range.end());
        match &mut self.pending {
            Some(pending) => pending.end = end,
            None => self.pending = Some(Pending { start, end, prefix }),
        }
    }
}
