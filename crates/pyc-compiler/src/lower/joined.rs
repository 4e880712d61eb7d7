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
    InterpolatedStringLiteralElement,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::text::{self, Kind};
use super::walk::Lowering;
use crate::error::Result;
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
                    self.elements(&mut joining, &string.elements, token)?;
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
        elements: &[InterpolatedStringElement],
        token: Token,
    ) -> Result<()> {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => self.middle(joining, literal, token),
                InterpolatedStringElement::Interpolation(field) => {
                    self.field(joining, field, token)?;
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
    ) {
        let source = self.source(node.range);
        let raw_spec = token.raw && token.specs > 0;
        let raw = token.raw
            && (token.specs == 0 || self.context.options.target().has(Feature::RawFormatSpecs));
        if !raw && source.as_bytes().contains(&b'\\') {
            self.warn_in_middle(node.range, token);
        }
        let decoded = raw_spec && !raw && source.contains('\\');
        if node.value.is_empty() {
            return;
        }
        joining.extend(node.range, StrPrefix::None);
        if decoded {
            text::decode(source, &mut self.bytes);
        } else if !raw && node.value.contains(char::REPLACEMENT_CHARACTER) && source.contains('\\')
        {
            text::restore_surrogates(source, &node.value, Kind::Middle, &mut self.bytes);
        } else {
            self.bytes.extend_from_slice(node.value.as_bytes());
        }
    }

    /// A replacement field, with its text before it if there is a `=`.
    fn field(
        &mut self,
        joining: &mut Joining,
        node: &InterpolatedElement,
        token: Token,
    ) -> Result<()> {
        if token.specs > MOST_SPECS {
            return self.error(node.range, "f-string: expressions nested too deeply");
        }
        if let Some(debug) = &node.debug_text {
            let start = node.start() + TextSize::from(1);
            let end = start + TextSize::of(debug.as_str());
            joining.extend(TextRange::new(start, end), StrPrefix::None);
            let target = self.context.options.target();
            super::debug::text(debug.as_str(), target, &mut self.bytes);
        }
        self.flush(joining);
        let start = self.start(node);
        let value = self.expr(&node.expression)?;
        let spec = match &node.format_spec {
            Some(spec) => {
                // Ruff's range is without the colon.
                let start = self.cursor.position(spec.start() - TextSize::from(1));
                let mut inner = self.join();
                let within = Token { specs: token.specs + 1, ..token };
                self.deeper(spec.start(), |this| {
                    this.elements(&mut inner, &spec.elements, within)
                })?;
                self.flush(&mut inner);
                let at = self.until(start, spec.end());
                let values = self.take_list::<ExprId>(inner.values);
                Some(self.push(ExprKind::Joined { values }, at))
            }
            None => None,
        };
        let conversion = match node.conversion {
            ConversionFlag::Str => Conversion::Str,
            ConversionFlag::Repr => Conversion::Repr,
            ConversionFlag::Ascii => Conversion::Ascii,
            ConversionFlag::None if node.debug_text.is_some() && spec.is_none() => Conversion::Repr,
            ConversionFlag::None => Conversion::None,
        };
        let at = self.until(start, node.end());
        let field = self.push(ExprKind::Formatted { value, conversion, spec }, at);
        self.put(field);
        Ok(())
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

    /// Warns of invalid escapes between replacement fields: of `\{` wherever it is, of others once a token, whose line
    /// counts from the f-string's end (`string_parser.c: warn_invalid_escape_sequence`, 3.13).
    fn warn_in_middle(&mut self, range: TextRange, token: Token) {
        let mut offset = 0;
        for piece in text::pieces(self.source(range)) {
            let start = range.start() + TextSize::try_from(offset).unwrap_or_default();
            offset += piece.len();
            for (brace, _) in piece.match_indices('\\').filter(|(at, _)| {
                piece[at + 1..].starts_with(['{', '}']) && !text::is_escaped(piece, *at)
            }) {
                let at = start + TextSize::try_from(brace).unwrap_or_default();
                let location = self.span(TextRange::at(at, 2.into()));
                let message = format!("invalid escape sequence '{}'", &piece[brace..brace + 2]);
                self.context.warn(location, message);
            }
            if let Some(found) = text::first_invalid(piece, Kind::Middle) {
                let at = start + TextSize::try_from(found.offset).unwrap_or_default();
                let mut location = self.span(TextRange::at(at, 2.into()));
                if token.specs == 0 {
                    let inside = location.line - self.cursor.position(start).line;
                    location.line = self.cursor.position(token.end).line + inside;
                    location.end_line = location.line;
                }
                self.context.warn(location, found.message);
            }
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
