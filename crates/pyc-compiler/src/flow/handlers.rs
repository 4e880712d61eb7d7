//! Says for each instruction which handler an exception of it goes to.
//!
//! ```text
//! SETUP_FINALLY → 2
//! LOAD_NAME x             handler 2
//! POP_BLOCK        → NOP
//! LOAD_NAME y             no handler
//! ```

use super::class::Class;
use super::graph::{BlockId, Graph};
use super::work::Work;
use crate::instruction::Op;

/// `RESUME`'s bit for "the only handler is the outermost one" (`RESUME_OPARG_DEPTH1_MASK`).
const DEPTH_ONE: u32 = 4;

/// Memory of [`label_exceptions`].
#[derive(Debug, Default)]
pub(super) struct Memory {
    entered: Vec<Entered>,
    /// For each block what has been entered at its start.
    at_start: Vec<Option<u32>>,
}

/// A block with a handler that has been entered. Blocks around it are never changed, so that paths share them.
#[derive(Clone, Copy, Debug)]
struct Entered {
    handler: BlockId,
    around: Option<u32>,
    depth: u32,
}

/// Follows all paths from the entry (`flowgraph.c: label_exception_targets`, 3.13).
pub(super) fn label_exceptions(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    let Memory { entered, at_start } = &mut work.scratch.handlers;
    entered.clear();
    at_start.clear();
    at_start.resize(graph.block_count(), None);
    let mut walk = Walk { stack: &mut work.scratch.stack, at_start };
    walk.start(graph);
    while let Some(id) = walk.stack.pop() {
        let mut inside = walk.at_start[id.index()];
        let mut depth_at_yield = None;
        for at in graph.range(id) {
            let step = graph.step_mut(at);
            let op = step.op;
            let innermost = inside.map(|place| entered[place as usize]);
            let class = Class::of(op);
            if class.has(Class::PUSH) {
                let handler = BlockId::new(step.argument);
                walk.reach(graph, handler, inside);
                graph[handler].keeps_lasti |= op != Op::SETUP_FINALLY;
                let depth = innermost.map_or(0, |entered| entered.depth) + 1;
                entered.push(Entered { handler, around: inside, depth });
                inside = Some(crate::name::count(entered.len() - 1));
                continue;
            }
            if op == Op::POP_BLOCK {
                inside = innermost.and_then(|entered| entered.around);
                step.clear();
                graph.add_class(id, Class::NOP);
                continue;
            }
            step.handler = innermost.map(|entered| entered.handler);
            let depth = innermost.map_or(0, |entered| entered.depth);
            if op == Op::YIELD_VALUE {
                depth_at_yield = Some(depth);
            } else if op == Op::RESUME && step.argument != 0 {
                if depth_at_yield.take() == Some(1) {
                    step.argument |= DEPTH_ONE;
                }
            } else if class.has(Class::JUMP) {
                let target = BlockId::new(step.argument);
                walk.reach(graph, target, inside);
            }
        }
        if let Some(next) = graph.fallthrough(id) {
            walk.reach(graph, next, inside);
        }
    }
}

struct Walk<'m> {
    stack: &'m mut Vec<BlockId>,
    at_start: &'m mut [Option<u32>],
}

impl Walk<'_> {
    fn start(&mut self, graph: &mut Graph) {
        for block in graph.blocks_mut() {
            block.visited = false;
        }
        self.stack.clear();
        self.reach(graph, BlockId::ENTRY, None);
    }

    fn reach(&mut self, graph: &mut Graph, id: BlockId, inside: Option<u32>) {
        if !std::mem::replace(&mut graph[id].visited, true) {
            self.at_start[id.index()] = inside;
            self.stack.push(id);
        }
    }
}
