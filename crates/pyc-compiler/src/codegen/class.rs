//! `class`: a function that fills the namespace, called through `__build_class__`.
//!
//! ```text
//! class C(B): …     LOAD_BUILD_CLASS; PUSH_NULL; LOAD_CONST <code C>; MAKE_FUNCTION; LOAD_CONST 'C'; LOAD_NAME B;
//!                   CALL 3; STORE_NAME C
//! ```

use super::Generator;
use super::closure::Attributes;
use super::unit::{End, Opening, UnitKind};
use crate::constant::{CodeId, ConstId};
use crate::error::Result;
use crate::instruction::{Intrinsic1, Op};
use crate::location::{Line, Location};
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{Class, ClassId, Context};

impl Generator<'_, '_> {
    /// `compile.c: compiler_class`, 3.13.
    pub(super) fn class(&mut self, id: ClassId, at: Location) -> Result<()> {
        let class = self.tree[id];
        self.decorators(class.decorators)?;
        let first_line = self.first_line(class.decorators, at);
        match class.type_params_block {
            None => {
                self.class_function(&class, first_line, at)?;
                self.call_with(at, 2, class.bases, class.keywords)?;
            }
            Some(block) => {
                self.null_below(at);
                if !self.has(Feature::MangledTypeParams) {
                    // Quirk of older releases: names after the class are mangled by its name, too
                    // (`compile.c: compiler_class`, 3.12).
                    self.frame.private = Some(class.name);
                }
                let opening = self.type_params_opening(block, class.name, first_line);
                let code = self.in_unit(opening, |this| {
                    this.frame.private = Some(class.name);
                    this.type_params(class.type_params)?;
                    this.name(Name::TYPE_PARAMS_VARIABLE, Context::Store, at)?;
                    this.class_function(&class, first_line, at)?;
                    this.name(Name::TYPE_PARAMS_VARIABLE, Context::Load, at)?;
                    this.emit_intrinsic1(Intrinsic1::SubscriptGeneric, at);
                    this.name(Name::GENERIC_BASE, Context::Store, at)?;
                    this.call_with(at, 2, class.generic_bases, class.keywords)?;
                    Ok(End::Top)
                })?;
                self.closure(code, Attributes::default(), at)?;
                self.null_above(at);
                self.emit_call(0, at);
            }
        }
        self.apply_decorators(class.decorators);
        self.name(class.name, Context::Store, at)
    }

    /// Pushes `__build_class__` and its first two arguments.
    fn class_function(&mut self, class: &Class, first_line: Line, at: Location) -> Result<()> {
        let code = self.class_code(class, first_line)?;
        // These are in the `class` line, not in a decorator's.
        self.null_below(at);
        self.emit(Op::LOAD_BUILD_CLASS, 0, at);
        self.null_above(at);
        self.closure(code, Attributes::default(), at)?;
        let name = self.context.constants.str(class.name);
        self.emit_const(name, at);
        Ok(())
    }

    /// `compile.c: compiler_class_body`, 3.13.
    fn class_code(&mut self, class: &Class, first_line: Line) -> Result<CodeId> {
        let scope = self.scope_of(class.block);
        let opening = Opening { kind: UnitKind::Class, scope, name: class.name, first_line };
        self.in_unit(opening, |this| {
            let at = Location::line_start(first_line);
            this.frame.private = Some(class.name);
            this.class_prologue(class, at)?;
            this.body(class.body, at)?;
            this.class_epilogue()?;
            Ok(End::None)
        })
    }

    /// Binds `__module__`, `__qualname__`, `__firstlineno__`, …
    fn class_prologue(&mut self, class: &Class, at: Location) -> Result<()> {
        self.name(Name::NAME, Context::Load, at)?;
        self.name(Name::MODULE_ATTRIBUTE, Context::Store, at)?;
        let qualname = self.frame.unit.qualname.expect("every unit has a qualified name");
        let qualname = self.context.constants.str(qualname);
        self.emit_const(qualname, at);
        self.name(Name::QUALNAME, Context::Store, at)?;
        if self.has(Feature::ClassAttributes) {
            let line = self.context.constants.int(at.line.number().into());
            self.emit_const(line, at);
            self.name(Name::FIRSTLINENO, Context::Store, at)?;
        }
        if !class.type_params.is_empty() {
            self.name(Name::TYPE_PARAMS_VARIABLE, Context::Load, at)?;
            self.name(Name::TYPE_PARAMS, Context::Store, at)?;
        }
        if self.scope().facts.needs_classdict {
            self.emit(Op::LOAD_LOCALS, 0, at);
            let cell = self.frame.unit.cells.number(Name::CLASSDICT);
            self.emit(Op::STORE_DEREF, cell, at);
        }
        self.begin_conditions(at);
        Ok(())
    }

    /// Binds `__static_attributes__`, and the cells that `type.__new__` fills.
    fn class_epilogue(&mut self) -> Result<()> {
        let none = Location::NONE;
        if self.has(Feature::ClassAttributes) {
            let attributes = self.static_attributes();
            self.emit_const(attributes, none);
            self.name(Name::STATIC_ATTRIBUTES, Context::Store, none)?;
        }
        let facts = self.scope().facts;
        if facts.needs_classdict {
            let cell = self.frame.unit.cells.number(Name::CLASSDICT);
            self.emit(Op::LOAD_CLOSURE, cell, none);
            self.name(Name::CLASSDICTCELL, Context::Store, none)?;
        }
        if facts.needs_class_closure {
            let cell = self.frame.unit.cells.number(Name::CLASS);
            self.emit(Op::LOAD_CLOSURE, cell, none);
            self.emit(Op::COPY, 1, none);
            self.name(Name::CLASSCELL, Context::Store, none)?;
        } else {
            self.emit_const(ConstId::NONE, none);
        }
        self.emit(Op::RETURN_VALUE, 0, none);
        Ok(())
    }

    /// The tuple of attributes that methods set on `self`.
    fn static_attributes(&mut self) -> ConstId {
        let mut attributes = std::mem::take(&mut self.frame.static_attributes);
        let names = &self.context.names;
        attributes.sort_unstable_by(|a, b| names.bytes(*a).cmp(names.bytes(*b)));
        attributes.dedup();
        let constants = &mut self.context.constants;
        let items: Vec<_> = attributes.iter().map(|&name| constants.str(name)).collect();
        self.frame.static_attributes = attributes;
        constants.tuple(items)
    }
}
