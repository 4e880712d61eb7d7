//! What the module's own names tell about expressions in all its units.
//!
//! `import os` makes `os.getcwd()` a call of a function that is an attribute, not of a method, in
//! functions too.

use crate::name::Name;
use crate::scope::{ScopeId, Scopes, Uses};

/// What is asked of the module's symbol table.
#[derive(Debug)]
pub(super) struct ModuleNames {
    /// By name; names beyond the end aren't imported.
    imported: Vec<bool>,
    mentions_super: bool,
}

impl ModuleNames {
    pub(super) fn new(scopes: &Scopes, names: usize) -> Self {
        let mut module = Self { imported: vec![false; names], mentions_super: false };
        for (name, symbol) in scopes.symbols(ScopeId::ROOT) {
            module.imported[name.index()] = symbol.uses.intersects(Uses::IMPORT);
            module.mentions_super |= name == Name::SUPER;
        }
        module
    }

    /// The module has an import that binds the name.
    pub(super) fn imports(&self, name: Name) -> bool {
        self.imported.get(name.index()).is_some_and(|&imported| imported)
    }

    /// The module itself reads or binds `super`.
    pub(super) fn mentions_super(&self) -> bool {
        self.mentions_super
    }
}
