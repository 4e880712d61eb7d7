//! Calls of functions and methods, with any arguments.
//!
//! ```text
//! f(1, x=2)   LOAD_NAME f; PUSH_NULL; LOAD_CONST 1; LOAD_CONST 2; LOAD_CONST ("x",); CALL_KW 2
//! o.m(1)      LOAD_NAME o; LOAD_ATTR m as a method; LOAD_CONST 1; CALL 1
//! f(*a, **b)  LOAD_NAME f; PUSH_NULL; LOAD_NAME a; BUILD_MAP 0; LOAD_NAME b; DICT_MERGE 1; CALL_FUNCTION_EX 1
//! ```

use super::super::Generator;
use super::STACK_USE_GUIDELINE;
use super::attribute::Super;
use super::collection::Collection;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::{Name, count};
use crate::target::{Feature, NamedCall};
use crate::tree::{ExprId, ExprKind, Keyword, List};

impl Generator<'_, '_> {
    /// `function(arguments, keywords)` (`compile.c: compiler_call`, 3.13).
    pub(super) fn call(
        &mut self,
        at: Location,
        function: ExprId,
        arguments: List<ExprId>,
        keywords: List<Keyword>,
    ) -> Result<()> {
        self.validate_keywords(keywords)?;
        if let ExprKind::Attribute { value, name, .. } = self.tree[function].kind {
            if self.is_method_call(value, arguments, keywords) {
                let method = Method { at: self.tree[function].location, value, name };
                return self.method_call(at, method, arguments, keywords);
            }
        }
        // A warning about calls of things that can't be called, `1()`.
        self.suspect_call(function);
        let function_at = self.tree[function].location;
        self.null_below(function_at);
        self.expression(function)?;
        let end = self.builtin_loop(function, arguments, keywords)?;
        self.null_above(function_at);
        self.pass(at, 0, arguments, keywords)?;
        if let Some(end) = end {
            self.place(end);
        }
        Ok(())
    }

    /// Calls the function on the stack, for which a `NULL` and `pushed` arguments are there
    /// already.
    pub(in super::super) fn call_with(
        &mut self,
        at: Location,
        pushed: u32,
        arguments: List<ExprId>,
        keywords: List<Keyword>,
    ) -> Result<()> {
        self.validate_keywords(keywords)?;
        self.pass(at, pushed, arguments, keywords)
    }

    /// Emits arguments and the call (`compile.c: compiler_call_helper`, 3.13).
    fn pass(
        &mut self,
        at: Location,
        pushed: u32,
        arguments: List<ExprId>,
        keywords: List<Keyword>,
    ) -> Result<()> {
        let is_plain = arguments.len() + keywords.len() * 2 <= STACK_USE_GUIDELINE
            && self.has_no_unpacking(arguments, keywords);
        if is_plain {
            self.expressions(arguments)?;
            return self.plain_call(at, at, pushed + count(arguments.len()), keywords);
        }
        // `f(*a)` passes `a` itself; `CALL_FUNCTION_EX` makes a tuple of it.
        match (pushed, self.only_star(arguments)) {
            (0, Some(iterable)) => self.expression(iterable)?,
            _ => self.collect(at, pushed, arguments, Collection::Tuple)?,
        }
        self.keyword_dict(at, keywords)?;
        if !self.has(Feature::KeywordsOrNull) {
            self.emit(Op::CALL_FUNCTION_EX, u32::from(!keywords.is_empty()), at);
            return Ok(());
        }
        if keywords.is_empty() {
            self.emit(Op::PUSH_NULL, 0, at);
        }
        self.emit(Op::CALL_FUNCTION_EX, 0, at);
        Ok(())
    }

    /// `value.name(…)` (`compile.c: maybe_optimize_method_call`, 3.13).
    fn method_call(
        &mut self,
        at: Location,
        method: Method,
        arguments: List<ExprId>,
        keywords: List<Keyword>,
    ) -> Result<()> {
        let Method { at: attribute, value, name } = method;
        let named_at = self.attribute_location(attribute, attribute, name);
        if let Some(call) = self.super_call(value, name) {
            self.load_super(call, Super::Method, name, attribute)?;
            self.emit(Op::NOP, 0, named_at);
        } else {
            self.expression(value)?;
            self.emit_method(name, named_at);
        }
        self.expressions(arguments)?;
        let call_at = self.attribute_location(at, attribute, name);
        self.plain_call(call_at, named_at, count(arguments.len()), keywords)
    }

