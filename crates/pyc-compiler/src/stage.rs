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

use crate::context::Context;
use crate::error::SyntaxError;
use crate::lower::{Folding, lower_with};
use crate::options::Options;
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

fn lowered(source: &[u8], options: &Options, folding: Folding) -> Result<String, SyntaxError> {
    let source = Source::decode(source).map_err(|fault| fault.in_file(options.filename(), None))?;
    let mut context = Context::new(options);
    match lower_with(&source, &mut context, folding) {
        Ok(tree) => Ok(tree::print(&tree, &context)),
        Err(fault) => {
            let line = source.line(fault.location.line);
            Err(fault.in_file(options.filename(), line))
        }
    }
}
