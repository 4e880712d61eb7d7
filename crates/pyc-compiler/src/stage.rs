//! The results of the compilation's stages as text, for inspection and for comparison with CPython.
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
//! The formats can change with every version of the crate.

mod tree;

pub use crate::flow::UnknownPass;

use std::fmt;

use crate::codegen;
use crate::context::Context;
use crate::error::{ColumnUnit, Result, SyntaxError};
use crate::flow::Trace;
use crate::fold::Folding;
use crate::options::Options;
use crate::source::Source;
use crate::target::{Facts, Target};
use crate::{parse, pipeline};

/// The tree of the compiler, with folded constants.
///
/// # Errors
///
/// If CPython's parser would refuse the source.
pub fn tree(source: &[u8], options: &Options) -> Result<String, SyntaxError> {
    read(source, options, Folding::Done)
}

/// The unfolded tree, as `ast.parse` returns it.
///
/// # Errors
///
/// If CPython's parser would refuse the source.
pub fn syntax(source: &[u8], options: &Options) -> Result<String, SyntaxError> {
    read(source, options, Folding::Left)
}

/// The text of bytes in one of CPython's codecs, or the error.
///
/// ```
/// # use pyc_compiler::{Target, stage};
/// # let target = Target::newest(pyc_code::Minor::PY313).unwrap();
/// assert_eq!(stage::decoded("cp437", b"\x82", &target), Ok("é".to_owned()));
/// ```
///
/// # Errors
///
/// If CPython's codec refuses the bytes.
pub fn decoded(codec: &str, bytes: &[u8], target: &Target) -> std::result::Result<String, String> {
    crate::source::decoded(codec, bytes, &Facts::of(target))
}

/// The codecs: single-byte, multi-byte, and those without a table.
#[must_use]
pub fn codecs() -> [Vec<&'static str>; 3] {
    crate::source::codecs()
}

/// Names of codecs that only some releases have, or use for another codec.
pub fn renamed_codecs() -> impl Iterator<Item = &'static str> {
    crate::source::renamed_codecs()
}

/// The symbol tables: what each block does with each name, and the name's scope.
///
/// ```
/// # use pyc_compiler::{Options, Target, stage};
/// # let options = Options::new(Target::newest(pyc_code::Minor::PY313).unwrap(), "m.py");
/// let scopes = stage::scopes(b"def f(a): return a\n", &options)?;
/// assert!(scopes.contains("a: parameter use -> local"), "{scopes}");
/// # Ok::<(), pyc_compiler::SyntaxError>(())
/// ```
///
/// # Errors
///
/// If CPython's parser or symbol table would refuse the source.
pub fn scopes(source: &[u8], options: &Options) -> Result<String, SyntaxError> {
    stage(source, options, |source, context| {
        pipeline::analysed(
            source,
            context,
            |_, scopes, _, context| Ok(scopes.print(&context.names)),
        )
    })
}

/// Each unit's control-flow graph after the pass named `after`, without the passes in `without`.
///
/// ```
/// # use pyc_compiler::{Options, Target, stage};
/// # let options = Options::new(Target::newest(pyc_code::Minor::PY313).unwrap(), "m.py");
/// let graph = stage::graph(b"x = 1\n", &options, "peephole", &[]).unwrap();
/// assert!(graph.contains("STORE_NAME"));
/// assert!(stage::graph(b"x = 1\n", &options, "no-such-pass", &[]).is_err());
/// ```
///
/// # Errors
///
/// If CPython would refuse the source, or there is no pass with a given name.
pub fn graph(
    source: &[u8],
    options: &Options,
    after: &str,
    without: &[&str],
) -> Result<String, GraphError> {
    let mut trace = Trace::new(*options.target()).after(after)?;
    for name in without {
        trace = trace.without(name)?;
    }
    Ok(stage(source, options, |source, context| {
        context.trace = Some(Box::new(trace));
        pipeline::analysed(source, context, codegen::generate)?;
        Ok(context.trace.take().map(|trace| trace.into_text()).unwrap_or_default())
    })?)
}

/// Why there is no graph.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GraphError {
    /// The source was refused.
    Source(SyntaxError),
    /// There is no such pass, or it can't be skipped.
    Pass(UnknownPass),
}

impl From<SyntaxError> for GraphError {
    fn from(error: SyntaxError) -> Self {
        Self::Source(error)
    }
}

impl From<UnknownPass> for GraphError {
    fn from(error: UnknownPass) -> Self {
        Self::Pass(error)
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Pass(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for GraphError {}

/// Compiles to marshal, and calls `observer` whenever a stage has ended: `decode`, `parse`,
/// `scopes`, then `codegen`, `flow` and `assemble` for each unit, and `marshal`. A caller with a
/// clock can measure the stages.
///
/// ```
/// # use pyc_compiler::{Options, Target, stage};
/// # let options = Options::new(Target::newest(pyc_code::Minor::PY313).unwrap(), "m.py");
/// let mut stages = Vec::new();
/// stage::observe(b"x = 1\n", &options, &mut |stage| stages.push(stage))?;
/// assert_eq!(
///     stages,
///     ["decode", "parse", "scopes", "codegen", "flow", "assemble", "codegen", "marshal"]
/// );
/// # Ok::<(), pyc_compiler::SyntaxError>(())
/// ```
///
/// # Errors
///
/// If CPython would refuse the source.
pub fn observe(
    source: &[u8],
    options: &Options,
    observer: &mut (dyn FnMut(&'static str) + Send),
) -> Result<Vec<u8>, SyntaxError> {
    pipeline::observed(source, options, observer)
}

/// The input of the flow graph: each unit's instructions, inner units before outer ones.
///
/// # Errors
///
/// If CPython would refuse the source.
pub fn instructions(source: &[u8], options: &Options) -> Result<String, SyntaxError> {
    stage(source, options, |source, context| pipeline::analysed(source, context, codegen::print))
}

fn read(source: &[u8], options: &Options, folding: Folding) -> Result<String, SyntaxError> {
    stage(source, options, |source, context| {
        let tree = pipeline::read(source, context, folding)?;
        let tree = &tree;
        pipeline::on_stack_for(tree, move || tree::print(tree, context))
    })
}

/// Whether the grammar that finds errors accepts a source, for comparison with the parser.
///
/// ```
/// # use pyc_compiler::{Options, Target, stage};
/// # let options = Options::new(Target::newest(pyc_code::Minor::PY313).unwrap(), "m.py");
/// assert!(stage::grammar_takes(b"x = 1\n", &options));
/// assert!(!stage::grammar_takes(b"x = \n", &options));
/// ```
#[must_use]
pub fn grammar_takes(source: &[u8], options: &Options) -> bool {
    Source::decode(source, &Facts::of(options.target()))
        .is_ok_and(|source| parse::grammar_takes(&source, options))
}

fn stage(
    source: &[u8],
    options: &Options,
    make: impl FnOnce(&Source<'_>, &mut Context<'_>) -> Result<String>,
) -> Result<String, SyntaxError> {
    let source = Source::decode(source, &Facts::of(options.target()))
        .map_err(|fault| fault.in_file(options.filename(), None))?;
    make(&source, &mut Context::new(options)).map_err(|fault| {
        let (at, line) = source.shown(&fault, ColumnUnit::Characters);
        fault.clone().at(at).in_file(options.filename(), line.as_deref())
    })
}
