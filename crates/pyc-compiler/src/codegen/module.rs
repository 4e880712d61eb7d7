//! Facts about the module's own names that affect the code of all its units.
//!
//! With `import os`, `os.getcwd()` is compiled as a call of a function, not of a method, in nested
//! functions, too.

use crate::name::Name;
use crate::scope::{ScopeId, Scopes, Uses};

/// The facts taken from the module's symbol table.
#[derive(Debug)]
pub(super) struct ModuleNames {
    /// By name. Names beyond the end aren't imported.
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

    /// Whether the module has an import that binds the name.
    pub(super) fn imports(&self, name: Name) -> bool {
        self.imported.get(name.index()).is_some_and(|&imported| imported)
    }

    /// Whether the module itself reads or binds `super`.
    pub(super) fn mentions_super(&self) -> bool {
        self.mentions_super
    }
}
