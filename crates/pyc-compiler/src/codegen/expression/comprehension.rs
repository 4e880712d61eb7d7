//! Comprehensions and generator expressions.
//!
//! ```text
//! [f(x) for x in y]      y; GET_ITER; x is set aside; BUILD_LIST 0; the loop; x is restored
//! (f(x) for x in y)      LOAD_CONST <code>; MAKE_FUNCTION; y; GET_ITER; CALL 0
//! ```
//!
//! All comprehensions except generator expressions are inlined into the enclosing unit (PEP 709),
//! unless that is an annotation scope in a class.

mod clause;
mod isolation;

use super::super::Generator;
use super::super::closure::Attributes;
use super::super::suspend::Awaited;
use super::super::unit::{End, Opening, UnitKind};
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{self, Comprehension, ComprehensionId, ComprehensionKind};
use clause::{Clauses, First};

impl Generator<'_, '_> {
    /// A comprehension of any kind (`compile.c: compiler_comprehension`, 3.13).
    pub(super) fn comprehension(&mut self, at: Location, id: ComprehensionId) -> Result<()> {
        let tree = self.tree;
        let comprehension = tree[id];
        let Some(outermost) = tree[comprehension.generators].first() else { return Ok(()) };
        let scope = self.scope_of(comprehension.block);
        let facts = self.scopes[scope].facts;
        let around = self.frame.kind;
        if facts.inlined {
            self.iterator(at, outermost)?;
            return self.isolated(at, scope, |this| {
                if facts.coroutine {
                    this.check_async(at, comprehension.kind, around)?;
                }
                this.fill(at, comprehension, First::OnStack).map(|_| ())
            });
        }
        let opening = Opening {
            kind: UnitKind::Comprehension,
            scope,
            name: unit_name(comprehension.kind),
            first_line: at.line,
        };
        let code = self.in_unit(opening, |this| {
            if facts.coroutine {
                this.check_async(at, comprehension.kind, around)?;
            }
            let first = if this.has(Feature::GeneratorsBeginInCode) {
                this.begin_comprehension(comprehension.kind, outermost, at)
            } else {
                First::Argument
            };
            let end = this.fill(at, comprehension, first)?;
            match comprehension.kind {
                ComprehensionKind::Generator if this.has(Feature::StopIterationHandler) => {
                    this.stop_iteration_handler();
                }
                ComprehensionKind::Generator => {}
                _ => this.emit(Op::RETURN_VALUE, 0, end),
            }
            Ok(End::None)
        })?;
        self.closure(code, Attributes::default(), at)?;
        self.iterator(at, outermost)?;
        self.emit_call(0, at);
        if facts.coroutine && comprehension.kind != ComprehensionKind::Generator {
            self.await_value(at, Awaited::Value);
        }
        Ok(())
    }

    /// Pushes the outermost iterable: it is always evaluated outside.
    fn iterator(&mut self, at: Location, clause: &tree::Generator) -> Result<()> {
        self.expression(clause.iterable)?;
        if self.has(Feature::VirtualIterators) {
            return Ok(());
        }
        let op = if clause.is_async { Op::GET_AITER } else { Op::GET_ITER };
        self.emit(op, 0, self.part_location(at, clause.iterable));
        Ok(())
    }

    /// Begins the unit of a comprehension. A generator expression calls `iter()` before the
    /// generator is created.
    fn begin_comprehension(
        &mut self,
        kind: ComprehensionKind,
        outermost: &tree::Generator,
        at: Location,
    ) -> First {
        let generates = kind == ComprehensionKind::Generator;
        if generates {
            let from = self.tree[outermost.iterable].location;
            self.emit(Op::RESUME, AT_GENERATOR_EXPRESSION, Location::NONE);
            self.emit(Op::LOAD_FAST, 0, from);
            self.call_iter(outermost, from);
            self.frame.unit.argcount = 1;
        }
        self.begin(UnitKind::Comprehension, at.line);
        if generates { First::Called } else { First::Argument }
    }

    /// Converts the value on top to an iterator.
    pub(super) fn call_iter(&mut self, clause: &tree::Generator, at: Location) {
        self.emit(if clause.is_async { Op::GET_AITER } else { Op::GET_ITER }, 0, at);
    }

    /// Creates the collection and runs the loops. `first` says where the iterator is. Returns the
    /// location for what follows.
    fn fill(
        &mut self,
        at: Location,
        comprehension: Comprehension,
        first: First,
    ) -> Result<Location> {
        let build = match comprehension.kind {
            ComprehensionKind::List => Some(Op::BUILD_LIST),
            ComprehensionKind::Set => Some(Op::BUILD_SET),
            ComprehensionKind::Dict => Some(Op::BUILD_MAP),
            ComprehensionKind::Generator => None,
        };
        if let Some(build) = build {
            self.emit(build, 0, at);
            if first == First::OnStack {
                self.emit(Op::SWAP, 2, at);
            }
        }
        let carried = self.clauses(Clauses { at, comprehension, first })?;
        Ok(if self.has(Feature::LocationsCarriedOn) { carried } else { at })
    }

    /// Refuses an asynchronous comprehension where it can't be awaited. A generator expression is
    /// allowed anywhere: its consumer awaits.
    fn check_async(&self, at: Location, kind: ComprehensionKind, around: UnitKind) -> Result<()> {
        let is_allowed = kind == ComprehensionKind::Generator
            || matches!(around, UnitKind::AsyncFunction | UnitKind::Comprehension);
        if is_allowed {
            Ok(())
        } else {
            self.error(at, "asynchronous comprehension outside of an asynchronous function")
        }
    }
}

/// `RESUME`'s argument at the start of a generator expression (`RESUME_AT_GEN_EXPR_START`, 3.15).
const AT_GENERATOR_EXPRESSION: u32 = 4;

fn unit_name(kind: ComprehensionKind) -> Name {
    match kind {
        ComprehensionKind::List => Name::LIST_COMPREHENSION,
        ComprehensionKind::Set => Name::SET_COMPREHENSION,
        ComprehensionKind::Dict => Name::DICT_COMPREHENSION,
        ComprehensionKind::Generator => Name::GENERATOR_EXPRESSION,
    }
}
