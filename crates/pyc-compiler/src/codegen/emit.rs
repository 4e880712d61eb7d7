//! Appending instructions: the only way from the tree's constructs to the unit's sequence.
//!
//! `self.emit_const(ConstId::NONE, at)` is `LOAD_CONST 0 (None)`; names are mangled and numbered here.

use super::Generator;
use crate::constant::ConstId;
use crate::error::{Fault, Result};
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::name::Name;
use crate::scope::{Scope, maybe_mangle};

impl Generator<'_, '_> {
    /// Appends an instruction without a label; 0 for those that take no argument.
    #[inline]
    pub(super) fn emit(&mut self, op: Op, argument: u32, at: Location) {
        self.frame.unit.code.push(op, argument, at);
    }

    /// Appends a jump, or an instruction that enters a block.
    pub(super) fn emit_jump(&mut self, op: Op, target: Label, at: Location) {
        self.frame.unit.code.jump(op, target, at);
    }

    /// A new label of the current unit, to be placed once.
    pub(super) fn label(&mut self) -> Label {
        self.frame.unit.code.label()
    }

    /// The label stands before the next instruction.
    pub(super) fn place(&mut self, label: Label) {
        self.frame.unit.code.place(label);
    }

    /// Loads a constant.
    pub(super) fn emit_const(&mut self, value: ConstId, at: Location) {
        let number = self.frame.unit.consts.number(value);
        self.emit(Op::LOAD_CONST, number, at);
    }

    /// The number of the mangled name among the unit's names, to be the argument or its upper bits.
    pub(super) fn name_number(&mut self, name: Name) -> u32 {
        let mangled = self.mangled(name);
        self.frame.unit.names.number(mangled)
    }

    /// The name as it is known here: mangled in a class.
    pub(super) fn mangled(&mut self, name: Name) -> Name {
        let Some(private) = self.frame.private else { return name };
        let scopes = self.scopes;
        let scope = self.frame.scope.map(|id| &scopes[id]);
        maybe_mangle(Some(private), scope, name, &mut self.context.names)
    }

    /// The symbol table of the current unit.
    pub(super) fn scope(&self) -> &Scope {
        let scope = self.frame.scope.expect("`in_unit` sets the scope of every unit");
        &self.scopes[scope]
    }

    /// A `SyntaxError`.
    #[expect(clippy::unused_self, reason = "reads as the compiler's complaint at every call")]
    pub(super) fn error<T>(&self, at: Location, message: impl Into<String>) -> Result<T> {
        Err(Fault::syntax(at, message))
    }
}
