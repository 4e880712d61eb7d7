//! The column of positions: `3:4-3:9` for the columns 4 to 9 of line 3.
//!
//! `?` is a part that isn't known, and `--` stands for code without a position.

use super::lines::{Line, NO_LINE};
use crate::code::CodeObject;
use crate::tables::locations::{self, Position};
use crate::version::{LineFormat, Minor};

/// Shows each instruction's position in the place of its line (`dis.py: print_instruction_line`,
/// 3.14).
pub(super) fn show(code: &CodeObject<'_>, minor: Minor, lines: &mut [Line]) {
    let has_positions = minor.line_format() == LineFormat::Locations;
    let spans = locations::decode(&code.linetable, code.firstlineno)
        .ok()
        .filter(|_| has_positions)
        .unwrap_or_default();
    let width = width(spans.iter().map(|span| span.position));
    let mut ends = spans.iter().scan(0, |end, span| {
        *end += span.units;
        Some((*end, span.position))
    });
    let mut current = ends.next();
    for line in lines {
        while current.is_some_and(|(end, _)| end <= line.offset() / 2) {
            current = ends.next();
        }
        let position = current.and_then(|(_, position)| position);
        let text = position.map_or_else(|| format!("  {NO_LINE}"), text);
        line.show_position(if width == 0 { "" } else { &text }, width);
    }
}

/// The column's width; 0 if nothing has a position (`dis.py: _get_positions_width`, 3.14).
fn width(positions: impl Iterator<Item = Option<Position>>) -> usize {
    let (mut has_value, mut widest) = (false, 0);
    for position in positions {
        has_value |= position.is_some();
        let parts = position.map_or(4, |position| text(position).len() - 3);
        widest = widest.max(parts);
    }
    if has_value { 1 + (NO_LINE.len() + 2).max(3 + widest) } else { 0 }
}

fn text(position: Position) -> String {
    let Position { line, end_line, column, end_column } = position;
    let known = |column: Option<u32>| column.map_or("?".to_owned(), |column| column.to_string());
    format!("{line}:{}-{end_line}:{}", known(column), known(end_column))
}
