//! From the final graph to bytes: instructions with caches, the location table, the exception
//! table, and the locals.
//!
//! ```text
//! LOAD_FAST 0; POP_JUMP_IF_FALSE → block 2     55 00 61 01 00 00 …
//! ```

mod offsets;

use pyc_code::tables::exceptions::{self, Handler};
use pyc_code::tables::locations::{Encoder, PackedPosition};
use pyc_code::{CodeFlags, LocalKind};

use super::graph::{BlockId, Graph, Place};
use super::machine::{Machine, extensions};
use super::op_kinds::OpKinds;
use super::work::Work;
use crate::code::{Code, Codes};
use crate::error::Result;
use crate::instruction::Op;
use crate::name::{Name, count};
use crate::target::Feature;
use crate::unit::Unit;
use offsets::{Piece, Start};

/// Memory of [`assemble`].
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The blocks in the order of the code.
    pieces: Vec<Piece>,
    /// For each block, the index of its first instruction, later its offset in code units.
    starts: Vec<u32>,
    /// The total size of the code in code units.
    units: u32,
}

/// Builds the code of a unit from its final graph (`assemble.c: _PyAssemble_MakeCodeObject`, 3.13).
pub(super) fn assemble(work: Work<'_>) -> Result<Code> {
    let Work { graph, unit, codes, machine, target, scratch, stack_size, .. } = work;
    let memory = &mut scratch.assembly;
    let by_label = target.has(Feature::JumpsFromLabels);
    let start = if by_label {
        Start::Label
    } else if target.has(Feature::BlocksInOrderOfAllocation) {
        Start::Nothing
    } else {
        Start::Index
    };
    offsets::resolve(graph, machine, start, memory)?;
    if graph.kinds.has(OpKinds::LINELESS) {
        give_places_of_next(graph, memory);
    }
    let (bytecode, locations) = codes.add_code(memory.units, |units, table| {
        let encoder = Encoder::new(table, unit.first_line.number());
        if target.has(Feature::LocationOfEachInstruction) {
            instructions::<true>(graph, machine, memory, units, encoder);
        } else {
            instructions::<false>(graph, machine, memory, units, encoder);
        }
    });
    let exceptions = codes.add_bytes(|bytes| exception_table(graph, machine, memory, bytes));
    let parameters = target.has(Feature::ParameterKinds).then(|| parameter_kinds(unit));
    let (locals, kinds) = locals(unit, codes, parameters.into_iter().flatten());
    let name = unit.name.unwrap_or(Name::EMPTY);
    Ok(Code {
        name,
        qualname: unit.qualname.unwrap_or(name),
        first_line: unit.first_line,
        flags: unit.flags,
        argcount: unit.argcount,
        posonlyargcount: unit.posonlyargcount,
        kwonlyargcount: unit.kwonlyargcount,
        stack_size,
        bytecode,
        consts: codes.add_consts(unit.consts.items()),
        names: codes.add_names(unit.names.items().iter().copied()),
        frees: locals.last(count(unit.frees.items().len())),
        locals,
        kinds,
        locations,
        exceptions,
    })
}

/// Replaces `NEXT` places by that of the following step. They become `NONE` where nothing follows
/// (`assemble.c: assemble_location_info`, 3.14).
fn give_places_of_next(graph: &mut Graph, memory: &Memory) {
    let mut next = Place::NONE;
    for piece in memory.pieces.iter().rev() {
        if !graph[piece.block].kinds.has(OpKinds::LINELESS) {
            next = graph.steps(piece.block).first().map_or(next, |step| step.place);
            continue;
        }
        for step in graph.steps_mut(piece.block).iter_mut().rev() {
            if step.place == Place::NEXT {
                step.place = if step.kinds().has(OpKinds::END) { Place::NONE } else { next };
            }
            next = step.place;
        }
    }
}

/// Writes instructions into zeroed memory (caches are zeros), and their locations (`assemble.c:
/// assemble_emit`, `assemble_location_info`, 3.13). Consecutive instructions with the same location
/// share an entry; with `EACH`, every instruction has its own.
fn instructions<const EACH: bool>(
    graph: &Graph,
    machine: &Machine,
    memory: &Memory,
    units: &mut [[u8; 2]],
    mut table: Encoder<'_>,
) {
    let (mut place, mut last, mut start, mut at) = (Place::NONE, PackedPosition::NONE, 0, 0);
    for piece in &memory.pieces {
        let steps = graph.steps(piece.block);
        let mut number = 0;
        while number < steps.len() {
            let step = &steps[number];
            number += 1;
            // Most steps have the same place as the step before, or another place with an equal
            // location. (Without optimisation, `!=` would be a call.)
            let is_there = step.place == place;
            if !is_there {
                place = step.place;
                let next = graph.location(place).packed();
                if !next.is(last) {
                    if !EACH {
                        table.write_packed(at - start, last);
                        start = at;
                    }
                    last = next;
                }
            }
            let row = machine.row(step.op);
            if step.argument > 0xff {
                at += extend(step.argument, machine, &mut units[at as usize..]);
            }
            units[at as usize] = [row.number, low_byte(step.argument)];
            at += 1 + u32::from(row.caches);
            if EACH {
                table.write_packed(at - start, last);
                start = at;
            }
        }
    }
    write_last(table, at - start, last);
}

