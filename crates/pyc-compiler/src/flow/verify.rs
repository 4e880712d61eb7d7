//! Checks a graph after each pass. This is skipped without debug assertions, or if the options say
//! so.
//!
//! *Invariants*: only a block's last step jumps or leaves the unit. A block's kinds include those
//! of all its steps. Targets and handlers are blocks of the graph and, if control can reach them,
//! not empty. Control never falls through the last block.

use super::graph::{BlockId, Graph};
use super::malformed;
use super::op_kinds::OpKinds;
use crate::error::Result;

/// Fails with the name of `pass` if the graph is invalid after it.
pub(super) fn verify(graph: &Graph, pass: &str) -> Result<()> {
    match fault(graph) {
        Some(fault) => Err(malformed(&format!("{fault} after `{pass}`"))),
        None => Ok(()),
    }
}

fn fault(graph: &Graph) -> Option<&'static str> {
    let mut visited = vec![false; graph.block_count()];
    for id in graph.order() {
        if std::mem::replace(&mut visited[id.index()], true) {
            return Some("the list of blocks is a cycle");
        }
        let kinds = graph.steps(id).iter().fold(OpKinds::NONE, |all, step| all | step.kinds());
        let ends = kinds.only(OpKinds::ENDS);
        if graph[id].kinds.only(OpKinds::ENDS) != ends {
            return Some("a block's kinds don't include how it ends");
        }
        if !graph[id].kinds.contains(kinds) || !graph.kinds.contains(kinds) {
            return Some("a block's kinds lack some of its steps'");
        }
        if let Some((_, others)) = graph.steps(id).split_last() {
            if others.iter().any(|step| step.op.is_terminator()) {
                return Some("a step follows the end of a block");
            }
        }
    }
    let mut stack = vec![BlockId::ENTRY];
    let mut reached = vec![false; graph.block_count()];
    while let Some(id) = stack.pop() {
        if std::mem::replace(&mut reached[id.index()], true) {
            continue;
        }
        if graph[id].next.is_none() && graph.falls_through(id) {
            return Some("control falls through the last block");
        }
        stack.extend(graph.fallthrough(id));
        for step in graph.steps(id) {
            for other in [step.target(), step.handler].into_iter().flatten() {
                if !visited.get(other.index()).is_some_and(|known| *known) {
                    return Some("a target is not in the graph");
                }
                stack.push(other);
            }
        }
    }
    None
}
