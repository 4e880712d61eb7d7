//! Appending instructions: all code generation goes through these functions.
//!
//! `self.emit_const(ConstId::NONE, at)` appends `LOAD_CONST 0 (None)`. Names are mangled and
//! numbered here.

use super::Generator;
use crate::constant::ConstId;
use crate::error::{Fault, Result};
use crate::instruction::{Intrinsic1, Intrinsic2, Label, Op};
use crate::location::Location;
use crate::name::Name;
use crate::scope::{Scope, Symbol};
use crate::target::Feature;
use crate::tree::{CompareOp, Context, ExprId};

impl<'a> Generator<'a, '_> {
    /// Appends an instruction without a label. The argument is 0 for those without one.
    #[inline(always)]
    pub(super) fn emit(&mut self, op: Op, argument: u32, at: Location) {
        self.frame.unit.code.push(op, argument, at);
    }

    /// Appends a jump, or an instruction that enters a block.
    pub(super) fn emit_jump(&mut self, op: Op, target: Label, at: Location) {
        self.frame.unit.code.jump(op, target, at);
    }

    pub(super) fn emit_inner_jump(&mut self, target: Label, at: Location) {
        self.emit_jump(self.idioms.inner_jump, target, at);
    }

    /// Converts the value on top to a bool, for releases in which jumps require one.
    #[inline(always)]
    pub(super) fn emit_truth(&mut self, at: Location) {
        if self.has(Feature::BoolBeforeJump) {
            self.emit(Op::TO_BOOL, 0, at);
        }
    }

    /// Whether the target's compiler has this feature.
    #[inline(always)]
    pub(super) fn has(&self, feature: Feature) -> bool {
        self.context.options.target().has(feature)
    }

    /// A new label of the current unit. It must be placed once.
    ///
    /// Labels are created in CPython's order, including those that no jump uses: in some releases
    /// each label starts a block of the flow graph, and the block's number affects how the lengths
    /// of jumps are computed.
    pub(super) fn label(&mut self) -> Label {
        self.frame.unit.code.label()
    }

    /// Places the label before the next instruction.
    pub(super) fn place(&mut self, label: Label) {
        self.frame.unit.code.place(label);
    }

    pub(super) fn emit_const(&mut self, value: ConstId, at: Location) {
        let number = self.frame.unit.consts.number(value);
        self.emit(Op::LOAD_CONST, number, at);
    }

    /// Appends an instruction whose argument is just the name of an attribute or module.
    pub(super) fn emit_name(&mut self, op: Op, name: Name, at: Location) {
        let number = self.name_number(name);
        self.emit(op, number, at);
    }

    /// Calls an intrinsic function of the interpreter.
    pub(super) fn emit_intrinsic1(&mut self, function: Intrinsic1, at: Location) {
        (self.idioms.intrinsic1)(self, function, at);
    }

    /// Calls an intrinsic function of the interpreter.
    pub(super) fn emit_intrinsic2(&mut self, function: Intrinsic2, at: Location) {
        (self.idioms.intrinsic2)(self, function, at);
    }

    /// `CALL_INTRINSIC_1` calls all functions with one argument.
    pub(crate) fn call_intrinsic1(&mut self, function: Intrinsic1, at: Location) {
        self.emit(Op::CALL_INTRINSIC_1, function.number(), at);
    }

    /// `CALL_INTRINSIC_2` calls all functions with two arguments.
    pub(crate) fn call_intrinsic2(&mut self, function: Intrinsic2, at: Location) {
        self.emit(Op::CALL_INTRINSIC_2, function.number(), at);
    }

    /// Each function has an instruction of its own (3.11).
    pub(crate) fn do_intrinsic1(&mut self, function: Intrinsic1, at: Location) {
        let op = match function {
            Intrinsic1::Print => Op::PRINT_EXPR,
            Intrinsic1::ImportStar => Op::IMPORT_STAR,
            Intrinsic1::AsyncGenWrap => Op::ASYNC_GEN_WRAP,
            Intrinsic1::UnaryPositive => Op::UNARY_POSITIVE,
            Intrinsic1::ListToTuple => Op::LIST_TO_TUPLE,
            _ => unreachable!("the grammar has nothing that needs it"),
        };
        self.emit(op, 0, at);
    }

    /// Each function has an instruction of its own (3.11).
    pub(crate) fn do_intrinsic2(&mut self, function: Intrinsic2, at: Location) {
        match function {
            Intrinsic2::PrepReraiseStar => self.emit(Op::PREP_RERAISE_STAR, 0, at),
            _ => unreachable!("the grammar has nothing that needs it"),
        }
    }

    /// Calls what is on the stack with this many arguments.
    pub(super) fn emit_call(&mut self, arguments: u32, at: Location) {
        (self.idioms.call)(self, arguments, at);
    }

    /// Reads an attribute that is to be called: the object may stay on the stack, as the method's
    /// `self`.
    pub(super) fn emit_method(&mut self, name: Name, at: Location) {
        let number = self.name_number(name);
        (self.idioms.method)(self, number, at);
    }

    /// Compares two values (`compile.c: compiler_addcompare`, 3.13).
    pub(super) fn emit_compare(&mut self, op: CompareOp, at: Location) {
        // Operators by their numbers in `object.h`, and the outcomes for which they are true.
        let (number, outcomes) = match op {
            CompareOp::Is => return self.emit(Op::IS_OP, 0, at),
            CompareOp::IsNot => return self.emit(Op::IS_OP, 1, at),
            CompareOp::In => return self.emit(Op::CONTAINS_OP, 0, at),
            CompareOp::NotIn => return self.emit(Op::CONTAINS_OP, 1, at),
            CompareOp::Less => (0, outcome::LESS),
            CompareOp::LessEqual => (1, outcome::LESS | outcome::EQUAL),
            CompareOp::Equal => (2, outcome::EQUAL),
            CompareOp::NotEqual => (3, outcome::UNORDERED | outcome::LESS | outcome::GREATER),
            CompareOp::Greater => (4, outcome::GREATER),
            CompareOp::GreaterEqual => (5, outcome::GREATER | outcome::EQUAL),
        };
        self.emit(Op::COMPARE_OP, (self.idioms.comparison)(number, outcomes), at);
    }

    /// The number of the mangled name among the unit's names: the argument or its upper bits.
    pub(super) fn name_number(&mut self, name: Name) -> u32 {
        let mangled = self.mangled(name);
        self.frame.unit.names.number(mangled)
    }

    /// The name as the unit uses it: mangled in a class.
    #[inline(always)]
    pub(super) fn mangled(&mut self, name: Name) -> Name {
        if self.context.names.is_private(name) { self.mangled_private(name) } else { name }
    }

    #[cold]
    fn mangled_private(&mut self, name: Name) -> Name {
        let (scopes, private) = (self.scopes, self.frame.private);
        scopes.mangle(self.scope(), private, name, &mut self.context.names)
    }

    /// How the (mangled) name resolves here, taking inlined comprehensions into account.
    pub(super) fn symbol(&self, name: Name) -> Option<Symbol> {
        self.meanings.get(name)
    }

    /// The symbol table of the current unit.
    pub(super) fn scope(&self) -> &'a Scope {
        let scope = self.frame.scope.expect("`in_unit` sets the scope of every unit");
        &self.scopes[scope]
    }

    /// Refuses to bind or delete `__debug__` (`compile.c: forbidden_name`, 3.13).
    pub(super) fn check_name(&self, name: Name, context: Context, at: Location) -> Result<()> {
        match context {
            Context::Store if name == Name::DEBUG => self.error(at, "cannot assign to __debug__"),
            Context::Delete if name == Name::DEBUG => self.error(at, "cannot delete __debug__"),
            _ => Ok(()),
        }
    }

    /// Adds a `SyntaxWarning`, unless the code is generated again.
    pub(super) fn warn(&mut self, at: Location, message: impl Into<String>) {
        if self.repeats == 0 {
            self.context.warn(at, message);
        }
    }

    /// Generates code for something that was generated before, without repeating its warnings.
    pub(super) fn repeating<T>(&mut self, again: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let silent = self.has(Feature::FinallyWarnsOnce);
        self.repeats += u32::from(silent);
        let done = again(self);
        self.repeats -= u32::from(silent);
        done
    }

    /// Sets the location of what follows to the end of the statement, pattern or condition at `at`,
    /// for releases in which this matters.
    #[inline(always)]
    pub(super) fn carry(&mut self, at: Location) {
        self.frame.carried = at;
    }

    /// The end of the last statement, for releases in which that is the location of what follows;
    /// `at` for others.
    pub(super) fn carried_or(&self, at: Location) -> Location {
        if self.has(Feature::LocationsCarriedOn) { self.frame.carried } else { at }
    }

    /// The location of the call of `iter()` for the `for` statement at `whole`.
    pub(super) fn iterator_location(&self, whole: Location, iterable: ExprId) -> Location {
        if self.has(Feature::LoopIteratorLocated) { self.tree[iterable].location } else { whole }
    }

    /// The location of the call of `__exit__` before a jump out of a `with` at `whole`.
    pub(super) fn left_location(&self, whole: Location, context: ExprId) -> Location {
        if self.has(Feature::LeftContextsLocated) { self.tree[context].location } else { whole }
    }

    /// The location of a call for a part of a comprehension, or of a `with`, at `whole`.
    pub(super) fn part_location(&self, whole: Location, part: ExprId) -> Location {
        if self.has(Feature::CallsOfPartsLocated) { self.tree[part].location } else { whole }
    }

    /// A `SyntaxError`.
    #[expect(clippy::unused_self, reason = "reads as the compiler's complaint at every call")]
    pub(super) fn error<T>(&self, at: Location, message: impl Into<String>) -> Result<T> {
        Err(Fault::syntax(at, message))
    }
}

/// `COMPARE_OP`'s lower bits (`pycore_code.h: COMPARISON_*`, 3.13).
mod outcome {
    pub(super) const UNORDERED: u32 = 1;
    pub(super) const LESS: u32 = 2;
    pub(super) const GREATER: u32 = 4;
    pub(super) const EQUAL: u32 = 8;
}
