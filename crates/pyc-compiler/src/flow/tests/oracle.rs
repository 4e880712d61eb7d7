//! Compares our passes and assembler with CPython's, on sequences from CPython's code generator.
//!
//! `cargo xtask conformance flow` creates the dump (its format: `crates/conformance/src/flow.py`)
//! and runs this test.

use std::collections::HashMap;
use std::fmt::Write;
use std::io::{BufRead, BufReader};

use super::sample;
use crate::code::Code;
use crate::constant::ConstId;
use crate::context::Context;
use crate::flow::assemble;
use crate::flow::graph::Graph;
use crate::flow::work::Work;
use crate::instruction::Op;
use crate::location::{Line, Location};
use crate::unit::Unit;

#[test]
#[ignore = "needs a dump, which `cargo xtask conformance flow` makes"]
fn passes_and_assembler_equal_cpython() {
    let path = std::env::var_os("INCLUDE_PY_FLOW_DUMP").expect("INCLUDE_PY_FLOW_DUMP names a dump");
    let lines = BufReader::new(std::fs::File::open(path).unwrap()).lines().map(Result::unwrap);
    let mut dump =
        Dump { lines: Box::new(lines), ops: Op::ALL.iter().map(|op| (op.name(), *op)).collect() };
    let (mut units, mut assembled, mut failures) = (0, 0, Vec::new());
    while let Some(record) = dump.record() {
        units += 1;
        assembled += u32::from(!record.code.is_empty());
        for (what, ours, theirs) in [
            ("passes", record.optimized(), record.after()),
            ("code", record.assembled(), record.code()),
        ] {
            if ours != theirs {
                failures.push(format!("{} {what}\n{}", record.label, difference(&ours, &theirs)));
            }
        }
    }
    println!("{units} units, {assembled} assembled, {} differences", failures.len());
    assert!(units > 0, "the dump is empty");
    assert!(failures.is_empty(), "{}", failures[..failures.len().min(5)].join("\n\n"));
}

/// A line of the dump: op, argument, location.
type Row = (Op, u32, Location);

struct Dump<'d> {
    lines: Box<dyn Iterator<Item = String>>,
    ops: HashMap<&'d str, Op>,
}

struct Record {
    label: String,
    locals: usize,
    before: Vec<Row>,
    after: Vec<Row>,
    consts_before: Vec<String>,
    consts_after: String,
    code: Vec<String>,
}

impl Dump<'_> {
    fn record(&mut self) -> Option<Record> {
        let head = self.words("unit")?;
        Some(Record {
            label: head[0].clone(),
            locals: head[1].parse().unwrap(),
            consts_before: self.words("consts")?,
            before: self.rows("in")?,
            after: self.rows("out")?,
            consts_after: self.words("consts")?.join(" "),
            code: self.words("code")?,
        })
    }

    fn words(&mut self, title: &str) -> Option<Vec<String>> {
        let line = self.lines.next()?;
        let mut words = line.split(' ');
        assert_eq!(words.next(), Some(title), "{line}");
        Some(words.map(str::to_owned).collect())
    }

    fn rows(&mut self, title: &str) -> Option<Vec<Row>> {
        let count: usize = self.words(title)?[0].parse().unwrap();
        let lines = self.lines.by_ref().take(count);
        let row = |line: String| {
            let (name, rest) = line.split_once(' ').unwrap();
            let numbers: Vec<i32> = rest.split(' ').map(|number| number.parse().unwrap()).collect();
            let [argument, line, end_line, column, end_column] = numbers[..] else {
                panic!("{line}")
            };
            let location = Location::new(line, end_line, column, end_column);
            (self.ops[name], argument.try_into().unwrap(), location)
        };
        Some(lines.map(row).collect())
    }
}

impl Record {
    fn unit(&self, context: &mut Context<'_>) -> Unit {
        let mut unit = Unit { first_line: self.first_line(), ..Unit::default() };
        let mut words = self.consts_before.iter().map(String::as_str);
        while let Some(id) = parse(&mut words, context) {
            unit.consts.number(id);
        }
        let mut name = |text: String| context.names.intern(text.as_bytes());
        for at in 0..self.locals {
            unit.locals.number(name(format!("v{at}")));
        }
        if let [cells, frees, ..] = &self.code[..] {
            for at in 0..cells.parse().unwrap() {
                let local = at % 2 == 0 && at < self.locals;
                unit.cells.number(name(if local { format!("v{at}") } else { format!("c{at}") }));
            }
            for at in 0..frees.parse::<u32>().unwrap() {
                unit.frees.number(name(format!("f{at}")));
            }
        }
        let targets = self.before.iter().filter(|row| row.0.has_target()).map(|row| row.1);
        let labels: HashMap<u32, _> = targets.map(|target| (target, unit.code.label())).collect();
        for (at, &(op, argument, location)) in self.before.iter().enumerate() {
            if let Some(&label) = labels.get(&u32::try_from(at).unwrap()) {
                unit.code.place(label);
            }
            if op.has_target() {
                unit.code.jump(op, labels[&argument], location);
            } else {
                unit.code.push(op, argument, location);
            }
        }
        unit
    }

