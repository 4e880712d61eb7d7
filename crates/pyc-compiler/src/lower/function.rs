//! Functions, lambdas, classes and type aliases: what has parameters, of values or of types.
//!
//! `@d` above `def f(): …` is a decorator, but the place of the function begins at `def`.

use ruff_python_ast::{self as ast, Decorator, ParameterWithDefault};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::walk::Lowering;
use crate::error::Result;
use crate::location::Position;
use crate::tree::{
    Class, ExprId, Function, Lambda, LambdaId, List, Parameter, Parameters, StmtKind, TypeAlias,
    TypeParam, TypeParamKind,
};

impl Lowering<'_, '_, '_> {
    pub(super) fn function(&mut self, node: &ast::StmtFunctionDef) -> Result<StmtKind> {
        let decorators = self.decorators(&node.decorator_list)?;
        let name = self.name(&node.name.id);
        let type_params_block = node.type_params.as_ref().map(|_| self.tree.new_block());
        let type_params = self.type_params(node.type_params.as_deref())?;
        let parameters = self.parameters(&node.parameters)?;
        let returns = node.returns.as_ref().map(|returns| self.annotation(returns)).transpose()?;
        let block = self.tree.new_block();
        let body = self.documented(&node.body)?;
        Ok(StmtKind::Function(self.tree.push_function(Function {
            name,
            parameters,
            body,
            decorators,
            returns,
            type_params,
            is_async: node.is_async,
            block,
            type_params_block,
        })))
    }

    pub(super) fn class(&mut self, node: &ast::StmtClassDef, start: Position) -> Result<StmtKind> {
        let decorators = self.decorators(&node.decorator_list)?;
        let name = self.name(&node.name.id);
        let type_params_block = node.type_params.as_ref().map(|_| self.tree.new_block());
        let type_params = self.type_params(node.type_params.as_deref())?;
        let (bases, keywords) = match &node.arguments {
            Some(arguments) => self.arguments(arguments)?,
            None => (List::EMPTY, List::EMPTY),
        };
        let block = self.tree.new_block();
        let body = self.documented(&node.body)?;
        let generic_bases = if node.type_params.is_some() {
            let end = self.compound_end(node.end());
            let at = self.until(start, end);
            self.tree.generic_bases(bases, at)
        } else {
            List::EMPTY
        };
        Ok(StmtKind::Class(self.tree.push_class(Class {
            name,
            bases,
            generic_bases,
            keywords,
            body,
            decorators,
            type_params,
            block,
            type_params_block,
        })))
    }

    pub(super) fn type_alias(&mut self, node: &ast::StmtTypeAlias) -> Result<StmtKind> {
        let name = self.expr(&node.name)?;
        let type_params_block = node.type_params.as_ref().map(|_| self.tree.new_block());
        let type_params = self.type_params(node.type_params.as_deref())?;
        let block = self.tree.new_block();
        let value = self.expr(&node.value)?;
        let alias = TypeAlias { name, type_params, value, block, type_params_block };
        Ok(StmtKind::TypeAlias(self.tree.push_type_alias(alias)))
    }

    pub(super) fn lambda(&mut self, node: &ast::ExprLambda) -> Result<LambdaId> {
        let parameters = match &node.parameters {
            Some(parameters) => self.parameters(parameters)?,
            None => Parameters::NONE,
        };
        let block = self.tree.new_block();
        let body = self.expr(&node.body)?;
        Ok(self.tree.push_lambda(Lambda { parameters, body, block }))
    }

    fn decorators(&mut self, nodes: &[Decorator]) -> Result<List<ExprId>> {
        self.list(nodes, |this, decorator| this.expr(&decorator.expression))
    }

    fn parameters(&mut self, node: &ast::Parameters) -> Result<Parameters> {
        // Of positional parameters and keyword-only ones in this order, which is the source's.
        let plain = |this: &mut Self, node: &ParameterWithDefault| {
            let range = node.parameter.range;
            this.parameter(&node.parameter, range)
        };
        let positional_only = self.list(&node.posonlyargs, plain)?;
        let positional = self.list(&node.args, plain)?;
        let mut starred = |parameter: &Option<Box<ast::Parameter>>| {
            let parameter = parameter.as_deref();
            // Without the stars, which ruff's range includes.
            parameter
                .map(|one| self.parameter(one, TextRange::new(one.name.start(), one.end())))
                .transpose()
        };
        let (variable, keywords) = (starred(&node.vararg)?, starred(&node.kwarg)?);
        let keyword_only = self.list(&node.kwonlyargs, plain)?;
        let defaults = node.posonlyargs.iter().chain(&node.args);
        let defaults = self.list(defaults.filter_map(|one| one.default.as_deref()), Self::expr)?;
        let keyword_defaults = self.list(&node.kwonlyargs, |this, one| {
            one.default.as_deref().map(|default| this.expr(default)).transpose()
        })?;
        Ok(Parameters {
            positional_only,
            positional,
            variable,
            keyword_only,
            keyword_defaults,
            keywords,
            defaults,
        })
    }

    fn parameter(&mut self, node: &ast::Parameter, range: TextRange) -> Result<Parameter> {
        let start = self.start(&range);
        let name = self.name(&node.name.id);
        let annotation =
            node.annotation.as_ref().map(|annotation| self.annotation(annotation)).transpose()?;
        Ok(Parameter { name, annotation, location: self.until(start, range.end()) })
    }

    fn type_params(&mut self, nodes: Option<&ast::TypeParams>) -> Result<List<TypeParam>> {
        let nodes = nodes.map_or(&[][..], |nodes| &nodes.type_params);
        self.list(nodes, |this, node| {
            let start = this.start(node);
            let (name, default) = match node {
                ast::TypeParam::TypeVar(node) => (&node.name, &node.default),
                ast::TypeParam::TypeVarTuple(node) => (&node.name, &node.default),
                ast::TypeParam::ParamSpec(node) => (&node.name, &node.default),
            };
            let name = this.name(&name.id);
            let kind = match node {
                ast::TypeParam::TypeVar(node) => {
                    let bound_block = this.tree.new_block();
                    let bound = node.bound.as_ref().map(|bound| this.expr(bound)).transpose()?;
                    TypeParamKind::TypeVar { bound, bound_block }
                }
                ast::TypeParam::TypeVarTuple(_) => TypeParamKind::TypeVarTuple,
                ast::TypeParam::ParamSpec(_) => TypeParamKind::ParamSpec,
            };
            let default_block = this.tree.new_block();
            let default = default.as_ref().map(|default| this.expr(default)).transpose()?;
            let location = this.until(start, node.end());
            Ok(TypeParam { kind, name, default, default_block, location })
        })
    }

    /// Where `def`, `async` or `class` stands below the decorators.
    pub(super) fn after_decorators(&self, node: TextSize, decorators: &[Decorator]) -> TextSize {
        let Some(last) = decorators.last() else { return node };
        let mut rest = &self.text[last.end().to_usize()..];
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\x0c', '\n', '\\']);
            match rest.strip_prefix('#') {
                Some(comment) => rest = &comment[comment.find('\n').unwrap_or(comment.len())..],
                None => return TextSize::of(self.text) - TextSize::of(rest),
            }
        }
    }
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
