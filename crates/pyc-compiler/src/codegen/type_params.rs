//! Type parameters: the unit around a generic function, class or alias, and the units of bounds and
//! defaults.
//!
//! ```text
//! def f[T: int](): …   unit `<generic parameters of f>`: LOAD_CONST 'T'; <function that gives int>;
//!                      CALL_INTRINSIC_2 TypeVarWithBound; COPY 1; STORE_FAST T; BUILD_TUPLE 1; <function f>
//! ```

use super::Generator;
use super::unit::{End, Opening, UnitKind};
use crate::error::Result;
use crate::instruction::{Intrinsic1, Intrinsic2, Op};
use crate::location::{Line, Location};
use crate::name::{Name, count};
use crate::target::Feature;
use crate::tree::{Context, ExprId, ExprKind, List, ScopeBlockId, TypeParam, TypeParamKind};

/// Whether `*x` is allowed: it evaluates to its only item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Starred {
    Allowed,
    Refused,
}

impl Generator<'_, '_> {
    /// The unit around a definition named `name`.
    pub(super) fn type_params_opening(
        &mut self,
        block: ScopeBlockId,
        name: Name,
        first_line: Line,
    ) -> Opening {
        let names = &mut self.context.names;
        let text = [b"<generic parameters of ", names.bytes(name), b">"].concat();
        let name = names.intern(&text);
        let scope = self.scope_of(block);
        Opening { kind: UnitKind::TypeParams, scope, name, first_line }
    }

    /// Binds type parameters and leaves a tuple of them (`compile.c: compiler_type_params`, 3.13).
    pub(super) fn type_params(&mut self, params: List<TypeParam>) -> Result<()> {
        let tree = self.tree;
        let mut seen_default = false;
        for param in &tree[params] {
            let at = param.location;
            let name = self.context.constants.str(param.name);
            self.emit_const(name, at);
            self.type_param_object(param)?;
            if let Some(default) = param.default {
                seen_default = true;
                let starred = match param.kind {
                    TypeParamKind::TypeVarTuple => Starred::Allowed,
                    _ => Starred::Refused,
                };
                self.lazy((default, param.default_block), param.name, starred, at)?;
                self.emit_intrinsic2(Intrinsic2::SetTypeParamDefault, at);
            } else if seen_default {
                let name = self.context.names.text(param.name);
                let message =
                    format!("non-default type parameter '{name}' follows default type parameter");
                return self.error(at, message);
            }
            self.emit(Op::COPY, 1, at);
            self.name(param.name, Context::Store, at)?;
        }
        if let Some(first) = tree[params].first() {
            self.emit(Op::BUILD_TUPLE, count(params.len()), first.location);
        }
        Ok(())
    }

    /// Creates the `TypeVar`, `TypeVarTuple` or `ParamSpec` whose name is on the stack.
    fn type_param_object(&mut self, param: &TypeParam) -> Result<()> {
        let at = param.location;
        match param.kind {
            TypeParamKind::TypeVar { bound: Some(bound), bound_block } => {
                self.lazy((bound, bound_block), param.name, Starred::Refused, at)?;
                let function = match self.tree[bound].kind {
                    ExprKind::Tuple { .. } => Intrinsic2::TypeVarWithConstraints,
                    _ => Intrinsic2::TypeVarWithBound,
                };
                self.emit_intrinsic2(function, at);
            }
            TypeParamKind::TypeVar { bound: None, .. } => {
                self.emit_intrinsic1(Intrinsic1::TypeVar, at);
            }
            TypeParamKind::TypeVarTuple => self.emit_intrinsic1(Intrinsic1::TypeVarTuple, at),
            TypeParamKind::ParamSpec => self.emit_intrinsic1(Intrinsic1::ParamSpec, at),
        }
        Ok(())
    }

    /// A function that evaluates a bound or default on demand (`compile.c:
    /// compiler_type_param_bound_or_default`, 3.13).
    fn lazy(
        &mut self,
        (value, block): (ExprId, ScopeBlockId),
        name: Name,
        starred: Starred,
        param_at: Location,
    ) -> Result<()> {
        let place = self.tree[value].location;
        let at = if self.has(Feature::BoundLocation) { place } else { param_at };
        let defaults = self.default_format(at);
        let scope = self.scope_of(block);
        let opening = Opening { kind: UnitKind::TypeParams, scope, name, first_line: place.line };
        let code = self.in_unit(opening, |this| {
            this.check_format(at);
            match this.tree[value].kind {
                ExprKind::Starred { value, .. } if starred == Starred::Allowed => {
                    this.expression(value)?;
                    this.emit(Op::UNPACK_SEQUENCE, 1, at);
                }
                _ => this.expression(value)?,
            }
            this.emit(Op::RETURN_VALUE, 0, at);
            Ok(End::None)
        })?;
        self.closure(code, defaults, at)?;
        Ok(())
    }
}
