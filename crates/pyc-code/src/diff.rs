//! The first difference between two code objects.
//!
//! ```
//! # use pyc_code::{CodeObject, Minor};
//! let (mut ours, mut theirs) = (CodeObject::default(), CodeObject::default());
//! ours.name = "<module>".into();
//! theirs.name = "<module>".into();
//! theirs.stacksize = 2;
//! let difference = pyc_code::diff::first(&ours, &theirs, Minor::PY313).unwrap();
//! assert_eq!(difference.to_string(), "<module>: co_stacksize is 0, not 2\n");
//! ```
//!
//! Values are compared as in the canonical form: references, interning and the order of a
//! frozenset's elements don't count.

mod value;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::code::{CodeObject, Locals};
use crate::constant::Const;
use crate::dis;
use crate::tables::{exceptions, line_starts, locations};
use crate::version::{LineFormat, Minor};
use value::Values;

/// The first difference between two code objects.
///
/// Its `Display` output names the code object and the field with both values. If instructions
/// differ, it also shows the surrounding lines of both listings.
#[derive(Clone, Debug)]
pub struct Difference {
    path: Vec<String>,
    field: &'static str,
    left: String,
    right: String,
    listings: Option<Listings>,
    level: Level,
}

/// How far two different code objects agree, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// They differ in something that changes what the code does.
    Different,
    /// They are equal except for exception tables and line tables.
    EqualExceptTables,
    /// They are equal except for line tables.
    EqualExceptLines,
}

#[derive(Clone, Debug)]
struct Listings {
    left: Vec<String>,
    right: Vec<String>,
}

/// Number of instructions shown before and after the first one that differs.
const AROUND: usize = 4;

/// The first difference between `left` and `right`, or `None` if they are equal.
///
/// A function's own fields are compared before those of the functions nested in it. Line tables are
/// compared last, so if one is reported, the code object's other fields are equal.
#[must_use]
pub fn first(left: &CodeObject<'_>, right: &CodeObject<'_>, minor: Minor) -> Option<Difference> {
    all(left, right, minor).next()
}

/// How far `left` and `right` agree; `None` if they are equal.
#[must_use]
pub fn level(left: &CodeObject<'_>, right: &CodeObject<'_>, minor: Minor) -> Option<Level> {
    all(left, right, minor).map(|difference| difference.level).min()
}

/// The first difference of each pair of corresponding code objects.
pub fn all<'c>(
    left: &'c CodeObject<'c>,
    right: &'c CodeObject<'c>,
    minor: Minor,
) -> impl Iterator<Item = Difference> + 'c {
    let mut open = vec![(Vec::new(), left, right)];
    let mut seen = HashSet::new();
    let mut values = Values::default();
    std::iter::from_fn(move || {
        loop {
            let (mut path, left, right) = open.pop()?;
            path.push(left.name.to_string());
            let mut own = Comparison { left, right, minor, values: &mut values };
            let difference = own.first();
            if let Some(Found { field, left: shown, right: other, listings, level }) = difference {
                // Nested code objects only correspond if the parents' instructions agree.
                if level > Level::Different {
                    push_children(&mut open, &mut seen, &path, left, right);
                }
                return Some(Difference {
                    path,
                    field,
                    left: shown,
                    right: other,
                    listings,
                    level,
                });
            }
            push_children(&mut open, &mut seen, &path, left, right);
        }
    })
}

type Pair<'c> = (Vec<String>, &'c CodeObject<'c>, &'c CodeObject<'c>);

fn push_children<'c>(
    open: &mut Vec<Pair<'c>>,
    seen: &mut HashSet<(*const CodeObject<'c>, *const CodeObject<'c>)>,
    path: &[String],
    left: &'c CodeObject<'c>,
    right: &'c CodeObject<'c>,
) {
    let pairs: Vec<_> = left.consts.iter().zip(right.consts.iter()).collect();
    for (left, right) in pairs.into_iter().rev() {
        if let (Const::Code(left), Const::Code(right)) = (left, right) {
            if seen.insert((Arc::as_ptr(left), Arc::as_ptr(right))) {
                open.push((path.to_vec(), left, right));
            }
        }
    }
}

