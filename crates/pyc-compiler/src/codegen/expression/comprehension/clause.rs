//! The loops of a comprehension; the innermost contains the element.
//!
//! ```text
//! start:   FOR_ITER anchor; STORE_FAST x; conditions, else to next
//!          the next clause, or the element; LIST_APPEND
//! next:    JUMP start
//! anchor:  END_FOR; POP_TOP
//! ```
//!
//! `for x in [y]` is an assignment instead of a loop, unless it is the outermost.

use super::super::super::Generator;
use super::super::super::block::Block;
use super::super::super::suspend::Waiting;
use super::super::When;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{self, Comprehension, ComprehensionKind, ExprId, ExprKind};

/// A comprehension whose loops are being generated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clauses {
    pub(super) at: Location,
    pub(super) comprehension: Comprehension,
    pub(super) first: First,
}

/// Where the outermost iterator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    OnStack,
    /// The unit's only parameter.
    Argument,
    /// On the stack, with `iter()` already called.
    Called,
}

/// The index of the next clause, and the number of iterators on the stack above the collection.
#[derive(Clone, Copy, Debug)]
struct Level {
    clause: usize,
    depth: u32,
}

impl Generator<'_, '_> {
    /// Emits all loops, starting with the outermost.
    ///
    /// This function and those below return the element's location or, in releases that carry
    /// locations on, the end of the last part.
    pub(super) fn clauses(&mut self, clauses: Clauses) -> Result<Location> {
        self.clause(clauses, Level { clause: 0, depth: 0 })
    }

    fn clause(&mut self, clauses: Clauses, level: Level) -> Result<Location> {
        let clause = self.tree[clauses.comprehension.generators][level.clause];
        if clause.is_async {
            self.async_clause(clauses, clause, level)
        } else {
            self.sync_clause(clauses, clause, level)
        }
    }

    /// `compile.c: compiler_sync_comprehension_generator`, 3.13.
    fn sync_clause(
        &mut self,
        clauses: Clauses,
        clause: tree::Generator,
        level: Level,
    ) -> Result<Location> {
        let (start, next, anchor) = (self.label(), self.label(), self.label());
        // The surrounding code has evaluated the outermost iterable: there is nothing to assign.
        let only = self.only_item(clause.iterable).filter(|_| level.clause > 0);
        if let Some(only) = only {
            self.expression(only)?;
            let element_at = self.after_target(clauses, clause, level, next)?;
            self.place(next);
            return Ok(element_at);
        }
        let iterable_at = self.part_location(clauses.at, clause.iterable);
        if level.clause == 0 {
            self.outermost(clauses, &clause, iterable_at);
        } else {
            self.expression(clause.iterable)?;
            self.emit(Op::GET_ITER, 0, iterable_at);
        }
        if self.has(Feature::GeneratorGetIter) {
            self.emit(Op::GET_ITER, 0, iterable_at);
        }
        self.place(start);
        self.emit_jump(Op::FOR_ITER, anchor, iterable_at);
        // The iterator stays on the stack, between the collection and what is inside this loop.
        let level = Level { depth: level.depth + self.iterator_size(), ..level };
        let element_at = self.after_target(clauses, clause, level, next)?;
        self.place(next);
        self.emit_jump(Op::JUMP, start, element_at);
        self.place(anchor);
        self.end_for();
        Ok(element_at)
    }

    /// `compile.c: compiler_async_comprehension_generator`, 3.13.
    fn async_clause(
        &mut self,
        clauses: Clauses,
        clause: tree::Generator,
        level: Level,
    ) -> Result<Location> {
        let at = clauses.at;
        let start = self.label();
        let except = self.label();
        let next = self.label();
        let iterable_at = self.part_location(at, clause.iterable);
        if level.clause == 0 {
            self.outermost(clauses, &clause, iterable_at);
        } else {
            self.expression(clause.iterable)?;
            self.emit(Op::GET_AITER, 0, iterable_at);
        }
        self.place(start);
        let (send, element_at) = self.in_block(at, Block::AsyncComprehension, |this| {
            this.emit_jump(Op::SETUP_FINALLY, except, at);
            this.emit(Op::GET_ANEXT, 0, at);
            this.null_for_send(at);
            this.emit_const(ConstId::NONE, at);
            let send = this.send_loop(at, Waiting::Await);
            this.emit(Op::POP_BLOCK, 0, at);
            let level = Level { depth: level.depth + 1, ..level };
            let element_at = this.after_target(clauses, clause, level, next)?;
            this.place(next);
            this.emit_jump(Op::JUMP, start, element_at);
            Ok((send, element_at))
        })?;
        self.place(except);
        let carries = self.has(Feature::LocationsCarriedOn);
        self.end_async_for(send, if carries { element_at } else { at });
        Ok(element_at)
    }

    fn outermost(&mut self, clauses: Clauses, clause: &tree::Generator, at: Location) {
        if clauses.first == First::Argument {
            self.frame.unit.argcount = 1;
            self.emit(Op::LOAD_FAST, 0, clauses.at);
        }
        if clauses.first != First::Called && self.has(Feature::VirtualIterators) {
            self.call_iter(clause, at);
        }
    }

