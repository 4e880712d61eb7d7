//! The list of passes, in the order in which they run.
//!
//! ```text
//! label-exceptions, inline-exits, remove-unreachable, resolve-lines, fold-constants, peephole, …
//! ```
//!
//! As `flowgraph.c: _PyCfg_OptimizeCodeUnit` and `_PyCfg_OptimizedCfgToInstructionSequence`, 3.13. [`ORDER`] says which
//! orders matter and why.

use super::class::Class;
use super::work::Work;
use super::{
    check_locals, cold, exits, fold, handlers, jumps, lines, locals, nops, peephole, pseudo, reach,
    superinstructions, swaps, unused,
};
use crate::target::Target;

/// The passes of a target.
#[derive(Debug)]
pub(crate) struct Pipeline {
    /// From the code generator's graph to the final order of blocks.
    pub(crate) optimize: &'static [Pass],
    /// From there to what the assembler takes. The stack is measured before these.
    pub(crate) lower: &'static [Pass],
}

/// A change of the graph.
#[derive(Debug)]
pub(crate) struct Pass {
    name: &'static str,
    role: Role,
    /// Runs only on units that have one of these; on all, if none are given.
    needs: Class,
    run: fn(&mut Work<'_>),
}

/// Whether a pass may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The code means the same without it.
    Optimization,
    /// Later stages rely on it.
    Required,
}

/// The passes that make `target`'s code.
pub(crate) fn passes(_target: &Target) -> &'static Pipeline {
    &PY313
}

static PY313: Pipeline = Pipeline {
    optimize: &[
        required("label-exceptions", Class::PUSH, handlers::label_exceptions),
        optional("inline-exits", Class::UNCONDITIONAL, exits::inline_exits),
        required("remove-unreachable", ALWAYS, reach::remove_unreachable),
        required("resolve-lines", Class::LINELESS, lines::resolve_lines),
        optional("fold-constants", Class::CONST, fold::fold_constants),
        optional("peephole", ALWAYS, peephole::peephole),
        optional("swaps", Class::SWAP, swaps::swaps),
        optional("remove-pairs", ALWAYS, nops::remove_pairs),
        required("remove-unreachable-again", Class::REROUTED, reach::remove_unreachable),
        optional("remove-jumps", nops::IDLE, nops::remove_nops_and_jumps),
        optional("drop-constants", ALWAYS, unused::drop_constants),
        required("check-locals", Class::LOCAL, check_locals::check_locals),
        optional("superinstructions", Class::LOCAL, superinstructions::superinstructions),
        optional("cold-blocks", Class::PUSH, cold::cold_blocks),
        required("resolve-lines-again", Class::LINELESS, lines::resolve_lines),
    ],
    lower: &[
        required("place-locals", ALWAYS, locals::place_locals),
        required("lower-pseudo", Class::PSEUDO, pseudo::lower_pseudo),
        optional("remove-jumps-again", nops::IDLE, nops::remove_nops_and_jumps),
        required("forward-conditions", Class::CONDITION, jumps::forward_conditions),
    ],
};

const ALWAYS: Class = Class::NONE;

/// Why one pass stands before another.
#[cfg(test)]
struct Constraint {
    first: &'static str,
    then: &'static str,
    because: &'static str,
}

/// The orders that matter; a test holds the lists to them.
#[cfg(test)]
const ORDER: &[Constraint] = &[
    Constraint {
        first: "label-exceptions",
        then: "inline-exits",
        because: "copied steps take their handlers with them",
    },
    Constraint {
        first: "inline-exits",
        then: "remove-unreachable",
        because: "a block whose last jump was inlined is dead",
    },
    Constraint {
        first: "remove-unreachable",
        then: "resolve-lines",
        because: "lines follow the only predecessor, so they must have been counted",
    },
    Constraint {
        first: "resolve-lines",
        then: "fold-constants",
        because: "a folded jump leaves a NOP that stays if its line is its own",
    },
    Constraint {
        first: "fold-constants",
        then: "peephole",
        because: "comparisons with None are folded with their TO_BOOL, which the peephole would merge away",
    },
    Constraint {
        first: "peephole",
        then: "swaps",
        because: "BUILD_TUPLE and UNPACK_SEQUENCE become SWAP",
    },
    Constraint {
        first: "swaps",
        then: "remove-pairs",
        because: "a value moved to its POP_TOP makes a pair",
    },
    Constraint {
        first: "remove-pairs",
        then: "remove-unreachable-again",
        because: "threaded jumps leave blocks that nobody reaches",
    },
    Constraint {
        first: "remove-unreachable-again",
        then: "remove-jumps",
        because: "a jump over emptied blocks is redundant",
    },
    Constraint {
        first: "remove-unreachable-again",
        then: "drop-constants",
        because: "constants of dead code are not used",
    },
    Constraint {
        first: "remove-jumps",
        then: "superinstructions",
        because: "a NOP between two loads would keep them apart",
    },
    Constraint {
        first: "check-locals",
        then: "superinstructions",
        because: "checked loads can't be fused",
    },
    Constraint {
        first: "label-exceptions",
        then: "cold-blocks",
        because: "cold is what only handlers lead to",
    },
    Constraint {
        first: "cold-blocks",
        then: "resolve-lines-again",
        because: "jumps that were made have no lines yet",
    },
    Constraint {
        first: "place-locals",
        then: "lower-pseudo",
        because: "LOAD_CLOSURE's argument is a cell's number until it is placed",
    },
    Constraint {
        first: "lower-pseudo",
        then: "remove-jumps-again",
        because: "instructions that entered blocks become NOPs",
    },
    Constraint {
        first: "remove-jumps-again",
        then: "forward-conditions",
        because: "which jumps go backward is known when no block moves any more",
    },
];

impl Pass {
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the code means the same without it.
    pub(crate) fn is_optional(&self) -> bool {
        self.role == Role::Optimization
    }

    #[inline]
    pub(super) fn is_needed(&self, unit: Class) -> bool {
        self.needs == ALWAYS || unit.has(self.needs)
    }

    #[inline]
    pub(super) fn run(&self, work: &mut Work<'_>) {
        (self.run)(work);
    }
}

impl Pipeline {
    /// All passes, first to last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static Pass> + use<> {
        self.optimize.iter().chain(self.lower)
    }
}

const fn optional(name: &'static str, needs: Class, run: fn(&mut Work<'_>)) -> Pass {
    Pass { name, role: Role::Optimization, needs, run }
}

const fn required(name: &'static str, needs: Class, run: fn(&mut Work<'_>)) -> Pass {
    Pass { name, role: Role::Required, needs, run }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_stand_in_an_order_that_works() {
        let names: Vec<_> = PY313.iter().map(Pass::name).collect();
        let place = |name| names.iter().position(|one| *one == name);
        for Constraint { first, then, because } in ORDER {
            let (Some(before), Some(after)) = (place(*first), place(*then)) else {
                panic!("`{first}` or `{then}` is no pass");
            };
            assert!(before < after, "`{first}` must run before `{then}`: {because}");
        }
    }

    #[test]
    fn names_are_distinct() {
        let mut names: Vec<_> = PY313.iter().map(Pass::name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
