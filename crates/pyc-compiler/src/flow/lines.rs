//! Gives lines to instructions that have none, so that a frame's line is right wherever it ends (PEP 626).
//!
//! ```text
//! if a:      POP_JUMP_IF_FALSE → 2     line 1
//!     b      …                         line 2
//!            2: RETURN_CONST None      none: copied, one with line 1 and one with line 2
//! ```

use super::class::Class;
use super::graph::{BlockId, Graph, Step};
use super::work::Work;
use crate::location::Location;

/// `flowgraph.c: resolve_line_numbers`, 3.13.
pub(super) fn resolve_lines(work: &mut Work<'_>) {
    duplicate_exits(work.graph);
    propagate(work.graph);
}

/// Copies exits without lines until each is reached from one place (`duplicate_exits_without_lineno`, 3.13).
fn duplicate_exits(graph: &mut Graph) {
    graph.for_each(|graph, id| {
        let Some(last) = graph.last(id) else { return };
        let (Some(target), location) = (last.jump_target(), last.location) else { return };
        let Some(target) = graph.nonempty(Some(target)) else { return };
        if graph[target].predecessors > 1 && is_lineless_exit(graph, target) {
            let copy = graph.insert_after(target);
            graph.push_copy(copy, target);
            graph.steps_mut(copy)[0].location = location;
            graph[copy].predecessors = 1;
            graph[copy].labelled = true;
            graph[target].predecessors -= 1;
            if let Some(last) = graph.last_mut(id) {
                last.argument = copy.number();
            }
        }
    });
    graph.for_each(|graph, id| {
        let Some(location) = graph.last(id).map(|last| last.location) else { return };
        if let Some(next) = graph.fallthrough(id) {
            if is_lineless_exit(graph, next) {
                graph.steps_mut(next)[0].location = location;
            }
        }
    });
}

/// Leaves the unit or looks for signals, and has no line (`is_exit_or_eval_check_without_lineno`, 3.13).
fn is_lineless_exit(graph: &Graph, id: BlockId) -> bool {
    graph.is_lineless(id)
        && (graph.exits(id) || graph.steps(id).iter().any(|step| step.class().has(Class::SIGNALS)))
}

/// Copies lines on to what follows and has no other predecessor (`propagate_line_numbers`, 3.13).
fn propagate(graph: &mut Graph) {
    let mut lineless = false;
    graph.for_each(|graph, id| {
        if graph[id].class.has(Class::LINELESS) {
            let mut location = Location::NONE;
            let steps = graph.steps_mut(id);
            for step in &mut *steps {
                if step.has_line() {
                    location = step.location;
                } else {
                    step.location = location;
                }
            }
            if steps.first().is_some_and(Step::has_line) {
                graph[id].class = graph[id].class.without(Class::LINELESS);
            } else {
                lineless = true;
            }
        }
        // A line that is there at all has come to the end.
        let Some(last) = graph.last(id) else { return };
        let (location, target) = (last.location, last.jump_target());
        for successor in [graph.fallthrough(id), target].into_iter().flatten() {
            let block = &graph[successor];
            if block.predecessors == 1 && block.class.has(Class::LINELESS) {
                if let Some(first) = graph.steps_mut(successor).first_mut() {
                    if !first.has_line() {
                        first.location = location;
                    }
                }
            }
        }
    });
    if !lineless {
        graph.class = graph.class.without(Class::LINELESS);
    }
}
