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
mod info;
mod lines;
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
pub fn listing<'c>(code: &'c CodeObject<'c>, minor: Minor) -> impl fmt::Display + 'c {
    Listing { code, minor, offsets: Offsets::AsUsual }
}

/// Like [`listing`], with the offset of each instruction, as `python -m dis -O` prints it.
#[must_use]
pub fn listing_with_offsets<'c>(code: &'c CodeObject<'c>, minor: Minor) -> impl fmt::Display + 'c {
    Listing { code, minor, offsets: Offsets::Shown }
}

/// Whether offsets are printed in versions whose listings use labels. Listings before 3.13 always
/// have offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offsets {
    AsUsual,
    Shown,
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

struct Listing<'c> {
    code: &'c CodeObject<'c>,
    minor: Minor,
    offsets: Offsets,
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        one(self.code, self.minor, self.offsets, f)?;
        // Nested code follows its parent, depth first. A code object that a damaged file shares is
        // listed once, because listing each use could take exponential time.
        let mut open = vec![self.code.consts.iter()];
        let mut seen = HashSet::new();
        while let Some(rest) = open.last_mut() {
            match rest.next() {
                None => drop(open.pop()),
                Some(Const::Code(code)) if seen.insert(Arc::as_ptr(code)) => {
                    writeln!(f, "\nDisassembly of {}:", repr::Title(code))?;
                    one(code, self.minor, self.offsets, f)?;
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
    offsets: Offsets,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    for line in lines(code, minor) {
        if line.starts_line() && line.offset() > 0 {
            writeln!(f)?;
        }
        match offsets {
            Offsets::AsUsual => writeln!(f, "{line}")?,
            Offsets::Shown => writeln!(f, "{}", line.text(offsets)?)?,
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
