//! Type parameters and type aliases (PEP 695, PEP 696).
//!
//! ```text
//! def f[T: int = str](x): …     type parameters of f    .defaults: parameter, T: type parameter
//!                                 T                     the bound's block
//!                                 T                     the default's block
//!                                 f
//! ```

use super::{Opening, Walk};
use crate::error::{Fault, Result};
use crate::location::Location;
use crate::name::{Name, count};
use crate::scope::{ScopeKind, Uses};
use crate::target::Feature;
use crate::tree::{
    Class, ExprKind, Function, List, ScopeBlockId, TypeAliasId, TypeParam, TypeParamKind,
};

impl Walk<'_> {
    /// `symtable_enter_type_param_block` for a class: the block creates the tuple of type
    /// parameters and the generic base class.
    pub(super) fn in_class_type_params(
        &mut self,
        block: ScopeBlockId,
        class: &Class,
        at: Location,
        walk: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        self.in_type_params(block, class.name, at, |this| {
            for name in [Name::TYPE_PARAMS_VARIABLE, Name::GENERIC_BASE] {
                this.note(name, Uses::LOCAL, at)?;
                this.note(name, Uses::USE, at)?;
            }
            walk(this)
        })
    }

    /// The same for a function: the block's parameters are the defaults, which are evaluated before
    /// it.
    pub(super) fn in_function_type_params(
        &mut self,
        block: ScopeBlockId,
        function: &Function,
        at: Location,
        walk: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let keyword_defaults = &self.tree[function.parameters.keyword_defaults];
        let has_keyword_defaults = keyword_defaults.iter().any(Option::is_some);
        self.in_type_params(block, function.name, at, |this| {
            // Even without defaults: CPython checks whether the list of defaults exists, and it
            // always does.
            this.note(Name::DEFAULTS, Uses::PARAMETER, at)?;
            if has_keyword_defaults {
                this.note(Name::KWDEFAULTS, Uses::PARAMETER, at)?;
            }
            walk(this)
        })
    }

    fn in_type_params(
        &mut self,
        block: ScopeBlockId,
        name: Name,
        at: Location,
        walk: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let in_class = self.scope().kind == ScopeKind::Class;
        let kind = ScopeKind::TypeParameters;
        self.in_block(Opening { kind, block: Some(block), name, location: at }, |this| {
            if in_class {
                this.see_class(at)?;
            }
            walk(this)
        })
    }

    /// Lets the innermost block read names from the enclosing class's namespace.
    pub(super) fn see_class(&mut self, at: Location) -> Result<()> {
        self.facts().can_see_class_scope = true;
        self.note(Name::CLASSDICT, Uses::USE, at)
    }

    /// Refuses functions in annotation scopes that see a class's namespace: 3.12 doesn't support
    /// them (gh-109118).
    pub(super) fn check_class_annotation(&mut self, what: &str, at: Location) -> Result<()> {
        if !self.facts().can_see_class_scope
            || self.target.has(Feature::FunctionsInClassAnnotations)
        {
            return Ok(());
        }
        let message = format!("Cannot use {what} in annotation scope within class scope");
        Err(Fault::syntax(at, message))
    }

    /// Around a generic class only its type parameters are mangled, so that its body finds them.
    pub(super) fn mangle_only_type_params(&mut self) {
        let at = count(self.walked.mangled.len());
        self.walked.mangled.push(Vec::new());
        self.frame().mangled = Some(at);
        self.scope().mangled = Some(at);
    }

    pub(super) fn type_params(&mut self, list: List<TypeParam>) -> Result<()> {
        let tree = self.tree;
        tree[list].iter().try_for_each(|parameter| self.type_param(parameter))
    }

    /// `symtable_visit_type_param`
    fn type_param(&mut self, parameter: &TypeParam) -> Result<()> {
        let TypeParam { name, default, default_block, location, .. } = *parameter;
        if let Some(at) = self.frame().mangled {
            self.walked.mangled[at as usize].push(name);
        }
        self.note(name, Uses::TYPE_PARAM | Uses::LOCAL, location)?;
        if name == Name::CLASSDICT && self.target.has(Feature::ReservedClassdict) {
            let before = "reserved name";
            return self.error(location, before, name, "cannot be used for type parameter");
        }
        let default_of = match parameter.kind {
            TypeParamKind::TypeVar { bound, bound_block } => {
                if let Some(bound) = bound {
                    let tuple = matches!(self.tree[bound].kind, ExprKind::Tuple { .. });
                    let purpose = if tuple { "a TypeVar constraint" } else { "a TypeVar bound" };
                    self.type_variable((name, purpose), bound, bound_block)?;
                }
                "a TypeVar default"
            }
            TypeParamKind::TypeVarTuple => "a TypeVarTuple default",
            TypeParamKind::ParamSpec => "a ParamSpec default",
        };
        match default {
            Some(default) => self.type_variable((name, default_of), default, default_block),
            None => Ok(()),
        }
    }

    /// A bound or a default: it is evaluated on demand, in a block of its own.
    fn type_variable(
        &mut self,
        (name, purpose): (Name, &'static str),
        value: crate::tree::ExprId,
        block: ScopeBlockId,
    ) -> Result<()> {
        let location = self.tree[value].location;
        let in_class = self.facts().can_see_class_scope;
        let kind = ScopeKind::TypeVariable;
        self.in_block(Opening { kind, block: Some(block), name, location }, |this| {
            if in_class {
                this.see_class(location)?;
            }
            this.frame().purpose = purpose;
            this.expression(value)
        })
    }

    pub(super) fn type_alias(&mut self, id: TypeAliasId, at: Location) -> Result<()> {
        let alias = self.tree[id];
        self.expression(alias.name)?;
        let Some(name) = self.tree.as_name(alias.name) else {
            return Err(Fault::syntax(at, "a type alias needs a name"));
        };
        let in_class = self.scope().kind == ScopeKind::Class;
        let value_block = |this: &mut Self| {
            let kind = ScopeKind::TypeAlias;
            let block = Some(alias.block);
            this.in_block(Opening { kind, block, name, location: at }, |this| {
                if in_class {
                    this.see_class(this.tree[alias.value].location)?;
                }
                this.expression(alias.value)
            })
        };
        match alias.type_params_block {
            Some(block) => self.in_type_params(block, name, at, |this| {
                this.type_params(alias.type_params)?;
                value_block(this)
            }),
            None => value_block(self),
        }
    }
}
