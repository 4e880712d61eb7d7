//! What the stages of a compilation make, as text: for looking at them, and for comparing them with CPython's.
//!
//! ```
//! use pyc_compiler::{Options, Target, stage};
//! use pyc_code::Minor;
//!
//! let options = Options::new(Target::newest(Minor::PY313).unwrap(), "m.py");
//! let tree = stage::syntax(b"x\n", &options)?;
//! assert_eq!(tree, "Module\n  body Expr 1:0-1:1\n    value Name 1:0-1:1 id='x' ctx=Load\n");
//! # Ok::<(), pyc_compiler::SyntaxError>(())
//! ```
//!
//! The formats belong to this version of the crate and to nobody else.

mod tree;

use crate::codegen;
use crate::context::Context;
use crate::error::{Result, SyntaxError};
use crate::future::Future;
use crate::lower::{Folding, lower, lower_with};
use crate::options::Options;
use crate::scope::Scopes;
use crate::source::Source;

/// The tree that the compiler works on, its constants folded.
///
/// # Errors
///
/// If CPython's parser would refuse the source.
pub fn tree(source: &[u8], options: &Options) -> Result<String, SyntaxError> {
    lowered(source, options, Folding::Done)
}

/// The tree as it is written: what `ast.parse` gives.
///
/// # Errors
///
/// If CPython's parser would refuse the source.
pub fn syntax(source: &[u8], options: &Options) -> Result<String, SyntaxError> {
    lowered(source, options, Folding::Left)
}

/// What code generation hands to the flow graph: each unit's instructions, inner units before those around them.
///
/// # Errors
///
/// If CPython would refuse the source.
pub fn instructions(source: &[u8], options: &Options) -> Result<String, SyntaxError> {
    stage(source, options, |source, context| {
        let tree = lower(source, context)?;
        let future = Future::find(&tree, context)?;
        let scopes = Scopes::build(&tree, future, context)?;
        codegen::print(&tree, &scopes, future, context)
    })
}

fn lowered(source: &[u8], options: &Options, folding: Folding) -> Result<String, SyntaxError> {
    stage(source, options, |source, context| {
        let tree = lower_with(source, context, folding)?;
        Ok(tree::print(&tree, context))
    })
}

fn stage(
    source: &[u8],
    options: &Options,
    make: impl FnOnce(&Source<'_>, &mut Context<'_>) -> Result<String>,
) -> Result<String, SyntaxError> {
    let source = Source::decode(source).map_err(|fault| fault.in_file(options.filename(), None))?;
    make(&source, &mut Context::new(options)).map_err(|fault| {
        let line = source.line(fault.location.line);
        fault.in_file(options.filename(), line)
    })
}
