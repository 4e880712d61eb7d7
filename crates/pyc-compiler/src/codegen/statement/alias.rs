//! `type X = …`: an alias whose value is a function, called on demand.
//!
//! ```text
//! type X = int    LOAD_CONST 'X'; LOAD_CONST None; LOAD_CONST <code X>; MAKE_FUNCTION; BUILD_TUPLE 3;
//!                 CALL_INTRINSIC_1 TypeAlias; STORE_NAME X
//! ```

use crate::codegen::Generator;
use crate::codegen::closure::Attributes;
use crate::codegen::unit::{End, Opening, UnitKind};
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Intrinsic1, Op};
use crate::location::Location;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{Context, TypeAlias, TypeAliasId};

impl Generator<'_, '_> {
    /// `compile.c: compiler_typealias`, 3.13.
    pub(super) fn type_alias(&mut self, id: TypeAliasId, at: Location) -> Result<()> {
        let tree = self.tree;
        let alias = tree[id];
        let name = tree.as_name(alias.name).expect("the grammar has only a name there");
        let text = self.context.constants.str(name);
        match alias.type_params_block {
            None => {
                self.emit_const(text, at);
                self.emit_const(ConstId::NONE, at);
                self.alias_object(&alias, name, at)?;
            }
            Some(block) => {
                self.null_below(at);
                let opening = self.type_params_opening(block, name, at.line);
                let code = self.in_unit(opening, |this| {
                    this.emit_const(text, at);
                    this.type_params(alias.type_params)?;
                    this.alias_object(&alias, name, at)?;
                    Ok(End::Top)
                })?;
                self.closure(code, Attributes::default(), at)?;
                self.null_above(at);
                self.emit_call(0, at);
            }
        }
        self.name(name, Context::Store, at)
    }

    /// Creates the alias from its name and type parameters on the stack (`compile.c:
    /// compiler_typealias_body`, 3.13).
    fn alias_object(&mut self, alias: &TypeAlias, name: Name, at: Location) -> Result<()> {
        let defaults = self.default_format(at);
        let takes_format = self.has(Feature::DeferredAnnotations);
        let kind = if takes_format { UnitKind::TypeParams } else { UnitKind::Function };
        let scope = self.scope_of(alias.block);
        let opening = Opening { kind, scope, name, first_line: at.line };
        let code = self.in_unit(opening, |this| {
            if takes_format {
                this.check_format(at);
            } else {
                // As the first constant, `None` shows that there is no docstring.
                this.frame.unit.consts.number(ConstId::NONE);
            }
            this.expression(alias.value)?;
            this.emit(Op::RETURN_VALUE, 0, at);
            Ok(End::Top)
        })?;
        self.closure(code, defaults, at)?;
        self.emit(Op::BUILD_TUPLE, 3, at);
        self.emit_intrinsic1(Intrinsic1::TypeAlias, at);
        Ok(())
    }
}
