//! Prints a graph.
//!
//! ```text
//! f:
//!   block 0, goes on with 1
//!        1  LOAD_FAST            x
//!        1  POP_JUMP_IF_FALSE    block 2
//! ```

use std::fmt::Write;

use super::graph::{Graph, Step};
use crate::instruction::Op;
use crate::location::Line;
use crate::name::Names;
use crate::unit::Unit;

/// Appends the unit's graph to `out`.
pub(super) fn print(graph: &Graph, unit: &Unit, names: &Names, out: &mut String) {
    let title = unit.qualname.or(unit.name).map_or("?".into(), |name| names.text(name));
    let _ = writeln!(out, "{title}:");
    for id in graph.order() {
        let block = &graph[id];
        let _ = write!(out, "  block {}", id.number());
        for (holds, text) in [
            (block.handler, ", handler"),
            (block.keeps_lasti, ", lasti"),
            (block.cold, ", cold"),
            (block.len() == 0, ", empty"),
        ] {
            if holds {
                out.push_str(text);
            }
        }
        if let Some(depth) = block.depth {
            let _ = write!(out, ", depth {}", depth.get());
        }
        if let Some(next) = graph.fallthrough(id) {
            let _ = write!(out, ", goes on with {}", next.number());
        }
        out.push('\n');
        for step in graph.steps(id) {
            line(step, graph.location(step.place).line, unit, names, out);
        }
    }
    out.push('\n');
}

fn line(step: &Step, line: Line, unit: &Unit, names: &Names, out: &mut String) {
    let line = line.get().map_or_else(|| "-".to_owned(), |line| line.to_string());
    let _ = write!(out, "  {line:>6}  {:<24}", step.op.name());
    let number = step.argument as usize;
    let name = match step.op {
        Op::LOAD_FAST | Op::STORE_FAST | Op::DELETE_FAST | Op::LOAD_FAST_CHECK => {
            unit.locals.items().get(number)
        }
        Op::LOAD_NAME | Op::STORE_NAME | Op::DELETE_NAME => unit.names.items().get(number),
        _ => None,
    };
    let _ = match (step.target(), name) {
        (Some(target), _) => write!(out, "block {}", target.number()),
        (_, Some(&name)) => write!(out, "{}", names.text(name)),
        _ => write!(out, "{number}"),
    };
    if let Some(handler) = step.handler {
        let _ = write!(out, "  (handler {})", handler.number());
    }
    out.push('\n');
}
