//! Calls' and classes' arguments.
//!
//! `f(x, *y, z=1)` has the arguments `x, *y` and the keyword `z`.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;

use super::operator;
use super::walk::Lowering;
use crate::error::Result;
use crate::tree::{ExprId, ExprKind, Keyword, List};

impl Lowering<'_, '_, '_> {
    pub(super) fn call(&mut self, node: &ast::ExprCall) -> Result<ExprKind> {
        let function = self.expr(&node.func)?;
        let (arguments, keywords) = self.arguments(&node.arguments)?;
        Ok(ExprKind::Call { function, arguments, keywords })
    }

    pub(super) fn arguments(
        &mut self,
        node: &ast::Arguments,
    ) -> Result<(List<ExprId>, List<Keyword>)> {
        let arguments = match &*node.args {
            // The only argument, without parentheses of its own, is placed as if the call's were (`python.gram: genexp`).
            [Expr::Generator(only)] if !only.parenthesized => {
                let argument = self.deeper(only.start(), |this| {
                    let start = this.start(node);
                    let kind = this.generator(only)?;
                    let at = this.until(start, node.end());
                    Ok(this.push(kind, at))
                })?;
                self.tree.push_list(&[argument])
            }
            several => self.list(several, Self::argument)?,
        };
        Ok((arguments, self.list(&node.keywords, Self::keyword)?))
    }

    /// What stands in a call or in a subscript: `*a or b` is `*(a or b)` there.
    pub(super) fn argument(&mut self, node: &Expr) -> Result<ExprId> {
        let Expr::Starred(node) = node else { return self.expr(node) };
        self.deeper(node.start(), |this| {
            let start = this.start(node);
            let value = this.expr(&node.value)?;
            let at = this.until(start, node.end());
            let context = operator::context(node.ctx);
            Ok(this.push(ExprKind::Starred { value, context }, at))
        })
    }

    fn keyword(&mut self, node: &ast::Keyword) -> Result<Keyword> {
        let start = self.start(node);
        let name = node.arg.as_ref().map(|name| self.name(&name.id));
        let value = self.expr(&node.value)?;
        Ok(Keyword { name, value, location: self.until(start, node.end()) })
    }
}
