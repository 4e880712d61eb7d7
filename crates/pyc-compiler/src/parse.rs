//! The parser: builds the tree directly from text, with CPython's positions and folded constants.
//!
//! ```text
//! text ─▶ lexer, a token at a time ─▶ parser ─▶ Tree
//!                     └─ Doubt ─▶ diagnose, which knows what is wrong
//! ```
//!
//! This parser reads valid sources and refuses all others, without saying what is wrong with them:
//! [`diagnose`] finds the message, by CPython's grammar. CPython does the same: it parses without
//! its error rules first (`pegen.c: _PyPegen_run_parser`, 3.13). So two parsers read the source,
//! one built for speed and one for messages. The laws check that they agree on which sources are
//! valid.

mod accepted;
mod argument;
mod assignment;
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
mod field;
mod import;
mod invalid;
mod joined;
mod lexer;
mod number;
mod parameter;
mod parser;
mod pattern;
mod simple;
mod string;
mod subscript;
#[cfg(test)]
mod tests;
mod token;
mod tokens;
mod type_param;
mod warnings;
mod with;

use crate::context::Context;
use crate::error::{self, ErrorKind, Fault};
use crate::fold::Folding;
use crate::location::Location;
use crate::options::Options;
use crate::source::Source;
use crate::target::Feature;
use crate::tree::Tree;
use accepted::{Depth, Refusal};
use lexer::{begins_name, continues_name, continues_word};
use parser::Parsed;
use tokens::Tokens;

/// The source is invalid, somewhere at the token or before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doubt;

type Result<T> = std::result::Result<T, Doubt>;

/// Parses a file, or finds what is wrong with it.
pub(crate) fn parse(
    source: &Source<'_>,
    context: &mut Context<'_>,
    folding: Folding,
) -> error::Result<Tree> {
    parse_or_diagnose(source, context, folding).map_err(Fault::of_parser)
}

fn parse_or_diagnose(
    source: &Source<'_>,
    context: &mut Context<'_>,
    folding: Folding,
) -> error::Result<Tree> {
    if i32::try_from(source.text().len()).is_err() {
        let message = "the source is longer than 2 GiB, split it";
        return Err(Fault::new(ErrorKind::Unsupported, Location::NONE, message));
    }
    if source.undecodable().first(0).is_some() {
        check_bytes(source, context)?;
    }
    let parsed = Parsed::of(source.text(), context, folding)?;
    parsed.warnings.hand_over(context);
    let Ok(tree) = parsed.tree else {
        let fault = diagnosis(source, context.options, &parsed.refusal);
        let contradiction = "the parser refuses what the grammar takes";
        return Err(
            fault.unwrap_or_else(|| Fault::internal(parsed.at.to(parsed.at), contradiction))
        );
    };
    if parsed.refusal.depth == Depth::Unknown {
        check_depth(source, context)?;
    }
    Ok(tree)
}

/// What is wrong with a refused source. `None` if nothing is wrong.
#[cold]
fn diagnosis(source: &Source<'_>, options: &Options, refusal: &Refusal) -> Option<Fault> {
    let tokens = Tokens::read(source, options);
    diagnose::diagnose(&tokens, options.get_mode(), refusal).or_else(|| tokens.fault())
}

/// Refuses bytes that aren't UTF-8. Before 3.14 they are accepted in comments, which CPython
/// doesn't decode.
#[cold]
fn check_bytes(source: &Source<'_>, context: &Context<'_>) -> error::Result<()> {
    let options = context.options;
    if context.facts.release().has(Feature::BytesCheckedFirst) {
        return source.refuse_bytes();
    }
    let tokens = Tokens::read(source, options);
    if !tokens.has_undecodable(source.undecodable()) {
        return Ok(());
    }
    let fault = diagnose::diagnose(&tokens, options.get_mode(), &Refusal::default());
    let fault = fault.or_else(|| tokens.fault());
    let contradiction = "the tokenizer takes bytes that aren't UTF-8";
    Err(fault.unwrap_or_else(|| Fault::internal(Location::NONE, contradiction)))
}

/// Refuses sources that are nested too deeply for CPython's parser.
#[cold]
fn check_depth(source: &Source<'_>, context: &Context<'_>) -> error::Result<()> {
    // The maximum depth may differ between releases.
    context.facts.release();
    let tokens = Tokens::read(source, context.options);
    diagnose::check_depth(&tokens, context.options.get_mode())
}

/// Whether the diagnosing parser accepts the source, to check that the two parsers agree.
pub(crate) fn grammar_takes(source: &Source<'_>, options: &Options) -> bool {
    let tokens = Tokens::read(source, options);
    diagnose::takes(&tokens, options.get_mode())
}
