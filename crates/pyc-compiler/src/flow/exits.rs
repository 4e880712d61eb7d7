//! Replaces jumps to small or lineless exits by copies of these.
//!
//! `JUMP → (LOAD_CONST None; RETURN_VALUE)` becomes `NOP; LOAD_CONST None; RETURN_VALUE`.

use super::allocation::newest_first;
use super::graph::{BlockId, Graph};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;

/// The maximum size of an exit that is copied (`MAX_COPY_SIZE`).
const SMALL: usize = 4;

/// Repeats until nothing changes (`flowgraph.c: inline_small_or_no_lineno_blocks`, 3.13).
pub(super) fn inline_exits(work: &mut Work<'_>) {
    loop {
        let mut changed = false;
        work.graph.for_each(|graph, id| changed |= inline_exit(graph, id));
        if !changed {
            return;
        }
    }
}

/// The same only for small exits, in one walk: if a block becomes an exit in this walk, only jumps
/// in later blocks are replaced by copies of it (`flowgraph.c: inline_small_exit_blocks`, 3.12).
pub(super) fn inline_small_exits(work: &mut Work<'_>) {
    work.graph.for_each(|graph, id| {
        if !graph[id].kinds.has(OpKinds::UNCONDITIONAL) {
            return;
        }
        let Some(target) = graph.jump_target(id) else { return };
        if graph[target].len() <= SMALL && graph.exits(target) {
            graph.clear_jump(id);
            graph.push_copy(id, target);
        }
    });
}

/// The same only for small exits without lines, newest blocks first (`compile.c: extend_block`,
/// 3.11).
pub(super) fn inline_lineless_exits(work: &mut Work<'_>) {
    newest_first(work, |graph, id| {
        if graph[id].kinds.has(OpKinds::UNCONDITIONAL)
            && graph.last(id).is_some_and(|last| last.op == Op::JUMP)
        {
            let Some(target) = graph.jump_target(id) else { return };
            if graph[target].len() <= SMALL && graph.exits(target) && graph.is_lineless(target) {
                graph.clear_jump(id);
                graph.push_copy(id, target);
            }
        }
    });
}

fn inline_exit(graph: &mut Graph, id: BlockId) -> bool {
    if !graph[id].kinds.has(OpKinds::UNCONDITIONAL) {
        return false;
    }
    let Some(last) = graph.last(id) else { return false };
    let jump = last.op;
    let target = BlockId::new(last.argument);
    // An empty loop without lines would be copied into itself forever. No source leads to one.
    if target == id {
        return false;
    }
    let is_small_exit = graph[target].len() <= SMALL && graph.exits(target);
    let is_lineless = graph.is_lineless(target) && !graph.falls_through(target);
    if !is_small_exit && !is_lineless {
        return false;
    }
    graph.clear_jump(id);
    graph.push_copy(id, target);
    // The removed jump handled signals, so the jump that replaces it must do so, too.
    if is_lineless && jump == Op::JUMP && graph[id].kinds.has(OpKinds::UNCONDITIONAL) {
        if let Some(last) = graph.last_mut(id) {
            last.op = Op::JUMP;
        }
        graph.note_end(id);
    }
    // CPython counts down the target's predecessors here. The next pass, `remove-unreachable`,
    // counts all of them again.
    true
}
