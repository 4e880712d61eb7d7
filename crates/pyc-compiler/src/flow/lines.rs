//! Gives lines to instructions without one, so that a frame's line is still right after the frame
//! has ended (PEP 626).
//!
//! ```text
//! if a:      POP_JUMP_IF_FALSE → 2     line 1
//!     b      …                         line 2
//!            2: RETURN_CONST None      none: copied, one with line 1 and one with line 2
//! ```

use super::allocation::newest_first;
use super::graph::{BlockId, Graph, Place, Step};
use super::nops;
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;
use crate::location::{Line, Location};

/// `flowgraph.c: resolve_line_numbers`, 3.13.
pub(super) fn resolve_lines(work: &mut Work<'_>) {
    resolve(work.graph, OpKinds::EXIT | OpKinds::SIGNALS);
}

/// The same for 3.12, where only blocks that leave the unit are exits, and returns always get a
/// line (`guarantee_lineno_for_exits`).
pub(super) fn resolve_lines_of_returns(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    resolve(graph, OpKinds::EXIT);
    if !graph.kinds.has(OpKinds::LINELESS) {
        return;
    }
    give_lines_to_returns(graph, work.unit.first_line);
}

/// Gives returns without a line that of the last line before them in the code, which is `line` at
/// the start.
fn give_lines_to_returns(graph: &mut Graph, mut line: Line) {
    graph.for_each(|graph, id| {
        let Some(&last) = graph.last(id) else { return };
        if last.has_line() {
            line = graph.lines().of(last.place);
        } else if last.op == Op::RETURN_VALUE {
            let place = graph.add_location(Location { line, ..Location::NONE });
            graph.steps_mut(id).iter_mut().for_each(|step| step.place = place);
        }
    });
}

/// Copies exits without lines until each has one predecessor, for the newest blocks first
/// (`compile.c: duplicate_exits_without_lineno`, 3.11).
pub(super) fn duplicate_exits_newest_first(work: &mut Work<'_>) {
    newest_first(work, |graph, id| {
        if graph.last(id).is_some_and(|last| last.kinds().has(OpKinds::JUMP)) {
            duplicate_exit(graph, id, OpKinds::EXIT);
        }
    });
    nops::link_nonempty(work.graph);
    give_lines_to_exits(work.graph, OpKinds::EXIT);
}

/// `compile.c: propagate_line_numbers` and `guarantee_lineno_for_exits`, 3.11.
pub(super) fn propagate_lines(work: &mut Work<'_>) {
    propagate(work.graph);
    give_lines_to_returns(work.graph, work.unit.first_line);
}

/// Exits are blocks of these `kinds`.
fn resolve(graph: &mut Graph, kinds: OpKinds) {
    // The blocks alone show whether there is anything to do.
    let (mut lineless, mut exits, mut shared) = (false, false, false);
    for block in graph.blocks().iter().filter(|block| block.kinds.has(OpKinds::LINELESS)) {
        let may_be_exit = block.kinds.has(kinds);
        lineless = true;
        exits |= may_be_exit;
        shared |= may_be_exit && block.predecessors > 1;
    }
    if shared {
        duplicate_exits(graph, kinds);
    }
    if exits {
        give_lines_to_exits(graph, kinds);
    }
    if lineless {
        propagate(graph);
    } else {
        graph.kinds = graph.kinds.without(OpKinds::LINELESS);
    }
}

/// Copies exits without lines until each has one predecessor (`duplicate_exits_without_lineno`,
/// 3.13).
fn duplicate_exits(graph: &mut Graph, kinds: OpKinds) {
    graph.for_each(|graph, id| duplicate_exit(graph, id, kinds));
}

