//! `dis --json`: the complete content of a file's code objects.

use std::collections::HashSet;

use pyc_code::tables::{exceptions, locations};
use pyc_code::{CodeObject, LineFormat, Minor, Text, dis};

use crate::json::{array, boolean, number, object, optional, string};

/// All code objects of a file, each after its parent. A code object that a damaged file shares is
/// listed once.
pub(super) fn codes(root: &CodeObject<'_>, minor: Minor) -> String {
    let mut open = vec![(None, root)];
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    while let Some((parent, code)) = open.pop() {
        let value = one(code, parent, minor);
        let parent = Some(all.len());
        open.extend(
            code.children()
                .filter(|&child| seen.insert(std::ptr::from_ref(child)))
                .map(|child| (parent, child)),
        );
        all.push(value);
    }
    array(all)
}

fn one(code: &CodeObject<'_>, parent: Option<usize>, minor: Minor) -> String {
    let texts = |texts: &[&Text<'_>]| array(texts.iter().map(|text| string(&text.to_string())));
    let consts = code.consts.iter().map(|item| string(&dis::repr(item, minor).to_string()));
    let flags = code.flags.to_string();
    let flags = flags.split(", ").filter(|flag| *flag != "0x0").map(string);
    object([
        ("name", string(&code.name.to_string())),
        ("qualname", string(&code.qualname.to_string())),
        ("filename", string(&code.filename.to_string())),
        ("parent", optional(parent)),
        ("firstlineno", number(code.firstlineno)),
        ("argcount", number(code.argcount)),
        ("posonlyargcount", number(code.posonlyargcount)),
        ("kwonlyargcount", number(code.kwonlyargcount)),
        ("nlocals", number(code.locals.nlocals())),
        ("stacksize", number(code.stacksize)),
        ("flags", number(code.flags.bits())),
        ("flag_names", array(flags)),
        ("consts", array(consts)),
        ("names", texts(&code.names.iter().collect::<Vec<_>>())),
        ("varnames", texts(&code.locals.varnames())),
        ("cellvars", texts(&code.locals.cellvars())),
        ("freevars", texts(&code.locals.freevars())),
        ("instructions", array(instructions(code, minor))),
        ("exceptions", handlers(code)),
    ])
}

fn instructions(code: &CodeObject<'_>, minor: Minor) -> Vec<String> {
    let positions = positions(code, minor);
    let instruction = |line: &dis::Line| {
        let unit = line.offset() as usize / 2;
        object([
            ("offset", number(line.offset())),
            ("line", optional(line.line())),
            ("name", string(&line.name())),
            ("argument", optional(line.instruction().argument())),
            ("detail", string(line.detail())),
            ("target", optional(line.instruction().target())),
            ("position", positions.get(unit).cloned().unwrap_or_else(|| "null".to_owned())),
        ])
    };
    dis::lines(code, minor).iter().map(instruction).collect()
}

/// For each code unit its line, end line, column and end column, as in `co_positions()`; empty
/// before 3.11.
fn positions(code: &CodeObject<'_>, minor: Minor) -> Vec<String> {
    if minor.line_format() != LineFormat::Locations {
        return Vec::new();
    }
    let spans = locations::decode(&code.linetable, code.firstlineno).unwrap_or_default();
    let mut units = Vec::new();
    for span in spans {
        let position = span.position.map(|place| {
            let columns = [place.column, place.end_column].map(optional);
            array([number(place.line), number(place.end_line)].into_iter().chain(columns))
        });
        units.extend(std::iter::repeat_n(optional(position), span.units as usize));
    }
    units
}

/// The exception table; `null` if it is invalid.
fn handlers(code: &CodeObject<'_>) -> String {
    let handler = |handler: &exceptions::Handler| {
        object([
            ("start", number(handler.start)),
            ("end", number(handler.end)),
            ("target", number(handler.target)),
            ("depth", number(handler.depth)),
            ("lasti", boolean(handler.lasti)),
        ])
    };
    let handlers = exceptions::decode(&code.exceptiontable).ok();
    optional(handlers.map(|handlers| array(handlers.iter().map(handler))))
}
