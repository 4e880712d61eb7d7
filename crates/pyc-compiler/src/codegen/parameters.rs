//! Parameters of functions and lambdas: their numbers, defaults and annotations.
//!
//! ```text
//! def f(a=1, *, b=2): …    LOAD_CONST 1; BUILD_TUPLE 1; LOAD_CONST 2; LOAD_CONST ('b',); BUILD_CONST_KEY_MAP 1
//! ```

use super::Generator;
use super::closure::{Annotations, Attributes};
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::{Name, count};
use crate::target::Feature;
use crate::tree::{Context, ExprId, ExprKind, List, Parameter, Parameters};

impl Generator<'_, '_> {
    /// Refuses `__debug__` as a parameter (`compile.c: compiler_check_debug_args`, 3.13).
    pub(super) fn check_parameters(&self, parameters: &Parameters) -> Result<()> {
        let tree = self.tree;
        let check = |parameter: &Parameter| {
            self.check_name(parameter.name, Context::Store, parameter.location)
        };
        tree[parameters.positional_only].iter().try_for_each(check)?;
        tree[parameters.positional].iter().try_for_each(check)?;
        parameters.variable.iter().try_for_each(check)?;
        tree[parameters.keyword_only].iter().try_for_each(check)?;
        parameters.keywords.iter().try_for_each(check)
    }

    /// Stores the numbers of parameters in the function's unit.
    pub(super) fn count_parameters(&mut self, parameters: &Parameters) {
        let unit = &mut self.frame.unit;
        unit.posonlyargcount = count(parameters.positional_only.len());
        unit.argcount = unit.posonlyargcount + count(parameters.positional.len());
        unit.kwonlyargcount = count(parameters.keyword_only.len());
    }

    /// Evaluates defaults, outside the function (`compile.c: compiler_default_arguments`, 3.13).
    pub(super) fn default_arguments(
        &mut self,
        parameters: &Parameters,
        at: Location,
    ) -> Result<Attributes> {
        let tree = self.tree;
        let defaults = &tree[parameters.defaults];
        if !defaults.is_empty() {
            defaults.iter().try_for_each(|&default| self.expression(default))?;
            self.emit(Op::BUILD_TUPLE, count(defaults.len()), at);
        }
        Ok(Attributes {
            defaults: !defaults.is_empty(),
            keyword_defaults: self.keyword_defaults(parameters, at)?,
            ..Attributes::default()
        })
    }

    /// `compile.c: compiler_visit_kwonlydefaults`, 3.13.
    fn keyword_defaults(&mut self, parameters: &Parameters, at: Location) -> Result<bool> {
        let tree = self.tree;
        let defaults = &tree[parameters.keyword_defaults];
        let keys_apart = self.has(Feature::ConstKeyMaps);
        let mut keys = Vec::new();
        for (parameter, default) in tree[parameters.keyword_only].iter().zip(defaults) {
            if let Some(default) = *default {
                let name = self.mangled(parameter.name);
                let key = self.context.constants.str(name);
                keys.push(key);
                if !keys_apart {
                    self.emit_const(key, at);
                }
                self.expression(default)?;
            }
        }
        if keys.is_empty() {
            return Ok(false);
        }
        let number = count(keys.len());
        if !keys_apart {
            self.emit(Op::BUILD_MAP, number, at);
            return Ok(true);
        }
        let keys = self.context.constants.tuple(keys);
        self.emit_const(keys, at);
        self.emit(Op::BUILD_CONST_KEY_MAP, number, at);
        Ok(true)
    }

    /// Evaluates annotations. Returns whether there are any (`compile.c:
    /// compiler_visit_annotations`, 3.13).
    ///
    /// Quirk: before 3.15, positional-only parameters come after the other positional ones.
    pub(super) fn annotations(
        &mut self,
        parameters: &Parameters,
        returns: Option<ExprId>,
        at: Location,
    ) -> Result<Annotations> {
        let pairs = self.annotation_pairs(parameters, returns, at)?;
        if pairs == 0 {
            return Ok(Annotations::None);
        }
        self.emit(Op::BUILD_TUPLE, 2 * pairs, at);
        Ok(Annotations::Values)
    }

    /// Pushes names and their annotations. Returns the number of pairs.
    pub(super) fn annotation_pairs(
        &mut self,
        parameters: &Parameters,
        returns: Option<ExprId>,
        at: Location,
    ) -> Result<u32> {
        let (mut first, mut second) = (parameters.positional, parameters.positional_only);
        if self.has(Feature::AnnotationsInOrder) {
            std::mem::swap(&mut first, &mut second);
        }
        let mut pairs = self.annotations_of(first, at)?;
        pairs += self.annotations_of(second, at)?;
        if let Some(parameter) = parameters.variable {
            pairs += self.annotation_of(parameter.name, parameter.annotation, at)?;
        }
        pairs += self.annotations_of(parameters.keyword_only, at)?;
        if let Some(parameter) = parameters.keywords {
            pairs += self.annotation_of(parameter.name, parameter.annotation, at)?;
        }
        pairs += self.annotation_of(Name::RETURN, returns, at)?;
        Ok(pairs)
    }

    fn annotations_of(&mut self, parameters: List<Parameter>, at: Location) -> Result<u32> {
        let tree = self.tree;
        tree[parameters].iter().try_fold(0, |pairs, parameter| {
            Ok(pairs + self.annotation_of(parameter.name, parameter.annotation, at)?)
        })
    }

    /// Pushes a name and its annotation, if it has one. Returns the number of pairs.
    fn annotation_of(
        &mut self,
        name: Name,
        annotation: Option<ExprId>,
        at: Location,
    ) -> Result<u32> {
        let Some(annotation) = annotation else { return Ok(0) };
        let mangled = self.mangled(name);
        let key = self.context.constants.str(mangled);
        self.emit_const(key, at);
        if self.future.annotations() {
            self.annotation_text(annotation, at)?;
        } else if let ExprKind::Starred { value, .. } = self.tree[annotation].kind {
            // The annotation in `*args: *Ts` is the only item of `*Ts`.
            self.expression(value)?;
            self.emit(Op::UNPACK_SEQUENCE, 1, at);
        } else {
            self.expression(annotation)?;
        }
        Ok(1)
    }

    /// Loads an annotation's source text, for `from __future__ import annotations`.
    ///
    /// Its location is that of the annotation or, in some releases, the statement's (`at`).
    pub(super) fn annotation_text(&mut self, annotation: ExprId, at: Location) -> Result<()> {
        let tree = self.tree;
        let text = crate::unparse::annotation(tree, annotation, self.context)?;
        let text = self.context.constants.str(text);
        let carries = self.has(Feature::LocationsCarriedOn);
        self.emit_const(text, if carries { at } else { tree[annotation].location });
        Ok(())
    }
}
