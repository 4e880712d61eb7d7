//! The instructions at which a line begins, for any version.
//!
//! `x = 1; y = 2` on line 1 and `z = 3` on line 2 give `[(0, 1), (8, 2)]`: what `dis.findlinestarts` gives.

use super::{linetable, lnotab, locations};
use crate::code::CodeObject;
use crate::error::Error;
use crate::version::{LineFormat, Minor};

/// Where a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineStart {
    /// The instruction, as a byte offset into the code.
    pub offset: u32,
    /// Its line; none where code begins that belongs to no line.
    pub line: Option<i32>,
}

/// The places in `code` where another line begins, in the order of the code.
///
/// Lines repeat where the code returns to them. Code without a line starts one too, but only in 3.10 and later.
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

/// The same from a table of steps (`dis.findlinestarts`, 3.9).
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
