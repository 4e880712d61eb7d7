//! The passes, one constant each: its name, which units need it, and its function.
//!
//! `PEEPHOLE` has the name `peephole`, is optional, runs on all units, and is the function
//! `peephole::peephole`.
//!
//! The lists for each release are in `target/`. Passes of the same name do the same as different
//! releases do it.

use super::op_kinds::OpKinds;
use super::work::Work;
use super::{
    borrow, check_locals, cold, conditions, exits, fold, handlers, jumps, lines, loads, locals,
    nops, peephole, pseudo, reach, reduce, superinstructions, swaps, sweep, unused, walk,
};

/// A pass over the graph.
#[derive(Debug)]
pub(crate) struct Pass {
    name: &'static str,
    role: Role,
    /// Runs only on units that have one of these; on all if this is empty.
    needs: OpKinds,
    run: fn(&mut Work<'_>),
}

/// Whether a pass is optional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The code has the same meaning without it.
    Optimization,
    /// Later stages depend on it.
    Required,
}

const ALWAYS: OpKinds = OpKinds::NONE;

pub(crate) const LABEL_EXCEPTIONS: Pass =
    required("label-exceptions", OpKinds::PUSH, handlers::label_exceptions);
pub(crate) const INLINE_EXITS: Pass =
    optional("inline-exits", OpKinds::UNCONDITIONAL, exits::inline_exits);
pub(crate) const REMOVE_UNREACHABLE: Pass =
    required("remove-unreachable", ALWAYS, reach::remove_unreachable);
pub(crate) const RESOLVE_LINES: Pass =
    required("resolve-lines", OpKinds::LINELESS, lines::resolve_lines);
pub(crate) const FOLD_CONSTANTS: Pass =
    optional("fold-constants", OpKinds::CONST, fold::fold_constants);
pub(crate) const PEEPHOLE: Pass = optional("peephole", ALWAYS, peephole::peephole);
pub(crate) const SWAPS: Pass = optional("swaps", OpKinds::SWAP, swaps::swaps);
pub(crate) const REMOVE_PAIRS: Pass = optional("remove-pairs", ALWAYS, nops::remove_pairs);
pub(crate) const REMOVE_UNREACHABLE_AGAIN: Pass =
    required("remove-unreachable-again", OpKinds::REROUTED, reach::remove_unreachable);
pub(crate) const REMOVE_JUMPS: Pass =
    optional("remove-jumps", nops::IDLE, nops::remove_nops_and_jumps);
pub(crate) const DROP_CONSTANTS: Pass = optional("drop-constants", ALWAYS, unused::drop_constants);
pub(crate) const CHECK_LOCALS: Pass =
    required("check-locals", OpKinds::LOCAL, check_locals::check_locals);
pub(crate) const SUPERINSTRUCTIONS: Pass =
    optional("superinstructions", OpKinds::LOCAL, superinstructions::superinstructions);
pub(crate) const COLD_BLOCKS: Pass = optional("cold-blocks", OpKinds::PUSH, cold::cold_blocks);
pub(crate) const RESOLVE_LINES_AGAIN: Pass =
    required("resolve-lines-again", OpKinds::LINELESS, lines::resolve_lines);
pub(crate) const PLACE_LOCALS: Pass = required("place-locals", ALWAYS, locals::place_locals);
pub(crate) const LOWER_PSEUDO: Pass =
    required("lower-pseudo", OpKinds::PSEUDO, pseudo::lower_pseudo);
pub(crate) const REMOVE_JUMPS_AGAIN: Pass =
    optional("remove-jumps-again", nops::IDLE, nops::remove_nops_and_jumps);
pub(crate) const FORWARD_CONDITIONS: Pass =
    required("forward-conditions", OpKinds::CONDITION, jumps::forward_conditions);

// Variants of 3.14.

pub(crate) const LOAD_CONSTANTS: Pass =
    optional("load-constants", OpKinds::CONST, loads::load_constants);
pub(crate) const REDUCE: Pass = optional("reduce", ALWAYS, reduce::reduce);
pub(crate) const COPY_VALUES: Pass =
    required("copy-values", OpKinds::KEEPS, conditions::copy_values);
pub(crate) const NOTE_UNTAKEN: Pass =
    required("note-untaken", OpKinds::CONDITION, jumps::note_untaken);
