//! Blocks in the order in which CPython 3.11 lists them: newest allocation first.
//!
//! For `if a: b`, the block for what follows the statement is allocated before that of `b`, so `b`
//! comes first.

use super::graph::{BlockId, Graph};
use super::work::Work;

/// Calls `visit` for each block, newest first (`compile.c: struct basicblock_`, `b_list`, 3.11),
/// but not for blocks that `visit` creates.
pub(super) fn newest_first(work: &mut Work<'_>, mut visit: impl FnMut(&mut Graph, BlockId)) {
    let graph = &mut *work.graph;
    let blocks = &mut work.scratch.stack;
    blocks.clear();
    blocks.extend(graph.order());
    // Blocks of the same age are what follows the jumps of one construct; they stay in the order of
    // the code.
    blocks.sort_by_key(|&id| graph[id].label);
    for &id in blocks.iter().rev() {
        visit(graph, id);
    }
}