    /// Emits keywords and the call. No argument is unpacked.
    fn plain_call(
        &mut self,
        at: Location,
        names_at: Location,
        positionals: u32,
        keywords: List<Keyword>,
    ) -> Result<()> {
        if keywords.is_empty() {
            self.emit_call(positionals, at);
        } else {
            self.keyword_values(keywords)?;
            let names = self.keyword_names(keywords);
            let arguments = positionals + count(keywords.len());
            (self.idioms.call_with_names)(self, NamedCall { names, names_at, arguments, at });
        }
        Ok(())
    }

    /// `CALL_KW` takes the names from the stack.
    pub(crate) fn load_names_and_call(&mut self, call: NamedCall) {
        self.emit_const(call.names, call.names_at);
        self.emit(Op::CALL_KW, call.arguments, call.at);
    }

    /// `KW_NAMES` passes the names to the next `CALL` (3.12).
    pub(crate) fn name_keywords_and_call(&mut self, call: NamedCall) {
        let names = self.frame.unit.consts.number(call.names);
        self.emit(Op::KW_NAMES, names, call.names_at);
        self.emit_call(call.arguments, call.at);
    }

    /// `CALL` does everything.
    pub(crate) fn call_at_once(&mut self, arguments: u32, at: Location) {
        self.emit(Op::CALL, arguments, at);
    }

    /// `PRECALL` prepares the call first (3.11).
    pub(crate) fn prepare_and_call(&mut self, arguments: u32, at: Location) {
        self.emit(Op::PRECALL, arguments, at);
        self.emit(Op::CALL, arguments, at);
    }

    /// A bit of `LOAD_ATTR`'s argument requests a method.
    pub(crate) fn load_attribute_as_method(&mut self, number: u32, at: Location) {
        const METHOD: u32 = 1;
        self.emit(Op::LOAD_ATTR, number << 1 | METHOD, at);
    }

    /// `LOAD_METHOD` reads a method (3.11).
    pub(crate) fn load_method(&mut self, number: u32, at: Location) {
        self.emit(Op::LOAD_METHOD, number, at);
    }

    /// Pushes the `NULL` below the callable, for releases that require it there.
    pub(in super::super) fn null_below(&mut self, at: Location) {
        if !self.has(Feature::NullAboveCallable) {
            self.emit(Op::PUSH_NULL, 0, at);
        }
    }

    /// Pushes the `NULL` above the callable, for releases that require it there.
    pub(in super::super) fn null_above(&mut self, at: Location) {
        if self.has(Feature::NullAboveCallable) {
            self.emit(Op::PUSH_NULL, 0, at);
        }
    }

    /// Whether an attribute of `value` can be called without creating a bound method.
    fn is_method_call(
        &self,
        value: ExprId,
        arguments: List<ExprId>,
        keywords: List<Keyword>,
    ) -> bool {
        // The tuple of the keywords' names is on the stack, too.
        let names_tuple = usize::from(!keywords.is_empty());
        !self.is_imported(value)
            && arguments.len() + keywords.len() + names_tuple < STACK_USE_GUIDELINE
            && self.has_no_unpacking(arguments, keywords)
    }

    /// The iterable if `*iterable` is the only positional argument.
    fn only_star(&self, arguments: List<ExprId>) -> Option<ExprId> {
        match self.tree[arguments] {
            [only] => self.starred(only),
            _ => None,
        }
    }

    fn has_no_unpacking(&self, arguments: List<ExprId>, keywords: List<Keyword>) -> bool {
        let tree = self.tree;
        tree[arguments].iter().all(|&argument| self.starred(argument).is_none())
            && tree[keywords].iter().all(|keyword| keyword.name.is_some())
    }

    /// Whether the module imports this name: then its attributes are rather functions than methods.
    ///
    /// As in `compile.c: is_import_originated`, 3.13, which checks the module's table wherever the
    /// call is.
    fn is_imported(&self, value: ExprId) -> bool {
        let Some(name) = self.tree.as_name(value) else { return false };
        let module = self.outer.first().unwrap_or(&self.frame);
        self.module.imports(name) && !module.overridden.contains(&name)
    }
}

/// An attribute that is called.
#[derive(Clone, Copy, Debug)]
struct Method {
    at: Location,
    value: ExprId,
    name: Name,
}
