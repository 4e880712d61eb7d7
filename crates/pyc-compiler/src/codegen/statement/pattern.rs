//! Patterns: each consumes the subject on top of the stack, and jumps away if it doesn't match.
//!
//! ```text
//! case [x, 1]:     below the subject: what was captured; a failure pops all that the pattern has pushed
//! fail 2: POP_TOP
//! fail 1: POP_TOP
//! fail 0: …        the next case
//! ```
//!
//! Names are bound only after the whole pattern has matched. Until then the captured values stay on
//! the stack, below what the enclosing patterns need (`compile.c: pattern_context`, 3.13).

mod class;
mod mapping;
mod or;
mod sequence;

use crate::codegen::Generator;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::name::{Name, count};
use crate::target::Feature;
use crate::tree::{CompareOp, Context, ExprId, ExprKind, Pattern, PatternId, PatternKind};

/// The state of matching one case.
#[derive(Debug)]
pub(super) struct Matching {
    /// The names of captured values, the deepest first.
    stores: Vec<Name>,
    irrefutable: Irrefutable,
    /// By the number of values to pop: where to jump on failure.
    failures: Vec<Label>,
    /// The number of values that must stay on top. Captured ones go below them.
    on_top: u32,
    /// The location of the last pattern that was entered.
    carried: Location,
}

/// Whether a pattern that always matches is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Irrefutable {
    Allowed,
    Refused,
}

impl Matching {
    pub(super) fn new(irrefutable: Irrefutable) -> Self {
        Self {
            stores: Vec::new(),
            irrefutable,
            failures: Vec::new(),
            on_top: 0,
            carried: Location::NONE,
        }
    }

    /// The names to bind to the values on the stack, from the top.
    pub(super) fn take_stores(&mut self) -> Vec<Name> {
        debug_assert_eq!(self.on_top, 0, "a pattern uses up what it pushes");
        std::mem::take(&mut self.stores)
    }

    /// The number of values that the pattern has pushed.
    fn pushed(&self) -> u32 {
        self.on_top + count(self.stores.len())
    }
}

impl Pattern {
    /// `_`
    pub(super) fn is_wildcard(&self) -> bool {
        matches!(self.kind, PatternKind::As { name: None, .. })
    }
}

impl Generator<'_, '_> {
    /// `compile.c: compiler_pattern`, 3.13.
    pub(super) fn pattern(&mut self, id: PatternId, matching: &mut Matching) -> Result<()> {
        let pattern = self.tree[id];
        let at = pattern.location;
        matching.carried = at;
        match pattern.kind {
            PatternKind::Value(value) => self.value_pattern(value, matching, at),
            PatternKind::Singleton(value) => {
                self.emit_const(value, at);
                self.emit_compare(CompareOp::Is, at);
                self.fail(Op::POP_JUMP_IF_FALSE, matching, at);
                Ok(())
            }
            PatternKind::Sequence(patterns) => self.sequence_pattern(patterns, matching, at),
            PatternKind::Mapping { keys, patterns, rest } => {
                self.mapping_pattern(keys, patterns, rest, matching, at)
            }
            PatternKind::Class { class, patterns, keyword_names, keyword_patterns } => {
                let parts = class::Parts { class, patterns, keyword_names, keyword_patterns };
                self.class_pattern(parts, matching, at)
            }
            PatternKind::Star(name) => self.capture(name, matching, at),
            PatternKind::As { pattern: None, name } => {
                self.check_reachable(name, matching, at)?;
                self.capture(name, matching, at)
            }
            PatternKind::As { pattern: Some(inner), name } => {
                // The copy is captured if the inner pattern matches the original.
                matching.on_top += 1;
                self.emit(Op::COPY, 1, at);
                self.pattern(inner, matching)?;
                matching.on_top -= 1;
                let at = self.pattern_carried_or(matching, at);
                self.capture(name, matching, at)
            }
            PatternKind::Or(alternatives) => self.or_pattern(alternatives, matching, at),
        }
    }

