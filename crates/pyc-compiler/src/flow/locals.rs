//! Numbers cells and free variables after the locals, and creates them at the unit's start.
//!
//! ```text
//! def f(a): …        a is a cell too       cells [a, c], frees [d]
//!     numbers before:    locals a 0, b 1   cells a 0, c 1, frees d 2
//!     places after:      a 0, b 1, c 2, d 3
//!     COPY_FREE_VARS 1; MAKE_CELL a; MAKE_CELL c; RESUME …
//! ```

use super::graph::{BlockId, Place, Step};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::count;
use crate::target::Feature;

/// `flowgraph.c: prepare_localsplus`, 3.13.
pub(super) fn place_locals(work: &mut Work<'_>) {
    let graph = &mut *work.graph;
    let unit = &*work.unit;
    let cells = unit.cells.items();
    let frees = count(unit.frees.items().len());
    let is_generator = unit.suspends() && !work.target.has(Feature::GeneratorsBeginInCode);
    if cells.is_empty() && frees == 0 && !is_generator {
        return;
    }
    let places = &mut work.scratch.numbers;
    places.clear();
    let mut next = count(unit.locals.items().len());
    let mut new_place = || {
        next += 1;
        next - 1
    };
    for &cell in cells {
        places.push(unit.locals.find(cell).unwrap_or_else(&mut new_place));
    }
    for _ in 0..frees {
        places.push(new_place());
    }

    let prefix = &mut work.scratch.steps;
    prefix.clear();
    if frees > 0 {
        prefix.push(Step::new(Op::COPY_FREE_VARS, frees, Place::NONE));
    }
    let first_cell = prefix.len();
    prefix.extend(
        places[..cells.len()].iter().map(|&place| Step::new(Op::MAKE_CELL, place, Place::NONE)),
    );
    // CPython creates cells in the order of the locals (`insert_prefix_instructions`, 3.13).
    prefix[first_cell..].sort_unstable_by_key(|make| make.argument);
    if is_generator {
        let place = graph.add_location(Location::in_no_column(unit.first_line));
        prefix.push(Step::new(Op::RETURN_GENERATOR, 0, place));
        let located = work.target.has(Feature::GeneratorStartLocated);
        prefix.push(Step::new(Op::POP_TOP, 0, if located { place } else { Place::NONE }));
    }
    if !places.is_empty() {
        graph.for_each(|graph, id| {
            if !graph[id].kinds.has(OpKinds::CELL) {
                return;
            }
            for step in graph.steps_mut(id) {
                if step.kinds().has(OpKinds::CELL) {
                    step.argument = places.get(step.argument as usize).copied().unwrap_or(0);
                }
            }
        });
    }
    graph.prepend(BlockId::ENTRY, prefix);
}
