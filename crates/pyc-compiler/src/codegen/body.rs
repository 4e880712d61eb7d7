//! The file as a whole, and bodies that may begin with a docstring.
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
use crate::location::Location;
use crate::name::Name;
use crate::tree::{BlockId, Body, Context, Root, StmtKind, Tree};

impl Generator<'_, '_> {
    /// The unit of the whole file (`compile.c: compiler_mod`, 3.13).
    pub(super) fn root(&mut self) -> Result<CodeId> {
        let opening = Opening {
            kind: UnitKind::Module,
            block: BlockId::ROOT,
            name: Name::MODULE,
            first_line: 1,
        };
        let start = Location::line_start(1);
        self.in_unit(opening, |this| match this.tree.root {
            Root::Module(body) => {
                // So that `SETUP_ANNOTATIONS` is of the first statement's line.
                let first = this.tree[body].first();
                let at = first.map_or(start, |&first| this.tree[first].location);
                this.body(body, at).map(|()| End::None)
            }
            Root::Interactive(body) => {
                if annotates(this.tree, body) {
                    this.emit(Op::SETUP_ANNOTATIONS, 0, start);
                }
                this.statements(body).map(|()| End::None)
            }
            Root::Expression(id) => this.expression(id).map(|()| End::Top),
        })
    }

    /// The body of a module or class (`compile.c: compiler_body`, 3.13).
    pub(super) fn body(&mut self, body: Body, at: Location) -> Result<()> {
        if annotates(self.tree, body) {
            self.emit(Op::SETUP_ANNOTATIONS, 0, at);
        }
        let Some(docstring) = self.docstring(body)? else { return self.statements(body) };
        if let Some(value) = docstring.value {
            self.emit_const(value, docstring.location);
            self.name(Name::DOC, Context::Store, Location::NONE)?;
        }
        self.statements(body.skip(docstring.statements))
    }

    pub(super) fn statements(&mut self, body: Body) -> Result<()> {
        let tree = self.tree;
        tree[body].iter().try_for_each(|&id| self.statement(id))
    }
}

/// Whether a body annotates variables, functions and classes in it not counted (`compile.c: find_ann`, 3.13).
fn annotates(tree: &Tree, body: Body) -> bool {
    let any = |bodies: &[Body]| bodies.iter().any(|&body| annotates(tree, body));
    tree[body].iter().any(|&id| match tree[id].kind {
        StmtKind::AnnotatedAssign { .. } => true,
        StmtKind::For { body, orelse, .. }
        | StmtKind::While { body, orelse, .. }
        | StmtKind::If { body, orelse, .. } => any(&[body, orelse]),
        StmtKind::With { body, .. } => annotates(tree, body),
        StmtKind::Try { body, handlers, orelse, finally, .. } => {
            any(&[body, orelse, finally])
                || tree[handlers].iter().any(|handler| annotates(tree, handler.body))
        }
        StmtKind::Match { cases, .. } => tree[cases].iter().any(|case| annotates(tree, case.body)),
        _ => false,
    })
}
