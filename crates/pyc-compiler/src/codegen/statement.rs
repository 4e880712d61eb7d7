//! Statements: each leaves the stack as it was.

use super::Generator;
use super::unit::{End, Opening, UnitKind};
use crate::constant::CodeId;
use crate::error::Result;
use crate::location::Location;
use crate::name::Name;
use crate::tree::{BlockId, Body, Root, StmtId};

impl Generator<'_, '_> {
    /// The unit of the whole file (`compile.c: compiler_mod`, 3.13).
    pub(super) fn root(&mut self) -> Result<CodeId> {
        let opening = Opening {
            kind: UnitKind::Module,
            block: BlockId::ROOT,
            name: Name::MODULE,
            first_line: 1,
        };
        self.in_unit(opening, |this| match this.tree.root {
            Root::Module(body) | Root::Interactive(body) => this.body(body).map(|()| End::None),
            Root::Expression(id) => this.expression(id).map(|()| End::Top),
        })
    }

    fn body(&mut self, body: Body) -> Result<()> {
        let tree = self.tree;
        tree[body].iter().try_for_each(|&id| self.statement(id))
    }

    /// Emits a statement (`compile.c: compiler_visit_stmt`, 3.13).
    pub(super) fn statement(&mut self, id: StmtId) -> Result<()> {
        self.error(self.tree[id].location, "not there yet")
    }
}
