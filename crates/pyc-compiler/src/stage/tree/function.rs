//! Prints functions, classes, parameters and type parameters.
//!
//! `args arguments` above `args arg 1:6-1:7 arg='x'`, in the order of `Python.asdl`.

use super::Printer;
use crate::tree::{Class, Function, List, Parameter, Parameters, TypeParam, TypeParamKind};

impl Printer<'_, '_> {
    pub(super) fn function(&mut self, function: Function) {
        self.parameters(function.parameters);
        self.body("body", function.body);
        self.exprs("decorator_list", function.decorators);
        self.optional("returns", function.returns);
        self.type_params(function.type_params);
    }

    pub(super) fn class_parts(&mut self, class: Class) {
        self.exprs("bases", class.bases);
        self.keywords(class.keywords);
        self.body("body", class.body);
        self.exprs("decorator_list", class.decorators);
        self.type_params(class.type_params);
    }

    pub(super) fn parameters(&mut self, parameters: Parameters) {
        let tree = self.tree;
        self.node("args", "arguments", None);
        self.inside(|this| {
            for one in &tree[parameters.positional_only] {
                this.parameter("posonlyargs", *one);
            }
            tree[parameters.positional].iter().for_each(|one| this.parameter("args", *one));
            parameters.variable.iter().for_each(|one| this.parameter("vararg", *one));
            tree[parameters.keyword_only].iter().for_each(|one| this.parameter("kwonlyargs", *one));
            for default in &tree[parameters.keyword_defaults] {
                match default {
                    Some(default) => this.expr("kw_defaults", *default),
                    None => this.nothing("kw_defaults"),
                }
            }
            parameters.keywords.iter().for_each(|one| this.parameter("kwarg", *one));
            this.exprs("defaults", parameters.defaults);
        });
    }

    fn parameter(&mut self, field: &str, parameter: Parameter) {
        self.node(field, "arg", Some(parameter.location));
        self.name("arg", parameter.name);
        self.inside(|this| this.optional("annotation", parameter.annotation));
    }

    pub(super) fn type_params(&mut self, params: List<TypeParam>) {
        let tree = self.tree;
        for param in &tree[params] {
            let (class, bound) = match param.kind {
                TypeParamKind::TypeVar { bound, .. } => ("TypeVar", bound),
                TypeParamKind::TypeVarTuple => ("TypeVarTuple", None),
                TypeParamKind::ParamSpec => ("ParamSpec", None),
            };
            self.node("type_params", class, Some(param.location));
            self.name("name", param.name);
            self.inside(|this| {
                this.optional("bound", bound);
                this.optional("default_value", param.default);
            });
        }
    }
}
