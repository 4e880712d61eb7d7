//! Converts the tree back to source, for annotations under `from __future__ import annotations`.
//!
//! ```text
//! x: dict [ "a" , (1+2) ]       ─▶ "dict['a', 1 + 2]"
//! ```
//!
//! This follows `ast_unparse.c`, 3.13: each node has one form, and parentheses where precedence
//! needs them. Its quirks are reproduced, too, since the text is part of the code object.

mod constant;
mod expression;
mod fstring;
mod lambda;
mod level;

#[cfg(test)]
mod tests;

use crate::constant::ConstId;
use crate::context::Context;
use crate::error::{ErrorKind, Fault, Result};
use crate::name::Name;
use crate::tree::{ExprId, Tree};
use level::Level;

/// The text of an annotation (`ast_unparse.c: _PyAST_ExprAsUnicode`, 3.13).
pub(crate) fn annotation(
    tree: &Tree,
    annotation: ExprId,
    context: &mut Context<'_>,
) -> Result<Name> {
    let mut writer = Writer { tree, context, text: Vec::new() };
    writer.expression(annotation, Level::TEST)?;
    let text = writer.text;
    Ok(context.names.intern(&text))
}

/// Python's `repr()` of a constant.
pub(crate) fn repr(constant: ConstId, context: &Context<'_>) -> String {
    constant::repr(constant, context)
}

/// Writes an annotation.
struct Writer<'a, 'o> {
    tree: &'a Tree,
    context: &'a Context<'o>,
    /// In UTF-8 with surrogates, as in [`crate::name::Names`].
    text: Vec<u8>,
}

/// Maximum length. Nested quotes double the text with each enclosing f-string, so that CPython
/// would run out of memory.
const MAX_LENGTH: usize = 64 << 20;

impl Writer<'_, '_> {
    fn push(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn name(&mut self, name: Name) {
        self.text.extend_from_slice(self.context.names.bytes(name));
    }

    /// Writes the items, separated by commas.
    fn separated<T: Copy>(
        &mut self,
        items: &[T],
        mut write: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        for (at, &item) in items.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            write(self, item)?;
        }
        Ok(())
    }

    /// Writes parentheses if the context has a higher precedence.
    fn at_level(
        &mut self,
        around: Level,
        own: Level,
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        if around <= own {
            return write(self);
        }
        self.push("(");
        write(self)?;
        self.push(")");
        Ok(())
    }

    /// The text that the closure writes, separately.
    fn apart(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<Vec<u8>> {
        let before = std::mem::take(&mut self.text);
        write(self)?;
        Ok(std::mem::replace(&mut self.text, before))
    }

    fn check_length(&self, at: ExprId) -> Result<()> {
        if self.text.len() <= MAX_LENGTH {
            return Ok(());
        }
        let message = "annotation is too long as a text; nest fewer f-strings in it";
        Err(Fault::new(ErrorKind::Depth, self.tree[at].location, message))
    }
}
