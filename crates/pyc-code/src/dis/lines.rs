//! The lines of a listing, one for each instruction.
//!
//! `  3           6 LOAD_CONST               0 (None)`: source line, offset, name, argument,
//! description.

use std::collections::HashMap;
use std::fmt::{self, Write};

use super::Columns;
use super::argument::describe;
use super::caches;
use super::style::{CacheFields, Style};
use crate::code::CodeObject;
use crate::op::{Instruction, instructions};
use crate::tables::exceptions::{self, Handler};
use crate::tables::line_starts;
use crate::version::Minor;

/// One instruction of a listing.
#[derive(Clone, Debug)]
pub struct Line {
    instruction: Instruction,
    /// The text in the column of line numbers or positions.
    place: String,
    /// Whether a source line starts here.
    starts: bool,
    /// The source line of the instruction.
    number: Option<i32>,
    label: Option<usize>,
    detail: String,
    widths: Widths,
    style: Style,
}

/// The column widths of a code object's listing.
#[derive(Clone, Copy, Debug)]
struct Widths {
    /// 0 omits the column.
    line: usize,
    offset: usize,
    label: usize,
}

/// Shown for an instruction without a source line.
pub(super) const NO_LINE: &str = "--";

/// The lines of one code object, without nested code.
#[must_use]
pub fn lines(code: &CodeObject<'_>, minor: Minor) -> Vec<Line> {
    let style = Style::of(minor);
    let handlers = exceptions::decode(&code.exceptiontable).unwrap_or_default();
    let labels = Labels::of(code, minor, &handlers);
    let starts = starts(code, minor, style);
    let widths = widths(code, &starts, &labels, style);
    let starts: HashMap<u32, Option<i32>> = starts.into_iter().collect();
    let mut current = None;
    instructions(&code.code, minor)
        .map(|instruction| {
            let start = starts.get(&instruction.offset()).copied();
            current = start.unwrap_or(current);
            let place = match start {
                None => String::new(),
                Some(None) => NO_LINE.to_owned(),
                Some(Some(line)) => line.to_string(),
            };
            let detail = describe(code, minor, style, &instruction, &labels);
            let label = labels.label(instruction.offset());
            let starts = start.is_some();
            Line { instruction, place, starts, number: current, label, detail, widths, style }
        })
        .collect()
}

/// Where source lines start, according to `dis.findlinestarts` of this version.
fn starts(code: &CodeObject<'_>, minor: Minor, style: Style) -> Vec<(u32, Option<i32>)> {
    let all = line_starts(code, minor).unwrap_or_default();
    let mut starts: Vec<(u32, Option<i32>)> =
        all.iter().map(|start| (start.offset, start.line)).collect();
    if !style.labels {
        starts.retain(|(_, line)| line.is_some());
        starts.dedup_by_key(|(_, line)| *line);
    }
    starts
}

fn widths(
    code: &CodeObject<'_>,
    starts: &[(u32, Option<i32>)],
    labels: &Labels,
    style: Style,
) -> Widths {
    let last = starts
        .iter()
        .filter_map(|(_, line)| *line)
        .filter(|&line| line != 0 || !style.labels)
        .max();
    let has_no_line = starts.iter().any(|(_, line)| line.is_none());
    let line = match last.map(|line| line.to_string().len().max(3)) {
        None => 0,
        Some(width) if has_no_line => width.max(NO_LINE.len() + 2),
        Some(width) => width,
    };
    let offset = code.code.len().saturating_sub(2).to_string().len().max(4);
    Widths { line, offset, label: 4 + labels.len().to_string().len() }
}

impl Line {
    /// The instruction.
    #[must_use]
    pub const fn instruction(&self) -> Instruction {
        self.instruction
    }

