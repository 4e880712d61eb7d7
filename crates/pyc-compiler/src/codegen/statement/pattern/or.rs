//! `x | y`: alternatives, all of which must bind the same names.
//!
//! ```text
//! (x, 1) | (2, x)     COPY 1; first; JUMP end; fail: COPY 1; second; JUMP end; fail: POP_TOP; JUMP next case; end: …
//! ```

use super::{Irrefutable, Matching};
use crate::codegen::Generator;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::{Name, count};
use crate::tree::{List, PatternId};

impl Generator<'_, '_> {
    /// `compile.c: compiler_pattern_or`, 3.13.
    pub(super) fn or_pattern(
        &mut self,
        alternatives: List<PatternId>,
        matching: &mut Matching,
        at: Location,
    ) -> Result<()> {
        let tree = self.tree;
        let end = self.label();
        // The names that the first alternative captures. All others must leave them in this order.
        let mut captured: Option<Vec<Name>> = None;
        for (index, &alternative) in tree[alternatives].iter().enumerate() {
            let place = tree[alternative].location;
            let is_last = index + 1 == alternatives.len();
            let irrefutable = if is_last { matching.irrefutable } else { Irrefutable::Refused };
            // It starts with nothing pushed: a failure leaves only the subject on top, for the next
            // alternative.
            let mut inner = Matching::new(irrefutable);
            self.emit(Op::COPY, 1, place);
            self.pattern(alternative, &mut inner)?;
            let place = self.pattern_carried_or(&inner, place);
            matching.carried = inner.carried;
            let stores = inner.take_stores();
            match &captured {
                None => captured = Some(stores),
                Some(wanted) => {
                    if !self.reorder(stores, wanted, place) {
                        return self.error(at, "alternative patterns bind different names");
                    }
                }
            }
            self.emit_jump(Op::JUMP, end, place);
            self.place_failures(&mut inner, place);
        }
        // No alternative matches.
        let at = self.pattern_carried_or(matching, at);
        self.emit(Op::POP_TOP, 0, at);
        self.fail(Op::JUMP, matching, at);
        self.place(end);
        let captured = captured.unwrap_or_default();
        // Below everything that must stay on top, the copy of the subject, and earlier captures.
        let depth = count(captured.len()) + 1 + matching.pushed();
        for name in captured {
            self.rotate(depth, at);
            self.add_store(name, matching, at)?;
        }
        self.emit(Op::POP_TOP, 0, at);
        Ok(())
    }

    /// Reorders captured values as wanted. Returns whether the names are the same.
    fn reorder(&mut self, mut stores: Vec<Name>, wanted: &[Name], at: Location) -> bool {
        if stores.len() != wanted.len() {
            return false;
        }
        for (to, name) in wanted.iter().enumerate().rev() {
            let Some(from) = stores.iter().position(|store| store == name) else { return false };
            if from == to {
                continue;
            }
            // Rotates the values from the top to this one below those that aren't in place yet, one
            // at a time.
            stores[..=to].rotate_left(from + 1);
            for _ in 0..=from {
                self.rotate(count(to) + 1, at);
            }
        }
        true
    }
}
