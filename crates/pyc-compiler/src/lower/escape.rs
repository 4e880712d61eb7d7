//! Warns of invalid escapes, on the lines that CPython names.
//!
//! ```text
//! '''a
//! \d'''    line 1 in 3.13.0, line 2 in later releases
//! ```

use ruff_python_ast::StringFlags;
use ruff_text_size::{TextRange, TextSize};

use super::literal::content;
use super::text::{self, Kind};
use super::walk::Lowering;
use crate::target::Feature;

impl Lowering<'_, '_, '_> {
    /// Warns of the first invalid escape of a string that stands at `range`, its quotes included.
    pub(super) fn warn_in_string(&mut self, range: TextRange, flags: impl StringFlags, kind: Kind) {
        let within = content(range, flags);
        let source = self.source(within);
        if source.as_bytes().contains(&b'\\') && !flags.prefix().is_raw() {
            if let Some(found) = text::first_invalid(source, kind) {
                self.warn_of(within.start(), range.start(), found);
            }
        }
    }

    /// Warns of invalid escapes between replacement fields: of `\{` wherever it is, of others once a token. `end` is the
    /// f-string's, from whose line they are counted, except in a format spec (`string_parser.c:
    /// warn_invalid_escape_sequence`, 3.13).
    pub(super) fn warn_in_middle(&mut self, range: TextRange, end: Option<TextSize>) {
        let mut start = range.start();
        for piece in text::pieces(self.source(range)) {
            for (brace, _) in piece.match_indices('\\') {
                let at = start + TextSize::try_from(brace).unwrap_or_default();
                let after = self.text[at.to_usize() + 1..].chars().next();
                if let Some(after @ ('{' | '}')) = after.filter(|_| !text::is_escaped(piece, brace))
                {
                    let location = self.span(TextRange::at(at, 2.into()));
                    let message = format!("invalid escape sequence '\\{after}'");
                    self.warnings.add(at, location, message);
                }
            }
            if let Some(found) = text::first_invalid(piece, Kind::Middle) {
                self.warn_of(start, end.unwrap_or(range.start()), found);
            }
            start += TextSize::of(piece);
        }
    }

    /// Warns of an escape in a text that begins at `start`: on the line of `token`, or as many lines below it as the escape
    /// is below the text's start.
    fn warn_of(&mut self, start: TextSize, token: TextSize, found: text::Invalid) {
        let at = start + TextSize::try_from(found.offset).unwrap_or_default();
        let mut location = self.span(TextRange::at(at, 2.into()));
        let below = location.line - self.cursor.position(start).line;
        let counts = self.context.options.target().has(Feature::EscapeWarningsCountLines);
        location.line = self.cursor.position(token).line + if counts { below } else { 0 };
        location.end_line = location.line;
        self.warnings.add(at, location, found.message);
    }
}
