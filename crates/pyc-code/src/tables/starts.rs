//! The instructions at which source lines start, for any version.
//!
//! `x = 1; y = 2` on line 1 and `z = 3` on line 2 give `[(0, 1), (8, 2)]`, as `dis.findlinestarts`
//! does.

use super::{linetable, lnotab, locations};
use crate::code::CodeObject;
use crate::error::Error;
use crate::version::{LineFormat, Minor};

/// An instruction at which a source line starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineStart {
    /// Byte offset of the instruction.
    pub offset: u32,
    /// The source line; `None` where code without a line starts.
    pub line: Option<i32>,
}

/// The instructions in `code` at which the source line changes, in code order.
///
/// A line appears several times if the code returns to it. Code without a line has entries only in
/// 3.10 and later.
pub fn line_starts(code: &CodeObject<'_>, minor: Minor) -> Result<Vec<LineStart>, Error> {
    let ranges = match minor.line_format() {
        LineFormat::Lnotab => return steps(code),
        LineFormat::LineTable => linetable::decode(&code.linetable, code.firstlineno)?
            .into_iter()
            .map(|range| (range.bytes, range.line))
            .collect::<Vec<_>>(),
        LineFormat::Locations => locations::decode(&code.linetable, code.firstlineno)?
            .into_iter()
            .map(|span| (span.units * 2, span.position.map(|position| position.line)))
            .collect(),
    };
    let mut starts: Vec<LineStart> = Vec::new();
    let mut offset = 0u32;
    for (bytes, line) in ranges {
        if starts.last().is_none_or(|last| last.line != line) {
            starts.push(LineStart { offset, line });
        }
        offset = offset.saturating_add(bytes);
    }
    Ok(starts)
}

/// The same for a table of steps (`dis.findlinestarts`, 3.9).
fn steps(code: &CodeObject<'_>) -> Result<Vec<LineStart>, Error> {
    let mut starts: Vec<LineStart> = Vec::new();
    let (mut offset, mut line) = (0u32, code.firstlineno);
    let mut start = |offset, line| {
        if starts.last().is_none_or(|last| last.line != Some(line)) {
            starts.push(LineStart { offset, line: Some(line) });
        }
    };
    for step in lnotab::decode(&code.linetable)? {
        if step.bytes != 0 {
            start(offset, line);
            offset = offset.saturating_add(step.bytes);
            if offset as usize >= code.code.len() {
                return Ok(starts);
            }
        }
        line = line.wrapping_add(step.lines);
    }
    start(offset, line);
    Ok(starts)
}
