//! `global`, `nonlocal`, and annotated names, which can be neither.

use super::{Declaration, Walk};
use crate::error::Result;
use crate::location::Location;
use crate::name::Name;
use crate::scope::{ScopeId, Uses};
use crate::tree::List;

impl Walk<'_> {
    /// `how` is [`Uses::GLOBAL`] or [`Uses::NONLOCAL`].
    pub(super) fn declare(&mut self, names: List<Name>, how: Uses, at: Location) -> Result<()> {
        let tree = self.tree;
        for &name in &tree[names] {
            let before = self.uses(name);
            let word = if how == Uses::GLOBAL { "global" } else { "nonlocal" };
            // A name can be several of these. As in CPython, the first that applies gives the
            // message.
            let (prefix, suffix) = if before.intersects(Uses::PARAMETER) {
                ("name", format!("is parameter and {word}"))
            } else if before.intersects(Uses::USE) {
                ("name", format!("is used prior to {word} declaration"))
            } else if before.intersects(Uses::ANNOTATED) {
                ("annotated name", format!("can't be {word}"))
            } else if before.intersects(Uses::LOCAL) {
                ("name", format!("is assigned to before {word} declaration"))
            } else {
                self.note(name, how, at)?;
                self.note_declaration(name, at);
                continue;
            };
            return self.error(at, prefix, name, &suffix);
        }
        Ok(())
    }

    /// Notes where a name was declared: errors about it point there (`symtable_record_directive`).
    pub(super) fn note_declaration(&mut self, name: Name, location: Location) {
        let name = self.mangle(name);
        let scope = self.frame().scope;
        self.walked.declarations.push(Declaration { scope, name, location });
    }

    /// The name in `name: annotation = value`. `at` is the statement's location.
    pub(super) fn annotated_name(
        &mut self,
        name: Name,
        at: Location,
        name_at: Location,
        (simple, binds): (bool, bool),
    ) -> Result<()> {
        let before = self.uses(name);
        let declared = before.intersects(Uses::GLOBAL | Uses::NONLOCAL);
        if declared && simple && self.frame().scope != ScopeId::ROOT {
            let global = before.intersects(Uses::GLOBAL);
            let after = if global { "can't be global" } else { "can't be nonlocal" };
            return self.error(at, "annotated name", name, after);
        }
        if simple {
            self.note(name, Uses::ANNOTATED | Uses::LOCAL, name_at)?;
        } else if binds {
            self.note(name, Uses::LOCAL, name_at)?;
        }
        Ok(())
    }
}
