//! Corrects errors of rustpython-parser, where its own tree and the source show what would be
//! right.
//!
//! For example `a[*b]`: the index is a tuple with one item.

use std::convert::Infallible;

use rustpython_ast::fold::{
    Fold, Foldable, fold_expr_subscript, fold_stmt_ann_assign, fold_stmt_match,
};
use rustpython_parser::ast::{self, Ranged};
use rustpython_parser::text_size::TextRange;

pub(crate) fn mend(body: ast::Suite, source: &str) -> ast::Suite {
    let Ok(body) = body.fold(&mut Mender { source });
    body
}

struct Mender<'s> {
    source: &'s str,
}

impl Fold<TextRange> for Mender<'_> {
    type TargetU = TextRange;
    type Error = Infallible;
    type UserContext = ();

    fn will_map_user(&mut self, _range: &TextRange) {}

    fn map_user(&mut self, range: TextRange, (): ()) -> Result<TextRange, Infallible> {
        Ok(range)
    }

    /// The index of `a[*b]` is a tuple.
    fn fold_expr_subscript(
        &mut self,
        mut node: ast::ExprSubscript,
    ) -> Result<ast::ExprSubscript, Infallible> {
        if node.slice.is_starred_expr() {
            node.slice = Box::new(tuple_of_one(*node.slice));
        }
        fold_expr_subscript(self, node)
    }

    /// The target of `(x): int` isn't simple.
    fn fold_stmt_ann_assign(
        &mut self,
        mut node: ast::StmtAnnAssign,
    ) -> Result<ast::StmtAnnAssign, Infallible> {
        node.simple &= node.target.start() == node.start();
        fold_stmt_ann_assign(self, node)
    }

    /// The subject of `match x,:` is a tuple.
    fn fold_stmt_match(&mut self, mut node: ast::StmtMatch) -> Result<ast::StmtMatch, Infallible> {
        let after = &self.source[node.subject.end().into()..];
        if after.trim_start_matches([')', ' ']).starts_with(',') {
            node.subject = Box::new(tuple_of_one(*node.subject));
        }
        fold_stmt_match(self, node)
    }
}

fn tuple_of_one(item: ast::Expr) -> ast::Expr {
    let (range, ctx) = (item.range(), ast::ExprContext::Load);
    ast::ExprTuple { range, elts: vec![item], ctx }.into()
}
