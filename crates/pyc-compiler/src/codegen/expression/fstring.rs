//! f-strings: their parts are joined, replacement fields formatted. t-strings keep texts and fields
//! separate.
//!
//! ```text
//! f"a{b!r:>5}"   LOAD_CONST "a"; LOAD_NAME b; CONVERT_VALUE 2 (repr); LOAD_CONST ">5"; FORMAT_WITH_SPEC; BUILD_STRING 2
//! t"a{b}"        LOAD_CONST "a"; LOAD_CONST ""; BUILD_TUPLE 2; LOAD_NAME b; LOAD_CONST "b"; BUILD_INTERPOLATION 2;
//!                BUILD_TUPLE 1; BUILD_TEMPLATE
//! ```

use super::super::Generator;
use super::STACK_USE_GUIDELINE;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::{Name, count};
use crate::target::{Feature, Field};
use crate::tree::{Conversion, ExprId, ExprKind, List};

impl Generator<'_, '_> {
    /// Joins the parts. More than 30 are joined by `"".join([…])` (`compile.c:
    /// compiler_joined_str`, 3.13).
    pub(super) fn joined(&mut self, at: Location, values: List<ExprId>) -> Result<()> {
        if values.len() > STACK_USE_GUIDELINE {
            self.emit_const(ConstId::EMPTY_STR, at);
            self.emit_method(Name::JOIN, at);
            self.emit(Op::BUILD_LIST, 0, at);
            let tree = self.tree;
            for &value in &tree[values] {
                self.expression(value)?;
                self.emit(Op::LIST_APPEND, 1, at);
            }
            self.emit_call(1, at);
            return Ok(());
        }
        self.expressions(values)?;
        match values.len() {
            0 if self.has(Feature::EmptyFstringConstant) => self.emit_const(ConstId::EMPTY_STR, at),
            1 => {}
            parts => self.emit(Op::BUILD_STRING, count(parts), at),
        }
        Ok(())
    }

    /// Builds a tuple of the texts and one of the fields. The text is empty between adjacent fields
    /// and at an end that is a field (`codegen.c: codegen_template_str`, 3.14).
    pub(super) fn template(&mut self, at: Location, values: List<ExprId>) -> Result<()> {
        let tree = self.tree;
        let is_field = |id: ExprId| matches!(tree[id].kind, ExprKind::Interpolation { .. });
        let (mut texts, mut after_field) = (0, true);
        for &value in &tree[values] {
            if !is_field(value) {
                self.expression(value)?;
                texts += 1;
            } else if after_field {
                self.emit_const(ConstId::EMPTY_STR, at);
                texts += 1;
            }
            after_field = is_field(value);
        }
        if after_field {
            self.emit_const(ConstId::EMPTY_STR, at);
            texts += 1;
        }
        self.emit(Op::BUILD_TUPLE, texts, at);
        let mut fields = 0;
        for &value in tree[values].iter().filter(|&&value| is_field(value)) {
            self.expression(value)?;
            fields += 1;
        }
        self.emit(Op::BUILD_TUPLE, fields, at);
        self.emit(Op::BUILD_TEMPLATE, 0, at);
        Ok(())
    }

    /// Builds a replacement field of a t-string, including the source text of its value
    /// (`codegen.c: codegen_interpolation`, 3.14).
    pub(super) fn interpolation(
        &mut self,
        at: Location,
        text: ConstId,
        field: Field,
    ) -> Result<()> {
        /// Parts of `BUILD_INTERPOLATION`'s argument: a bit that is always set, a bit for a spec,
        /// and the position of the conversion.
        const ALWAYS: u32 = 2;
        const HAS_SPEC: u32 = 1;
        const CONVERSION: u32 = 2;
        let Field { value, conversion, spec } = field;
        self.expression(value)?;
        self.emit_const(text, at);
        let mut how = ALWAYS | (conversion as u32) << CONVERSION;
        if let Some(spec) = spec {
            self.expression(spec)?;
            how |= HAS_SPEC;
        }
        self.emit(Op::BUILD_INTERPOLATION, how, at);
        Ok(())
    }

    /// Converts, then formats a replacement field (`compile.c: compiler_formatted_value`, 3.13).
    pub(crate) fn format_by_steps(&mut self, at: Location, field: Field) -> Result<()> {
        let Field { value, conversion, spec } = field;
        self.expression(value)?;
        if conversion != Conversion::None {
            self.emit(Op::CONVERT_VALUE, conversion as u32, at);
        }
        match spec {
            Some(spec) => {
                self.expression(spec)?;
                self.emit(Op::FORMAT_WITH_SPEC, 0, at);
            }
            None => self.emit(Op::FORMAT_SIMPLE, 0, at),
        }
        Ok(())
    }

    /// Does both by one instruction (`compile.c: compiler_formatted_value`, 3.12).
    pub(crate) fn format_at_once(&mut self, at: Location, field: Field) -> Result<()> {
        /// In `FORMAT_VALUE`'s argument: a spec is given.
        const HAS_SPEC: u32 = 4;
        let Field { value, conversion, spec } = field;
        self.expression(value)?;
        let mut how = conversion as u32;
        if let Some(spec) = spec {
            self.expression(spec)?;
            how |= HAS_SPEC;
        }
        self.emit(Op::FORMAT_VALUE, how, at);
        Ok(())
    }
}
