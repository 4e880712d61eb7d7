//! From the tree to instructions: a unit for each block, from the outside in.
//!
//! ```text
//! x = f(1)   LOAD_NAME f; PUSH_NULL; LOAD_CONST 1; CALL 1; STORE_NAME x
//! ```
//!
//! One file for each construct. All of them append through [`Generator`]'s `emit…`, open units by
//! [`Generator::in_unit`] and blocks by [`Generator::in_block`], so that beginnings and ends can't
//! come apart. Stack depth and the shape of jumps are the flow graph's business.

mod annotate;
mod block;
mod body;
mod class;
mod closure;
mod docstring;
mod emit;
mod expression;
mod function;
mod meaning;
mod module;
mod parameters;
mod print;
mod statement;
mod suspend;
#[cfg(test)]
mod tests;
mod type_params;
mod unit;

use crate::constant::CodeId;
use crate::context::Context;
use crate::error::Result;
use crate::future::Future;
use crate::name::Name;
use crate::scope::Scopes;
use crate::target::Idioms;
use crate::tree::Tree;
use meaning::Meanings;
use module::ModuleNames;
use unit::Frame;

/// The compiler's state (`compile.c: struct compiler`, 3.13).
pub(crate) struct Generator<'a, 'o> {
    /// Outlives every borrow of the generator: `let tree = self.tree` first, then walk it while
    /// emitting.
    tree: &'a Tree,
    scopes: &'a Scopes,
    future: Future,
    context: &'a mut Context<'o>,
    /// The unit that instructions go to.
    frame: Box<Frame>,
    /// The units around it, outermost first.
    #[expect(clippy::vec_box, reason = "frames are large, and change their place with each unit")]
    outer: Vec<Box<Frame>>,
    /// What names mean in the unit that instructions go to.
    meanings: Meanings,
    module: ModuleNames,
    /// By scope: the code that was made of it.
    finished: Vec<Option<CodeId>>,
    /// Lambdas of the newest line that has some, for releases in which those of a line may be
    /// equal.
    lambdas: Vec<CodeId>,
    /// Names being sorted, kept for its memory.
    sorted: Vec<Name>,
    /// A text being made, kept for its memory.
    text: Vec<u8>,
    /// How the target writes what others write differently.
    idioms: &'static Idioms,
    /// How many statements may still be generated, copies counted.
    statements_left: usize,
    /// How many blocks around are being generated again, without warnings.
    repeats: u32,
    /// What all units' instructions look like, if that is asked for.
    printed: Option<String>,
}

/// Frames that were used before, kept for their memory.
#[derive(Default)]
#[expect(clippy::vec_box, reason = "frames are large, and change their place with each unit")]
pub(crate) struct Frames(Vec<Box<Frame>>);

/// How many statements copies of `finally` may have in all.
///
/// Each `finally` in another doubles the copies of what is in it: 18 of them, 2 KB of source, take
/// CPython a gigabyte of memory, and the next ones twice as much each.
const MOST_COPIES: usize = 1 << 20;

/// Generates, optimises and assembles all code of a file; gives the root's.
pub(crate) fn generate(
    tree: &Tree,
    scopes: &Scopes,
    future: Future,
    context: &mut Context<'_>,
) -> Result<CodeId> {
    Generator::new(tree, scopes, future, context).root()
}

/// Generates all code of a file; gives its instructions as text, inner units before those around
/// them.
pub(crate) fn print(
    tree: &Tree,
    scopes: &Scopes,
    future: Future,
    context: &mut Context<'_>,
) -> Result<String> {
    let mut generator = Generator::new(tree, scopes, future, context);
    generator.printed = Some(String::new());
    generator.root()?;
    Ok(generator.printed.unwrap_or_default())
}

impl<'a, 'o> Generator<'a, 'o> {
    fn new(
        tree: &'a Tree,
        scopes: &'a Scopes,
        future: Future,
        context: &'a mut Context<'o>,
    ) -> Self {
        let names = context.names.len();
        let idioms = &context.options.target().release().idioms;
        Self {
            idioms,
            tree,
            scopes,
            future,
            context,
            frame: Box::default(),
            outer: Vec::new(),
            meanings: Meanings::for_names(names),
            module: ModuleNames::new(scopes, names),
            finished: vec![None; scopes.len()],
            lambdas: Vec::new(),
            sorted: Vec::new(),
            text: Vec::new(),
            statements_left: tree.statements() + MOST_COPIES,
            repeats: 0,
            printed: None,
        }
    }
}