pub(crate) const BORROW_LOCALS: Pass =
    optional("borrow-locals", OpKinds::LOCAL, borrow::borrow_locals);

// Variants of 3.12.

pub(crate) const LABEL_EXCEPTIONS_IN_YIELDS: Pass =
    required("label-exceptions", OpKinds::PUSH, handlers::label_exceptions_in_yields);
pub(crate) const INLINE_SMALL_EXITS: Pass =
    optional("inline-exits", OpKinds::UNCONDITIONAL, exits::inline_small_exits);
pub(crate) const WALK_BLOCKS: Pass = optional("walk-blocks", ALWAYS, walk::walk_blocks);
pub(crate) const INLINE_SMALL_EXITS_AGAIN: Pass =
    optional("inline-exits-again", OpKinds::UNCONDITIONAL, exits::inline_small_exits);
pub(crate) const REMOVE_UNREACHABLE_BY_TURNS: Pass =
    required("remove-unreachable", ALWAYS, reach::remove_unreachable_by_turns);
pub(crate) const REMOVE_NOPS: Pass = optional("remove-nops", OpKinds::NOP, nops::remove_nops_once);
pub(crate) const SKIP_EMPTY: Pass = required("skip-empty", ALWAYS, nops::skip_empty);
pub(crate) const REMOVE_JUMPS_ONCE: Pass =
    optional("remove-jumps", OpKinds::UNCONDITIONAL, nops::remove_jumps_once);
pub(crate) const COLD_BLOCKS_BY_JUMPS: Pass =
    optional("cold-blocks", OpKinds::PUSH, cold::cold_blocks_by_jumps);
pub(crate) const RESOLVE_LINES_OF_RETURNS: Pass =
    required("resolve-lines", OpKinds::LINELESS, lines::resolve_lines_of_returns);
pub(crate) const LOWER_ALL_BUT_CLOSURES: Pass =
    required("lower-pseudo", OpKinds::PSEUDO, pseudo::lower_all_but_closures);
pub(crate) const REMOVE_NOPS_AGAIN: Pass =
    optional("remove-nops-again", OpKinds::NOP, nops::remove_nops_once);

// Variants of 3.11.

pub(crate) const INLINE_LINELESS_EXITS: Pass =
    optional("extend-blocks", OpKinds::UNCONDITIONAL, exits::inline_lineless_exits);
pub(crate) const SWEEP: Pass = optional("sweep", ALWAYS, sweep::sweep);
pub(crate) const INLINE_LINELESS_EXITS_AGAIN: Pass =
    optional("extend-blocks-again", OpKinds::UNCONDITIONAL, exits::inline_lineless_exits);
pub(crate) const DUPLICATE_EXITS: Pass =
    required("duplicate-exits", ALWAYS, lines::duplicate_exits_newest_first);
pub(crate) const TRIM_CONSTANTS: Pass = optional("trim-constants", ALWAYS, unused::trim_constants);
pub(crate) const PROPAGATE_LINES: Pass =
    required("propagate-lines", OpKinds::LINELESS, lines::propagate_lines);
pub(crate) const LABEL_EXCEPTIONS_ONLY: Pass =
    required("label-exceptions", OpKinds::PUSH, handlers::label_exceptions_only);
pub(crate) const DIRECT_CONDITIONS: Pass =
    required("direct-conditions", OpKinds::CONDITION, jumps::direct_conditions);

impl Pass {
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the code has the same meaning without it.
    pub(crate) fn is_optional(&self) -> bool {
        self.role == Role::Optimization
    }

    #[inline(always)]
    pub(super) fn is_needed(&self, unit: OpKinds) -> bool {
        self.needs == ALWAYS || unit.has(self.needs)
    }

    #[inline(always)]
    pub(super) fn run(&self, work: &mut Work<'_>) {
        (self.run)(work);
    }
}

const fn optional(name: &'static str, needs: OpKinds, run: fn(&mut Work<'_>)) -> Pass {
    Pass { name, role: Role::Optimization, needs, run }
}

const fn required(name: &'static str, needs: OpKinds, run: fn(&mut Work<'_>)) -> Pass {
    Pass { name, role: Role::Required, needs, run }
}