    fn first_line(&self) -> Line {
        Line::new(self.label.rsplit(':').next().unwrap().parse().unwrap())
    }

    /// The unit after our optimising passes.
    fn optimized(&self) -> String {
        let options = sample::options();
        let mut context = Context::new(&options);
        let mut unit = self.unit(&mut context);
        let mut work = Work::new(&mut unit, &mut context).unwrap();
        work.run(options.target().release().pipeline.optimize).unwrap();
        let mut text = listing(&rows(work.graph));
        let values = unit.consts.items().iter().map(|&id| sample::value(id, &context));
        text.push_str(&values.collect::<Vec<_>>().join(" "));
        text
    }

    /// The unit after CPython's passes.
    fn after(&self) -> String {
        format!("{}{}", listing(&self.after), self.consts_after)
    }

    /// The unit's code without any optimisation, as `assemble_code_object` makes it.
    fn assembled(&self) -> String {
        if self.code.is_empty() {
            return String::new();
        }
        let options = sample::options();
        let mut context = Context::new(&options);
        let mut unit = self.unit(&mut context);
        let pipeline = &options.target().release().pipeline;
        let mut work = Work::new(&mut unit, &mut context).unwrap();
        work.run(&pipeline.optimize[..1]).unwrap();
        work.measure_depth().unwrap();
        work.run(pipeline.lower).unwrap();
        let code = assemble::assemble(work).unwrap();
        shown(&code, &context)
    }

    fn code(&self) -> String {
        self.code.get(2..).map_or(String::new(), |fields| fields.join("\n"))
    }
}

fn shown(code: &Code, context: &Context<'_>) -> String {
    let codes = &context.codes;
    let hex = |bytes: &[u8]| {
        let mut hex = String::new();
        for byte in bytes {
            let _ = write!(hex, "{byte:02x}");
        }
        if hex.is_empty() { "-".to_owned() } else { hex }
    };
    let of_kind = |bit: u8| {
        let locals = codes.names(code.locals).iter().zip(codes.bytes(code.kinds));
        let chosen = locals.filter(|(_, kind)| *kind & bit != 0);
        let names: Vec<_> = chosen.map(|(&name, _)| context.names.text(name)).collect();
        if names.is_empty() { "-".to_owned() } else { names.join(",") }
    };
    let tables =
        [codes.units(code.bytecode), codes.bytes(code.locations), codes.bytes(code.exceptions)]
            .map(hex)
            .join("\n");
    format!("{}\n{tables}\n{}\n{}", code.stack_size, of_kind(0x20), of_kind(0x40))
}

fn parse<'w>(
    words: &mut impl Iterator<Item = &'w str>,
    context: &mut Context<'_>,
) -> Option<ConstId> {
    let word = words.next()?;
    let Some((kind, rest)) = word.split_at_checked(1) else { return parse(words, context) };
    Some(match kind {
        "N" => ConstId::NONE,
        "T" => ConstId::TRUE,
        "F" => ConstId::FALSE,
        "i" => context.constants.int(rest.parse().unwrap()),
        "s" => {
            let bytes = (0..rest.len() / 2)
                .map(|at| u8::from_str_radix(&rest[2 * at..2 * at + 2], 16).unwrap());
            let name = context.names.intern(&bytes.collect::<Vec<_>>());
            context.constants.str(name)
        }
        _ => {
            let count: usize = rest.parse().unwrap();
            let items: Vec<_> = (0..count).map(|_| parse(words, context).unwrap()).collect();
            context.constants.tuple(items)
        }
    })
}

fn rows(graph: &Graph) -> Vec<Row> {
    let mut starts = vec![0; graph.block_count()];
    let mut index = 0;
    for id in graph.order() {
        starts[id.index()] = index;
        index += u32::try_from(graph[id].len()).unwrap();
    }
    let steps = graph.order().flat_map(|id| graph.steps(id));
    let argument = |step: &crate::flow::graph::Step| match step.target() {
        Some(target) => starts[target.index()],
        None => step.argument,
    };
    steps.map(|step| (step.op, argument(step), graph.location(step.place))).collect()
}

fn listing(rows: &[Row]) -> String {
    let mut text = String::new();
    for (op, argument, location) in rows {
        let _ = writeln!(text, "{} {argument} {location}", op.name());
    }
    text
}

/// Both texts around the first line that differs.
fn difference(ours: &str, theirs: &str) -> String {
    let (ours, theirs): (Vec<_>, Vec<_>) = (ours.lines().collect(), theirs.lines().collect());
    let first = ours.iter().zip(&theirs).take_while(|(one, other)| one == other).count();
    let part = |lines: &[&str]| {
        let around = lines.iter().skip(first.saturating_sub(4)).take(9);
        around.map(|line| ["    ", *line, "\n"].concat()).collect::<String>()
    };
    format!("  line {first}, ours:\n{}  CPython's:\n{}", part(&ours), part(&theirs))
}