impl Difference {
    /// The names of the code objects from the outermost to the one that differs.
    pub fn path(&self) -> impl Iterator<Item = &str> {
        self.path.iter().map(String::as_str)
    }

    /// The attribute of `types.CodeType` that differs.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// The value in the first code object, as text.
    #[must_use]
    pub fn left(&self) -> &str {
        &self.left
    }

    /// The value in the second code object, as text.
    #[must_use]
    pub fn right(&self) -> &str {
        &self.right
    }

    /// How far the code objects agree despite this difference.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, left, right, .. } = self;
        writeln!(f, "{}: {field} is {left}, not {right}", self.path.join(" > "))?;
        let Some(Listings { left, right }) = &self.listings else { return Ok(()) };
        left.iter().try_for_each(|line| writeln!(f, "- {line}"))?;
        right.iter().try_for_each(|line| writeln!(f, "+ {line}"))
    }
}

/// A difference between two code objects, apart from nested code.
struct Found {
    field: &'static str,
    left: String,
    right: String,
    listings: Option<Listings>,
    level: Level,
}

struct Comparison<'v, 'c> {
    left: &'c CodeObject<'c>,
    right: &'c CodeObject<'c>,
    minor: Minor,
    values: &'v mut Values,
}

impl Comparison<'_, '_> {
    fn first(&mut self) -> Option<Found> {
        self.plain()
            .or_else(|| self.consts())
            .or_else(|| self.instructions())
            .or_else(|| self.handlers())
            .or_else(|| self.lines())
    }

    /// Fields that are printed as plain values.
    fn plain(&self) -> Option<Found> {
        let (left, right) = (self.left, self.right);
        let show = |field, left: &dyn fmt::Debug, right: &dyn fmt::Debug| {
            let (left, right) = (format!("{left:?}"), format!("{right:?}"));
            (left != right).then_some((field, left, right))
        };
        let (field, left, right) = show("co_name", &left.name, &right.name)
            .or_else(|| show("co_qualname", &left.qualname, &right.qualname))
            .or_else(|| show("co_argcount", &left.argcount, &right.argcount))
            .or_else(|| show("co_posonlyargcount", &left.posonlyargcount, &right.posonlyargcount))
            .or_else(|| show("co_kwonlyargcount", &left.kwonlyargcount, &right.kwonlyargcount))
            .or_else(|| show("co_nlocals", &left.locals.nlocals(), &right.locals.nlocals()))
            .or_else(|| show("co_varnames", &left.locals.varnames(), &right.locals.varnames()))
            .or_else(|| show("co_cellvars", &left.locals.cellvars(), &right.locals.cellvars()))
            .or_else(|| show("co_freevars", &left.locals.freevars(), &right.locals.freevars()))
            .or_else(|| show("co_localspluskinds", &kinds(left), &kinds(right)))
            .or_else(|| show("co_names", &left.names, &right.names))
            .or_else(|| show("co_filename", &left.filename, &right.filename))
            .or_else(|| {
                (left.flags != right.flags)
                    .then(|| ("co_flags", left.flags.to_string(), right.flags.to_string()))
            })
            .or_else(|| show("co_stacksize", &left.stacksize, &right.stacksize))
            .or_else(|| show("co_firstlineno", &left.firstlineno, &right.firstlineno))?;
        Some(Found { field, left, right, listings: None, level: Level::Different })
    }

    /// Constants other than nested code, which is compared separately.
    fn consts(&mut self) -> Option<Found> {
        let (left, right) = (&self.left.consts, &self.right.consts);
        let differ = |(left, right): (&Const<'_>, &Const<'_>)| !self.values.equal(left, right);
        let at = left.iter().zip(right.iter()).position(differ);
        let at =
            at.or_else(|| (left.len() != right.len()).then_some(left.len().min(right.len())))?;
        let show = |consts: &[Const<'_>]| match consts.get(at) {
            Some(constant) => format!("[{at}] = {}", dis::repr(constant, self.minor)),
            None => format!("{at} long"),
        };
        let (left, right) = (show(left), show(right));
        Some(Found { field: "co_consts", left, right, listings: None, level: Level::Different })
    }