    /// Binds the target, and continues with what is inside if the conditions hold. Returns the
    /// element's location.
    fn after_target(
        &mut self,
        clauses: Clauses,
        clause: tree::Generator,
        level: Level,
        next: Label,
    ) -> Result<Location> {
        let tree = self.tree;
        self.expression(clause.target)?;
        let mut at = clauses.at;
        for &condition in &tree[clause.conditions] {
            at = self.jump_if(at, condition, next, When::False)?;
        }
        let carries = self.has(Feature::LocationsCarriedOn);
        let Comprehension { generators, element, .. } = clauses.comprehension;
        if level.clause + 1 < generators.len() {
            let clauses = if carries { Clauses { at, ..clauses } } else { clauses };
            let end = self.clause(clauses, Level { clause: level.clause + 1, ..level })?;
            return Ok(if carries { end } else { tree[element].location });
        }
        self.element(clauses.comprehension, level.depth + 1, carries.then_some(at))
    }

    /// Evaluates an element and adds it to the collection, which is `depth` below it. Returns the
    /// element's location: `carried`, if there is one.
    fn element(
        &mut self,
        comprehension: Comprehension,
        depth: u32,
        carried: Option<Location>,
    ) -> Result<Location> {
        let Comprehension { kind, element, value, .. } = comprehension;
        let mut at = carried.unwrap_or(self.tree[element].location);
        if let Some(unpacked) = self.unpacked(&comprehension) {
            self.unpack_element(kind, unpacked, depth, at)?;
            return Ok(at);
        }
        self.expression(element)?;
        match kind {
            ComprehensionKind::List => self.emit(Op::LIST_APPEND, depth, at),
            ComprehensionKind::Set => self.emit(Op::SET_ADD, depth, at),
            ComprehensionKind::Dict => {
                if let Some(value) = value {
                    self.expression(value)?;
                    // A carried location is the end of the last condition, not that of the pair.
                    if carried.is_none() {
                        at = at.to_end_of(self.tree[value].location);
                    }
                }
                self.emit(Op::MAP_ADD, depth, at);
            }
            ComprehensionKind::Generator => {
                self.emit_yield(at);
                self.emit(Op::POP_TOP, 0, at);
            }
        }
        Ok(at)
    }

    /// The iterable that a starred element unpacks (PEP 798).
    fn unpacked(&self, comprehension: &Comprehension) -> Option<ExprId> {
        let Comprehension { kind, element, value, .. } = *comprehension;
        if kind == ComprehensionKind::Dict {
            return if value.is_none() { Some(element) } else { None };
        }
        self.starred(element)
    }

    /// Adds the items of an element one after the other (`codegen.c:
    /// codegen_sync_comprehension_generator`, 3.15).
    fn unpack_element(
        &mut self,
        kind: ComprehensionKind,
        value: ExprId,
        depth: u32,
        at: Location,
    ) -> Result<()> {
        self.expression(value)?;
        match kind {
            ComprehensionKind::List => self.emit(Op::LIST_EXTEND, depth, at),
            ComprehensionKind::Set => self.emit(Op::SET_UPDATE, depth, at),
            ComprehensionKind::Dict => self.emit(Op::DICT_UPDATE, depth, at),
            ComprehensionKind::Generator => {
                self.emit(Op::GET_ITER, 0, at);
                let (start, end) = (self.label(), self.label());
                self.place(start);
                self.emit_jump(Op::FOR_ITER, end, at);
                self.emit_yield(at);
                self.emit(Op::POP_TOP, 0, at);
                self.emit_jump(Op::JUMP, start, Location::NONE);
                self.place(end);
                self.end_for();
            }
        }
        Ok(())
    }

    /// The item of a list or tuple display with one item.
    fn only_item(&self, iterable: ExprId) -> Option<ExprId> {
        let (ExprKind::List { elements, .. } | ExprKind::Tuple { elements, .. }) =
            self.tree[iterable].kind
        else {
            return None;
        };
        match self.tree[elements] {
            [only] if self.starred(only).is_none() => Some(only),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use pyc_code::Version;

    use crate::{Options, Target, stage};

    #[test]
    fn releases_differ_in_calls_of_iter() {
        let calls = |version: &str, source: &str| {
            let target = Target::for_version(version.parse::<Version>().unwrap()).unwrap();
            let options = Options::new(target, "m.py");
            stage::instructions(source.as_bytes(), &options).unwrap().matches("GET_ITER").count()
        };
        for source in ["(a for a in b)", "[a for a in b]"] {
            assert_eq!([calls("3.13.0", source), calls("3.13.18", source)], [1, 2], "{source}");
        }
        let nested = "[a for a in b for c in d for e in [f]]";
        assert_eq!([calls("3.13.0", nested), calls("3.13.18", nested)], [2, 4]);
    }
}
