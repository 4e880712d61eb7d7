//! The whole compilation, as a page.

use pyc_code::CodeObject;

use crate::context::Context;
use crate::error::{Fault, Result, SyntaxError, Warning};
use crate::future::Future;
use crate::options::Options;
use crate::scope::Scopes;
use crate::source::Source;
use crate::{code, codegen, lower};

/// What [`compile_all`] gives: code, and what CPython would warn of.
#[derive(Clone, Debug)]
pub struct Compilation {
    code: CodeObject<'static>,
    warnings: Vec<Warning>,
}

impl Compilation {
    /// The module's code object.
    #[must_use]
    pub fn into_code(self) -> CodeObject<'static> {
        self.code
    }

    /// What CPython would warn of, in its order.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// Compiles `source` as `compile(source, filename, mode, dont_inherit=True, optimize=level)` of the target does.
///
/// # Errors
///
/// If CPython would refuse the source.
pub fn compile(source: &[u8], options: &Options) -> Result<CodeObject<'static>, SyntaxError> {
    compile_all(source, options).map(Compilation::into_code)
}

/// Compiles `source`, and says what CPython would warn of.
///
/// # Errors
///
/// If CPython would refuse the source.
pub fn compile_all(source: &[u8], options: &Options) -> Result<Compilation, SyntaxError> {
    let in_file = |fault: Fault, text: Option<&str>| fault.in_file(options.filename(), text);
    let source = Source::decode(source).map_err(|fault| in_file(fault, None))?;
    let mut context = Context::new(options);
    let code = stages(&source, &mut context).map_err(|fault| {
        let line = source.line(fault.location.line);
        in_file(fault, line)
    })?;
    Ok(Compilation { code, warnings: context.warnings })
}

fn stages(source: &Source<'_>, context: &mut Context<'_>) -> Result<CodeObject<'static>> {
    let tree = lower::lower(source, context)?;
    let future = Future::find(&tree, context)?;
    let scopes = Scopes::build(&tree, future, context)?;
    let root = codegen::generate(&tree, &scopes, future, context)?;
    Ok(code::to_object(root, context))
}
