//! The parser: from text straight to the tree, with CPython's positions and folded constants.
//!
//! ```text
//! text ─▶ lexer, a token at a time ─▶ parser ─▶ Tree
//!                     └─ Doubt ─▶ lower::lower, which knows what is wrong
//! ```
//!
//! It reads sources that are right, and of others knows no more than that there is [`Doubt`]: then the text is parsed
//! again by ruff's parser, whose tree is lowered, or whose error is told in CPython's words (`lower`). CPython does
//! the same: it parses without its rules for errors first (`pegen.c: _PyPegen_run_parser`, 3.13). So nothing here says
//! what is wrong; and what is right but rare (escapes that are warned of, very deep nesting) may be left
//! to the second parser as well. What both accept they read alike, which the laws check.

mod argument;
mod atom;
mod block;
mod compound;
mod comprehension;
mod definition;
mod display;
mod escape;
mod expression;
mod import;
mod joined;
mod lexer;
mod number;
mod parameter;
mod parser;
mod pattern;
mod simple;
mod string;
mod subscript;
mod target;
#[cfg(test)]
mod tests;
mod token;
mod type_param;
mod with;

use crate::context::Context;
use crate::fold::Folding;
use crate::options::Mode;
use crate::source::Source;
use crate::tree::Tree;
use parser::Parser;

/// That the source is right isn't certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doubt;

type Result<T> = std::result::Result<T, Doubt>;

/// The file's tree; `None` if it has to be parsed by [`crate::lower`].
pub(crate) fn parse(
    source: &Source<'_>,
    context: &mut Context<'_>,
    folding: Folding,
) -> Option<Tree> {
    let text = source.text();
    let is_plain = context.options.get_mode() == Mode::Module
        && source.undecodable().first(0).is_none()
        && i32::try_from(text.len()).is_ok();
    if !is_plain {
        return None;
    }
    let warnings = context.warnings.len();
    let tree = Parser::new(text, context, folding).module();
    // Warnings come in an order that the second parser knows.
    tree.ok().filter(|_| context.warnings.len() == warnings).or_else(|| {
        context.warnings.truncate(warnings);
        None
    })
}
