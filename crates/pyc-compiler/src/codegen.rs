//! Code generation: from the tree to instructions. Each block becomes a unit, from the outside in.
//!
//! ```text
//! x = f(1)   LOAD_NAME f; PUSH_NULL; LOAD_CONST 1; CALL 1; STORE_NAME x
//! ```
//!
//! Each construct has its own file. All of them append by [`Generator`]'s `emit…`, open units by
//! [`Generator::in_unit`] and blocks by [`Generator::in_block`], so that none can be left open.
//! Stack depths and the kinds of jumps are decided by the flow graph.

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
    /// It outlives every borrow of the generator: with `let tree = self.tree`, the tree can be
    /// walked while code is emitted.
    tree: &'a Tree,
    scopes: &'a Scopes,
    future: Future,
    context: &'a mut Context<'o>,
    /// The unit that instructions are appended to.
    frame: Box<Frame>,
    /// The units around it, outermost first.
    #[expect(clippy::vec_box, reason = "frames are large, and change their place with each unit")]
    outer: Vec<Box<Frame>>,
    /// How names resolve in the current unit.
    meanings: Meanings,
    module: ModuleNames,
    /// By scope: the code that was generated for it.
    finished: Vec<Option<CodeId>>,
    /// Lambdas of the last line that has any, for releases in which lambdas of one line may be
    /// equal.
    lambdas: Vec<CodeId>,
    /// A buffer for sorting names, reused.
    sorted: Vec<Name>,
    /// A buffer for building a text, reused.
    text: Vec<u8>,
    /// The code sequences that differ between releases.
    idioms: &'static Idioms,
    /// How many more statements may be generated, including copies.
    statements_left: usize,
    /// The nesting depth of code that is generated again, without warnings.
    repeats: u32,
    /// The listing of all units' instructions, if requested.
    printed: Option<String>,
}

/// Used frames, kept for their memory.
#[derive(Default)]
#[expect(clippy::vec_box, reason = "frames are large, and change their place with each unit")]
pub(crate) struct Frames(Vec<Box<Frame>>);

/// The maximum number of statements in a file, including all copies of `finally` bodies.
///
/// Each `finally` nested in another doubles the copies of its body: 18 levels, in 2 KB of source,
/// take CPython a gigabyte of memory, and each further level twice as much.
const MOST_COPIES: usize = 1 << 20;

/// Generates, optimises and assembles all code of a file. Returns the module's code.
pub(crate) fn generate(
    tree: &Tree,
    scopes: &Scopes,
    future: Future,
    context: &mut Context<'_>,
) -> Result<CodeId> {
    Generator::new(tree, scopes, future, context).root()
}

/// Generates all code of a file. Returns its instructions as text, nested units before those around
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
