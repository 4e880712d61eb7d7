//! `from __future__ import …`: which features a file switches on, and that it does so at its start.

use pyc_code::CodeFlags;

use crate::error::Result;
use crate::location::Location;
use crate::name::Names;
use crate::tree::Tree;

/// What a file's future statements say (`pycore_symtable.h: _PyFutureFeatures`, 3.13).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Future {
    /// Flags of every code object of the file.
    pub(crate) flags: CodeFlags,
    /// Of the last future statement.
    pub(crate) location: Location,
}

impl Future {
    /// Annotations are strings (PEP 563).
    pub(crate) fn annotations(self) -> bool {
        self.flags.contains(CodeFlags::FUTURE_ANNOTATIONS)
    }

    pub(crate) fn find(_tree: &Tree, _names: &Names) -> Result<Self> {
        Ok(Self { flags: CodeFlags::default(), location: Location::NONE })
    }
}
