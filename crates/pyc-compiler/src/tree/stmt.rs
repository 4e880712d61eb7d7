//! Statements, as in CPython's `Python.asdl`.
//!
//! `x = y = 1` is `Assign { targets: [x, y], value: 1 }`.

use super::expr::{BinaryOp, ExprId};
use super::function::{ClassId, FunctionId, TypeAliasId};
use super::id;
use super::list::List;
use super::pattern::Case;
use crate::location::Location;
use crate::name::Name;

id! {
    /// A statement.
    StmtId
}

/// The statements of a block, in order.
pub(crate) type Body = List<StmtId>;

/// A statement with its location.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stmt {
    pub(crate) kind: StmtKind,
    pub(crate) location: Location,
}

/// The kind of a statement, with its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StmtKind {
    Function(FunctionId),
    Class(ClassId),
    Return {
        value: Option<ExprId>,
    },
    Delete {
        targets: List<ExprId>,
    },
    Assign {
        targets: List<ExprId>,
        value: ExprId,
    },
    TypeAlias(TypeAliasId),
    AugmentedAssign {
        target: ExprId,
        op: BinaryOp,
        value: ExprId,
    },
    /// `simple`: the target is a name without parentheses, which binds a local annotation.
    AnnotatedAssign {
        target: ExprId,
        annotation: ExprId,
        value: Option<ExprId>,
        simple: bool,
    },
    For {
        target: ExprId,
        iterable: ExprId,
        body: Body,
        orelse: Body,
        is_async: bool,
    },
    While {
        test: ExprId,
        body: Body,
        orelse: Body,
    },
    If {
        test: ExprId,
        body: Body,
        orelse: Body,
    },
    With {
        items: List<WithItem>,
        body: Body,
        is_async: bool,
    },
    Match {
        subject: ExprId,
        cases: List<Case>,
    },
    Raise {
        exception: Option<ExprId>,
        cause: Option<ExprId>,
    },
    /// `is_star`: its handlers are `except*`.
    Try {
        body: Body,
        handlers: List<Handler>,
        orelse: Body,
        finally: Body,
        is_star: bool,
    },
    Assert {
        test: ExprId,
        message: Option<ExprId>,
    },
    Import {
        names: List<Alias>,
        is_lazy: bool,
    },
    /// `level`: the number of dots.
    ImportFrom {
        module: Option<Name>,
        names: List<Alias>,
        level: u32,
        is_lazy: bool,
    },
    Global {
        names: List<Name>,
    },
    Nonlocal {
        names: List<Name>,
    },
    Expr {
        value: ExprId,
    },
    Pass,
    Break,
    Continue,
}

impl StmtKind {
    /// Whether it has statements that may not be executed, as far as annotations are concerned.
    pub(crate) const fn has_conditional_body(&self) -> bool {
        matches!(
            self,
            Self::For { .. }
                | Self::While { .. }
                | Self::If { .. }
                | Self::With { .. }
                | Self::Match { .. }
                | Self::Try { .. }
        )
    }
}

/// `context as target`
#[derive(Clone, Copy, Debug)]
pub(crate) struct WithItem {
    pub(crate) context: ExprId,
    pub(crate) target: Option<ExprId>,
}

/// `except class as name:`
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handler {
    pub(crate) class: Option<ExprId>,
    pub(crate) name: Option<Name>,
    pub(crate) body: Body,
    pub(crate) location: Location,
}

/// `name as alias`; `*` counts as a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alias {
    pub(crate) name: Name,
    pub(crate) rename: Option<Name>,
    pub(crate) location: Location,
}
