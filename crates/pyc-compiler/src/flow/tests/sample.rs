//! Units written as text, and graphs printed in the same form.
//!
//! `@3` before an instruction sets its line and that of those after it; `@-` means no line. `>1`
//! jumps to the instruction after `1:`.

use std::fmt::Write;

use pyc_code::Minor;

use crate::constant::{ConstId, Constant};
use crate::context::Context;
use crate::flow::graph::Graph;
use crate::flow::work::Work;
use crate::instruction::{Label, Op};
use crate::location::{Line, Location};
use crate::options::Options;
use crate::target::Target;
use crate::unit::Unit;

pub(super) fn options() -> Options {
    Options::new(Target::newest(Minor::PY313).unwrap(), "m.py")
}

pub(super) fn op(name: &str) -> Op {
    let found = Op::ALL.iter().find(|op| op.name() == name);
    *found.unwrap_or_else(|| panic!("no instruction {name}"))
}

/// A unit with these instructions, `locals` variables, none of them parameters, and the constants
/// `None, False, 1, 2, …`.
pub(super) fn unit(text: &str, locals: usize, context: &mut Context<'_>) -> Unit {
    let mut unit = Unit::default();
    let consts = [ConstId::NONE, ConstId::FALSE].into_iter();
    let numbers: Vec<_> = (1..20).map(|number| context.constants.int(number)).collect();
    for id in consts.chain(numbers) {
        unit.consts.number(id);
    }
    for local in 0..locals {
        unit.locals.number(context.names.intern(format!("v{local}").as_bytes()));
    }
    unit.first_line = Line::new(1);
    let labels: Vec<Label> = (0..10).map(|_| unit.code.label()).collect();
    let mut location = Location::new(1, 1, 0, 1);
    for part in text.split(';').map(str::trim) {
        let mut words: Vec<&str> = part.split_whitespace().collect();
        while let [first, rest @ ..] = &words[..] {
            if let Some(line) = first.strip_prefix('@') {
                let line = line.parse().ok();
                location = line.map_or(Location::NONE, |line| Location::new(line, line, 0, 1));
            } else if let Some(label) = first.strip_suffix(':') {
                unit.code.place(labels[label.parse::<usize>().unwrap()]);
            } else {
                break;
            }
            words = rest.to_vec();
        }
        let argument = words.get(1).copied().unwrap_or("0");
        if let Some(label) = argument.strip_prefix('>') {
            unit.code.jump(op(words[0]), labels[label.parse::<usize>().unwrap()], location);
        } else {
            unit.code.push(op(words[0]), argument.parse().unwrap(), location);
        }
    }
    unit
}

/// The result of `text` after the optimising passes up to `last`.
pub(super) fn optimized(text: &str, locals: usize, last: &str) -> String {
    optimized_for(&options(), text, locals, last)
}

/// The result of `text` after all optimising passes of 3.12.1.
pub(super) fn finished_for_3_12(text: &str, locals: usize) -> String {
    let target = Target::for_version("3.12.1".parse().unwrap()).unwrap();
    optimized_for(&Options::new(target, "m.py"), text, locals, "resolve-lines")
}

/// The result of `text` after all passes of 3.14.10.
pub(super) fn lowered_for_3_14(text: &str, locals: usize) -> String {
    let target = Target::preview("3.14.10".parse().unwrap()).unwrap();
    let options = Options::new(target, "m.py");
    let mut context = Context::new(&options);
    let mut unit = unit(text, locals, &mut context);
    let pipeline = &target.release().pipeline;
    let mut work = Work::new(&mut unit, &mut context).unwrap();
    work.run(pipeline.optimize).unwrap();
    work.measure_depth().unwrap();
    work.run(pipeline.lower).unwrap();
    shown(work.graph)
}

fn optimized_for(options: &Options, text: &str, locals: usize, last: &str) -> String {
    let mut context = Context::new(options);
    let mut unit = unit(text, locals, &mut context);
    let passes = options.target().release().pipeline.optimize;
    let end = passes.iter().position(|pass| pass.name() == last).expect("a pass") + 1;
    let mut work = Work::new(&mut unit, &mut context).unwrap();
    work.run(&passes[..end]).unwrap();
    shown(work.graph)
}

/// The same after the whole list.
pub(super) fn finished(text: &str, locals: usize) -> String {
    optimized(text, locals, "resolve-lines-again")
}

/// The steps in one line. Jumps show the index of their target step.
fn shown(graph: &Graph) -> String {
    let mut starts = vec![0; graph.block_count()];
    let mut index = 0;
    for id in graph.order() {
        starts[id.index()] = index;
        index += graph[id].len();
    }
    let mut out = String::new();
    let mut line = Line::new(1);
    for step in graph.order().flat_map(|id| graph.steps(id)) {
        if !out.is_empty() {
            out.push_str("; ");
        }
        if graph.location(step.place).line != line {
            line = graph.location(step.place).line;
            let _ = match line.get() {
                Some(line) => write!(out, "@{line} "),
                None => write!(out, "@- "),
            };
        }
        out.push_str(step.op.name());
        match step.target() {
            Some(target) => write!(out, " >{}", starts[target.index()]).unwrap(),
            None if step.argument > 0 => write!(out, " {}", step.argument).unwrap(),
            None => {}
        }
    }
    out
}

/// The constant as it is written in CPython's dump.
pub(super) fn value(id: ConstId, context: &Context<'_>) -> String {
    match &context.constants[id] {
        Constant::None => "N".to_owned(),
        Constant::True => "T".to_owned(),
        Constant::False => "F".to_owned(),
        Constant::Int(value) => format!("i{value}"),
        Constant::Str(text) => {
            let mut hex = "s".to_owned();
            for byte in context.names.bytes(*text) {
                write!(hex, "{byte:02x}").unwrap();
            }
            hex
        }
        Constant::Tuple(items) => {
            let mut text = format!("t{}", items.len());
            for &item in items {
                write!(text, " {}", value(item, context)).unwrap();
            }
            text
        }
        other => panic!("the dump has no {other:?}"),
    }
}
