//! Statements: each leaves the stack as it was.

use super::Generator;
use crate::error::Result;
use crate::tree::{StmtId, StmtKind};

impl Generator<'_, '_> {
    /// Emits a statement (`compile.c: compiler_visit_stmt`, 3.13).
    pub(super) fn statement(&mut self, id: StmtId) -> Result<()> {
        let stmt = self.tree[id];
        let at = stmt.location;
        match stmt.kind {
            StmtKind::Function(id) => self.function(id, at),
            _ => self.error(at, "not there yet"),
        }
    }
}
