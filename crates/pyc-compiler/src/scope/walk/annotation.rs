//! Annotations, which since 3.14 are evaluated in blocks of their own (PEP 649, PEP 749).
//!
//! ```text
//! class C:                C              __classdict__, __conditional_annotations__: cells
//!     if a: x: int          annotations  .format: parameter; int: used
//!     def f(y: T): …        annotations  .format: parameter; T: used
//!                           f            y: parameter
//! ```
//!
//! The annotations of a module's or class's names share one block, which is entered for each of
//! them.

use super::{Frame, Opening, Walk};
use crate::error::Result;
use crate::location::Location;
use crate::name::Name;
use crate::scope::{ScopeId, ScopeKind, Uses};
use crate::target::Feature;
use crate::tree::{ExprId, List, Parameter, Parameters};

impl Walk<'_> {
    /// Whether annotations are compiled to code, in functions of their own.
    pub(super) fn evaluates_annotations(&self) -> bool {
        self.defers_annotations() && !self.future.annotations()
    }

    /// Whether annotations are in blocks of their own. Under the future import they are, too,
    /// though nothing is evaluated in them.
    pub(super) fn defers_annotations(&self) -> bool {
        self.target.has(Feature::DeferredAnnotations)
    }

    /// Adds the parameter of a block that is evaluated on demand (`symtable_enter_block`, 3.14).
    pub(super) fn note_format(&mut self, kind: ScopeKind, at: Location) -> Result<()> {
        let is_lazy =
            matches!(kind, ScopeKind::Annotation | ScopeKind::TypeAlias | ScopeKind::TypeVariable);
        if !is_lazy || !self.defers_annotations() {
            return Ok(());
        }
        self.note(Name::FORMAT_PARAMETER, Uses::PARAMETER | Uses::USE, at)
    }

    /// The annotation of a name, an attribute or an item (`symtable_visit_annotation`).
    pub(super) fn annotation(&mut self, annotation: ExprId) -> Result<()> {
        let at = self.tree[annotation].location;
        if !self.defers_annotations() {
            return self.in_annotation(at, |this| this.expression(annotation)).map(drop);
        }
        let owner = self.frame().scope;
        let kind = self.scope().kind;
        self.note_conditional(kind, at)?;
        let unevaluated = kind == ScopeKind::Function;
        let walk = |this: &mut Self| {
            this.frame().unevaluated = unevaluated;
            this.expression(annotation)
        };
        if let Some(scope) = self.scope().annotations {
            return self.again(scope, walk);
        }
        let sees_class = kind == ScopeKind::Class && self.evaluates_annotations();
        if sees_class && self.target.has(Feature::ClassdictForAnnotations) {
            self.facts().needs_classdict = true;
        }
        let scope = self.in_annotation(at, |this| {
            if sees_class {
                this.see_class(at)?;
            }
            walk(this)
        })?;
        self.walked.scopes[owner.index()].annotations = scope;
        Ok(())
    }

    /// Notes that the generated code must record which annotations of the block were reached. In a
    /// module it always must, since a module may be used before all of it has run.
    fn note_conditional(&mut self, kind: ScopeKind, at: Location) -> Result<()> {
        let matters = match kind {
            ScopeKind::Module => true,
            ScopeKind::Class => self.frame().conditional,
            _ => false,
        };
        if !matters || self.facts().conditional_annotations {
            return Ok(());
        }
        self.facts().conditional_annotations = true;
        self.note(Name::CONDITIONAL_ANNOTATIONS, Uses::USE, at)
    }

    /// Walks the annotations of a function and returns the block in which they are evaluated
    /// (`symtable_visit_annotations`). As in CPython, annotations of starred parameters come before
    /// those of keyword-only ones.
    pub(super) fn annotations(
        &mut self,
        parameters: &Parameters,
        returns: Option<ExprId>,
        at: Location,
    ) -> Result<Option<ScopeId>> {
        let around = self.scope();
        let sees_class = around.facts.can_see_class_scope || around.kind == ScopeKind::Class;
        let defers = self.defers_annotations();
        let annotates = returns.is_some() || self.has_annotations(parameters);
        // Without annotations, the block's only effect is that the class gets a cell for its
        // namespace.
        if defers && !annotates && !sees_class {
            return Ok(None);
        }
        let scope = self.in_annotation(at, |this| {
            if defers && sees_class {
                this.see_class(at)?;
            }
            this.facts().annotates |= defers && annotates;
            this.annotations_of(parameters.positional_only)?;
            this.annotations_of(parameters.positional)?;
            for starred in [parameters.variable, parameters.keywords] {
                this.optional(starred.and_then(|parameter| parameter.annotation))?;
            }
            this.annotations_of(parameters.keyword_only)?;
            this.optional(returns)
        })?;
        Ok(scope)
    }

    fn has_annotations(&self, parameters: &Parameters) -> bool {
        let lists = [parameters.positional_only, parameters.positional, parameters.keyword_only];
        let listed = lists.into_iter().flat_map(|list| &self.tree[list]);
        let starred = [&parameters.variable, &parameters.keywords].into_iter().flatten();
        listed.chain(starred).any(|parameter| parameter.annotation.is_some())
    }

    fn annotations_of(&mut self, list: List<Parameter>) -> Result<()> {
        let tree = self.tree;
        tree[list].iter().try_for_each(|parameter| self.optional(parameter.annotation))
    }

    /// Walks in a block for annotations and returns it. Before 3.14 there is one only under the
    /// future import, and it hides the names in it.
    fn in_annotation(
        &mut self,
        location: Location,
        walk: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<Option<ScopeId>> {
        if !self.defers_annotations() && !self.future.annotations() {
            return walk(self).map(|()| None);
        }
        let kind = ScopeKind::Annotation;
        let mut scope = None;
        self.in_block(Opening { kind, block: None, name: Name::ANNOTATE, location }, |this| {
            scope = Some(this.frame().scope);
            walk(this)
        })?;
        Ok(scope)
    }

    /// Walks once more in a block that was closed. The enclosing blocks are the same as before
    /// (`symtable_enter_existing_block`).
    fn again(&mut self, scope: ScopeId, walk: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.walked.symbols.open(self.walked.scopes[scope.index()].symbols);
        let mut frame = Frame::new(scope);
        frame.iterables = self.frame().iterables;
        frame.mangled = self.walked.scopes[scope.index()].mangled;
        self.in_frame(frame, walk)
    }
}
