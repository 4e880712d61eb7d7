//! Functions that evaluate annotations on demand (PEP 649, PEP 749).
//!
//! ```text
//! x: int = 1      LOAD_CONST <code __annotate__>; MAKE_FUNCTION; STORE_NAME __annotate__       before all else
//!                 BUILD_SET 0; STORE_NAME __conditional_annotations__; LOAD_CONST 1; STORE_NAME x;
//!                 LOAD_NAME __conditional_annotations__; LOAD_CONST 0; SET_ADD 1; POP_TOP     `x: int` was reached
//! __annotate__    LOAD_FAST format; LOAD_CONST 2; COMPARE_OP >; POP_JUMP_IF_FALSE …; raise NotImplementedError;
//!                 BUILD_MAP 0; LOAD_CONST 0; LOAD_GLOBAL __conditional_annotations__; CONTAINS_OP in;
//!                 POP_JUMP_IF_FALSE …; LOAD_GLOBAL int; COPY 2; LOAD_CONST 'x'; STORE_SUBSCR; RETURN_VALUE
//! ```

use super::Generator;
use super::closure::{Annotations, Attributes};
use super::unit::{End, Opening, UnitKind};
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{CompareOp, Context, ExprId, Function};

/// Annotations of a module's or class's names, to be evaluated on demand.
#[derive(Debug, Default)]
pub(super) struct Deferred {
    annotations: Vec<Annotation>,
    /// The number of annotations for which code records that they were reached.
    noted: u32,
    /// The number of enclosing statements whose bodies may not be reached.
    pub(super) conditions: u32,
}

#[derive(Clone, Copy, Debug)]
struct Annotation {
    name: Name,
    value: ExprId,
    at: Location,
    /// The annotation's number in the set of reached annotations. `None` if it is always reached.
    number: Option<u32>,
}

/// `annotationlib.Format.VALUE_WITH_FAKE_GLOBALS`: these functions don't support formats above it.
const VALUE_WITH_FAKE_GLOBALS: i64 = 2;

/// `LOAD_COMMON_CONSTANT`'s argument (`pycore_opcode_utils.h: CONSTANT_NOTIMPLEMENTEDERROR`, 3.14).
const NOT_IMPLEMENTED_ERROR: u32 = 1;

impl Generator<'_, '_> {
    /// Pushes the default of the format parameter of functions that evaluate bounds, defaults and
    /// aliases. Emits nothing before 3.14.
    pub(super) fn default_format(&mut self, at: Location) -> Attributes {
        if !self.has(Feature::DeferredAnnotations) {
            return Attributes::default();
        }
        // `annotationlib.Format.VALUE`.
        let value = self.context.constants.int(1);
        let defaults = self.context.constants.tuple([value]);
        self.emit_const(defaults, at);
        Attributes { defaults: true, ..Attributes::default() }
    }

    /// Emits the check that refuses unknown formats. Emits nothing before 3.14 (`codegen.c:
    /// codegen_setup_annotations_scope`, 3.14).
    pub(super) fn check_format(&mut self, at: Location) {
        if !self.has(Feature::DeferredAnnotations) {
            return;
        }
        let unit = &mut self.frame.unit;
        (unit.posonlyargcount, unit.argcount) = (1, 1);
        self.emit(Op::LOAD_FAST, 0, at);
        let most = self.context.constants.int(VALUE_WITH_FAKE_GLOBALS);
        self.emit_const(most, at);
        self.emit_compare(CompareOp::Greater, at);
        let body = self.label();
        self.emit_jump(Op::POP_JUMP_IF_FALSE, body, at);
        self.emit(Op::LOAD_COMMON_CONSTANT, NOT_IMPLEMENTED_ERROR, at);
        self.emit(Op::RAISE_VARARGS, 1, at);
        self.place(body);
    }

    /// Generates a function's `__annotate__`, if it has annotations (`codegen.c:
    /// codegen_function_annotations`, 3.14).
    pub(super) fn function_annotations(
        &mut self,
        function: &Function,
        at: Location,
    ) -> Result<Annotations> {
        let scopes = self.scopes;
        let scope = scopes[self.scope_of(function.block)].signature;
        let Some(scope) = scope.filter(|&scope| scopes[scope].facts.annotates) else {
            return Ok(Annotations::None);
        };
        let opening = Opening {
            kind: UnitKind::Annotations(Some(function.name)),
            scope,
            name: Name::ANNOTATE,
            first_line: at.line,
        };
        let code = self.in_unit(opening, |this| {
            this.check_format(at);
            let pairs = this.annotation_pairs(&function.parameters, function.returns, at)?;
            this.emit(Op::BUILD_MAP, pairs, at);
            this.emit(Op::RETURN_VALUE, 0, at);
            Ok(End::None)
        })?;
        self.closure(code, Attributes::default(), at)?;
        Ok(Annotations::Function)
    }

