//! Docstrings, without the indentation of their position in the source.
//!
//! ```text
//! "Spam.\n\n    Eggs.\n    "  ─▶  "Spam.\n\nEggs.\n"
//! ```

use std::borrow::Cow;

use pyc_code::Text;

use super::Generator;
use crate::constant::{ConstId, Constant};
use crate::error::{ErrorKind, Fault, Result};
use crate::instruction::Op;
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{Body, ExprKind, StmtKind};

/// A body's docstring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Docstring {
    /// The cleaned text; `None` where optimisation leaves docstrings out.
    pub(super) value: Option<ConstId>,
    pub(super) location: Location,
    /// How many of the body's first statements this covers.
    pub(super) statements: u32,
}

impl Generator<'_, '_> {
    /// The docstring of a body, which is its first statement (`ast.c: _PyAST_GetDocString`, 3.13).
    ///
    /// If it is left out, emits what replaces it.
    pub(super) fn docstring(&mut self, body: Body) -> Result<Option<Docstring>> {
        let tree = self.tree;
        let Some(&first) = tree[body].first() else { return Ok(None) };
        let StmtKind::Expr { value: expr } = tree[first].kind else { return Ok(None) };
        let ExprKind::Constant { value, .. } = tree[expr].kind else { return Ok(None) };
        let Constant::Str(text) = self.context.constants[value] else { return Ok(None) };
        let location = tree[expr].location;
        if !self.context.keeps_docstrings() {
            if !self.has(Feature::DocstringStatementsLeftOut) {
                return Ok(None);
            }
            let statements = self.leave_docstring_out(body);
            return Ok(Some(Docstring { value: None, location, statements }));
        }
        if !self.has(Feature::CleanDocstrings) {
            return Ok(Some(Docstring { value: Some(value), location, statements: 1 }));
        }
        let text = self.context.names.bytes(text);
        if std::str::from_utf8(text).is_err() {
            return Err(Fault::new(ErrorKind::Value, location, not_encodable(&expand_tabs(text))));
        }
        let value = match clean(text) {
            Cow::Borrowed(_) => value,
            Cow::Owned(cleaned) => {
                let cleaned = self.context.names.intern(&cleaned);
                self.context.constants.str(cleaned)
            }
        };
        Ok(Some(Docstring { value: Some(value), location, statements: 1 }))
    }

    /// Where a body begins, ignoring a docstring that is left out before code generation.
    pub(super) fn body_location(&self, body: Body) -> Option<Location> {
        let tree = self.tree;
        let first = *tree[body].first()?;
        let location = tree[first].location;
        let is_string = |value| matches!(self.context.constants[value], Constant::Str(_));
        let is_docstring = match tree[first].kind {
            StmtKind::Expr { value } => self.constant_of(value).is_some_and(is_string),
            _ => false,
        };
        let is_left_out =
            is_docstring && self.has(Feature::PassForDocstring) && !self.context.keeps_docstrings();
        if !is_left_out {
            return Some(location);
        }
        let next = tree[body].get(1).map(|&next| tree[next].location);
        Some(next.unwrap_or_else(|| pass_location(location)))
    }

    /// Emits what replaces a docstring that is left out. Returns how many statements this covers.
    ///
    /// A body with nothing else becomes `pass`. A string that comes next is evaluated, so that it
    /// doesn't become the docstring (`ast_preprocess.c: astfold_body`, 3.14).
    fn leave_docstring_out(&mut self, body: Body) -> u32 {
        if !self.has(Feature::PassForDocstring) {
            return 1;
        }
        let tree = self.tree;
        match tree[body] {
            [only] => {
                self.emit(Op::NOP, 0, pass_location(tree[only].location));
                1
            }
            [_, next, ..] => {
                let StmtKind::Expr { value: expr } = tree[next].kind else { return 1 };
                let ExprKind::Constant { value, .. } = tree[expr].kind else { return 1 };
                if !matches!(self.context.constants[value], Constant::Str(_)) {
                    return 1;
                }
                self.emit_const(value, tree[expr].location);
                self.emit(Op::POP_TOP, 0, Location::NONE);
                2
            }
            [] => 0,
        }
    }
}

