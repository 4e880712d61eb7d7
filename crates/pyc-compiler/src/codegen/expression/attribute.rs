//! Attributes, and attributes of `super()` without a call of it.
//!
//! ```text
//! a.b            LOAD_NAME a; LOAD_ATTR b
//! super().b      LOAD_GLOBAL super; LOAD_DEREF __class__; LOAD_FAST self; LOAD_SUPER_ATTR b; NOP
//! ```
//!
//! If an attribute is in another line than the start of its object, its location is its own name,
//! so that tracebacks show that line.

use super::super::Generator;
use super::super::unit::UnitKind;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::Name;
use crate::scope::Resolution;
use crate::target::Feature;
use crate::tree::{Context, ExprId, ExprKind, List};

/// What is read from a `super` object: `LOAD_SUPER_ATTR`'s lowest bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Super {
    Attribute = 0,
    Method = 1,
}

/// A call of `super` that needs no `super` object: `super()` or `super(class, object)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct SuperCall {
    at: Location,
    function: ExprId,
    arguments: List<ExprId>,
}

impl Generator<'_, '_> {
    /// `value.name`
    pub(super) fn attribute(
        &mut self,
        at: Location,
        value: ExprId,
        name: Name,
        context: Context,
    ) -> Result<()> {
        if context == Context::Load {
            if let Some(call) = self.super_call(value, name) {
                self.load_super(call, Super::Attribute, name, at)?;
                self.emit(Op::NOP, 0, self.attribute_location(at, at, name));
                return Ok(());
            }
        }
        self.note_static_attribute(value, name, context);
        self.expression(value)?;
        let at = self.attribute_location(at, at, name);
        self.forbid_attribute(name, context, at)?;
        let number = self.name_number(name);
        match context {
            Context::Load => {
                self.emit(Op::LOAD_ATTR, number << self.idioms.attribute_shift, at);
            }
            Context::Store => self.emit(Op::STORE_ATTR, number, at),
            Context::Delete => self.emit(Op::DELETE_ATTR, number, at),
        }
        Ok(())
    }

    /// Moves the start of `at` to the attribute's name, if that is in another line. `attribute` is
    /// the location of the whole attribute expression.
    ///
    /// Quirk: `compile.c: update_start_location_to_match_attr`, 3.13, counts characters of the name
    /// instead of bytes.
    pub(super) fn attribute_location(
        &self,
        at: Location,
        attribute: Location,
        name: Name,
    ) -> Location {
        if at.line == attribute.end_line {
            return at;
        }
        let bytes = self.context.names.bytes(name);
        let characters = bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        let length = i32::try_from(characters).unwrap_or(i32::MAX);
        let mut at = Location { line: attribute.end_line, ..at };
        at.column = attribute.end_column.after(-length);
        if !at.column.is_some() {
            // Normalisation made the name longer than its text.
            at = at.without_columns();
        }
        at.end_line = at.end_line.max(at.line);
        if at.line == at.end_line {
            at.end_column = at.end_column.max(at.column);
        }
        at
    }

    /// The call in `value` if `value.name` can be read without a `super` object (`compile.c:
    /// can_optimize_super_call`, 3.13).
    pub(super) fn super_call(&self, value: ExprId, name: Name) -> Option<SuperCall> {
        let ExprKind::Call { function, arguments, keywords } = self.tree[value].kind else {
            return None;
        };
        let is_super = self.tree.as_name(function) == Some(Name::SUPER);
        if !is_super
            || !self.has(Feature::SuperAttributes)
            || name == Name::CLASS
            || !keywords.is_empty()
        {
            return None;
        }
        // If `super` is bound somewhere, or even used at module level, it is called normally.
        let global = Some(Resolution::GlobalImplicit);
        let here = self.symbol(Name::SUPER).and_then(|symbol| symbol.resolution);
        if here != global || self.module.mentions_super() {
            return None;
        }
        let possible = match arguments.len() {
            0 => {
                self.frame.unit.argcount + self.frame.unit.posonlyargcount > 0
                    && self.resolution(Name::CLASS) == Some(Resolution::Free)
            }
            2 => self.tree[arguments].iter().all(|&argument| self.starred(argument).is_none()),
            _ => false,
        };
        possible.then_some(SuperCall { at: self.tree[value].location, function, arguments })
    }

    /// Reads an attribute of what a call of `super` would return (`compile.c: load_args_for_super`,
    /// 3.13).
    pub(super) fn load_super(
        &mut self,
        call: SuperCall,
        what: Super,
        name: Name,
        at: Location,
    ) -> Result<()> {
        /// In `LOAD_SUPER_ATTR`'s argument: class and object are given.
        const TWO_ARGUMENTS: u32 = 2;
        self.name(Name::SUPER, Context::Load, self.tree[call.function].location)?;
        let mut flags = what as u32;
        if call.arguments.is_empty() {
            self.name(Name::CLASS, Context::Load, call.at)?;
            let first = self.frame.unit.locals.items()[0];
            self.name(first, Context::Load, call.at)?;
        } else {
            self.expressions(call.arguments)?;
            flags |= TWO_ARGUMENTS;
        }
        let number = self.name_number(name);
        self.emit(Op::LOAD_SUPER_ATTR, number << 2 | flags, at);
        Ok(())
    }

    /// Only binding is forbidden here: `del x.__debug__` is allowed.
    fn forbid_attribute(&self, name: Name, context: Context, at: Location) -> Result<()> {
        match context {
            Context::Store => self.check_name(name, context, at),
            Context::Load | Context::Delete => Ok(()),
        }
    }

    /// `self.x = …` in a method: adds `x` to the class's `__static_attributes__`.
    ///
    /// As in `compile.c: compiler_maybe_add_static_attribute_to_class`, 3.13.
    fn note_static_attribute(&mut self, value: ExprId, name: Name, context: Context) {
        if context != Context::Store || self.tree.as_name(value) != Some(Name::SELF) {
            return;
        }
        let class = self.outer.iter_mut().rfind(|frame| frame.kind == UnitKind::Class);
        if let Some(class) = class {
            // This check only saves memory: duplicates are removed at the class's end.
            if class.static_attributes.last() != Some(&name) {
                class.static_attributes.push(name);
            }
        }
    }
}
