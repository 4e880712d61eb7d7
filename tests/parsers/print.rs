//! Prints a tree of rustpython-parser in the format of `pyc_compiler::stage::syntax`: one line for
//! each node.
//!
//! ```text
//! body Return 2:4-2:12
//!   value Name 2:11-2:12 id='x' ctx=Load
//! ```

use std::fmt::{Display, Write as _};

use rustpython_parser::ast::{self, OptionalRange};
use rustpython_parser::text_size::TextRange;

/// Prints the content of a node's field, under the field's name. Nodes have lines of their own;
/// everything else is on the line of the node.
pub(crate) trait Field {
    fn say(&self, _key: &str, _printer: &mut Printer) {}

    fn show(&self, _key: &str, _printer: &mut Printer) {}

    /// Prints an item of a list, in which an absent item has a line as well.
    fn show_item(&self, key: &str, printer: &mut Printer) {
        self.show(key, printer);
    }
}

/// The location of a node, if `ast` has one for such nodes.
pub(crate) trait Place {
    fn place(&self) -> Option<TextRange>;
}

pub(crate) struct Printer {
    /// The offset at which each line starts.
    lines: Vec<usize>,
    text: String,
    indent: usize,
}

/// The whole tree of a source, whose lines end in `\n`.
pub(crate) fn print(source: &str, body: &Vec<ast::Stmt>) -> String {
    let ends = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let lines = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
    let mut printer = Printer { lines, text: "Module\n".to_owned(), indent: 1 };
    body.show("body", &mut printer);
    printer.text
}

impl Printer {
    pub(crate) fn node(
        &mut self,
        key: &str,
        class: &str,
        place: &impl Place,
        fields: &[(&str, &dyn Field)],
    ) {
        let width = self.indent * 2;
        let _ = write!(self.text, "{:width$}{key} {class}", "");
        if let Some(range) = place.place() {
            let (line, column) = self.position(range.start().into());
            let (end_line, end_column) = self.position(range.end().into());
            let _ = write!(self.text, " {line}:{column}-{end_line}:{end_column}");
        }
        // Rust's `type_` is Python's `type`.
        let fields = fields.iter().map(|(key, field)| (key.trim_end_matches('_'), field));
        fields.clone().for_each(|(key, field)| field.say(key, self));
        self.text.push('\n');
        self.indent += 1;
        fields.for_each(|(key, field)| field.show(key, self));
        self.indent -= 1;
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= offset);
        (line, offset - self.lines[line - 1])
    }

    pub(crate) fn plain(&mut self, key: &str, value: impl Display) {
        let _ = write!(self.text, " {key}={value}");
    }
}

impl Place for TextRange {
    fn place(&self) -> Option<TextRange> {
        Some(*self)
    }
}

impl Place for OptionalRange<TextRange> {
    fn place(&self) -> Option<TextRange> {
        None
    }
}

impl<T: Field> Field for Box<T> {
    fn show(&self, key: &str, printer: &mut Printer) {
        T::show(self, key, printer);
    }
}

impl<T: Field> Field for &T {
    fn show(&self, key: &str, printer: &mut Printer) {
        T::show(self, key, printer);
    }
}

impl<T: Field> Field for Option<T> {
    fn say(&self, key: &str, printer: &mut Printer) {
        if let Some(one) = self {
            one.say(key, printer);
        }
    }

    fn show(&self, key: &str, printer: &mut Printer) {
        if let Some(one) = self {
            one.show(key, printer);
        }
    }

    fn show_item(&self, key: &str, printer: &mut Printer) {
        match self {
            Some(one) => one.show(key, printer),
            None => printer.node(key, "-", &OptionalRange::<TextRange>::default(), &[]),
        }
    }
}

impl<T: Field> Field for Vec<T> {
    fn say(&self, key: &str, printer: &mut Printer) {
        for one in self {
            one.say(key, printer);
        }
    }

    fn show(&self, key: &str, printer: &mut Printer) {
        for one in self {
            one.show_item(key, printer);
        }
    }
}
