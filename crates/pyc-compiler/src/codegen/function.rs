//! `def` and `async def`: decorators, defaults, annotations, and the function's unit.
//!
//! ```text
//! @g
//! def f(): …     LOAD_NAME g; LOAD_CONST <code f>; MAKE_FUNCTION; CALL 0; STORE_NAME f
//! ```

use super::Generator;
use super::block::Block;
use super::closure::Attributes;
use super::unit::{End, Opening, UnitKind};
use crate::constant::{CodeId, ConstId};
use crate::error::Result;
use crate::instruction::{Intrinsic1, Intrinsic2, Op};
use crate::location::{Line, Location};
use crate::target::Feature;
use crate::tree::{Context, ExprId, Function, FunctionId, List};

impl Generator<'_, '_> {
    /// `compile.c: compiler_function`, 3.13.
    pub(super) fn function(&mut self, id: FunctionId, at: Location) -> Result<()> {
        let function = self.tree[id];
        self.check_parameters(&function.parameters)?;
        self.decorators(function.decorators)?;
        let first_line = self.first_line(function.decorators, at);
        if function.type_params_block.is_some() {
            self.null_below(at);
        }
        let attributes = self.default_arguments(&function.parameters, at)?;
        match function.type_params_block {
            None => self.function_object(&function, attributes, first_line, at)?,
            Some(block) => {
                let given = u32::from(attributes.defaults) + u32::from(attributes.keyword_defaults);
                if given == 2 {
                    self.emit(Op::SWAP, 2, at);
                }
                let opening = self.type_params_opening(block, function.name, first_line);
                let code = self.in_unit(opening, |this| {
                    this.type_params(function.type_params)?;
                    for number in 0..given {
                        this.emit(Op::LOAD_FAST, number, at);
                    }
                    this.function_object(&function, attributes, first_line, at)?;
                    this.emit(Op::SWAP, 2, at);
                    this.emit_intrinsic2(Intrinsic2::SetFunctionTypeParams, at);
                    this.frame.unit.argcount = given;
                    Ok(End::Top)
                })?;
                self.closure(code, Attributes::default(), at)?;
                if given > 0 {
                    self.emit(Op::SWAP, given + 1, at);
                    // Without a `NULL` the first argument is in its place.
                    let in_place_of_null = u32::from(self.has(Feature::NullAboveCallable));
                    self.emit_call(given - in_place_of_null, at);
                } else {
                    self.null_above(at);
                    self.emit_call(0, at);
                }
            }
        }
        self.apply_decorators(function.decorators);
        self.name(function.name, Context::Store, at)
    }

    /// Emits annotations and the function itself. `attributes` says what is on the stack for it.
    fn function_object(
        &mut self,
        function: &Function,
        attributes: Attributes,
        first_line: Line,
        at: Location,
    ) -> Result<()> {
        let annotations = if self.has(Feature::DeferredAnnotations) {
            self.function_annotations(function, at)?
        } else {
            self.annotations(&function.parameters, function.returns, at)?
        };
        let code = self.function_code(function, first_line)?;
        self.closure(code, Attributes { annotations, ..attributes }, at)?;
        Ok(())
    }

    /// `compile.c: compiler_function_body`, 3.13.
    fn function_code(&mut self, function: &Function, first_line: Line) -> Result<CodeId> {
        let kind = if function.is_async { UnitKind::AsyncFunction } else { UnitKind::Function };
        let scope = self.scope_of(function.block);
        let opening = Opening { kind, scope, name: function.name, first_line };
        self.in_unit(opening, |this| {
            let docstring = this.docstring(function.body)?;
            let body = function.body.skip(docstring.map_or(0, |docstring| docstring.statements));
            let text = docstring.and_then(|docstring| docstring.value);
            this.document(text);
            this.count_parameters(&function.parameters);
            let facts = this.scope().facts;
            let is_generator = facts.coroutine || facts.generator;
            if is_generator && this.has(Feature::GeneratorBlock) {
                let body = |this: &mut Self| this.statements(body);
                this.in_block(Location::NONE, Block::StopIteration, body)?;
            } else {
                this.statements(body)?;
            }
            if is_generator && this.has(Feature::StopIterationHandler) {
                this.stop_iteration_handler();
            }
            Ok(End::None)
        })
    }

    /// Adds a function's docstring as its first constant. Without one, adds `None` for releases in
    /// which only that shows that there is no docstring.
    fn document(&mut self, text: Option<ConstId>) {
        let marks = self.has(Feature::FunctionMarks);
        let first = if marks { text } else { Some(text.unwrap_or(ConstId::NONE)) };
        if let Some(first) = first {
            self.frame.unit.consts.number(first);
        }
        self.frame.has_docstring = marks && text.is_some();
    }

    /// Ends a generator: a `StopIteration` that leaves it becomes a `RuntimeError` (PEP 479).
    ///
    /// As in `compile.c: wrap_in_stopiteration_handler`, 3.13.
    pub(super) fn stop_iteration_handler(&mut self) {
        let handler = self.label();
        let start = self.frame.start;
        self.frame.unit.code.jump_before(start, Op::SETUP_CLEANUP, handler, Location::NONE);
        self.emit_const(ConstId::NONE, Location::NONE);
        self.emit(Op::RETURN_VALUE, 0, Location::NONE);
        self.place(handler);
        self.emit_intrinsic1(Intrinsic1::StopIterationError, Location::NONE);
        self.emit(Op::RERAISE, 1, Location::NONE);
    }

    pub(super) fn decorators(&mut self, decorators: List<ExprId>) -> Result<()> {
        let tree = self.tree;
        tree[decorators].iter().try_for_each(|&decorator| self.expression(decorator))
    }

    /// Calls the decorators, which are on the stack below the function or class.
    pub(super) fn apply_decorators(&mut self, decorators: List<ExprId>) {
        let tree = self.tree;
        for &decorator in tree[decorators].iter().rev() {
            self.emit_call(0, tree[decorator].location);
        }
    }

    /// The line where a definition starts, including decorators.
    pub(super) fn first_line(&self, decorators: List<ExprId>, at: Location) -> Line {
        let first = self.tree[decorators].first();
        first.map_or(at.line, |&first| self.tree[first].location.line)
    }
}
