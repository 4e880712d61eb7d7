//! Names: read, bound and deleted, depending on where each is stored.
//!
//! ```text
//!                read                   bound           deleted
//! fast local     LOAD_FAST              STORE_FAST      DELETE_FAST
//! cell, free     LOAD_DEREF             STORE_DEREF     DELETE_DEREF
//! global         LOAD_GLOBAL            STORE_GLOBAL    DELETE_GLOBAL
//! others         LOAD_NAME              STORE_NAME      DELETE_NAME
//! ```
//!
//! Classes, and annotation scopes in them, look a name up in the class's namespace before they read
//! a cell or a global.

use super::super::Generator;
use super::super::unit::UnitKind;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::Name;
use crate::scope::{Resolution, ScopeKind};
use crate::target::Feature;
use crate::tree::Context;

/// Where a name is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Storage {
    Fast,
    Cell(u32),
    Global(Resolution),
    Named,
}

impl Generator<'_, '_> {
    /// Reads, binds or deletes a name (`compile.c: compiler_nameop`, 3.13).
    pub(in super::super) fn name(
        &mut self,
        name: Name,
        context: Context,
        at: Location,
    ) -> Result<()> {
        self.check_name(name, context, at)?;
        let name = self.mangled(name);
        let storage = self.storage_of(name);
        let op = match (storage, context) {
            (Storage::Fast, Context::Load) => Op::LOAD_FAST,
            (Storage::Fast, Context::Store) => Op::STORE_FAST,
            (Storage::Fast, Context::Delete) => Op::DELETE_FAST,
            (Storage::Cell(_), Context::Load) => self.load_cell(at),
            (Storage::Cell(_), Context::Store) => Op::STORE_DEREF,
            (Storage::Cell(_), Context::Delete) => Op::DELETE_DEREF,
            (Storage::Global(resolution), Context::Load) => self.load_global(resolution, at),
            (Storage::Global(_), Context::Store) => Op::STORE_GLOBAL,
            (Storage::Global(_), Context::Delete) => Op::DELETE_GLOBAL,
            (Storage::Named, Context::Load) if self.in_class() && self.in_inlined() => {
                Op::LOAD_GLOBAL
            }
            (Storage::Named, Context::Load) => Op::LOAD_NAME,
            (Storage::Named, Context::Store) => Op::STORE_NAME,
            (Storage::Named, Context::Delete) => Op::DELETE_NAME,
        };
        let unit = &mut self.frame.unit;
        let argument = match storage {
            Storage::Fast => unit.locals.number(name),
            Storage::Cell(number) => number,
            Storage::Global(_) | Storage::Named => {
                unit.names.number(name) << u32::from(op == Op::LOAD_GLOBAL)
            }
        };
        self.emit(op, argument, at);
        Ok(())
    }

    /// How a (mangled) name resolves, if the symbol table has it (`compile.c: get_ref_type`, 3.13).
    pub(in super::super) fn resolution(&self, name: Name) -> Option<Resolution> {
        let is_implicit = match name {
            Name::CLASS => true,
            Name::CLASSDICT => self.has(Feature::ClassNamespaces),
            Name::CONDITIONAL_ANNOTATIONS => self.has(Feature::DeferredAnnotations),
            _ => false,
        };
        if self.frame.kind == UnitKind::Class && is_implicit {
            return Some(Resolution::Cell);
        }
        self.symbol(name).and_then(|symbol| symbol.resolution)
    }

    fn storage_of(&mut self, name: Name) -> Storage {
        let function_like = self.scope().is_function_like();
        match self.symbol(name).and_then(|symbol| symbol.resolution) {
            Some(Resolution::Free) => Storage::Cell(self.frame.unit.free_number(name)),
            Some(Resolution::Cell) => Storage::Cell(self.frame.unit.cells.number(name)),
            Some(Resolution::Local) if function_like || self.is_hidden_local(name) => Storage::Fast,
            Some(global @ Resolution::GlobalImplicit) if function_like => Storage::Global(global),
            Some(global @ Resolution::GlobalExplicit) => Storage::Global(global),
            Some(Resolution::Local | Resolution::GlobalImplicit) | None => Storage::Named,
        }
    }

    /// The instruction that reads a cell. Pushes first what it needs on the stack.
    fn load_cell(&mut self, at: Location) -> Op {
        if self.has(Feature::ClassDeref) {
            if self.in_class() { Op::LOAD_CLASSDEREF } else { Op::LOAD_DEREF }
        } else if self.in_class() && !self.in_inlined() {
            self.emit(Op::LOAD_LOCALS, 0, at);
            Op::LOAD_FROM_DICT_OR_DEREF
        } else if self.scope().facts.can_see_class_scope {
            self.load_class_namespace(at);
            Op::LOAD_FROM_DICT_OR_DEREF
        } else {
            Op::LOAD_DEREF
        }
    }

    /// The instruction that reads a global. Pushes first what it needs on the stack.
    fn load_global(&mut self, resolution: Resolution, at: Location) -> Op {
        let implicit = resolution == Resolution::GlobalImplicit;
        if implicit && self.scope().facts.can_see_class_scope {
            self.load_class_namespace(at);
            Op::LOAD_FROM_DICT_OR_GLOBALS
        } else {
            Op::LOAD_GLOBAL
        }
    }

    fn load_class_namespace(&mut self, at: Location) {
        let number = self.frame.unit.free_number(Name::CLASSDICT);
        self.emit(Op::LOAD_DEREF, number, at);
    }

    /// Whether the name is a local of the inlined comprehension being generated, in a unit whose
    /// locals aren't fast otherwise.
    fn is_hidden_local(&self, name: Name) -> bool {
        self.in_inlined() && self.frame.unit.hidden.contains(&(name, true))
    }

    fn in_inlined(&self) -> bool {
        self.frame.inlined_comprehensions > 0
    }

    fn in_class(&self) -> bool {
        self.scope().kind == ScopeKind::Class
    }
}