/// A function of its own, so that the calls in the loop, of which there is one for each target, are
/// inlined.
#[inline(never)]
fn write_last(mut table: Encoder<'_>, units: u32, position: PackedPosition) {
    table.write_packed(units, position);
}

#[expect(clippy::cast_possible_truncation, reason = "the lower byte is meant")]
#[inline(always)]
const fn low_byte(argument: u32) -> u8 {
    argument as u8
}

/// Writes the higher bytes of an argument. Returns how many there are (`assemble.c: write_instr`,
/// 3.13).
#[cold]
#[inline(never)]
fn extend(argument: u32, machine: &Machine, units: &mut [[u8; 2]]) -> u32 {
    let extended = extensions(argument);
    for (unit, number) in units[..extended as usize].iter_mut().zip((1..=extended).rev()) {
        *unit = [machine.row(Op::EXTENDED_ARG).number, argument.to_le_bytes()[number as usize]];
    }
    extended
}

/// Writes the table of handlers and the instructions that they cover (`assemble.c:
/// assemble_exception_table`, 3.13).
fn exception_table(graph: &Graph, machine: &Machine, memory: &Memory, bytes: &mut Vec<u8>) {
    if !graph.kinds.has(OpKinds::PUSH) {
        return;
    }
    let start_of = |id: BlockId| memory.starts[id.index()];
    let mut open: Option<(BlockId, u32)> = None;
    let mut close = |open: Option<(BlockId, u32)>, end: u32| {
        let Some((handler, start)) = open else { return };
        let Handler { depth, lasti, .. } = entry(graph, handler);
        let (start, end, target) = (start * 2, end * 2, start_of(handler) * 2);
        exceptions::write(bytes, Handler { start, end, target, depth, lasti });
    };
    let mut offset = 0;
    for piece in &memory.pieces {
        let steps = graph.steps(piece.block);
        let handler = open.map(|(handler, _)| handler);
        if steps.iter().all(|step| step.handler == handler) {
            offset += piece.whole_size();
            continue;
        }
        for step in steps {
            let handler = open.map(|(handler, _)| handler);
            // CPython compares the handlers' first instructions: an empty block has that of the
            // block after it (`assemble_exception_table`, 3.13).
            if step.handler != handler && step.handler.map(start_of) != handler.map(start_of) {
                close(open, offset);
                open = step.handler.map(|handler| (handler, offset));
            }
            offset += machine.size(step.op, step.argument);
        }
    }
    close(open, offset);
}

/// The depth to which the stack is unwound for a handler: above that is the exception, and below
/// the exception the offset if the handler uses it.
fn entry(graph: &Graph, handler: BlockId) -> Handler {
    let block = &graph[handler];
    let found = 1 + i32::from(block.keeps_lasti);
    let depth = block.depth.map_or(0, |depth| (depth.get() - found).max(0).unsigned_abs());
    Handler { start: 0, end: 0, target: 0, depth, lasti: block.keeps_lasti }
}

/// Adds all fast locals and their kinds: locals, then cells that aren't locals, then free variables
/// (`assemble.c: compute_localsplus_info`, 3.13).
///
/// `parameters` are the additional kinds of the first locals.
fn locals(
    unit: &Unit,
    codes: &mut Codes,
    mut parameters: impl Iterator<Item = LocalKind>,
) -> (crate::code::Names, crate::code::Bytes) {
    let Unit { locals, cells, frees, hidden, .. } = unit;
    let locals_only = locals.items().iter();
    let cells_only = || cells.items().iter().filter(|&&cell| locals.find(cell).is_none());
    let frees_only = frees.items().iter();
    let kinds = codes.add_bytes(|bytes| {
        bytes.extend(locals_only.clone().map(|&local| {
            let mut kind = LocalKind::LOCAL;
            if let Some(parameter) = parameters.next() {
                kind = kind.union(parameter);
            }
            if cells.find(local).is_some() {
                kind = kind.union(LocalKind::CELL);
            }
            if hidden.iter().any(|&(name, _)| name == local) {
                kind = kind.union(LocalKind::HIDDEN);
            }
            kind.bits()
        }));
        bytes.extend(cells_only().map(|_| LocalKind::CELL.bits()));
        bytes.extend(frees_only.clone().map(|_| LocalKind::FREE.bits()));
    });
    let names = codes.add_names(locals_only.chain(cells_only()).chain(frees_only).copied());
    (names, kinds)
}

/// How each of the unit's first locals is passed, in their order.
fn parameter_kinds(unit: &Unit) -> impl Iterator<Item = LocalKind> + use<> {
    const BY_PLACE: LocalKind = LocalKind::POSITIONAL;
    const BY_NAME: LocalKind = LocalKind::KEYWORD;
    let Unit { argcount, posonlyargcount, kwonlyargcount, flags, .. } = unit;
    let variable = |flag| u32::from(flags.contains(flag));
    [
        (BY_PLACE, *posonlyargcount),
        (BY_PLACE.union(BY_NAME), argcount - posonlyargcount),
        (BY_NAME, *kwonlyargcount),
        (BY_PLACE.union(LocalKind::VARIABLE), variable(CodeFlags::VARARGS)),
        (BY_NAME.union(LocalKind::VARIABLE), variable(CodeFlags::VARKEYWORDS)),
    ]
    .into_iter()
    .flat_map(|(kind, count)| std::iter::repeat_n(kind, count as usize))
}
