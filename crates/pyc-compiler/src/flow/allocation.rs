//! Blocks in the order in which CPython 3.11 has allocated them, newest first, which is how it
//! lists them.
//!
//! `if a: b` makes a block for what follows the statement before that of `b`, so that `b` comes
//! first.

use super::graph::{BlockId, Graph};
use super::work::Work;

/// Calls `visit` for each block, newest first (`compile.c: struct basicblock_`, `b_list`, 3.11);
/// not for those that it makes.
pub(super) fn newest_first(work: &mut Work<'_>, mut visit: impl FnMut(&mut Graph, BlockId)) {
    let graph = &mut *work.graph;
    let blocks = &mut work.scratch.stack;
    blocks.clear();
    blocks.extend(graph.order());
    // Those of one age are what follows jumps in one construct, in their order in the code.
    blocks.sort_by_key(|&id| graph[id].label);
    for &id in blocks.iter().rev() {
        visit(graph, id);
    }
}
