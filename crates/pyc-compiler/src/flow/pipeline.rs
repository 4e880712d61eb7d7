//! Lists of passes, and the constraints on their order.
//!
//! ```text
//! label-exceptions, inline-exits, remove-unreachable, resolve-lines, fold-constants, peephole, …
//! ```
//!
//! The lists are part of each release, in `target/`. [`ORDER`] says which orders matter and why.

use super::pass::Pass;

/// The passes of a release.
#[derive(Debug)]
pub(crate) struct Pipeline {
    /// From the code generator's graph to the final order of blocks.
    pub(crate) optimize: &'static [Pass],
    /// From there to the assembler's input. The stack depth is measured before these.
    pub(crate) lower: &'static [Pass],
}

/// Why one pass comes before another.
#[cfg(test)]
struct Constraint {
    first: &'static str,
    then: &'static str,
    because: &'static str,
}

/// The orders that matter. A test checks the lists.
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
        because: "a line is copied to a block with one predecessor, so these must be counted",
    },
    Constraint {
        first: "resolve-lines",
        then: "fold-constants",
        because: "a folded jump leaves a NOP, which stays if no other step has its line",
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
        because: "a value that is moved to its POP_TOP forms a pair with it",
    },
    Constraint {
        first: "remove-pairs",
        then: "remove-unreachable-again",
        because: "threading jumps makes blocks unreachable",
    },
    Constraint {
        first: "remove-unreachable-again",
        then: "remove-jumps",
        because: "a jump over emptied blocks is redundant",
    },
    Constraint {
        first: "remove-unreachable-again",
        then: "drop-constants",
        because: "constants of dead code aren't used",
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
        because: "only what handlers lead to is cold",
    },
    Constraint {
        first: "cold-blocks",
        then: "resolve-lines-again",
        because: "new jumps have no lines yet",
    },
    Constraint {
        first: "place-locals",
        then: "lower-pseudo",
        because: "LOAD_CLOSURE's argument is a cell's number until locals are numbered",
    },
    Constraint {
        first: "lower-pseudo",
        then: "remove-jumps-again",
        because: "pseudo instructions become NOPs",
    },
    Constraint {
        first: "remove-jumps-again",
        then: "forward-conditions",
        because: "the direction of jumps is known once no block moves any more",
    },
    Constraint {
        first: "place-locals",
        then: "propagate-lines",
        because: "the start of a generator gets the line of its first instruction",
    },
    Constraint {
        first: "remove-unreachable",
        then: "duplicate-exits",
        because: "exits are copied if they have several predecessors, so these must be counted",
    },
    Constraint {
        first: "duplicate-exits",
        then: "propagate-lines",
        because: "a line is copied to a block with one predecessor",
    },
    Constraint {
        first: "lower-pseudo",
        then: "direct-conditions",
        because: "the direction of jumps is known once no block moves any more",
    },
];

impl Pipeline {
    /// All passes, first to last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static Pass> + use<> {
        self.optimize.iter().chain(self.lower)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::target::Release;

    #[test]
    fn passes_satisfy_their_ordering_constraints() {
        let mut known = 0;
        for release in Release::ALL.iter().chain(Release::PREVIEWS) {
            let names: Vec<_> = release.pipeline.iter().map(Pass::name).collect();
            let place = |name| names.iter().position(|one| *one == name);
            for Constraint { first, then, because } in ORDER {
                let (Some(before), Some(after)) = (place(*first), place(*then)) else { continue };
                known += 1;
                assert!(before < after, "`{first}` must run before `{then}`: {because}");
            }
        }
        assert!(known >= ORDER.len(), "constraints name passes");
    }

    #[test]
    fn names_are_distinct() {
        for release in Release::ALL.iter().chain(Release::PREVIEWS) {
            let mut names: Vec<_> = release.pipeline.iter().map(Pass::name).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all);
        }
    }
}
