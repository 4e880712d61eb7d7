//! Source ranges of nodes and instructions, and positions of errors.
//!
//! For `x` in the second line of `a = 1\nb = x`: line 2 to 2, columns 4 to 5.

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
        let known = |number: i32| usize::try_from(number).ok();
        let line = known(location.line).filter(|line| *line > 0)?;
        Some(Self {
            line,
            column: known(location.column),
            end_line: known(location.end_line).unwrap_or(line),
            end_column: known(location.end_column),
        })
    }
}

/// The source range of an instruction: lines from 1, columns in bytes of UTF-8 from 0, the end
/// exclusive.
///
/// -1 stands for "none", as in CPython (`pycore_symtable.h: _Py_SourceLocation, 3.13`). Lines and
/// columns are computed once, while the tree is built, because there the position only moves
/// forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Location {
    /// The first line.
    pub(crate) line: i32,
    /// The last line.
    pub(crate) end_line: i32,
    /// Where it starts in the first line.
    pub(crate) column: i32,
    /// Where it ends in the last line.
    pub(crate) end_column: i32,
}

impl Default for Location {
    fn default() -> Self {
        Self::NONE
    }
}

impl Location {
    /// In no line: the instruction has no counterpart in the source.
    pub(crate) const NONE: Self = Self::new(-1, -1, -1, -1);
    /// Replaced in the end by the location of the instruction that comes next (`NEXT_LOCATION`,
    /// 3.14).
    pub(crate) const NEXT: Self = Self::new(-2, -2, -2, -2);

    /// The range from (`line`, `column`) to (`end_line`, `end_column`).
    pub(crate) const fn new(line: i32, end_line: i32, column: i32, end_column: i32) -> Self {
        Self { line, end_line, column, end_column }
    }

    /// The empty range at the start of `line`.
    pub(crate) const fn line_start(line: i32) -> Self {
        Self::new(line, line, 0, 0)
    }

    /// From the start of `self` to the end of `other`.
    pub(crate) const fn to_end_of(self, other: Self) -> Self {
        Self::new(self.line, other.end_line, self.column, other.end_column)
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
