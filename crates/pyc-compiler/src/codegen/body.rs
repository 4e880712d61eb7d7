//! The file as a whole, and bodies that can begin with a docstring.
//!
//! ```text
//! """Spam."""     SETUP_ANNOTATIONS; LOAD_CONST 'Spam.'; STORE_NAME __doc__; …
//! eggs: int
//! ```

use super::Generator;
use super::unit::{End, Opening, UnitKind};
use crate::constant::CodeId;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::{Line, Location};
use crate::name::Name;
use crate::scope::ScopeId;
use crate::target::Feature;
use crate::tree::{Body, Context, Root, StmtKind};

impl Generator<'_, '_> {
    /// The unit of the whole file (`compile.c: compiler_mod`, 3.13).
    pub(super) fn root(&mut self) -> Result<CodeId> {
        let opening = Opening {
            kind: UnitKind::Module,
            scope: ScopeId::ROOT,
            name: Name::MODULE,
            first_line: Line::new(1),
        };
        let start = Location::line_start(Line::new(1));
        self.in_unit(opening, |this| match this.tree.root {
            Root::Module(body) => {
                // This gives `SETUP_ANNOTATIONS` the line of the first statement.
                let at = this.body_location(body).unwrap_or(start);
                this.begin_conditions(at);
                this.body(body, at).map(|()| End::None)
            }
            Root::Interactive(body) => {
                let first = this.tree[body].first();
                let first = first.map_or(start, |&first| this.tree[first].location);
                this.begin_conditions(first);
                if this.sets_annotations_up(body) {
                    this.emit(Op::SETUP_ANNOTATIONS, 0, start);
                }
                this.statements(body)?;
                this.deferred_annotations(first).map(|()| End::None)
            }
            Root::Expression(id) => this.expression(id).map(|()| End::Top),
        })
    }

    /// The body of a module or class (`compile.c: compiler_body`, 3.13).
    pub(super) fn body(&mut self, body: Body, at: Location) -> Result<()> {
        if self.sets_annotations_up(body) {
            self.emit(Op::SETUP_ANNOTATIONS, 0, at);
        }
        let docstring = self.docstring(body)?;
        if let Some((value, location)) =
            docstring.and_then(|one| one.value.map(|value| (value, one.location)))
        {
            self.emit_const(value, location);
            self.name(Name::DOC, Context::Store, Location::NONE)?;
        }
        self.statements(body.skip(docstring.map_or(0, |one| one.statements)))?;
        self.deferred_annotations(at)
    }

    /// Whether the body begins by creating a dict for its annotations.
    fn sets_annotations_up(&self, body: Body) -> bool {
        (self.future.annotations() || !self.has(Feature::DeferredAnnotations))
            && self.annotates(body)
    }

    /// Whether a body annotates variables. Nested functions and classes don't count (`compile.c:
    /// find_ann`, 3.13).
    fn annotates(&self, body: Body) -> bool {
        let tree = self.tree;
        let any = |bodies: &[Body]| bodies.iter().any(|&body| self.annotates(body));
        tree[body].iter().any(|&id| match tree[id].kind {
            StmtKind::AnnotatedAssign { .. } => true,
            StmtKind::For { body, orelse, .. }
            | StmtKind::While { body, orelse, .. }
            | StmtKind::If { body, orelse, .. } => any(&[body, orelse]),
            StmtKind::With { body, .. } => self.annotates(body),
            StmtKind::Try { body, handlers, orelse, finally, .. } => {
                any(&[body, orelse, finally])
                    || tree[handlers].iter().any(|handler| self.annotates(handler.body))
            }
            StmtKind::Match { cases, .. } => {
                self.has(Feature::AnnotationsInCases)
                    && tree[cases].iter().any(|case| self.annotates(case.body))
            }
            _ => false,
        })
    }

    pub(super) fn statements(&mut self, body: Body) -> Result<()> {
        let tree = self.tree;
        for &id in &tree[body] {
            self.statement(id)?;
        }
        Ok(())
    }
}
