//! Describes an instruction's argument: the text in parentheses in a listing.
//!
//! The argument of `LOAD_CONST 0` is described as `None`, that of `LOAD_GLOBAL 1` as `print +
//! NULL`.

use super::lines::Labels;
use super::repr::Repr;
use super::style::Style;
use crate::code::{CodeObject, Locals};
use crate::op::{Argument, Direction, Instruction, Op};
use crate::text::Text;
use crate::version::Minor;

/// The description of an instruction's argument; empty if it has none or if its index is out of
/// range.
pub(super) fn describe(
    code: &CodeObject<'_>,
    minor: Minor,
    style: Style,
    instruction: &Instruction,
    labels: &Labels,
) -> String {
    let (Some(info), Some(argument)) = (instruction.info(), instruction.argument()) else {
        return String::new();
    };
    let detail =
        match info.argument() {
            Argument::Const => code
                .consts
                .get(argument as usize)
                .map(|constant| Repr::new(constant, minor).to_string()),
            Argument::Name { shift, shown } => shown
                .get(argument as usize & ((1 << shift) - 1))
                .zip(code.names.get((argument >> shift) as usize))
                // `from . import x` imports the empty name; `dis` prints no flags for it.
                .filter(|(_, name)| !name.as_bytes().is_empty())
                .map(|(shown, name)| shown.replacen("{}", &name.to_string(), 1)),
            Argument::Local => local(code, argument),
            Argument::LocalPair => local(code, argument >> 4)
                .zip(local(code, argument & 15))
                .map(|(first, second)| format!("{first}, {second}")),
            Argument::Cell => cell(code, argument),
            Argument::Compare { shift, to_bool, shown } => shown
                .get((argument >> shift) as usize)
                .map(|&comparison| match argument & u32::from(to_bool) {
                    0 => comparison.to_owned(),
                    _ => format!("bool({comparison})"),
                }),
            Argument::Jump(direction) => {
                let shown = style.absolute_targets || direction != Direction::Absolute;
                instruction
                    .target()
                    .filter(|_| shown)
                    .map(|target| jump(info.op(), target, style, labels))
            }
            Argument::Choice(shown) => shown.get(argument as usize).map(|&shown| shown.to_owned()),
            Argument::None | Argument::Number => None,
        };
    detail.unwrap_or_default()
}

fn jump(op: Op, target: i64, style: Style, labels: &Labels) -> String {
    let preposition = if op == Op::END_ASYNC_FOR { style.end_async_for } else { "to" };
    match labels.label(target).filter(|_| style.labels) {
        Some(label) => format!("{preposition} L{label}"),
        None => format!("{preposition} {target}"),
    }
}

/// The name of a local variable.
fn local(code: &CodeObject<'_>, index: u32) -> Option<String> {
    match &code.locals {
        Locals::Plus { names, .. } => names.get(index as usize),
        Locals::Split { varnames, .. } => varnames.get(index as usize),
    }
    .map(Text::to_string)
}

/// The name of a cell or free variable: cells come first, free variables after them.
fn cell(code: &CodeObject<'_>, index: u32) -> Option<String> {
    let Locals::Split { cellvars, freevars, .. } = &code.locals else { return local(code, index) };
    cellvars.iter().chain(&**freevars).nth(index as usize).map(Text::to_string)
}
