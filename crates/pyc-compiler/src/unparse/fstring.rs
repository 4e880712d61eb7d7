//! f-strings and t-strings: first the parts, then the whole in quotes like a string.
//!
//! `f"{x!r:>{n}}'"` becomes `f"{x!r:>{n}}'"`. Quotes in fields may need a backslash, which is valid
//! only from 3.12 on.

use super::Writer;
use super::level::Level;
use crate::constant::{ConstId, Constant};
use crate::error::Result;
use crate::tree::{Conversion, ExprId, ExprKind, List};

impl Writer<'_, '_> {
    /// `append_joinedstr`
    pub(super) fn joined(&mut self, id: ExprId, values: List<ExprId>) -> Result<()> {
        let body = self.apart(|this| this.parts(values))?;
        self.push("f");
        self.quoted(&body);
        self.check_length(id)
    }

    /// `append_templatestr`
    pub(super) fn template(&mut self, id: ExprId, values: List<ExprId>) -> Result<()> {
        let body = self.apart(|this| this.parts(values))?;
        self.push("t");
        self.quoted(&body);
        self.check_length(id)
    }

    /// `append_interpolation`: the value's source text.
    pub(super) fn interpolation(
        &mut self,
        text: ConstId,
        conversion: Conversion,
        spec: Option<ExprId>,
    ) -> Result<()> {
        let text = match self.context.constants[text] {
            Constant::Str(name) => self.context.names.bytes(name).to_vec(),
            _ => Vec::new(),
        };
        self.rest_of_field(&text, conversion, spec)
    }

    fn parts(&mut self, values: List<ExprId>) -> Result<()> {
        let tree = self.tree;
        tree[values].iter().try_for_each(|&id| self.part(id))
    }

    /// `append_fstring_element`
    fn part(&mut self, id: ExprId) -> Result<()> {
        match self.tree[id].kind {
            ExprKind::Constant { value, .. } => {
                if let Constant::Str(text) = self.context.constants[value] {
                    for &byte in self.context.names.bytes(text) {
                        if matches!(byte, b'{' | b'}') {
                            self.text.push(byte);
                        }
                        self.text.push(byte);
                    }
                }
                Ok(())
            }
            ExprKind::Formatted { value, conversion, spec } => self.field(value, conversion, spec),
            ExprKind::Interpolation { text, conversion, spec, .. } => {
                self.interpolation(text, conversion, spec)
            }
            _ => self.expression(id, Level::TEST),
        }
    }

    /// `append_formattedvalue`
    pub(super) fn field(
        &mut self,
        value: ExprId,
        conversion: Conversion,
        spec: Option<ExprId>,
    ) -> Result<()> {
        // The colon of a lambda would start the format spec.
        let text = self.apart(|this| this.expression(value, Level::TEST.above()))?;
        self.rest_of_field(&text, conversion, spec)
    }

    /// The rest of a field whose value has the text `text`.
    fn rest_of_field(
        &mut self,
        text: &[u8],
        conversion: Conversion,
        spec: Option<ExprId>,
    ) -> Result<()> {
        // A second brace after the first would mean a literal brace.
        self.push(if text.starts_with(b"{") { "{ " } else { "{" });
        self.text.extend_from_slice(text);
        self.push(match conversion {
            Conversion::None => "",
            Conversion::Str => "!s",
            Conversion::Repr => "!r",
            Conversion::Ascii => "!a",
        });
        if let Some(spec) = spec {
            self.push(":");
            match self.tree[spec].kind {
                ExprKind::Joined { values } => self.parts(values)?,
                _ => self.part(spec)?,
            }
        }
        self.push("}");
        Ok(())
    }
}
