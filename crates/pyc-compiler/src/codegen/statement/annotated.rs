//! `target: annotation = value`: the target is bound, then the annotation is evaluated. It is
//! stored if the target is a plain name of a module or class.
//!
//! ```text
//! x: int = 1    LOAD_CONST 1; STORE_NAME x; LOAD_NAME int; LOAD_NAME __annotations__; LOAD_CONST 'x'; STORE_SUBSCR
//! ```

use crate::codegen::Generator;
use crate::codegen::unit::UnitKind;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{Context, ExprId, ExprKind};

impl Generator<'_, '_> {
    /// `compile.c: compiler_annassign`, 3.13. For `simple` see
    /// [`crate::tree::StmtKind::AnnotatedAssign`].
    pub(super) fn annotated_assign(
        &mut self,
        target: ExprId,
        annotation: ExprId,
        value: Option<ExprId>,
        simple: bool,
        at: Location,
    ) -> Result<()> {
        if let Some(value) = value {
            self.expression(value)?;
            self.expression(target)?;
        }
        let defers = self.has(Feature::DeferredAnnotations) && !self.future.annotations();
        let is_checked = self.has(Feature::DebugCheckedInTables);
        // Annotations of a function's local variables are never evaluated (PEP 526).
        let evaluates = matches!(self.frame.kind, UnitKind::Module | UnitKind::Class);
        match self.tree[target].kind {
            ExprKind::Name { name, .. } => {
                if !is_checked {
                    self.check_name(name, Context::Store, at)?;
                }
                if simple && evaluates && defers {
                    self.defer_annotation(name, annotation, at);
                } else if simple && evaluates {
                    self.keep_annotation(name, annotation, at)?;
                }
            }
            ExprKind::Attribute { value: object, name, .. } => {
                let place = if is_checked { self.tree[target].location } else { at };
                self.check_name(name, Context::Store, place)?;
                if value.is_none() {
                    self.evaluate(object)?;
                }
            }
            ExprKind::Subscript { value: object, index, .. } if value.is_none() => {
                self.evaluate(object)?;
                self.evaluate_index(index)?;
            }
            _ => {}
        }
        if !simple && evaluates && !defers && !self.future.annotations() {
            self.evaluate(annotation)?;
        }
        Ok(())
    }

    fn keep_annotation(&mut self, name: Name, annotation: ExprId, at: Location) -> Result<()> {
        if self.future.annotations() {
            self.annotation_text(annotation, at)?;
        } else {
            self.expression(annotation)?;
        }
        self.emit_name(Op::LOAD_NAME, Name::ANNOTATIONS, at);
        let name = self.mangled(name);
        let key = self.context.constants.str(name);
        self.emit_const(key, at);
        self.emit(Op::STORE_SUBSCR, 0, at);
        Ok(())
    }

    /// Evaluates an expression only for its errors (`compile.c: check_ann_expr`, 3.13).
    fn evaluate(&mut self, id: ExprId) -> Result<()> {
        self.expression(id)?;
        let at = self.carried_or(self.tree[id].location);
        self.emit(Op::POP_TOP, 0, at);
        Ok(())
    }

    /// `compile.c: check_ann_subscr`, 3.13.
    fn evaluate_index(&mut self, index: ExprId) -> Result<()> {
        let tree = self.tree;
        match tree[index].kind {
            ExprKind::Slice { lower, upper, step } => {
                [lower, upper, step].into_iter().flatten().try_for_each(|part| self.evaluate(part))
            }
            ExprKind::Tuple { elements, .. } => {
                tree[elements].iter().try_for_each(|&element| self.evaluate_index(element))
            }
            _ => self.evaluate(index),
        }
    }
}
