//! The patterns of `match`, as in CPython's `Python.asdl`.
//!
//! `case [x, *_]:` is `Sequence([As { pattern: None, name: x }, Star(None)])`.

use super::expr::ExprId;
use super::id;
use super::list::List;
use super::stmt::Body;
use crate::constant::ConstId;
use crate::location::Location;
use crate::name::Name;

id! {
    /// A pattern.
    PatternId
}

/// A pattern with its location.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    pub(crate) kind: PatternKind,
    pub(crate) location: Location,
}

/// The kind of a pattern, with its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PatternKind {
    Value(ExprId),
    /// `None`, `True`, `False`
    Singleton(ConstId),
    Sequence(List<PatternId>),
    Mapping {
        keys: List<ExprId>,
        patterns: List<PatternId>,
        rest: Option<Name>,
    },
    Class {
        class: ExprId,
        patterns: List<PatternId>,
        keyword_names: List<Name>,
        keyword_patterns: List<PatternId>,
    },
    /// `*name`, `*_`
    Star(Option<Name>),
    /// `pattern as name`, `name`, `_`
    As {
        pattern: Option<PatternId>,
        name: Option<Name>,
    },
    Or(List<PatternId>),
}

/// `case pattern if guard: body`
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) pattern: PatternId,
    pub(crate) guard: Option<ExprId>,
    pub(crate) body: Body,
}
