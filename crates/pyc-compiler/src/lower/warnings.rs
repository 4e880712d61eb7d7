//! The parser's warnings, which come out of the walk and of the tokens, in the order of the source.
//!
//! `'\d' if 1if x else y` is warned of at `\d`, then at `1if`.

use ruff_text_size::TextSize;

use crate::context::Context;
use crate::error::Warning;
use crate::location::Location;

/// Warnings in any order.
#[derive(Debug, Default)]
pub(super) struct Warnings(Vec<Pending>);

#[derive(Debug)]
struct Pending {
    /// Where it is; not always on the line that CPython names.
    at: TextSize,
    location: Location,
    message: String,
}

impl Warnings {
    pub(super) fn add(&mut self, at: TextSize, location: Location, message: String) {
        self.0.push(Pending { at, location, message });
    }

    /// Puts them before what later stages have warned of.
    pub(super) fn hand_over(mut self, context: &mut Context<'_>) {
        if self.0.is_empty() {
            return;
        }
        self.0.sort_by_key(|pending| pending.at);
        let later: Vec<Warning> = std::mem::take(&mut context.warnings);
        for Pending { location, message, .. } in self.0 {
            context.warn(location, message);
        }
        context.warnings.extend(later);
    }
}