    /// The location of what follows other patterns: that of the last pattern in releases that carry
    /// locations on, otherwise `at`.
    pub(super) fn pattern_carried_or(&self, matching: &Matching, at: Location) -> Location {
        if self.has(Feature::LocationsCarriedOn) { matching.carried } else { at }
    }

    /// A nested pattern, which is allowed to always match (`compile.c:
    /// compiler_pattern_subpattern`, 3.13).
    fn subpattern(&mut self, id: PatternId, matching: &mut Matching) -> Result<()> {
        let outside = std::mem::replace(&mut matching.irrefutable, Irrefutable::Allowed);
        self.pattern(id, matching)?;
        matching.irrefutable = outside;
        Ok(())
    }

    fn value_pattern(
        &mut self,
        value: ExprId,
        matching: &mut Matching,
        at: Location,
    ) -> Result<()> {
        if !matches!(self.tree[value].kind, ExprKind::Constant { .. } | ExprKind::Attribute { .. })
        {
            return self.error(at, "patterns may only match literals and attribute lookups");
        }
        self.expression(value)?;
        self.emit_compare(CompareOp::Equal, at);
        self.emit_truth(at);
        self.fail(Op::POP_JUMP_IF_FALSE, matching, at);
        Ok(())
    }

    fn check_reachable(&self, name: Option<Name>, matching: &Matching, at: Location) -> Result<()> {
        match (matching.irrefutable, name) {
            (Irrefutable::Allowed, _) => Ok(()),
            (Irrefutable::Refused, None) => {
                self.error(at, "wildcard makes remaining patterns unreachable")
            }
            (Irrefutable::Refused, Some(name)) => {
                let name = self.context.names.text(name);
                let message = format!("name capture '{name}' makes remaining patterns unreachable");
                self.error(at, message)
            }
        }
    }

    /// Keeps the value on top for a name, or pops it (`compile.c: pattern_helper_store_name`,
    /// 3.13).
    fn capture(&mut self, name: Option<Name>, matching: &mut Matching, at: Location) -> Result<()> {
        let Some(name) = name else {
            self.emit(Op::POP_TOP, 0, at);
            return Ok(());
        };
        self.check_name(name, Context::Store, at)?;
        self.rotate(matching.pushed() + 1, at);
        self.add_store(name, matching, at)
    }

    fn add_store(&mut self, name: Name, matching: &mut Matching, at: Location) -> Result<()> {
        if matching.stores.contains(&name) {
            let name = self.context.names.text(name);
            let message = format!("multiple assignments to name '{name}' in pattern");
            return self.error(at, message);
        }
        matching.stores.push(name);
        Ok(())
    }

    /// Moves the value on top below `depth` - 1 others.
    fn rotate(&mut self, depth: u32, at: Location) {
        for position in (2..=depth).rev() {
            self.emit(Op::SWAP, position, at);
        }
    }

    /// Jumps to where everything that the pattern has pushed is popped.
    fn fail(&mut self, op: Op, matching: &mut Matching, at: Location) {
        let target = self.failure(matching.pushed(), matching);
        self.emit_jump(op, target, at);
    }

    /// The label where `pops` values are popped before the next case is tried.
    pub(super) fn failure(&mut self, pops: u32, matching: &mut Matching) -> Label {
        let index = pops as usize;
        while matching.failures.len() <= index {
            let label = self.label();
            matching.failures.push(label);
        }
        matching.failures[index]
    }

    /// Emits the code to which failures of the pattern jump (`compile.c: emit_and_reset_fail_pop`,
    /// 3.13).
    pub(super) fn place_failures(&mut self, matching: &mut Matching, at: Location) {
        while let Some(label) = matching.failures.pop() {
            self.place(label);
            if !matching.failures.is_empty() {
                self.emit(Op::POP_TOP, 0, at);
            }
        }
    }
}
