//! From ruff's syntax tree to ours: CPython's shape, positions and folded constants.
//!
//! ```text
//! text ─▶ parse (ruff) ─▶ limits ─▶ walk, bottom-up, folding as it goes ─▶ Tree
//! ```
//!
//! Only the modules below this one name a type of ruff's. Ruff's ranges are CPython's but for the rules that the
//! modules state where they apply them.

mod arguments;
mod cursor;
mod debug;
mod dismantle;
mod escape;
mod expression;
mod fault;
mod folded;
mod function;
mod interactive;
mod joined;
mod limits;
mod literal;
mod operator;
mod parse;
mod pattern;
mod rules;
mod statement;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod undecodable;
mod unescape;
mod walk;
mod warnings;

pub(crate) use debug::without_comments;
pub(crate) use limits::number_kind;
pub(crate) use literal::integer;
pub(crate) use text::{octal, surrogate};

use crate::context::Context;
use crate::error::Result;
use crate::fold::Folding;
use crate::source::Source;
use crate::tree::Tree;
use walk::Lowering;

/// The file's tree.
pub(crate) fn lower(
    source: &Source<'_>,
    context: &mut Context<'_>,
    folding: Folding,
) -> Result<Tree> {
    let (parsed, warnings) = parse::parse(source, context)?;
    let lowering = Lowering::new(source.text(), parsed.tokens(), warnings, context, folding);
    let outcome = lowering.root(parsed.syntax());
    let depth = outcome.as_ref().ok().map(Tree::depth);
    dismantle::dismantle(parsed.into_syntax(), depth);
    context.ended("lower");
    outcome
}
