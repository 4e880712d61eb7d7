//! Lambdas with their parameters: `lambda a, /, b=1, *c, d, **e: a`.
//!
//! A quirk of CPython: without positional parameters there is no space, as in `lambda*a: a`.

use super::Writer;
use super::level::Level;
use crate::error::Result;
use crate::tree::{ExprId, Lambda, Parameter, Parameters};

impl Writer<'_, '_> {
    /// `append_ast_lambda`
    pub(super) fn lambda(&mut self, lambda: &Lambda) -> Result<()> {
        let Parameters { positional_only, positional, .. } = lambda.parameters;
        let spaced = !(positional_only.is_empty() && positional.is_empty());
        self.push(if spaced { "lambda " } else { "lambda" });
        self.parameters(&lambda.parameters)?;
        self.push(": ");
        self.expression(lambda.body, Level::TEST)
    }

    /// `append_ast_args`
    fn parameters(&mut self, parameters: &Parameters) -> Result<()> {
        let tree = self.tree;
        let start = self.text.len();
        let only = &tree[parameters.positional_only];
        let both = &tree[parameters.positional];
        let defaults = &tree[parameters.defaults];
        let without = only.len() + both.len() - defaults.len();
        for (at, parameter) in only.iter().chain(both).enumerate() {
            let default = at.checked_sub(without).map(|at| defaults[at]);
            self.parameter(start, parameter, default)?;
            if at + 1 == only.len() {
                self.push(", /");
            }
        }
        let names = &tree[parameters.keyword_only];
        if parameters.variable.is_some() || !names.is_empty() {
            self.comma(start);
            self.push("*");
        }
        if let Some(parameter) = &parameters.variable {
            self.name(parameter.name);
        }
        for (parameter, &default) in names.iter().zip(&tree[parameters.keyword_defaults]) {
            self.parameter(start, parameter, default)?;
        }
        if let Some(parameter) = &parameters.keywords {
            self.comma(start);
            self.push("**");
            self.name(parameter.name);
        }
        Ok(())
    }

    /// Writes a parameter; those of lambdas have no annotations.
    fn parameter(
        &mut self,
        start: usize,
        parameter: &Parameter,
        default: Option<ExprId>,
    ) -> Result<()> {
        self.comma(start);
        self.name(parameter.name);
        let Some(default) = default else { return Ok(()) };
        self.push("=");
        self.expression(default, Level::TEST)
    }

    /// Writes a comma if there has been a parameter since `start`.
    fn comma(&mut self, start: usize) {
        if self.text.len() > start {
            self.push(", ");
        }
    }
}
