//! Prints a tree with the names of CPython's `ast`: a line for each node.
//!
//! ```text
//! body Return 2:4-2:12
//!   value Name 2:11-2:12 id='x' ctx=Load
//! ```
//!
//! A line contains the field of the node, its class, its location, and its values other than nodes.
//! A missing node has no line, but `None` in a list of nodes is printed as `-`.

mod expr;
mod function;
mod pattern;
mod stmt;

use std::fmt::Write as _;

use crate::constant::{ConstId, Constant};
use crate::context::Context;
use crate::error::{ErrorKind, Fault, Result};
use crate::location::Location;
use crate::name::Name;
use crate::tree::{MOST_LEVELS, Root, Tree};

/// The whole tree.
///
/// # Errors
///
/// If it is deeper than the compiler's limit.
pub(super) fn print(tree: &Tree, context: &Context<'_>) -> Result<String> {
    let mut printer = Printer { tree, context, text: String::new(), indent: 0, is_cut: false };
    let class = match tree.root {
        Root::Module(_) => "Module",
        Root::Interactive(_) => "Interactive",
        Root::Expression(_) => "Expression",
    };
    printer.text.push_str(class);
    printer.inside(|this| match tree.root {
        Root::Module(body) | Root::Interactive(body) => this.body("body", body),
        Root::Expression(expr) => this.expr("body", expr),
    });
    printer.text.push('\n');
    if printer.is_cut {
        let message = "maximum recursion depth exceeded during ast construction";
        return Err(Fault::new(ErrorKind::Depth, Location::NONE, message));
    }
    Ok(printer.text)
}

struct Printer<'t, 'o> {
    tree: &'t Tree,
    context: &'t Context<'o>,
    text: String,
    indent: usize,
    /// Whether something was too deep to be printed.
    is_cut: bool,
}

impl Printer<'_, '_> {
    /// Starts a node's line.
    fn node(&mut self, field: &str, class: &str, at: Option<Location>) {
        self.text.push('\n');
        let width = self.indent * 2;
        let _ = write!(self.text, "{:width$}{field} {class}", "");
        if let Some(at) = at {
            let _ = write!(self.text, " {at}");
        }
    }

    /// Prints a node's parts.
    fn inside(&mut self, parts: impl FnOnce(&mut Self)) {
        if self.indent >= MOST_LEVELS as usize {
            self.is_cut = true;
            return;
        }
        self.indent += 1;
        parts(self);
        self.indent -= 1;
    }

    fn nothing(&mut self, field: &str) {
        self.node(field, "-", None);
    }

    /// Adds to the node's line.
    fn plain(&mut self, key: &str, value: impl std::fmt::Display) {
        let _ = write!(self.text, " {key}={value}");
    }

    fn name(&mut self, key: &str, name: Name) {
        let _ = write!(self.text, " {key}=");
        quote(&mut self.text, self.context.names.bytes(name));
    }

    fn optional_name(&mut self, key: &str, name: Option<Name>) {
        if let Some(name) = name {
            self.name(key, name);
        }
    }

    fn constant(&mut self, id: ConstId) {
        self.text.push_str(" value=");
        self.value(id);
    }

    fn value(&mut self, id: ConstId) {
        let context = self.context;
        let _ = match &context.constants[id] {
            Constant::None => write!(self.text, "None"),
            Constant::False => write!(self.text, "False"),
            Constant::True => write!(self.text, "True"),
            Constant::Ellipsis => write!(self.text, "Ellipsis"),
            Constant::Int(value) => write!(self.text, "{value}"),
            Constant::Float(value) => write!(self.text, "float:{:016x}", value.to_bits()),
            Constant::Complex(real, imaginary) => {
                write!(self.text, "complex:{:016x},{:016x}", real.to_bits(), imaginary.to_bits())
            }
            Constant::Str(name) => {
                quote(&mut self.text, context.names.bytes(*name));
                Ok(())
            }
            Constant::Bytes(bytes) => {
                self.text.push('b');
                quote(&mut self.text, bytes);
                Ok(())
            }
            Constant::Tuple(items) => {
                self.items('(', items, ')');
                Ok(())
            }
            Constant::FrozenSet(items) => {
                self.items('{', items, '}');
                Ok(())
            }
            Constant::Slice(parts) => {
                self.items('[', parts, ']');
                Ok(())
            }
            Constant::Code(_) => write!(self.text, "code"),
        };
    }

    fn items(&mut self, open: char, items: &[ConstId], close: char) {
        self.text.push(open);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.value(*item);
        }
        self.text.push(close);
    }
}

/// Bytes in quotes; quotes, backslashes and everything but printable ASCII is in hexadecimal.
fn quote(text: &mut String, bytes: &[u8]) {
    text.push('\'');
    for &byte in bytes {
        match byte {
            b'\'' | b'\\' | ..=0x1f | 0x7f.. => {
                let _ = write!(text, "\\x{byte:02x}");
            }
            _ => text.push(char::from(byte)),
        }
    }
    text.push('\'');
}
