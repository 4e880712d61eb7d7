//! Constants: their `repr()`, except that infinity must be readable.
//!
//! `1e999` is written `1e309`, `...` as it is, and `u"a"` keeps its `u`.

use std::borrow::Cow;

use pyc_code::{Const, Text, dis};

use super::Writer;
use crate::constant::{ConstId, Constant};
use crate::context::Context;
use crate::error::{ErrorKind, Fault, Result};
use crate::location::Location;
use crate::tree::StrPrefix;

/// Python doesn't convert longer integers (`sys.int_info.default_max_str_digits`).
const MAX_DIGITS: usize = 4300;

impl Writer<'_, '_> {
    /// `append_ast_constant`
    pub(super) fn constant(&mut self, id: ConstId, prefix: StrPrefix, at: Location) -> Result<()> {
        let context = self.context;
        if prefix == StrPrefix::Unicode {
            self.push("u");
        }
        match &context.constants[id] {
            Constant::Ellipsis => self.push("..."),
            Constant::Tuple(items) => {
                self.push("(");
                self.separated(items, |this, item| this.constant(item, StrPrefix::None, at))?;
                self.push(if items.len() == 1 { ",)" } else { ")" });
            }
            Constant::Int(_) => {
                let text = repr(id, context);
                let digits = text.trim_start_matches('-');
                // `repr` uses hexadecimal for longer ones.
                if digits.len() > MAX_DIGITS || digits.starts_with("0x") {
                    let message = "Exceeds the limit (4300 digits) for integer string conversion; \
                                   use sys.set_int_max_str_digits() to increase the limit";
                    return Err(Fault::new(ErrorKind::Value, at, message));
                }
                self.push(&text);
            }
            Constant::Float(_) | Constant::Complex(..) => {
                let text = repr(id, context);
                self.push(&text.replace("inf", "1e309"));
            }
            _ => self.push(&repr(id, context)),
        }
        Ok(())
    }

    /// A string in quotes.
    pub(super) fn quoted(&mut self, text: &[u8]) {
        let text = quoted(text, self.context);
        self.push(&text);
    }
}

/// Python's `repr()` of a constant.
pub(super) fn repr(id: ConstId, context: &Context<'_>) -> String {
    dis::repr(&of(id, context), context.options.target().minor()).to_string()
}

fn quoted(text: &[u8], context: &Context<'_>) -> String {
    dis::repr(&Const::Str(of_text(text)), context.options.target().minor()).to_string()
}

fn of<'c>(id: ConstId, context: &'c Context<'_>) -> Const<'c> {
    let all = |items: &[ConstId]| items.iter().map(|&item| of(item, context)).collect();
    match &context.constants[id] {
        // A unit is no literal, so its text is never needed.
        Constant::None | Constant::Code(_) => Const::None,
        Constant::False => Const::Bool(false),
        Constant::True => Const::Bool(true),
        Constant::Ellipsis => Const::Ellipsis,
        Constant::Int(value) => Const::Int(value.clone()),
        Constant::Float(value) => Const::Float(*value),
        Constant::Complex(real, imaginary) => Const::Complex(*real, *imaginary),
        Constant::Str(name) => Const::Str(of_text(context.names.bytes(*name))),
        Constant::Bytes(bytes) => Const::Bytes(Cow::Borrowed(bytes)),
        Constant::Tuple(items) => Const::Tuple(all(items)),
        Constant::FrozenSet(items) => Const::FrozenSet(all(items)),
        Constant::Slice(parts) => Const::Slice(parts.map(|part| of(part, context)).into()),
    }
}

fn of_text(bytes: &[u8]) -> Text<'_> {
    Text::from_surrogatepass(bytes).expect("names hold surrogatepass UTF-8")
}