/// Copies the block's jump target if that is an exit without a line and has other predecessors.
fn duplicate_exit(graph: &mut Graph, id: BlockId, kinds: OpKinds) {
    let Some(target) = graph.jump_target(id) else { return };
    let Some(target) = graph.nonempty(Some(target)) else { return };
    if graph[target].predecessors > 1 && is_lineless_exit(graph, target, kinds) {
        let copy = graph.insert_after(target);
        graph.push_copy(copy, target);
        graph[copy].predecessors = 1;
        graph[copy].labelled = true;
        graph[target].predecessors -= 1;
        let Some(last) = graph.last_mut(id) else { return };
        last.argument = copy.number();
        let place = last.place;
        // The copy's other steps get this line from `propagate`.
        graph.steps_mut(copy)[0].place = place;
        graph.kinds |= OpKinds::REROUTED;
    }
}

/// Gives an exit without a line that of its predecessor in the code.
fn give_lines_to_exits(graph: &mut Graph, kinds: OpKinds) {
    graph.for_each(|graph, id| {
        // Few blocks are such exits, so this test comes first.
        let Some(next) = graph[id].next.filter(|&next| is_lineless_exit(graph, next, kinds)) else {
            return;
        };
        // Jumps have copies of their own, so this block is the exit's only predecessor if it falls
        // through.
        if let Some(&Step { place, .. }) = graph.last(id).filter(|_| graph.falls_through(id)) {
            graph.steps_mut(next)[0].place = place;
        }
    });
}

/// Whether a block leaves the unit or handles signals, and has no line
/// (`is_exit_or_eval_check_without_lineno`, 3.13).
#[inline(always)]
fn is_lineless_exit(graph: &Graph, id: BlockId, kinds: OpKinds) -> bool {
    let own = graph[id].kinds;
    own.has(OpKinds::LINELESS) && own.has(kinds) && has_lineless_exit_steps(graph, id, kinds)
}

/// A function of its own, so that the check of the kinds above is inlined.
#[inline(never)]
fn has_lineless_exit_steps(graph: &Graph, id: BlockId, kinds: OpKinds) -> bool {
    graph.is_lineless(id)
        && (graph.exits(id)
            || graph.steps(id).iter().any(|step| step.kinds().only(kinds).has(OpKinds::SIGNALS)))
}

/// Copies lines to steps that follow, and to blocks with no other predecessor
/// (`propagate_line_numbers`, 3.13).
fn propagate(graph: &mut Graph) {
    let mut lineless = false;
    graph.for_each(|graph, id| {
        if graph[id].kinds.has(OpKinds::LINELESS) {
            lineless |= !propagate_in(graph, id);
        }
        propagate_to(graph, id, graph.fallthrough(id));
        propagate_to(graph, id, graph.jump_target(id));
    });
    if !lineless {
        graph.kinds = graph.kinds.without(OpKinds::LINELESS);
    }
}

/// Gives each step without a line that of the step before it. Returns whether all have one.
fn propagate_in(graph: &mut Graph, id: BlockId) -> bool {
    let steps = graph.steps_mut(id);
    let (mut place, mut all) = (Place::NONE, true);
    for step in &mut *steps {
        // `Place::NEXT` is passed on like a line: CPython compares with `NO_LOCATION.lineno` only
        // (`propagate_line_numbers`, 3.14). Not a branch, because it would be mispredicted.
        place = if step.place == Place::NONE { place } else { step.place };
        step.place = place;
        all &= step.has_line();
    }
    if all {
        graph[id].kinds = graph[id].kinds.without(OpKinds::LINELESS);
    }
    all
}

/// Gives the line of a block's last step to the first step of `successor`.
#[inline]
fn propagate_to(graph: &mut Graph, id: BlockId, successor: Option<BlockId>) {
    let Some(successor) = successor else { return };
    let block = &graph[successor];
    if block.predecessors == 1 && block.kinds.has(OpKinds::LINELESS) {
        propagate_to_first(graph, id, successor);
    }
}

/// A function of its own, so that the check of the kinds above is inlined.
#[inline(never)]
fn propagate_to_first(graph: &mut Graph, id: BlockId, successor: BlockId) {
    // If the block has any line, its last step has one by now.
    let Some(&Step { place, .. }) = graph.last(id) else { return };
    if let Some(first) =
        graph.steps_mut(successor).first_mut().filter(|first| first.place == Place::NONE)
    {
        first.place = place;
    }
}
