//! From offsets to lines and columns, by a cursor that walks with the tree.
//!
//! Offsets 0, 4 and 6 of `a = 1\nb` are lines 1, 1, 2 and columns 0, 4, 0. Neighbours in the tree are neighbours in the
//! source, so the line is almost always the one asked for last, or the next.

use ruff_text_size::{TextRange, TextSize};

use crate::location::{Location, Position};
use crate::name::count;

/// Knows where lines start, and on which it is.
pub(super) struct Cursor {
    starts: Vec<u32>,
    line: usize,
}

impl Cursor {
    /// For a text of less than 2 GiB with `\n` as its only line end.
    pub(super) fn new(text: &str) -> Self {
        let mut starts = Vec::with_capacity(text.len() / 32 + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| count(at + 1)));
        Self { starts, line: 0 }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "sources of 2 GiB and more are refused before"
    )]
    pub(super) fn position(&mut self, offset: TextSize) -> Position {
        let offset = offset.to_u32();
        while self.starts.get(self.line + 1).is_some_and(|&start| start <= offset) {
            self.line += 1;
        }
        while self.starts[self.line] > offset {
            self.line -= 1;
        }
        Position { line: self.line as i32 + 1, column: (offset - self.starts[self.line]) as i32 }
    }

    pub(super) fn location(&mut self, range: TextRange) -> Location {
        self.position(range.start()).to(self.position(range.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_in_any_order() {
        let mut cursor = Cursor::new("a = 1\nb\n\nlast");
        let mut at = |offset: u32| {
            let Position { line, column } = cursor.position(offset.into());
            (line, column)
        };
        assert_eq!(
            [0, 5, 6, 8, 9, 13].map(&mut at),
            [(1, 0), (1, 5), (2, 0), (3, 0), (4, 0), (4, 4)]
        );
        assert_eq!([6, 0].map(at), [(2, 0), (1, 0)]);
    }
}
