//! Lambdas: their defaults are evaluated outside, the body is a unit of its own.
//!
//! ```text
//! lambda x=1: x    LOAD_CONST 1; BUILD_TUPLE 1; LOAD_CONST <code>; MAKE_FUNCTION; SET_FUNCTION_ATTRIBUTE 1
//! ```

use super::super::Generator;
use super::super::unit::{End, Opening, UnitKind};
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::LambdaId;

impl Generator<'_, '_> {
    /// `lambda parameters: body` (`compile.c: compiler_lambda`, 3.13).
    pub(super) fn lambda(&mut self, at: Location, id: LambdaId) -> Result<()> {
        let lambda = self.tree[id];
        self.check_parameters(&lambda.parameters)?;
        let attributes = self.default_arguments(&lambda.parameters, at)?;
        let opening = Opening {
            kind: UnitKind::Lambda,
            scope: self.scope_of(lambda.block),
            name: Name::LAMBDA,
            first_line: at.line,
        };
        let code = self.in_unit(opening, |this| {
            if this.has(Feature::DocstringPlace) {
                // Otherwise a string as the first constant would be the docstring.
                this.frame.unit.consts.number(ConstId::NONE);
            }
            this.count_parameters(&lambda.parameters);
            this.expression(lambda.body)?;
            if this.scope().facts.generator {
                return Ok(End::Top);
            }
            let body = if this.has(Feature::LambdaReturnLocation) {
                this.tree[lambda.body].location
            } else {
                Location::line_start(at.line)
            };
            this.emit(Op::RETURN_VALUE, 0, body);
            Ok(End::None)
        })?;
        self.closure(code, attributes, at)?;
        Ok(())
    }
}
