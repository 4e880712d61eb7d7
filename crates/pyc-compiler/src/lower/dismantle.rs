//! Drops ruff's tree without recursion as deep as the tree.
//!
//! `-` a million times before `x` is a million boxes in each other, and dropping the outermost would overflow the
//! stack. So the parts of deep trees are taken out and dropped one by one.

use std::cell::RefCell;
use std::mem;

use ruff_python_ast::visitor::transformer::{self, Transformer};
use ruff_python_ast::{
    AtomicNodeIndex, Expr, ExprNoneLiteral, Mod, Pattern, PatternMatchStar, Stmt, StmtPass,
};
use ruff_text_size::TextRange;

/// Trees of fewer levels are dropped as they are.
const SHALLOW: u32 = 200;

/// Drops a tree that is `depth` levels deep, as far as that is known.
pub(super) fn dismantle(root: Mod, depth: Option<u32>) {
    if depth.is_some_and(|depth| depth < SHALLOW) {
        return;
    }
    let parts = Parts::default();
    match root {
        Mod::Module(mut module) => {
            module.body.iter_mut().for_each(|stmt| transformer::walk_stmt(&parts, stmt));
        }
        Mod::Expression(mut expression) => parts.visit_expr(&mut expression.body),
    }
    loop {
        if let Some(mut expr) = take(&parts.exprs) {
            transformer::walk_expr(&parts, &mut expr);
        } else if let Some(mut stmt) = take(&parts.stmts) {
            transformer::walk_stmt(&parts, &mut stmt);
        } else if let Some(mut pattern) = take(&parts.patterns) {
            transformer::walk_pattern(&parts, &mut pattern);
        } else {
            break;
        }
    }
}

fn take<T>(from: &RefCell<Vec<T>>) -> Option<T> {
    from.borrow_mut().pop()
}

/// What was taken out and waits to be taken apart.
#[derive(Default)]
struct Parts {
    exprs: RefCell<Vec<Expr>>,
    stmts: RefCell<Vec<Stmt>>,
    patterns: RefCell<Vec<Pattern>>,
}

/// Takes a node's parts instead of visiting them.
impl Transformer for Parts {
    fn visit_expr(&self, expr: &mut Expr) {
        let nothing = Expr::NoneLiteral(ExprNoneLiteral::default());
        self.exprs.borrow_mut().push(mem::replace(expr, nothing));
    }

    fn visit_annotation(&self, expr: &mut Expr) {
        self.visit_expr(expr);
    }

    fn visit_stmt(&self, stmt: &mut Stmt) {
        let nothing = Stmt::Pass(StmtPass {
            node_index: AtomicNodeIndex::default(),
            range: TextRange::default(),
        });
        self.stmts.borrow_mut().push(mem::replace(stmt, nothing));
    }

    fn visit_pattern(&self, pattern: &mut Pattern) {
        let nothing = Pattern::MatchStar(PatternMatchStar {
            node_index: AtomicNodeIndex::default(),
            range: TextRange::default(),
            name: None,
        });
        self.patterns.borrow_mut().push(mem::replace(pattern, nothing));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

    #[test]
    fn deep_trees_are_dropped_on_a_small_stack() {
        let deep = |source: String| {
            let parsed = parse_unchecked(&source, ParseOptions::from(Mode::Module));
            dismantle(parsed.into_syntax(), None);
        };
        let drop_all = move || {
            deep(format!("x{}", ".a".repeat(100_000)));
            deep(format!("{}x", "-".repeat(20_000)));
            deep(format!("match x:\n case {}x{}: pass", "[".repeat(5000), "]".repeat(5000)));
        };
        let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(drop_all);
        assert!(thread.unwrap().join().is_ok());
    }
}
