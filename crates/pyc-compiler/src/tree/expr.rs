//! Expressions, as in CPython's `Python.asdl`.
//!
//! `a + b` is `Binary { left: a, op: Add, right: b }`.

use super::function::{LambdaId, ScopeBlockId};
use super::id;
use super::list::List;
use crate::constant::ConstId;
use crate::location::Location;
use crate::name::Name;

id! {
    /// An expression.
    ExprId
}

id! {
    /// A comprehension or generator expression.
    ComprehensionId
}

/// An expression with its location.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) location: Location,
}

/// The kind of an expression, with its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ExprKind {
    BoolOp {
        op: BoolOp,
        values: List<ExprId>,
    },
    /// `target := value`
    Named {
        target: ExprId,
        value: ExprId,
    },
    Binary {
        left: ExprId,
        op: BinaryOp,
        right: ExprId,
    },
    Unary {
        op: UnaryOp,
        operand: ExprId,
    },
    Lambda(LambdaId),
    /// `body if test else orelse`
    Conditional {
        test: ExprId,
        body: ExprId,
        orelse: ExprId,
    },
    Dict {
        items: List<DictItem>,
    },
    Set {
        elements: List<ExprId>,
    },
    /// A comprehension of any kind, including generator expressions.
    Comprehension(ComprehensionId),
    Await {
        value: ExprId,
    },
    Yield {
        value: Option<ExprId>,
    },
    YieldFrom {
        value: ExprId,
    },
    /// `left op right op right …`
    Compare {
        left: ExprId,
        rest: List<Comparison>,
    },
    Call {
        function: ExprId,
        arguments: List<ExprId>,
        keywords: List<Keyword>,
    },
    /// A replacement field of an f-string.
    Formatted {
        value: ExprId,
        conversion: Conversion,
        spec: Option<ExprId>,
    },
    /// An f-string: constants and [`ExprKind::Formatted`].
    Joined {
        values: List<ExprId>,
    },
    /// A t-string: constants and [`ExprKind::Interpolation`].
    Template {
        values: List<ExprId>,
    },
    /// A replacement field of a t-string.
    Interpolation {
        value: ExprId,
        /// The source text of the value.
        text: ConstId,
        conversion: Conversion,
        spec: Option<ExprId>,
    },
    Constant {
        value: ConstId,
        prefix: StrPrefix,
    },
    Attribute {
        value: ExprId,
        name: Name,
        context: Context,
    },
    Subscript {
        value: ExprId,
        index: ExprId,
        context: Context,
    },
    Starred {
        value: ExprId,
        context: Context,
    },
    Name {
        name: Name,
        context: Context,
    },
    List {
        elements: List<ExprId>,
        context: Context,
    },
    Tuple {
        elements: List<ExprId>,
        context: Context,
    },
    /// Occurs only as the index of a subscript, or in a tuple there.
    Slice {
        lower: Option<ExprId>,
        upper: Option<ExprId>,
        step: Option<ExprId>,
    },
}

/// Whether a target is loaded, stored or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    Load,
    Store,
    Delete,
}

/// Whether a literal was written `u"…"`, which matters only for unparsing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StrPrefix {
    None,
    Unicode,
}

/// `!s`, `!r`, `!a`; the discriminants are the arguments of `CONVERT_VALUE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conversion {
    None = 0,
    Str = 1,
    Repr = 2,
    Ascii = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BoolOp {
    And,
    Or,
}

/// In the order of CPython's `NB_*` in `opcode.h`, so that the discriminant is the argument of
/// `BINARY_OP`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Add = 0,
    BitAnd = 1,
    FloorDivide = 2,
    LeftShift = 3,
    MatrixMultiply = 4,
    Multiply = 5,
    Remainder = 6,
    BitOr = 7,
    Power = 8,
    RightShift = 9,
    Subtract = 10,
    TrueDivide = 11,
    BitXor = 12,
}

impl BinaryOp {
    const ALL: [Self; 13] = [
        Self::Add,
        Self::BitAnd,
        Self::FloorDivide,
        Self::LeftShift,
        Self::MatrixMultiply,
        Self::Multiply,
        Self::Remainder,
        Self::BitOr,
        Self::Power,
        Self::RightShift,
        Self::Subtract,
        Self::TrueDivide,
        Self::BitXor,
    ];

    /// The operator with this discriminant.
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Invert,
    Not,
    Plus,
    Minus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Is,
    IsNot,
    In,
    NotIn,
}

/// A step of a chained comparison.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison {
    pub(crate) op: CompareOp,
    pub(crate) right: ExprId,
}

/// `key: value`, or `**value` without a key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DictItem {
    pub(crate) key: Option<ExprId>,
    pub(crate) value: ExprId,
}

/// `name=value` in a call or a class's bases, or `**value` without a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyword {
    pub(crate) name: Option<Name>,
    pub(crate) value: ExprId,
    pub(crate) location: Location,
}

/// The content of a comprehension's brackets. Its location is its expression's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comprehension {
    pub(crate) kind: ComprehensionKind,
    /// The collected element; the key of a dict comprehension.
    pub(crate) element: ExprId,
    /// The value of a dict comprehension.
    pub(crate) value: Option<ExprId>,
    pub(crate) generators: List<Generator>,
    pub(crate) block: ScopeBlockId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

/// `for target in iterable if condition …`
#[derive(Clone, Copy, Debug)]
pub(crate) struct Generator {
    pub(crate) target: ExprId,
    pub(crate) iterable: ExprId,
    pub(crate) conditions: List<ExprId>,
    pub(crate) is_async: bool,
}
