//! The whole compilation, stage by stage.

use pyc_code::CodeObject;

use crate::constant::CodeId;
use crate::context::Context;
use crate::error::{Fault, Result, SyntaxError, Warning};
use crate::fold::Folding;
use crate::future::Future;
use crate::options::Options;
use crate::scope::Scopes;
use crate::source::{self, Source};
use crate::tree::{MOST_LEVELS, Tree};
use crate::{code, codegen, parse, stack};

/// The result of [`compile_with_warnings`] and [`compile_to_marshal`]: code and warnings.
#[derive(Clone, Debug)]
pub struct Compilation<Code = CodeObject<'static>> {
    code: Code,
    warnings: Vec<Warning>,
}

impl<Code> Compilation<Code> {
    pub(crate) fn new(code: Code, warnings: Vec<Warning>) -> Self {
        Self { code, warnings }
    }

    /// The module's code.
    #[must_use]
    pub fn into_code(self) -> Code {
        self.code
    }

    /// CPython's warnings in its order.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// Compiles `source` as the target's `compile(source, filename, mode, dont_inherit=True,
/// optimize=level)` does.
///
/// # Errors
///
/// If CPython would refuse the source.
pub fn compile(source: &[u8], options: &Options) -> Result<CodeObject<'static>, SyntaxError> {
    compile_with_warnings(source, options).map(Compilation::into_code)
}

/// Compiles `source` and returns the code with CPython's warnings.
///
/// # Errors
///
/// If CPython would refuse the source.
pub fn compile_with_warnings(source: &[u8], options: &Options) -> Result<Compilation, SyntaxError> {
    run(source, Context::new(options), |source, context| {
        stages(source, context, |root, context| Ok(code::to_object(root, context)))
    })
}

/// Compiles `source` to a marshal stream in the canonical form CF1: what follows the header in a
/// `.pyc`.
///
/// Does the same as `pyc_code::marshal::write` on [`compile`]'s code object, in less time.
///
/// # Errors
///
/// If CPython would refuse the source.
pub fn compile_to_marshal(
    source: &[u8],
    options: &Options,
) -> Result<Compilation<Vec<u8>>, SyntaxError> {
    run(source, Context::new(options), |source, context| stages(source, context, code::to_marshal))
}

/// [`compile_to_marshal`] for measuring: `observer` is told whenever a stage has ended its work:
/// `decode`, `parse`, `scopes`, then `codegen`, `flow` and `assemble` for each unit, and `marshal`.
///
/// # Errors
///
/// If CPython would refuse the source.
pub(crate) fn observed(
    source: &[u8],
    options: &Options,
    observer: &mut (dyn FnMut(&'static str) + Send),
) -> Result<Vec<u8>, SyntaxError> {
    let context = Context { observer: Some(observer), ..Context::new(options) };
    run(source, context, |source, context| {
        stages(source, context, |root, context| {
            let stream = code::to_marshal(root, context)?;
            context.ended("marshal");
            Ok(stream)
        })
    })
    .map(Compilation::into_code)
}

/// Decodes a source, runs `stages` on it, and adds the source line to an error.
pub(crate) fn run<'o, Code>(
    source: &[u8],
    mut context: Context<'o>,
    stages: impl FnOnce(&Source<'_>, &mut Context<'o>) -> Result<Code>,
) -> Result<Compilation<Code>, SyntaxError> {
    let filename = context.options.filename();
    let in_file = |fault: Fault, text: Option<&str>| fault.in_file(filename, text);
    let bytes = source;
    let source = Source::decode(bytes, &context.facts).map_err(|fault| {
        let line = source::undecoded_line(bytes, fault.location);
        in_file(fault, line.as_deref())
    })?;
    context.reserve(source.text().len());
    context.ended("decode");
    match stages(&source, &mut context) {
        Ok(code) => Ok(Compilation { code, warnings: context.finish() }),
        Err(fault) => {
            let unit = source.column_unit(&fault, &context.facts);
            let (at, line) = source.shown(&fault, unit);
            // The memory isn't left to the next file: the failed stages may not have tidied it.
            let error = in_file(fault.clone().at(at), line.as_deref()).with_columns_in(unit);
            Err(error.after(context.warnings))
        }
    }
}

/// Trees with fewer levels than this are processed on the caller's stack.
const SHALLOW: u32 = 100;

/// The maximum stack that the stages need for one level of the tree, even in debug builds.
const STACK_OF_LEVEL: usize = 16 * 1024;

fn stages<Code: Send>(
    source: &Source<'_>,
    context: &mut Context<'_>,
    make: impl FnOnce(CodeId, &mut Context<'_>) -> Result<Code> + Send,
) -> Result<Code> {
    analysed(source, context, |tree, scopes, future, context| {
        let root = codegen::generate(tree, scopes, future, context)?;
        context.ended("codegen");
        make(root, context)
    })
}

/// Runs all stages before code generation, and passes their results to `then`.
pub(crate) fn analysed<'o, T: Send>(
    source: &Source<'_>,
    context: &mut Context<'o>,
    then: impl FnOnce(&Tree, &Scopes, Future, &mut Context<'o>) -> Result<T> + Send,
) -> Result<T> {
    parsed(source, context, |tree, context| {
        let (future, scopes) = scopes(tree, context)?;
        then(tree, &scopes, future, context)
    })
}

/// Parses, and passes the tree to `then`, with enough stack for the tree's depth.
pub(crate) fn parsed<'o, T: Send>(
    source: &Source<'_>,
    context: &mut Context<'o>,
    then: impl FnOnce(&Tree, &mut Context<'o>) -> Result<T> + Send,
) -> Result<T> {
    let tree = read(source, context, Folding::Done)?;
    let outcome = on_stack_for(&tree, || then(&tree, context));
    context.tree = tree;
    outcome
}

/// The active future features, and the scope of each name.
pub(crate) fn scopes(tree: &Tree, context: &mut Context<'_>) -> Result<(Future, Scopes)> {
    let future = Future::find(tree, context)?;
    let scopes = Scopes::build(tree, future, context)?;
    context.ended("scopes");
    Ok((future, scopes))
}

/// The file's tree.
pub(crate) fn read(
    source: &Source<'_>,
    context: &mut Context<'_>,
    folding: Folding,
) -> Result<Tree> {
    let parsed = parse::parse(source, context, folding);
    context.ended("parse");
    parsed
}

/// Walks a tree with `walk`, which recurses as deeply as the tree is nested, up to [`MOST_LEVELS`].
pub(crate) fn on_stack_for<T: Send>(
    tree: &Tree,
    walk: impl FnOnce() -> Result<T> + Send,
) -> Result<T> {
    let depth = tree.depth().min(MOST_LEVELS);
    if depth < SHALLOW { walk() } else { stack::with(depth as usize * STACK_OF_LEVEL, walk) }
}