    /// The byte offset of the instruction.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.instruction.offset()
    }

    /// The source line of the instruction, if it has one.
    #[must_use]
    pub const fn line(&self) -> Option<i32> {
        self.number
    }

    /// Whether a new source line starts at this instruction.
    #[must_use]
    pub fn starts_line(&self) -> bool {
        self.starts && self.widths.line > 0
    }

    /// The description of the argument; empty if the argument is just a number.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The instruction's name; `<N>` for a number that is no instruction, as in `dis`.
    #[must_use]
    pub fn name(&self) -> String {
        match self.instruction.op() {
            Some(op) => op.name().to_owned(),
            None => format!("<{}>", self.instruction.number()),
        }
    }

    /// Shows a position in the column of line numbers; the column is omitted if its width is 0.
    pub(super) fn show_position(&mut self, position: &str, width: usize) {
        self.place = format!("{position:width$}");
        self.widths.line = width;
    }

    /// Writes the columns before the name of the instruction or of the cache at `offset`.
    fn write_place(
        &self,
        out: &mut String,
        columns: Columns,
        at: u32,
        place: &str,
        label: Option<usize>,
    ) -> fmt::Result {
        let Widths { line, offset, label: label_width } = self.widths;
        if line > 0 {
            write!(out, "{place:>line$} ")?;
        }
        if self.style.labels {
            let text = label.map_or(String::new(), |label| format!("L{label}:"));
            write!(out, "{text:>label_width$}     ")?;
            if columns.offsets {
                out.truncate(out.len() - 4);
                write!(out, "{at:>offset$}       ")?;
            }
            Ok(())
        } else {
            let mark = if label.is_some() { ">>" } else { "" };
            write!(out, "    {mark:2} {at:>offset$} ")
        }
    }
}

impl Line {
    pub(super) fn text(&self, columns: Columns) -> Result<String, fmt::Error> {
        let mut text = String::new();
        self.write_place(&mut text, columns, self.offset(), &self.place, self.label)?;
        let name = self.name();
        write!(text, "{name:20}")?;
        if let Some(argument) = self.instruction.argument() {
            // From 3.13 on, a name longer than its column shortens the argument's column.
            let excess = if self.style.labels { name.len().saturating_sub(20) } else { 0 };
            write!(text, " {argument:>0$}", 5usize.saturating_sub(excess))?;
            if !self.detail.is_empty() {
                write!(text, " ({})", self.detail)?;
            }
        }
        text.truncate(text.trim_end().len());
        Ok(text)
    }

    /// Writes a line for each code unit of the instruction's cache (`dis.py: print_instruction`,
    /// 3.14).
    pub(super) fn write_caches(
        &self,
        code: &CodeObject<'_>,
        minor: Minor,
        columns: Columns,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let fields = self.instruction.op().map_or(&[][..], |op| caches::fields(op, minor));
        let place = if columns.positions { &*self.place } else { "" };
        let mut at = self.offset();
        for &(name, size) in fields {
            for unit in 0..size {
                at += 2;
                let mut text = String::new();
                self.write_place(&mut text, columns, at, place, None)?;
                write!(text, "{:20} {:>5}", "CACHE", 0)?;
                if unit == 0 && self.style.cache_fields == CacheFields::Shown {
                    let start = at as usize;
                    let data = code.code.get(start..start + 2 * size).unwrap_or_default();
                    let value = data.iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte));
                    write!(text, " ({name}: {value})")?;
                }
                writeln!(f, "{text}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Columns::default())?)
    }
}

/// Offsets of jump targets, numbered from 1 in code order.
#[derive(Debug)]
pub(super) struct Labels(Vec<i64>);

impl Labels {
    pub(super) fn of(code: &CodeObject<'_>, minor: Minor, handlers: &[Handler]) -> Self {
        let style = Style::of(minor);
        let mut places: Vec<i64> = instructions(&code.code, minor)
            .filter_map(|instruction| instruction.target())
            .collect();
        for handler in handlers.iter().filter(|_| style.handlers) {
            if style.labels {
                places.extend([i64::from(handler.start), i64::from(handler.end)]);
            }
            if style.labels || handler.start < handler.end {
                places.push(handler.target.into());
            }
        }
        places.sort_unstable();
        places.dedup();
        Self(places)
    }

    /// The number of the label at `offset`.
    pub(super) fn label(&self, offset: impl Into<i64>) -> Option<usize> {
        self.0.binary_search(&offset.into()).ok().map(|index| index + 1)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}
