//! Prints a unit's instructions as code generation produces them.
//!
//! ```text
//! f:
//!      0  RESUME                   0         1:0-1:0
//!      1  LOAD_FAST                0 (a)     1:14-1:15
//!      2  POP_JUMP_IF_FALSE        to 4      1:11-1:15
//! ```
//!
//! A location of -1s, which instructions without a counterpart in the source have, is `-`.

use std::fmt::Write;

use crate::constant::Constant;
use crate::context::Context;
use crate::instruction::{Instruction, Op};
use crate::location::Location;
use crate::unit::Unit;

/// Appends the unit's instructions to `out`.
pub(super) fn print(unit: &Unit, context: &Context<'_>, out: &mut String) {
    let title = unit.qualname.map_or_else(|| "?".into(), |name| context.names.text(name));
    let _ = writeln!(out, "{title}:");
    for (index, instruction) in unit.code.instructions().iter().enumerate() {
        let argument = argument(*instruction, unit, context);
        let name = instruction.op.name();
        let place = place(instruction.location);
        let _ = writeln!(out, "{index:>6}  {name:<24} {argument:<16} {place}");
    }
    out.push('\n');
}

fn argument(instruction: Instruction, unit: &Unit, context: &Context<'_>) -> String {
    let number = instruction.argument;
    if instruction.op.has_target() {
        let target = unit.code.target(number);
        return target.map_or_else(|| "to nowhere".to_owned(), |target| format!("to {target}"));
    }
    let at = number as usize;
    let name = match instruction.op {
        Op::LOAD_FAST | Op::STORE_FAST | Op::DELETE_FAST => unit.locals.items().get(at),
        Op::LOAD_NAME
        | Op::STORE_NAME
        | Op::DELETE_NAME
        | Op::STORE_GLOBAL
        | Op::DELETE_GLOBAL
        | Op::STORE_ATTR
        | Op::DELETE_ATTR
        | Op::IMPORT_NAME
        | Op::IMPORT_FROM => unit.names.items().get(at),
        Op::LOAD_GLOBAL | Op::LOAD_ATTR => unit.names.items().get(at >> 1),
        Op::LOAD_DEREF | Op::STORE_DEREF | Op::DELETE_DEREF | Op::LOAD_CLOSURE => {
            unit.cells.items().iter().chain(unit.frees.items()).nth(at)
        }
        _ => None,
    };
    if let Some(&name) = name {
        return format!("{number} ({})", context.names.text(name));
    }
    match unit.consts.items().get(at) {
        Some(&value) if instruction.op == Op::LOAD_CONST => match context.constants[value] {
            Constant::Code(_) => format!("{number} (code)"),
            _ => format!("{number} ({})", crate::unparse::repr(value, context)),
        },
        _ => number.to_string(),
    }
}

fn place(at: Location) -> String {
    if at == Location::NEXT {
        return "next".to_owned();
    }
    if at == Location::NONE {
        return "-".to_owned();
    }
    at.to_string()
}
