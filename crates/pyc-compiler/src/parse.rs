//! The parser: from text straight to the tree, with CPython's positions and folded constants.
//!
//! ```text
//! text ─▶ lexer, a token at a time ─▶ parser ─▶ Tree
//!                     └─ Doubt ─▶ lower::lower, which knows what is wrong
//! ```
//!
//! It reads sources that are right; others it refuses, and then the text is parsed again by ruff's parser, whose error is
//! told in CPython's words (`lower`). CPython does the same: it parses without its rules for errors first (`pegen.c:
//! _PyPegen_run_parser`, 3.13). So nothing here says what is wrong. What is right but rare (escapes that are warned of,
//! very deep nesting) may be left [undecided](NoTree::Undecided): then the second parser's tree is taken. What both
//! accept they read alike, which the laws check.

mod argument;
mod atom;
mod block;
mod compound;
mod comprehension;
mod debug;
mod definition;
mod diagnose;
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
mod tokens;
mod type_param;
mod warnings;
mod with;

use crate::context::Context;
use crate::error::{self, Fault};
use crate::fold::Folding;
use crate::location::Location;
use crate::options::{Mode, Options};
use crate::source::Source;
use crate::tree::Tree;
use lexer::{begins_name, continues_name, continues_word};
use parser::Parser;
use tokens::Tokens;
pub(crate) use tokens::too_many_digits;

/// That this parser can't read the source: it is wrong, unless the lexer says that it is undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doubt;

/// What is wrong with a source that was refused, not before `from`; `None` where only [`crate::lower`] knows.
#[cold]
pub(crate) fn diagnose(source: &Source<'_>, options: &Options, from: u32) -> Option<Fault> {
    let tokens = tokens(source, options)?;
    diagnose::diagnose(&tokens, options.get_mode(), from).or_else(|| tokens.fault())
}

/// Refuses a source with something in it that is no token.
#[cold]
pub(crate) fn check_tokens(source: &Source<'_>, options: &Options) -> error::Result<()> {
    let Some(tokens) = tokens(source, options) else { return Ok(()) };
    let Some(fault) = tokens.fault() else { return Ok(()) };
    Err(diagnose::diagnose(&tokens, options.get_mode(), 0).unwrap_or(fault))
}

fn tokens<'s>(source: &'s Source<'_>, options: &Options) -> Option<Tokens<'s>> {
    if i32::try_from(source.text().len()).is_err() {
        return None;
    }
    let tokens = Tokens::read(source, options.target());
    let is_statement = options.get_mode() == Mode::Interactive;
    Some(if is_statement { tokens.of_statement() } else { tokens })
}

type Result<T> = std::result::Result<T, Doubt>;

/// Why there is no tree.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NoTree {
    /// The source is wrong at this token or before it, but not before the statement of the module that begins at `from`.
    Refused { at: Location, from: u32 },
    /// The second parser has to say.
    Undecided,
}

/// The file's tree, or that there is none.
pub(crate) fn parse(
    source: &Source<'_>,
    context: &mut Context<'_>,
    folding: Folding,
) -> std::result::Result<Tree, NoTree> {
    let text = source.text();
    let is_plain = context.options.get_mode() == Mode::Module
        && source.undecodable().first(0).is_none()
        && i32::try_from(text.len()).is_ok();
    if !is_plain {
        return Err(NoTree::Undecided);
    }
    let mut parser = Parser::new(text, context, folding);
    let tree = parser.module();
    let (undecided, at) = (parser.lexer.undecided, parser.lexer.place.begin);
    let from = parser.statement;
    let warnings = std::mem::take(&mut parser.lexer.warnings);
    match tree {
        Ok(tree) => {
            warnings.hand_over(context);
            Ok(tree)
        }
        Err(Doubt) if !undecided => Err(NoTree::Refused { at: at.to(at), from }),
        _ => Err(NoTree::Undecided),
    }
}