    /// Creates the set of reached annotations, if it is needed.
    pub(super) fn begin_conditions(&mut self, at: Location) {
        if !self.scope().facts.conditional_annotations {
            return;
        }
        self.emit(Op::BUILD_SET, 0, at);
        if self.frame.kind == UnitKind::Class {
            let cell = self.frame.unit.cells.number(Name::CONDITIONAL_ANNOTATIONS);
            self.emit(Op::STORE_DEREF, cell, at);
        } else {
            self.emit_name(Op::STORE_NAME, Name::CONDITIONAL_ANNOTATIONS, at);
        }
    }

    /// Keeps an annotation for `__annotate__`. Unless it is always reached, emits code that records
    /// when it is reached; in a module that is never assumed (`codegen.c: codegen_annassign`,
    /// `compile.c: _PyCompile_AddDeferredAnnotation`, 3.14).
    pub(super) fn defer_annotation(&mut self, name: Name, value: ExprId, at: Location) {
        let is_class = self.frame.kind == UnitKind::Class;
        let deferred = &mut self.frame.deferred;
        let is_noted = !is_class || deferred.conditions > 0;
        let number = is_noted.then_some(deferred.noted);
        deferred.noted += u32::from(is_noted);
        deferred.annotations.push(Annotation { name, value, at, number });
        let Some(number) = number else { return };
        if is_class {
            let cell = self.frame.unit.cells.number(Name::CONDITIONAL_ANNOTATIONS);
            self.emit(Op::LOAD_DEREF, cell, at);
        } else {
            self.emit_name(Op::LOAD_NAME, Name::CONDITIONAL_ANNOTATIONS, at);
        }
        let number = self.context.constants.int(number.into());
        self.emit_const(number, at);
        self.emit(Op::SET_ADD, 1, at);
        self.emit(Op::POP_TOP, 0, at);
    }

    /// Generates and binds the `__annotate__` of a module or class (`codegen.c:
    /// codegen_process_deferred_annotations`, 3.14).
    pub(super) fn deferred_annotations(&mut self, at: Location) -> Result<()> {
        let annotations = std::mem::take(&mut self.frame.deferred.annotations);
        let Some(scope) = self.scope().annotations.filter(|_| !annotations.is_empty()) else {
            return Ok(());
        };
        let (begin, owner) = (self.frame.unit.code.len(), self.frame.kind);
        let in_class = owner == UnitKind::Class;
        let opening = Opening {
            kind: UnitKind::Annotations(None),
            scope,
            name: Name::ANNOTATE,
            first_line: at.line,
        };
        let code = self.in_unit(opening, |this| {
            this.check_format(at);
            this.emit(Op::BUILD_MAP, 0, at);
            for annotation in &annotations {
                this.deferred_annotation(annotation, owner, at)?;
            }
            this.emit(Op::RETURN_VALUE, 0, at);
            Ok(End::None)
        })?;
        self.closure(code, Attributes::default(), at)?;
        let name = if in_class { Name::ANNOTATE_FUNC } else { Name::ANNOTATE };
        self.name(name, Context::Store, at)?;
        if !in_class {
            // In a module its code is moved to the start, after `RESUME` and
            // `ANNOTATIONS_PLACEHOLDER`.
            let instructions = self.frame.unit.code.instructions();
            let keeps_place = |at: &usize| instructions[*at].op == Op::ANNOTATIONS_PLACEHOLDER;
            let place = (0..begin.min(2)).find(keeps_place).unwrap_or(0) + 1;
            self.frame.unit.code.move_last(begin, place);
        }
        Ok(())
    }

    /// Emits code that adds one annotation of the module or class `owner` to the dict on the stack
    /// if it was reached.
    fn deferred_annotation(
        &mut self,
        annotation: &Annotation,
        owner: UnitKind,
        unit_at: Location,
    ) -> Result<()> {
        let &Annotation { name, value, at, number } = annotation;
        let not_reached = self.label();
        if let Some(number) = number {
            let number = self.context.constants.int(number.into());
            self.emit_const(number, at);
            if owner == UnitKind::Class {
                let cell = self.frame.unit.free_number(Name::CONDITIONAL_ANNOTATIONS);
                self.emit(Op::LOAD_DEREF, cell, at);
            } else {
                let global = self.name_number(Name::CONDITIONAL_ANNOTATIONS);
                self.emit(Op::LOAD_GLOBAL, global << 1, at);
            }
            self.emit(Op::CONTAINS_OP, 0, at);
            self.emit_jump(Op::POP_JUMP_IF_FALSE, not_reached, at);
        }
        self.expression(value)?;
        self.emit(Op::COPY, 2, at);
        let name = self.mangled(name);
        let key = self.context.constants.str(name);
        self.emit_const(key, at);
        self.emit(Op::STORE_SUBSCR, 0, unit_at);
        self.place(not_reached);
        Ok(())
    }
}
