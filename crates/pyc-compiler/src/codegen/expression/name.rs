//! Names: read, bound and deleted, by where each lives.
//!
//! ```text
//!                read                   bound           deleted
//! fast local     LOAD_FAST              STORE_FAST      DELETE_FAST
//! cell, free     LOAD_DEREF             STORE_DEREF     DELETE_DEREF
//! global         LOAD_GLOBAL            STORE_GLOBAL    DELETE_GLOBAL
//! others         LOAD_NAME              STORE_NAME      DELETE_NAME
//! ```
//!
//! Classes, and the annotation scopes in them, look into the class's namespace before they read a cell or a global.

use super::super::Generator;
use super::super::unit::UnitKind;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::Name;
use crate::scope::{Resolution, ScopeKind, Symbol};
use crate::tree::Context;

/// Where a name lives, with the number it has there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
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
        match self.place_of(name) {
            Place::Fast => {
                let op = match context {
                    Context::Load => Op::LOAD_FAST,
                    Context::Store => Op::STORE_FAST,
                    Context::Delete => Op::DELETE_FAST,
                };
                let number = self.frame.unit.locals.number(name);
                self.emit(op, number, at);
            }
            Place::Cell(number) => match context {
                Context::Load => self.load_cell(number, at),
                Context::Store => self.emit(Op::STORE_DEREF, number, at),
                Context::Delete => self.emit(Op::DELETE_DEREF, number, at),
            },
            Place::Global(resolution) => match context {
                Context::Load => self.load_global(name, resolution, at),
                Context::Store => self.emit_with_name(Op::STORE_GLOBAL, name, at),
                Context::Delete => self.emit_with_name(Op::DELETE_GLOBAL, name, at),
            },
            Place::Named => match context {
                Context::Load if self.in_class() && self.in_inlined() => {
                    let number = self.frame.unit.names.number(name);
                    self.emit(Op::LOAD_GLOBAL, number << 1, at);
                }
                Context::Load => self.emit_with_name(Op::LOAD_NAME, name, at),
                Context::Store => self.emit_with_name(Op::STORE_NAME, name, at),
                Context::Delete => self.emit_with_name(Op::DELETE_NAME, name, at),
            },
        }
        Ok(())
    }

    /// What a name means in the module.
    pub(super) fn module_symbol(&self, name: Name) -> Option<Symbol> {
        self.symbol_in(self.outer.first().unwrap_or(&self.frame), name)
    }

    /// Where a (mangled) name lives, if it has a place here (`compile.c: get_ref_type`, 3.13).
    pub(in super::super) fn resolution(&self, name: Name) -> Option<Resolution> {
        if self.frame.kind == UnitKind::Class && matches!(name, Name::CLASS | Name::CLASSDICT) {
            return Some(Resolution::Cell);
        }
        self.symbol(name).and_then(|symbol| symbol.resolution)
    }

    fn place_of(&mut self, name: Name) -> Place {
        let function_like = self.scope().is_function_like();
        let resolution = self.symbol(name).and_then(|symbol| symbol.resolution);
        let hidden = resolution == Some(Resolution::Local) && self.is_hidden_local(name);
        let frame = &mut self.frame;
        match resolution {
            Some(Resolution::Free) => Place::Cell(frame.unit.free_number(name)),
            Some(Resolution::Cell) => Place::Cell(frame.unit.cells.number(name)),
            Some(Resolution::Local) if function_like || hidden => Place::Fast,
            Some(global @ Resolution::GlobalImplicit) if function_like => Place::Global(global),
            Some(global @ Resolution::GlobalExplicit) => Place::Global(global),
            Some(Resolution::Local | Resolution::GlobalImplicit) | None => Place::Named,
        }
    }

    fn load_cell(&mut self, number: u32, at: Location) {
        let op = if self.in_class() && !self.in_inlined() {
            self.emit(Op::LOAD_LOCALS, 0, at);
            Op::LOAD_FROM_DICT_OR_DEREF
        } else if self.scope().facts.can_see_class_scope {
            self.load_class_namespace(at);
            Op::LOAD_FROM_DICT_OR_DEREF
        } else {
            Op::LOAD_DEREF
        };
        self.emit(op, number, at);
    }

    fn load_global(&mut self, name: Name, resolution: Resolution, at: Location) {
        let through_class =
            resolution == Resolution::GlobalImplicit && self.scope().facts.can_see_class_scope;
        if through_class {
            self.load_class_namespace(at);
            self.emit_with_name(Op::LOAD_FROM_DICT_OR_GLOBALS, name, at);
        } else {
            let number = self.frame.unit.names.number(name);
            self.emit(Op::LOAD_GLOBAL, number << 1, at);
        }
    }

    fn load_class_namespace(&mut self, at: Location) {
        let number = self.frame.unit.free_number(Name::CLASSDICT);
        self.emit(Op::LOAD_DEREF, number, at);
    }

    fn emit_with_name(&mut self, op: Op, mangled: Name, at: Location) {
        let number = self.frame.unit.names.number(mangled);
        self.emit(op, number, at);
    }

    /// A local of the inlined comprehension that is being generated, in a unit whose locals aren't fast otherwise.
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
