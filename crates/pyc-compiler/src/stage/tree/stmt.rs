//! Prints statements with the names of `ast`.
//!
//! `body Import 1:0-1:8` above `names alias 1:7-1:8 name='m'`.

use super::Printer;
use super::expr::binary_op;
use crate::name::Name;
use crate::tree::{Alias, Body, Handler, List, StmtId, StmtKind};

impl Printer<'_, '_> {
    pub(super) fn body(&mut self, field: &str, body: Body) {
        let tree = self.tree;
        tree[body].iter().for_each(|&id| self.stmt(field, id));
    }

    fn stmt(&mut self, field: &str, id: StmtId) {
        let tree = self.tree;
        let stmt = tree[id];
        self.node(field, self.statement_class(stmt.kind), Some(stmt.location));
        match stmt.kind {
            StmtKind::Function(id) => self.name("name", tree[id].name),
            StmtKind::Class(id) => self.name("name", tree[id].name),
            StmtKind::AugmentedAssign { op, .. } => self.plain("op", binary_op(op)),
            StmtKind::AnnotatedAssign { simple, .. } => self.plain("simple", u8::from(simple)),
            StmtKind::Import { is_lazy: true, .. } => self.plain("is_lazy", 1),
            StmtKind::ImportFrom { module, level, is_lazy, .. } => {
                self.optional_name("module", module);
                self.plain("level", level);
                if is_lazy {
                    self.plain("is_lazy", 1);
                }
            }
            StmtKind::Global { names } | StmtKind::Nonlocal { names } => self.names("names", names),
            _ => {}
        }
        self.inside(|this| this.statement_parts(stmt.kind));
    }

    pub(super) fn names(&mut self, key: &str, names: List<Name>) {
        let tree = self.tree;
        tree[names].iter().for_each(|&name| self.name(key, name));
    }

    fn statement_parts(&mut self, kind: StmtKind) {
        let tree = self.tree;
        match kind {
            StmtKind::Function(id) => self.function(tree[id]),
            StmtKind::Class(id) => self.class_parts(tree[id]),
            StmtKind::Return { value } => self.optional("value", value),
            StmtKind::Delete { targets } => self.exprs("targets", targets),
            StmtKind::Assign { targets, value } => {
                self.exprs("targets", targets);
                self.expr("value", value);
            }
            StmtKind::TypeAlias(id) => {
                self.expr("name", tree[id].name);
                self.type_params(tree[id].type_params);
                self.expr("value", tree[id].value);
            }
            StmtKind::AugmentedAssign { target, value, .. } => {
                self.expr("target", target);
                self.expr("value", value);
            }
            StmtKind::AnnotatedAssign { target, annotation, value, .. } => {
                self.expr("target", target);
                self.expr("annotation", annotation);
                self.optional("value", value);
            }
            StmtKind::For { target, iterable, body, orelse, .. } => {
                self.expr("target", target);
                self.expr("iter", iterable);
                self.body("body", body);
                self.body("orelse", orelse);
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expr("test", test);
                self.body("body", body);
                self.body("orelse", orelse);
            }
            StmtKind::With { items, body, .. } => {
                for item in &tree[items] {
                    self.node("items", "withitem", None);
                    self.inside(|this| {
                        this.expr("context_expr", item.context);
                        this.optional("optional_vars", item.target);
                    });
                }
                self.body("body", body);
            }
            StmtKind::Match { subject, cases } => {
                self.expr("subject", subject);
                tree[cases].iter().for_each(|case| self.case(*case));
            }
            StmtKind::Raise { exception, cause } => {
                self.optional("exc", exception);
                self.optional("cause", cause);
            }
            StmtKind::Try { body, handlers, orelse, finally, .. } => {
                self.body("body", body);
                tree[handlers].iter().for_each(|handler| self.handler(*handler));
                self.body("orelse", orelse);
                self.body("finalbody", finally);
            }
            StmtKind::Assert { test, message } => {
                self.expr("test", test);
                self.optional("msg", message);
            }
            StmtKind::Import { names, .. } | StmtKind::ImportFrom { names, .. } => {
                tree[names].iter().for_each(|alias| self.alias(*alias));
            }
            StmtKind::Expr { value } => self.expr("value", value),
            StmtKind::Global { .. }
            | StmtKind::Nonlocal { .. }
            | StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue => {}
        }
    }

    fn handler(&mut self, handler: Handler) {
        self.node("handlers", "ExceptHandler", Some(handler.location));
        self.optional_name("name", handler.name);
        self.inside(|this| {
            this.optional("type", handler.class);
            this.body("body", handler.body);
        });
    }

    fn alias(&mut self, alias: Alias) {
        self.node("names", "alias", Some(alias.location));
        self.name("name", alias.name);
        self.optional_name("asname", alias.rename);
    }

    fn statement_class(&self, kind: StmtKind) -> &'static str {
        match kind {
            StmtKind::Function(id) if self.tree[id].is_async => "AsyncFunctionDef",
            StmtKind::Function(_) => "FunctionDef",
            StmtKind::Class(_) => "ClassDef",
            StmtKind::Return { .. } => "Return",
            StmtKind::Delete { .. } => "Delete",
            StmtKind::Assign { .. } => "Assign",
            StmtKind::TypeAlias(_) => "TypeAlias",
            StmtKind::AugmentedAssign { .. } => "AugAssign",
            StmtKind::AnnotatedAssign { .. } => "AnnAssign",
            StmtKind::For { is_async: true, .. } => "AsyncFor",
            StmtKind::For { .. } => "For",
            StmtKind::While { .. } => "While",
            StmtKind::If { .. } => "If",
            StmtKind::With { is_async: true, .. } => "AsyncWith",
            StmtKind::With { .. } => "With",
            StmtKind::Match { .. } => "Match",
            StmtKind::Raise { .. } => "Raise",
            StmtKind::Try { is_star: true, .. } => "TryStar",
            StmtKind::Try { .. } => "Try",
            StmtKind::Assert { .. } => "Assert",
            StmtKind::Import { .. } => "Import",
            StmtKind::ImportFrom { .. } => "ImportFrom",
            StmtKind::Global { .. } => "Global",
            StmtKind::Nonlocal { .. } => "Nonlocal",
            StmtKind::Expr { .. } => "Expr",
            StmtKind::Pass => "Pass",
            StmtKind::Break => "Break",
            StmtKind::Continue => "Continue",
        }
    }
}
