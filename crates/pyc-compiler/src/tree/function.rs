//! Functions, classes and type parameters, which have their own symbol tables.
//!
//! `def f[T](x): …` has two blocks: one for `f`'s body, one around it for `T`.

use super::expr::{Context, Expr, ExprId, ExprKind};
use super::list::List;
use super::stmt::Body;
use super::{Tree, id};
use crate::location::Location;
use crate::name::Name;

id! {
    /// A construct with its own symbol table.
    ScopeBlockId
}

id! {
    /// A `def` or `async def`.
    FunctionId
}

id! {
    /// A `lambda`.
    LambdaId
}

id! {
    /// A `class`.
    ClassId
}

id! {
    /// A `type` statement.
    TypeAliasId
}

impl ScopeBlockId {
    /// The block of the module, or of the expression if the file is a single expression.
    pub(crate) const ROOT: Self = Self::new(0);
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    pub(crate) name: Name,
    pub(crate) parameters: Parameters,
    pub(crate) body: Body,
    pub(crate) decorators: List<ExprId>,
    pub(crate) returns: Option<ExprId>,
    pub(crate) type_params: List<TypeParam>,
    pub(crate) is_async: bool,
    pub(crate) block: ScopeBlockId,
    /// The scope around the function, if there are type parameters.
    pub(crate) type_params_block: Option<ScopeBlockId>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Lambda {
    pub(crate) parameters: Parameters,
    pub(crate) body: ExprId,
    pub(crate) block: ScopeBlockId,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Class {
    pub(crate) name: Name,
    pub(crate) bases: List<ExprId>,
    /// With type parameters, the bases and, last, the name [`Name::GENERIC_BASE`] with the
    /// statement's location. It is in no source, but the compiler adds it to the call. Empty
    /// without type parameters.
    pub(crate) generic_bases: List<ExprId>,
    pub(crate) keywords: List<super::expr::Keyword>,
    pub(crate) body: Body,
    pub(crate) decorators: List<ExprId>,
    pub(crate) type_params: List<TypeParam>,
    pub(crate) block: ScopeBlockId,
    /// The scope around the class, if there are type parameters.
    pub(crate) type_params_block: Option<ScopeBlockId>,
}

impl Tree {
    /// A generic class's bases, and the name that represents `typing.Generic[…]`.
    pub(crate) fn generic_bases(&mut self, bases: List<ExprId>, at: Location) -> List<ExprId> {
        let kind = ExprKind::Name { name: Name::GENERIC_BASE, context: Context::Load };
        let generic = self.push_expr(Expr { kind, location: at });
        let mut all = self[bases].to_vec();
        all.push(generic);
        self.push_list(&all)
    }
}

/// `type name[type_params] = value`
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeAlias {
    pub(crate) name: ExprId,
    pub(crate) type_params: List<TypeParam>,
    pub(crate) value: ExprId,
    pub(crate) block: ScopeBlockId,
    /// The scope around the alias, if there are type parameters.
    pub(crate) type_params_block: Option<ScopeBlockId>,
}

/// `arguments` of CPython's `Python.asdl`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters {
    pub(crate) positional_only: List<Parameter>,
    pub(crate) positional: List<Parameter>,
    /// `*args`
    pub(crate) variable: Option<Parameter>,
    pub(crate) keyword_only: List<Parameter>,
    /// One for each keyword-only parameter.
    pub(crate) keyword_defaults: List<Option<ExprId>>,
    /// `**kwargs`
    pub(crate) keywords: Option<Parameter>,
    /// The defaults of the last positional parameters, including positional-only ones.
    pub(crate) defaults: List<ExprId>,
}

impl Parameters {
    /// `lambda: …`
    pub(crate) const NONE: Self = Self {
        positional_only: List::EMPTY,
        positional: List::EMPTY,
        variable: None,
        keyword_only: List::EMPTY,
        keyword_defaults: List::EMPTY,
        keywords: None,
        defaults: List::EMPTY,
    };
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: Name,
    pub(crate) annotation: Option<ExprId>,
    pub(crate) location: Location,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeParam {
    pub(crate) kind: TypeParamKind,
    pub(crate) name: Name,
    pub(crate) default: Option<ExprId>,
    /// The default's block; unused without a default.
    pub(crate) default_block: ScopeBlockId,
    pub(crate) location: Location,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum TypeParamKind {
    /// `T: bound`, where a tuple means constraints; the block is unused without a bound.
    TypeVar { bound: Option<ExprId>, bound_block: ScopeBlockId },
    /// `*T`
    TypeVarTuple,
    /// `**T`
    ParamSpec,
}
