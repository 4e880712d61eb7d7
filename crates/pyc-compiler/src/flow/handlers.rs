//! Finds, for each instruction, the handler of its exceptions.
//!
//! ```text
//! SETUP_FINALLY → 2
//! LOAD_NAME x             handler 2
//! POP_BLOCK        → NOP
//! LOAD_NAME y             no handler
//! ```

use super::graph::{BlockId, Graph};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;
use crate::name::count;

/// Memory of [`label_exceptions`].
#[derive(Debug, Default)]
pub(super) struct Memory {
    entered: Vec<Entered>,
    /// For each block, what has been entered before its start.
    at_start: Vec<Option<u32>>,
}

/// A handler's block that has been entered. Enclosing entries are never changed, so that paths can
/// share them.
#[derive(Clone, Copy, Debug)]
struct Entered {
    handler: BlockId,
    around: Option<u32>,
    depth: u32,
}

/// How a release treats `POP_BLOCK`, and which instruction has an argument about handlers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// `POP_BLOCK` becomes `NOP`. `RESUME` says whether there is exactly one handler.
    Resume,
    /// `POP_BLOCK` stays. `YIELD_VALUE` says how many handlers there are.
    Yield,
    /// `POP_BLOCK` stays. No argument is about handlers.
    Plain,
}

/// Follows all paths from the entry (`flowgraph.c: label_exception_targets`, 3.13).
pub(super) fn label_exceptions(work: &mut Work<'_>) {
    label(work, Manner::Resume);
}

/// The same for 3.12, where `POP_BLOCK` stays until the graph is lowered.
pub(super) fn label_exceptions_in_yields(work: &mut Work<'_>) {
    label(work, Manner::Yield);
}

/// The same for 3.11, where no argument is about handlers.
pub(super) fn label_exceptions_only(work: &mut Work<'_>) {
    label(work, Manner::Plain);
}

fn label(work: &mut Work<'_>, manner: Manner) {
    let one_handler = work.target.release().idioms.one_handler;
    let graph = &mut *work.graph;
    let Memory { entered, at_start } = &mut work.scratch.handlers;
    entered.clear();
    at_start.clear();
    at_start.resize(graph.block_count(), None);
    let mut walk = Walk { stack: &mut work.scratch.stack, at_start };
    walk.start(graph);
    while let Some(id) = walk.stack.pop() {
        let mut inside = walk.at_start[id.index()];
        if graph[id].kinds.has(OpKinds::HANDLERS) {
            inside = label_block(graph, id, inside, (&mut walk, manner, one_handler), entered);
        } else if let Some(place) = inside {
            let handler = Some(entered[place as usize].handler);
            graph.steps_mut(id).iter_mut().for_each(|step| step.handler = handler);
            graph.add_kinds(id, OpKinds::HANDLED);
        }
        if let Some(target) = graph.jump_target(id) {
            walk.reach(graph, target, inside);
        }
        if let Some(next) = graph.fallthrough(id) {
            walk.reach(graph, next, inside);
        }
    }
}

/// Labels a block in which handlers change, and continues with those handlers. Returns what is
/// entered at its end.
fn label_block(
    graph: &mut Graph,
    id: BlockId,
    mut inside: Option<u32>,
    (walk, manner, one_handler): (&mut Walk<'_>, Manner, u32),
    entered: &mut Vec<Entered>,
) -> Option<u32> {
    let mut depth_at_yield = None;
    let mut innermost = inside.map(|place| entered[place as usize]);
    for at in graph.range(id) {
        let step = graph.step_mut(at);
        step.handler = innermost.map(|entered| entered.handler);
        if !step.kinds().has(OpKinds::HANDLERS) {
            continue;
        }
        match step.op {
            op @ (Op::SETUP_FINALLY | Op::SETUP_CLEANUP | Op::SETUP_WITH) => {
                // In CPython, neither these steps nor `POP_BLOCK` have a handler.
                step.handler = None;
                let handler = BlockId::new(step.argument);
                walk.reach(graph, handler, inside);
                graph[handler].keeps_lasti |= op != Op::SETUP_FINALLY;
                let depth = innermost.map_or(0, |entered| entered.depth) + 1;
                let now = Entered { handler, around: inside, depth };
                inside = Some(count(entered.len()));
                entered.push(now);
                innermost = Some(now);
            }
            Op::POP_BLOCK => {
                inside = innermost.and_then(|entered| entered.around);
                innermost = inside.map(|place| entered[place as usize]);
                step.handler = None;
                if manner == Manner::Resume {
                    step.clear();
                    graph.add_kinds(id, OpKinds::NOP);
                }
            }
            Op::YIELD_VALUE if manner == Manner::Yield => {
                step.argument = innermost.map_or(0, |entered| entered.depth);
            }
            Op::YIELD_VALUE if manner == Manner::Resume => {
                depth_at_yield = Some(innermost.map_or(0, |entered| entered.depth));
            }
            // The only handler is the one that the compiler puts around a generator's body. This
            // bit lets `close()` end the generator without resuming it (`genobject.c: gen_close`,
            // 3.13).
            Op::RESUME if step.argument != 0 && depth_at_yield.take() == Some(1) => {
                step.argument |= one_handler;
            }
            _ => {}
        }
    }
    graph.add_kinds(id, OpKinds::HANDLED);
    inside
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