/// The location of the `pass` that replaces a docstring.
fn pass_location(docstring: Location) -> Location {
    const WIDTH: i32 = 4;
    let Location { line, column, .. } = docstring;
    Location { end_line: line, end_column: column.after(WIDTH), ..docstring }
}

/// The message of `str.encode()` for a text with lone surrogates: CPython encodes the text to clean
/// it.
fn not_encodable(text: &[u8]) -> String {
    let text = Text::from_surrogatepass(text).unwrap_or_default();
    let points: Vec<u32> = text.code_points().collect();
    let is_surrogate = |point: &u32| (0xd800..0xe000).contains(point);
    let start = points.iter().position(is_surrogate).unwrap_or(0);
    let count = points[start..].iter().take_while(|point| is_surrogate(point)).count();
    let what = if count == 1 {
        format!("character '\\u{:x}' in position {start}", points[start])
    } else {
        format!("characters in position {start}-{}", start + count - 1)
    };
    format!("'utf-8' codec can't encode {what}: surrogates not allowed")
}

/// Removes the leading spaces of the first line, and from the others the indentation that all lines
/// that aren't blank share. Tabs are expanded to the next multiple of eight (`compile.c:
/// _PyCompile_CleanDoc`, 3.13).
fn clean(text: &[u8]) -> Cow<'_, [u8]> {
    let expanded = expand_tabs(text);
    let starts = || memchr::memchr_iter(b'\n', &expanded).map(|end| end + 1);
    let margin = starts().filter_map(|start| indent(&expanded[start..])).min().unwrap_or(0);
    if margin == 0 && !expanded.starts_with(b" ") {
        return expanded;
    }
    let mut cleaned = Vec::with_capacity(expanded.len());
    let mut from = spaces(&expanded);
    for start in starts() {
        cleaned.extend_from_slice(&expanded[from..start]);
        from = start + spaces(&expanded[start..]).min(margin);
    }
    cleaned.extend_from_slice(&expanded[from..]);
    Cow::Owned(cleaned)
}

/// The indentation of the line with which the text starts. `None` if the line is blank.
fn indent(text: &[u8]) -> Option<usize> {
    let indent = spaces(text);
    if indent < text.len() && text[indent] != b'\n' { Some(indent) } else { None }
}

fn spaces(text: &[u8]) -> usize {
    let mut at = 0;
    while at < text.len() && text[at] == b' ' {
        at += 1;
    }
    at
}

/// Like Python's `str.expandtabs()`: columns count characters.
fn expand_tabs(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\t', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut expanded = Vec::with_capacity(text.len() + 64);
    let mut column = 0;
    for &byte in text {
        match byte {
            b'\t' => {
                let width = 8 - column % 8;
                expanded.resize(expanded.len() + width, b' ');
                column += width;
                continue;
            }
            b'\n' | b'\r' => column = 0,
            // A continuation byte of UTF-8.
            0x80..=0xbf => {}
            _ => column += 1,
        }
        expanded.push(byte);
    }
    Cow::Owned(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_are_named_as_by_the_codec() {
        for (text, message) in [
            (&b"\ta\xed\xa0\x80b"[..], "character '\\ud800' in position 9"),
            (b"\xc3\xa9\xed\xa0\x80\xed\xa0\x81b\xed\xa0\x80", "characters in position 1-2"),
        ] {
            let message = format!("'utf-8' codec can't encode {message}: surrogates not allowed");
            assert_eq!(not_encodable(&expand_tabs(text)), message);
        }
    }

    #[test]
    fn common_indentation_is_removed() {
        for (text, cleaned) in [
            ("Spam.", "Spam."),
            ("  Spam.", "Spam."),
            ("Spam.\n\n    Eggs.\n      Ham.\n    ", "Spam.\n\nEggs.\n  Ham.\n"),
            ("Spam.\n  \n    Eggs.\n", "Spam.\n\nEggs.\n"),
            ("Spam.\n\tEggs.\n        Ham.", "Spam.\nEggs.\nHam."),
            ("é\tb\n\ta", "é       b\na"),
            ("a\rb\tc", "a\rb       c"),
            ("\n   ", "\n   "),
            (" \n   ", "\n   "),
            ("", ""),
        ] {
            assert_eq!(String::from_utf8_lossy(&clean(text.as_bytes())), cleaned, "{text:?}");
        }
    }
}