    fn instructions(&self) -> Option<Found> {
        if self.left.code == self.right.code {
            return None;
        }
        // Line numbers are omitted: a difference in lines alone is reported by `lines`.
        let lines = |code| -> Vec<String> {
            let text = |line: dis::Line| {
                let argument = line.instruction().argument();
                let argument = argument.map_or(String::new(), |argument| format!(" {argument}"));
                let detail = if line.detail().is_empty() {
                    String::new()
                } else {
                    format!(" ({})", line.detail())
                };
                format!("{:>5} {}{argument}{detail}", line.offset(), line.name())
            };
            dis::lines(code, self.minor).into_iter().map(text).collect()
        };
        let (left, right) = (lines(self.left), lines(self.right));
        let at = left.iter().zip(&right).position(|(left, right)| left != right);
        let at = at.unwrap_or_else(|| left.len().min(right.len()));
        let show = |lines: &[String]| {
            lines.get(at).map_or("at its end".to_owned(), |line| line.trim().to_owned())
        };
        let around = |lines: &[String]| {
            lines[at.saturating_sub(AROUND).min(lines.len())..lines.len().min(at + AROUND + 1)]
                .to_vec()
        };
        let listings = Some(Listings { left: around(&left), right: around(&right) });
        Some(Found {
            field: "co_code",
            left: show(&left),
            right: show(&right),
            listings,
            level: Level::Different,
        })
    }

    fn handlers(&self) -> Option<Found> {
        let (left, right) = (&self.left.exceptiontable, &self.right.exceptiontable);
        if left == right {
            return None;
        }
        let entries = |table: &[u8]| exceptions::decode(table).unwrap_or_default();
        let (left, right) = unequal(&entries(left), &entries(right), left, right);
        Some(Found {
            field: "co_exceptiontable",
            left,
            right,
            listings: None,
            level: Level::EqualExceptTables,
        })
    }

    fn lines(&self) -> Option<Found> {
        if self.left.linetable == self.right.linetable {
            return None;
        }
        let (left, right) = (&self.left.linetable, &self.right.linetable);
        let (left, right) = if self.minor.line_format() == LineFormat::Locations {
            let spans = |code: &CodeObject<'_>| {
                locations::decode(&code.linetable, code.firstlineno).unwrap_or_default()
            };
            unequal(&spans(self.left), &spans(self.right), left, right)
        } else {
            let starts = |code| line_starts(code, self.minor).unwrap_or_default();
            unequal(&starts(self.left), &starts(self.right), left, right)
        };
        let field = match self.minor.line_format() {
            LineFormat::Lnotab => "co_lnotab",
            _ => "co_linetable",
        };
        Some(Found { field, left, right, listings: None, level: Level::EqualExceptLines })
    }
}

fn kinds<'c>(code: &'c CodeObject<'_>) -> &'c [u8] {
    match &code.locals {
        Locals::Plus { kinds, .. } => kinds,
        Locals::Split { .. } => &[],
    }
}

/// The first pair of entries that differs; if all entries are equal, the bytes of the tables.
fn unequal<T: PartialEq + fmt::Debug>(
    left: &[T],
    right: &[T],
    left_bytes: &[u8],
    right_bytes: &[u8],
) -> (String, String) {
    let at = left.iter().zip(right).position(|(left, right)| left != right);
    let show = |entries: &[T], bytes: &[u8]| match at {
        Some(at) => format!("[{at}] = {:?}", entries[at]),
        None if left.len() != right.len() => format!("{} entries long", entries.len()),
        None => format!("{bytes:02x?}"),
    };
    (show(left, left_bytes), show(right, right_bytes))
}
