//! Functions and lambdas: defaults and annotations outside, parameters and body inside.

use super::{Opening, Walk};
use crate::error::Result;
use crate::location::Location;
use crate::name::Name;
use crate::scope::{ScopeKind, Uses};
use crate::tree::{Function, FunctionId, LambdaId, Parameter, Parameters};

impl Walk<'_> {
    pub(super) fn function(&mut self, id: FunctionId, at: Location) -> Result<()> {
        let function = self.tree[id];
        self.note(function.name, Uses::LOCAL, at)?;
        self.defaults(&function.parameters)?;
        self.expressions(function.decorators)?;
        match function.type_params_block {
            Some(block) => self.in_function_type_params(block, &function, at, |this| {
                this.type_params(function.type_params)?;
                this.function_block(&function, at)
            }),
            None => self.function_block(&function, at),
        }
    }

    /// Walks what surrounds a function's body except its type parameters, and then the body.
    fn function_block(&mut self, function: &Function, at: Location) -> Result<()> {
        let signature = self.annotations(&function.parameters, function.returns, at)?;
        let Function { name, block, body, is_async, .. } = *function;
        let opening = Opening { kind: ScopeKind::Function, block: Some(block), name, location: at };
        self.in_block(opening, |this| {
            this.scope().signature = signature;
            this.facts().coroutine = is_async;
            this.parameters(&function.parameters)?;
            this.body(body)
        })
    }

    pub(super) fn lambda(&mut self, id: LambdaId, at: Location) -> Result<()> {
        let lambda = self.tree[id];
        self.check_class_annotation("lambda", at)?;
        self.defaults(&lambda.parameters)?;
        let opening = Opening {
            kind: ScopeKind::Function,
            block: Some(lambda.block),
            name: Name::LAMBDA,
            location: at,
        };
        self.in_block(opening, |this| {
            this.parameters(&lambda.parameters)?;
            this.expression(lambda.body)
        })
    }

    fn defaults(&mut self, parameters: &Parameters) -> Result<()> {
        let tree = self.tree;
        self.expressions(parameters.defaults)?;
        tree[parameters.keyword_defaults].iter().try_for_each(|&default| self.optional(default))
    }

    /// `symtable_visit_arguments`
    fn parameters(&mut self, parameters: &Parameters) -> Result<()> {
        let tree = self.tree;
        for list in [parameters.positional_only, parameters.positional, parameters.keyword_only] {
            tree[list].iter().try_for_each(|parameter| self.parameter(parameter))?;
        }
        if let Some(parameter) = &parameters.variable {
            self.parameter(parameter)?;
            self.facts().varargs = true;
        }
        if let Some(parameter) = &parameters.keywords {
            self.parameter(parameter)?;
            self.facts().varkeywords = true;
        }
        Ok(())
    }

    fn parameter(&mut self, parameter: &Parameter) -> Result<()> {
        self.note(parameter.name, Uses::PARAMETER, parameter.location)
    }
}
