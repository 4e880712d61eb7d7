//! Statements: each binds, reads and declares names, in the order of its parts.

use super::{Finally, Opening, Walk};
use crate::error::{Fault, Result};
use crate::location::Location;
use crate::name::Name;
use crate::scope::{ScopeKind, Uses};
use crate::target::Feature;
use crate::tree::{Alias, Body, Class, ClassId, ExprKind, Handler, List, StmtId, StmtKind};

impl Walk<'_> {
    pub(super) fn body(&mut self, body: Body) -> Result<()> {
        let tree = self.tree;
        for &id in &tree[body] {
            self.statement(id)?;
        }
        Ok(())
    }

    /// `symtable_visit_stmt`
    fn statement(&mut self, id: StmtId) -> Result<()> {
        let at = self.tree[id].location;
        self.one_deeper(at, |this| this.parts_of_statement(id, at))
    }

    #[inline]
    fn parts_of_statement(&mut self, id: StmtId, at: Location) -> Result<()> {
        let tree = self.tree;
        match tree[id].kind {
            StmtKind::Function(function) => self.function(function, at),
            StmtKind::Class(class) => self.class(class, at),
            StmtKind::TypeAlias(alias) => self.type_alias(alias, at),
            StmtKind::Return { value } => {
                self.warn_in_finally("return", at)?;
                if let Some(value) = value {
                    self.expression(value)?;
                    self.facts().returns_value = true;
                }
                Ok(())
            }
            StmtKind::Delete { targets } => self.expressions(targets),
            StmtKind::Assign { targets, value } => {
                self.expressions(targets)?;
                self.expression(value)
            }
            StmtKind::AugmentedAssign { target, value, .. } => {
                self.expression(target)?;
                self.expression(value)
            }
            StmtKind::AnnotatedAssign { target, annotation, value, simple } => {
                match tree[target].kind {
                    ExprKind::Name { name, .. } => {
                        let binds = value.is_some();
                        self.annotated_name(name, at, tree[target].location, (simple, binds))?;
                    }
                    _ => self.expression(target)?,
                }
                self.annotation(annotation)?;
                self.optional(value)
            }
            StmtKind::For { target, iterable, body, orelse, is_async } => {
                if is_async {
                    self.check_coroutine("'async for' outside async function", at)?;
                }
                self.expression(target)?;
                self.expression(iterable)?;
                self.loop_bodies(body, orelse)
            }
            StmtKind::While { test, body, orelse } => {
                self.expression(test)?;
                self.loop_bodies(body, orelse)
            }
            StmtKind::If { test, body, orelse } => {
                self.expression(test)?;
                self.conditional_bodies(body, orelse)
            }
            StmtKind::With { items, body, is_async } => {
                if is_async {
                    self.check_coroutine("'async with' outside async function", at)?;
                }
                for item in &tree[items] {
                    self.expression(item.context)?;
                    self.optional(item.target)?;
                }
                self.conditional_bodies(body, List::EMPTY)
            }
            StmtKind::Match { subject, cases } => {
                self.expression(subject)?;
                self.in_conditional(|this| {
                    tree[cases].iter().try_for_each(|case| {
                        this.pattern(case.pattern)?;
                        this.optional(case.guard)?;
                        this.body(case.body)
                    })
                })
            }
            StmtKind::Raise { exception, cause } => {
                self.optional(exception)?;
                self.optional(cause)
            }
            StmtKind::Try { body, handlers, orelse, finally, .. } => {
                self.frame().tries += 1;
                self.parts_of_try((body, handlers), orelse, finally)?;
                self.frame().tries -= 1;
                Ok(())
            }
            StmtKind::Assert { test, message } => {
                self.expression(test)?;
                self.optional(message)
            }
            StmtKind::Import { names, is_lazy } => {
                self.imports(names, is_lazy.then_some("lazy import"), at)
            }
            StmtKind::ImportFrom { names, is_lazy, .. } => {
                self.imports(names, is_lazy.then_some("lazy from ... import"), at)
            }
            StmtKind::Global { names } => self.declare(names, Uses::GLOBAL, at),
            StmtKind::Nonlocal { names } => self.declare(names, Uses::NONLOCAL, at),
            StmtKind::Expr { value } => self.expression(value),
            StmtKind::Break => self.warn_in_finally("break", at),
            StmtKind::Continue => self.warn_in_finally("continue", at),
            StmtKind::Pass => Ok(()),
        }
    }

    fn parts_of_try(
        &mut self,
        (body, handlers): (Body, List<Handler>),
        orelse: Body,
        finally: Body,
    ) -> Result<()> {
        let handlers_first = self.target.has(Feature::HandlersBeforeElse);
        self.in_conditional(|this| {
            this.body(body)?;
            if handlers_first {
                this.handlers(handlers)?;
                this.body(orelse)?;
            } else {
                this.body(orelse)?;
                this.handlers(handlers)?;
            }
            this.in_finally(Finally::Inside, |this| this.body(finally))
        })
    }

    fn loop_bodies(&mut self, body: Body, orelse: Body) -> Result<()> {
        self.in_conditional(|this| {
            this.in_finally(Finally::Outside, |this| this.body(body))?;
            this.body(orelse)
        })
    }

    fn conditional_bodies(&mut self, body: Body, orelse: Body) -> Result<()> {
        self.in_conditional(|this| {
            this.body(body)?;
            this.body(orelse)
        })
    }

    fn handlers(&mut self, handlers: List<Handler>) -> Result<()> {
        let tree = self.tree;
        for handler in &tree[handlers] {
            self.optional(handler.class)?;
            if let Some(name) = handler.name {
                self.note(name, Uses::LOCAL, handler.location)?;
            }
            self.body(handler.body)?;
        }
        Ok(())
    }

    fn class(&mut self, id: ClassId, at: Location) -> Result<()> {
        let class = self.tree[id];
        self.note(class.name, Uses::LOCAL, at)?;
        self.expressions(class.decorators)?;
        let mut private = self.private;
        match class.type_params_block {
            Some(block) => {
                let only_type_params = self.target.has(Feature::MangledTypeParams);
                if !only_type_params {
                    // Quirk of older releases: names after the class are mangled by its name, too
                    // (`symtable_visit_stmt`, 3.12).
                    private = Some(class.name);
                }
                self.in_class_type_params(block, &class, at, |this| {
                    this.private = Some(class.name);
                    if only_type_params {
                        this.mangle_only_type_params();
                    }
                    this.type_params(class.type_params)?;
                    this.class_block(&class, at)
                })?;
            }
            None => self.class_block(&class, at)?,
        }
        self.private = private;
        Ok(())
    }

    /// Walks a class: its bases and keywords outside, then its body in a block of its own.
    fn class_block(&mut self, class: &Class, at: Location) -> Result<()> {
        self.expressions(class.bases)?;
        self.keywords(class.keywords)?;
        let Class { name, block, body, .. } = *class;
        let opening = Opening { kind: ScopeKind::Class, block: Some(block), name, location: at };
        self.in_block(opening, |this| {
            this.private = Some(name);
            if class.type_params_block.is_some() {
                this.note(Name::TYPE_PARAMS, Uses::LOCAL, at)?;
                this.note(Name::TYPE_PARAMS_VARIABLE, Uses::USE, at)?;
            }
            this.body(body)
        })
    }

    /// Refuses lazy imports anywhere but in a module (`symtable.c: check_lazy_import_context`,
    /// 3.15).
    fn check_lazy(&mut self, what: &str, at: Location) -> Result<()> {
        let in_try = self.frame().tries > 0;
        let place = match self.scope().kind {
            _ if in_try => "try/except blocks",
            ScopeKind::Function => "functions",
            ScopeKind::Class => "classes",
            _ => return Ok(()),
        };
        Err(Fault::syntax(at, format!("{what} not allowed inside {place}")))
    }

    /// Binds what a statement imports. `lazy` is the statement's name in messages if it is lazy.
    fn imports(&mut self, names: List<Alias>, lazy: Option<&str>, at: Location) -> Result<()> {
        let tree = self.tree;
        if let Some(what) = lazy {
            self.check_lazy(what, at)?;
            if tree[names].iter().any(|alias| alias.name == Name::STAR) {
                return Err(Fault::syntax(at, "lazy from ... import * is not allowed"));
            }
        }
        tree[names].iter().try_for_each(|alias| self.import(alias))
    }

    /// Of `spam.eggs` only `spam` is bound (`symtable_visit_alias`).
    fn import(&mut self, alias: &Alias) -> Result<()> {
        let name = alias.rename.unwrap_or(alias.name);
        let text = self.names.bytes(name);
        let name = match text.iter().position(|&byte| byte == b'.') {
            Some(dot) => {
                let first = text[..dot].to_vec();
                self.names.intern(&first)
            }
            None => name,
        };
        if name != Name::STAR {
            return self.note(name, Uses::IMPORT, alias.location);
        }
        if self.scope().kind == ScopeKind::Module {
            return Ok(());
        }
        Err(Fault::syntax(alias.location, "import * only allowed at module level"))
    }
}
