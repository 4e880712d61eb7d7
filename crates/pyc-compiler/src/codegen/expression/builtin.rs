//! Calls of `all`, `any` and `tuple` with a generator expression: they become loops that run if the
//! name is the built-in function.
//!
//! ```text
//! any(…)    LOAD_NAME any; COPY 1; LOAD_COMMON_CONSTANT any; IS_OP; POP_JUMP_IF_FALSE skip; POP_TOP; the generator;
//!           loop: FOR_ITER cleanup; TO_BOOL; POP_JUMP_IF_FALSE loop; POP_ITER; LOAD_CONST True; JUMP end
//!           cleanup: END_FOR; POP_ITER; LOAD_CONST False; JUMP end
//!           skip: PUSH_NULL; the generator; CALL 1; end:
//! ```

use super::super::Generator;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Intrinsic1, Label, Op};
use crate::location::Location;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{ComprehensionKind, ExprId, ExprKind, Keyword, List};

use super::boolean::When;
use super::collection::Collection;

/// A built-in function. The discriminants are `LOAD_COMMON_CONSTANT`'s arguments
/// (`pycore_opcode_utils.h`, 3.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Builtin {
    Tuple = 2,
    All = 3,
    Any = 4,
    /// Since 3.15, like the next one.
    List = 5,
    Set = 6,
}

impl Builtin {
    fn of(name: Name) -> Option<Self> {
        match name {
            Name::TUPLE => Some(Self::Tuple),
            Name::ALL => Some(Self::All),
            Name::ANY => Some(Self::Any),
            Name::LIST => Some(Self::List),
            Name::SET => Some(Self::Set),
            _ => None,
        }
    }

    /// The collection that the loop fills.
    fn collection(self) -> Option<Collection> {
        match self {
            Self::Tuple => Some(Collection::Tuple),
            Self::List => Some(Collection::List),
            Self::Set => Some(Collection::Set),
            Self::All | Self::Any => None,
        }
    }
}

impl Generator<'_, '_> {
    /// With the function on the stack, emits the loop that replaces the call if the function is the
    /// built-in one. Returns the label at the end, to which the loop jumps (`codegen.c:
    /// maybe_optimize_function_call`, 3.14).
    pub(super) fn builtin_loop(
        &mut self,
        function: ExprId,
        arguments: List<ExprId>,
        keywords: List<Keyword>,
    ) -> Result<Option<Label>> {
        let Some((builtin, generator)) = self.loops_over(function, arguments, keywords) else {
            return Ok(None);
        };
        let at = self.tree[function].location;
        let (end, skip) = (self.label(), self.label());
        let (start, cleanup) = (self.label(), self.label());
        self.emit(Op::COPY, 1, at);
        self.emit(Op::LOAD_COMMON_CONSTANT, builtin as u32, at);
        self.emit(Op::IS_OP, 0, at);
        self.emit_jump(Op::POP_JUMP_IF_FALSE, skip, at);
        self.emit(Op::POP_TOP, 0, at);
        if let Some(collection) = builtin.collection() {
            self.emit(collection.build_growing(), 0, at);
        }
        self.expression(generator)?;
        self.null_for_send(at);
        self.place(start);
        self.emit_jump(Op::FOR_ITER, cleanup, at);
        if let Some(collection) = builtin.collection() {
            self.emit(collection.append(), 1 + self.iterator_size(), at);
            self.emit_jump(Op::JUMP, start, at);
        } else {
            let goes_on = if builtin == Builtin::All { When::True } else { When::False };
            self.go_on_while(goes_on, start, at);
        }
        // Only `all` and `any` get here. For collections this is unreachable, as in CPython, and
        // the flow graph removes it.
        self.emit(Op::POP_ITER, 0, Location::NONE);
        if builtin.collection().is_none() {
            self.emit_const(ConstId::truth(builtin == Builtin::Any), at);
        }
        self.emit_jump(Op::JUMP, end, at);
        self.place(cleanup);
        self.end_for();
        if builtin == Builtin::Tuple {
            self.emit_intrinsic1(Intrinsic1::ListToTuple, at);
        } else if builtin.collection().is_none() {
            self.emit_const(ConstId::truth(builtin == Builtin::All), at);
        }
        self.emit_jump(Op::JUMP, end, at);
        self.place(skip);
        Ok(Some(end))
    }

    /// Continues the loop if the truth value of the item on top is `when`.
    fn go_on_while(&mut self, when: When, start: Label, at: Location) {
        self.emit(Op::TO_BOOL, 0, at);
        self.emit_jump(when.jump(), start, at);
    }

    /// The built-in function and the generator expression if this is such a call.
    fn loops_over(
        &self,
        function: ExprId,
        arguments: List<ExprId>,
        keywords: List<Keyword>,
    ) -> Option<(Builtin, ExprId)> {
        if !self.has(Feature::BuiltinLoops) || !keywords.is_empty() {
            return None;
        }
        let builtin = self.tree.as_name(function).and_then(Builtin::of)?;
        let is_newer = matches!(builtin, Builtin::List | Builtin::Set);
        if is_newer && !self.has(Feature::ListLoops) {
            return None;
        }
        let [generator] = self.tree[arguments] else { return None };
        let ExprKind::Comprehension(id) = self.tree[generator].kind else { return None };
        let comprehension = self.tree[id];
        let scope = self.scopes.of(comprehension.block)?;
        let is_plain = comprehension.kind == ComprehensionKind::Generator
            && !(self.scopes[scope].facts.coroutine && self.has(Feature::AsynchronousNotLooped));
        is_plain.then_some((builtin, generator))
    }
}
