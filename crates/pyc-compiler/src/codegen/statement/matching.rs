//! `match`: each case is tried on a copy of the subject.
//!
//! ```text
//! match x:
//!     case 1: y     LOAD_NAME x; COPY 1; LOAD_CONST 1; COMPARE_OP ==; TO_BOOL; POP_JUMP_IF_FALSE next; POP_TOP; y;
//!     case _: z     JUMP end; next: NOP; z; end:
//! ```

use super::pattern::{Irrefutable, Matching};
use crate::codegen::Generator;
use crate::codegen::expression::When;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{Case, Context, ExprId, List};

/// A case's position in its `match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Others come after it: the subject is still needed if it fails.
    Another,
    /// The last one that is tried: it consumes the subject.
    Last,
}

impl Generator<'_, '_> {
    /// `compile.c: compiler_match_inner`, 3.13.
    pub(super) fn match_(&mut self, subject: ExprId, cases: List<Case>) -> Result<()> {
        self.expression(subject)?;
        let end = self.label();
        let tree = self.tree;
        let Some((last, others)) = tree[cases].split_last() else { return Ok(()) };
        // A final wildcard needs no test. The subject is no longer on the stack, since the case
        // before has consumed it.
        let is_default = tree[last.pattern].is_wildcard() && !others.is_empty();
        let (tried, default) =
            if is_default { (others, Some(*last)) } else { (&tree[cases], None) };
        for (index, case) in tried.iter().enumerate() {
            let turn = if index + 1 == tried.len() { Turn::Last } else { Turn::Another };
            let may_match_always = case.guard.is_some() || index + 1 == cases.len();
            let irrefutable =
                if may_match_always { Irrefutable::Allowed } else { Irrefutable::Refused };
            self.case(*case, turn, irrefutable, end)?;
        }
        if let Some(default) = default {
            // The `NOP` lets tracing see the line, for which there is no other code.
            self.emit(Op::NOP, 0, tree[default.pattern].location);
            self.carry(tree[default.pattern].location);
            if let Some(guard) = default.guard {
                let at = tree[default.pattern].location;
                let carried = self.jump_if(at, guard, end, When::False)?;
                self.carry(carried);
            }
            self.statements(default.body)?;
            if !self.has(Feature::EndOfCaseCarriedOn) {
                self.carry(Location::NONE);
            }
        }
        self.place(end);
        Ok(())
    }

    fn case(&mut self, case: Case, turn: Turn, irrefutable: Irrefutable, end: Label) -> Result<()> {
        let at = self.tree[case.pattern].location;
        if turn == Turn::Another {
            self.emit(Op::COPY, 1, at);
        }
        let mut matching = Matching::new(irrefutable);
        self.pattern(case.pattern, &mut matching)?;
        // All names are bound at this point: only the guard can fail after it.
        let place = at;
        let mut at = self.pattern_carried_or(&matching, at);
        for name in matching.take_stores() {
            self.name(name, Context::Store, at)?;
        }
        if let Some(guard) = case.guard {
            let fail = self.failure(0, &mut matching);
            let carried = self.jump_if(at, guard, fail, When::False)?;
            self.carry(carried);
            at = self.carried_or(at);
        }
        if turn == Turn::Another {
            let with_next = self.has(Feature::SubjectPoppedWithNext);
            self.emit(Op::POP_TOP, 0, if with_next { Location::NEXT } else { at });
        }
        self.statements(case.body)?;
        let carries = self.has(Feature::EndOfCaseCarriedOn);
        let end_at = if carries { self.carried_or(at) } else { Location::NONE };
        self.emit_jump(Op::JUMP, end, end_at);
        self.place_failures(&mut matching, place);
        self.carry(place);
        Ok(())
    }
}
