//! Disassembly listings in the format of `python -m dis` of the same version.
//!
//! ```
//! # use pyc_code::{Minor, CodeObject};
//! let mut code = CodeObject::default();
//! code.code = b"\x95\x00\x67\x00"[..].into(); // RESUME 0, RETURN_CONST 0
//! code.consts = [pyc_code::Const::None].into();
//! code.linetable = b"\x81\x00"[..].into();
//! code.firstlineno = 1;
//! let text = pyc_code::dis::listing(&code, Minor::PY313).to_string();
//! assert_eq!(text, "  1           RESUME                   0\n              RETURN_CONST             0 (None)\n");
//! ```
//!
//! Three things differ from CPython because a `.pyc` doesn't contain them: addresses of code
//! objects are omitted, elements of a frozenset are sorted by their text, and instructions are
//! never shown as specialised. Invalid tables and indices leave gaps in the listing instead of
//! ending it.

mod argument;
#[rustfmt::skip]
mod caches;
mod info;
mod lines;
mod positions;
#[rustfmt::skip]
mod printable;
mod quote;
mod repr;
mod style;

pub use info::info;
pub use lines::{Line, lines};

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::code::CodeObject;
use crate::constant::Const;
use crate::tables::exceptions;
use crate::version::Minor;
use lines::Labels;
use style::Style;

/// The listing of `code` and of all code objects nested in it.
#[must_use]
pub fn listing<'c>(code: &'c CodeObject<'c>, minor: Minor) -> Listing<'c> {
    Listing { code, minor, columns: Columns::default() }
}

/// A listing, which is printed by `Display`.
///
/// ```
/// use pyc_code::dis::Columns;
/// # use pyc_code::{Minor, CodeObject};
/// # let mut code = CodeObject::default();
/// # code.code = b"\x95\x00\x67\x00"[..].into(); // RESUME 0, RETURN_CONST 0
/// # code.consts = [pyc_code::Const::None].into();
/// # code.linetable = b"\x81\x00"[..].into();
/// # code.firstlineno = 1;
///
/// let columns = Columns::default().offsets().positions();
/// assert_eq!(
///     pyc_code::dis::listing(&code, Minor::PY313).columns(columns).to_string(),
///     "1:0-1:0           0       RESUME                   0\n\
///      1:0-1:0           2       RETURN_CONST             0 (None)\n"
/// );
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Listing<'c> {
    code: &'c CodeObject<'c>,
    minor: Minor,
    columns: Columns,
}

impl Listing<'_> {
    /// With these columns and lines.
    #[must_use]
    pub fn columns(self, columns: Columns) -> Self {
        Self { columns, ..self }
    }
}

/// The columns and lines of a listing that aren't always shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    offsets: bool,
    caches: bool,
    positions: bool,
}

impl Columns {
    /// With the offset of each instruction, as `python -m dis -O` shows it since 3.13. Older
    /// listings always have offsets.
    #[must_use]
    pub fn offsets(self) -> Self {
        Self { offsets: true, ..self }
    }

    /// With inline caches, as `python -m dis -C` shows them since 3.13 and `dis.dis(…,
    /// show_caches=True)` since 3.11. Older versions have none.
    #[must_use]
    pub fn caches(self) -> Self {
        Self { caches: true, ..self }
    }

    /// With lines and columns in the place of lines, as `python -m dis -P` shows them since 3.14;
    /// for older versions their own listing with that column. Before 3.11 there are no positions.
    #[must_use]
    pub fn positions(self) -> Self {
        Self { positions: true, ..self }
    }

    /// With what `dis.dis` shows if this option of it is true: `show_offsets`, `show_caches` or
    /// `show_positions`. Other options add nothing.
    #[must_use]
    pub fn option(self, name: &str) -> Self {
        match name {
            "show_offsets" => self.offsets(),
            "show_caches" => self.caches(),
            "show_positions" => self.positions(),
            _ => self,
        }
    }
}

/// A constant in the format of Python's `repr`.
#[must_use]
pub fn repr<'c>(constant: &'c Const<'c>, minor: Minor) -> impl fmt::Display + 'c {
    repr::Repr::new(constant, minor)
}

/// A code object in the format of Python's `repr`, without its address.
#[must_use]
pub fn title<'c>(code: &'c CodeObject<'c>) -> impl fmt::Display + 'c {
    repr::Title(code)
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        one(self.code, self.minor, self.columns, f)?;
        // Nested code follows its parent, depth first. A code object that a damaged file shares is
        // listed once, because listing each use could take exponential time.
        let mut open = vec![self.code.consts.iter()];
        let mut seen = HashSet::new();
        while let Some(rest) = open.last_mut() {
            match rest.next() {
                None => drop(open.pop()),
                Some(Const::Code(code)) if seen.insert(Arc::as_ptr(code)) => {
                    writeln!(f, "\nDisassembly of {}:", repr::Title(code))?;
                    one(code, self.minor, self.columns, f)?;
                    open.push(code.consts.iter());
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// Lists one code object.
fn one(
    code: &CodeObject<'_>,
    minor: Minor,
    columns: Columns,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut lines = lines(code, minor);
    if columns.positions {
        positions::show(code, minor, &mut lines);
    }
    for line in lines {
        if line.starts_line() && line.offset() > 0 {
            writeln!(f)?;
        }
        writeln!(f, "{}", line.text(columns)?)?;
        if columns.caches {
            line.write_caches(code, minor, columns, f)?;
        }
    }
    handlers(code, minor, f)
}

fn handlers(code: &CodeObject<'_>, minor: Minor, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Ok(handlers) = exceptions::decode(&code.exceptiontable) else {
        return writeln!(f, "ExceptionTable: does not decode");
    };
    if handlers.is_empty() {
        return Ok(());
    }
    let style = Style::of(minor);
    let labels = Labels::of(code, minor, &handlers);
    writeln!(f, "ExceptionTable:")?;
    for handler in handlers {
        if style.labels {
            let label = |offset| labels.label(offset).unwrap_or(0);
            let (start, end) = (label(handler.start), label(handler.end));
            write!(f, "  L{start} to L{end} -> L{}", label(handler.target))?;
        } else {
            let last = i64::from(handler.end) - 2;
            write!(f, "  {} to {last} -> {}", handler.start, handler.target)?;
        }
        writeln!(f, " [{}]{}", handler.depth, if handler.lasti { " lasti" } else { "" })?;
    }
    Ok(())
}
