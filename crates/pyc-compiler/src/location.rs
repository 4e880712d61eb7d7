//! Source ranges of nodes and instructions, and positions of errors.
//!
//! For `x` in the second line of `a = 1\nb = x`: line 2 to 2, columns 4 to 5.

use std::fmt;

use pyc_code::tables::locations::{Number, PackedPosition};

/// The position of an error or a warning in a source, as precise as CPython's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Span {
    /// The line where it begins, from 1.
    pub line: usize,
    /// Where it begins in that line, in bytes of UTF-8 from 0. `None` if it is about the whole
    /// line.
    pub column: Option<usize>,
    /// The line where it ends.
    pub end_line: usize,
    /// Where it ends in that line, exclusive. `None` if only the beginning is known.
    pub end_column: Option<usize>,
}

impl Span {
    /// `None` for a location that is in no line.
    pub(crate) fn of(location: Location) -> Option<Self> {
        let Location { line, end_line, column, end_column } = location;
        let known = |number: Option<i32>| number.and_then(|number| usize::try_from(number).ok());
        let line = known(line.get()).filter(|line| *line > 0)?;
        Some(Self {
            line,
            column: known(column.get()),
            end_line: known(end_line.get()).unwrap_or(line),
            end_column: known(end_column.get()),
        })
    }
}

/// The source range of an instruction: lines from 1, columns in bytes of UTF-8 from 0, the end
/// exclusive.
///
/// Lines and columns are computed once, while the tree is built, because there the position only
/// moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Location {
    /// The first line.
    pub(crate) line: Line,
    /// The last line.
    pub(crate) end_line: Line,
    /// Where it starts in the first line.
    pub(crate) column: Column,
    /// Where it ends in the last line.
    pub(crate) end_column: Column,
}

/// The number of a line, from 1, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Line(Number);

/// A column in bytes of UTF-8, from 0, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Column(Number);

impl Line {
    /// No line. It is less than all others, and equal to itself.
    pub(crate) const NONE: Self = Self(Number::NONE);

    /// The line with this number.
    pub(crate) const fn new(number: i32) -> Self {
        Self(Number::new(number))
    }

    /// Whether there is one.
    pub(crate) const fn is_some(self) -> bool {
        self.0.is_some()
    }

    pub(crate) const fn get(self) -> Option<i32> {
        self.0.get()
    }

    /// The number; 0 if there is none.
    pub(crate) const fn number(self) -> i32 {
        match self.get() {
            Some(number) => number,
            None => 0,
        }
    }

    /// The line this many lines below.
    pub(crate) const fn below(self, lines: i32) -> Self {
        match self.get() {
            Some(number) => Self::new(number + lines),
            None => self,
        }
    }
}

impl Column {
    /// No column. It is less than all others, and equal to itself.
    pub(crate) const NONE: Self = Self(Number::NONE);

    /// The column with this number.
    pub(crate) const fn new(number: i32) -> Self {
        Self(Number::new(number))
    }

    /// The distance of `offset` from `line_start` in bytes; none if it is before that.
    pub(crate) fn between(line_start: usize, offset: usize) -> Self {
        let column = offset.checked_sub(line_start);
        column.map_or(Self::NONE, |column| Self::new(i32::try_from(column).unwrap_or(i32::MAX)))
    }

    /// Whether there is one.
    pub(crate) const fn is_some(self) -> bool {
        self.0.is_some()
    }

    pub(crate) const fn get(self) -> Option<i32> {
        self.0.get()
    }

    /// The column before; none for the first.
    pub(crate) const fn before(self) -> Self {
        self.after(-1)
    }

    /// The column this many bytes after; none if that would be before the first.
    pub(crate) const fn after(self, bytes: i32) -> Self {
        match self.get() {
            Some(number) if number + bytes >= 0 => Self::new(number + bytes),
            _ => Self::NONE,
        }
    }
}

impl Default for Line {
    fn default() -> Self {
        Self::NONE
    }
}

impl Default for Location {
    fn default() -> Self {
        Self::NONE
    }
}

impl Location {
    /// In no line: the instruction has no counterpart in the source.
    pub(crate) const NONE: Self = Self::in_no_column(Line::NONE);
    /// Replaced in the end by the location of the instruction that comes next (`NEXT_LOCATION`,
    /// 3.14). It differs from [`Self::NONE`] in its columns.
    pub(crate) const NEXT: Self = Self::line_start(Line::NONE);

    /// The range from (`line`, `column`) to (`end_line`, `end_column`).
    pub(crate) const fn new(line: i32, end_line: i32, column: i32, end_column: i32) -> Self {
        Self {
            line: Line::new(line),
            end_line: Line::new(end_line),
            column: Column::new(column),
            end_column: Column::new(end_column),
        }
    }

    /// A whole line, without columns.
    pub(crate) const fn in_no_column(line: Line) -> Self {
        Self { line, end_line: line, column: Column::NONE, end_column: Column::NONE }
    }

    /// From a column of a line on, without a known end.
    pub(crate) const fn from(line: Line, column: Column) -> Self {
        Self { line, end_line: line, column, end_column: Column::NONE }
    }

    /// The empty range at the start of `line`.
    pub(crate) const fn line_start(line: Line) -> Self {
        Self { line, end_line: line, column: Column::new(0), end_column: Column::new(0) }
    }

    /// The form in which it is written to the table of locations.
    #[inline(always)]
    pub(crate) const fn packed(self) -> PackedPosition {
        PackedPosition::new(self.numbers())
    }

    #[inline(always)]
    const fn numbers(self) -> [Number; 4] {
        [self.line.0, self.end_line.0, self.column.0, self.end_column.0]
    }

    /// From the start of `self` to the end of `other`.
    pub(crate) const fn to_end_of(self, other: Self) -> Self {
        Self { end_line: other.end_line, end_column: other.end_column, ..self }
    }

    /// The same lines, without columns.
    pub(crate) const fn without_columns(self) -> Self {
        Self { column: Column::NONE, end_column: Column::NONE, ..self }
    }

    /// The same range, this many lines below.
    pub(crate) const fn below(self, lines: i32) -> Self {
        Self { line: self.line.below(lines), end_line: self.end_line.below(lines), ..self }
    }
}

/// `1:4-2:5`: the first line and column, the last line and column; `-1` for none, as in CPython
/// (`pycore_symtable.h: _Py_SourceLocation`, 3.13).
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [line, end_line, column, end_column] =
            self.numbers().map(|number| number.get().unwrap_or(-1));
        write!(f, "{line}:{column}-{end_line}:{end_column}")
    }
}

/// A line from 1, and a column in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: i32,
    pub(crate) column: i32,
}

impl Position {
    /// The range from here to `end`.
    pub(crate) const fn to(self, end: Self) -> Location {
        Location::new(self.line, end.line, self.column, end.column)
    }
}
