//! Comprehensions, and what `:=` binds inside them.
//!
//! In `[y := f(x) for x in xs]` the block of the comprehension has `.0`, `x` and `y`; `xs` is
//! evaluated outside, and `y` is bound outside too (PEP 572).

use super::{Opening, Part, Walk};
use crate::error::{Fault, Result};
use crate::location::Location;
use crate::name::Name;
use crate::scope::{ScopeKind, Uses};
use crate::target::Feature;
use crate::tree::{ComprehensionId, ComprehensionKind, ExprId};

impl Walk<'_> {
    /// `symtable_handle_comprehension`
    pub(super) fn comprehension(&mut self, id: ComprehensionId, at: Location) -> Result<()> {
        let tree = self.tree;
        let comprehension = tree[id];
        self.check_class_annotation("comprehension", at)?;
        let (first, rest) = tree[comprehension.generators]
            .split_first()
            .expect("the parser gives comprehensions at least one `for`");
        self.iterable(first.iterable)?;
        let opening = Opening {
            kind: ScopeKind::Function,
            block: Some(comprehension.block),
            name: scope_name(comprehension.kind),
            location: at,
        };
        let mut awaits = false;
        self.in_block(opening, |this| {
            this.scope().comprehension = Some(comprehension.kind);
            this.facts().coroutine |= first.is_async;
            this.note(Name::ITERATOR, Uses::PARAMETER, at)?;
            this.iteration_target(first.target)?;
            this.expressions(first.conditions)?;
            for generator in rest {
                this.iteration_target(generator.target)?;
                this.iterable(generator.iterable)?;
                this.expressions(generator.conditions)?;
                this.facts().coroutine |= generator.is_async;
            }
            this.optional(comprehension.value)?;
            this.expression(comprehension.element)?;
            let lazy = comprehension.kind == ComprehensionKind::Generator;
            this.facts().generator = lazy;
            awaits = this.facts().coroutine && !lazy;
            Ok(())
        })?;
        // The annotation of a local variable is in a block of its own, which isn't asynchronous,
        // even if the function is.
        if awaits
            && self.target.has(Feature::CoroutinesCheckedInTables)
            && !self.is_in_coroutine()
            && self.scope().comprehension.is_none()
        {
            let message = "asynchronous comprehension outside of an asynchronous function";
            return Err(Fault::syntax(at, message));
        }
        self.facts().coroutine |= awaits;
        Ok(())
    }

    fn iterable(&mut self, id: ExprId) -> Result<()> {
        self.frame().iterables += 1;
        self.expression(id)?;
        self.frame().iterables -= 1;
        Ok(())
    }

    fn iteration_target(&mut self, id: ExprId) -> Result<()> {
        self.frame().part = Part::IterationTarget;
        self.expression(id)?;
        self.frame().part = Part::Other;
        Ok(())
    }

    /// `target := value` (`symtable_handle_namedexpr`).
    pub(super) fn named(&mut self, target: ExprId, value: ExprId, at: Location) -> Result<()> {
        if self.frame().iterables > 0 {
            let message =
                "assignment expression cannot be used in a comprehension iterable expression";
            return Err(Fault::syntax(at, message));
        }
        if self.scope().comprehension.is_some() {
            if let Some(name) = self.tree.as_name(target) {
                self.bind_outside(name, self.tree[target].location)?;
            }
        }
        self.expression(value)?;
        self.expression(target)
    }

    /// Binds a name in the innermost enclosing block that isn't a comprehension's
    /// (`symtable_extend_namedexpr_scope`).
    fn bind_outside(&mut self, name: Name, at: Location) -> Result<()> {
        for outer in (0..self.frames.len()).rev() {
            let frame = self.frames[outer];
            let mangled = self.mangle_in(frame.mangled, name);
            let uses = self.symbol(frame.scope, mangled).uses;
            let scope = &self.walked.scopes[frame.scope.index()];
            if scope.comprehension.is_some() {
                // In older releases, a name that the loop's target only reads counts as a target,
                // too.
                let binds = uses.intersects(Uses::LOCAL)
                    || !self.target.has(Feature::ReadNamesAreNoTargets);
                if uses.intersects(Uses::COMPREHENSION_ITERATION) && binds {
                    let before =
                        "assignment expression cannot rebind comprehension iteration variable";
                    return self.error(at, before, name, "");
                }
                continue;
            }
            let (here, there) = match scope.kind {
                ScopeKind::Function if uses.intersects(Uses::GLOBAL) => (Uses::GLOBAL, Uses::LOCAL),
                ScopeKind::Function => (Uses::NONLOCAL, Uses::LOCAL),
                ScopeKind::Module => (Uses::GLOBAL, Uses::GLOBAL),
                ScopeKind::Class => return refuse(at, "in a class body"),
                ScopeKind::TypeParameters => {
                    return refuse(at, "within the definition of a generic");
                }
                ScopeKind::TypeAlias => return refuse(at, "in a type alias"),
                ScopeKind::TypeVariable => return refuse(at, "in a TypeVar bound"),
                ScopeKind::Annotation => continue,
            };
            self.note(name, here, at)?;
            self.note_declaration(name, at);
            return self.note_in(frame.scope, name, there, at).map(drop);
        }
        Ok(())
    }
}

fn refuse(at: Location, place: &str) -> Result<()> {
    let what = "assignment expression within a comprehension cannot be used";
    Err(Fault::syntax(at, format!("{what} {place}")))
}

const fn scope_name(kind: ComprehensionKind) -> Name {
    match kind {
        ComprehensionKind::List => Name::LIST_COMPREHENSION,
        ComprehensionKind::Set => Name::SET_COMPREHENSION,
        ComprehensionKind::Dict => Name::DICT_COMPREHENSION,
        ComprehensionKind::Generator => Name::GENERATOR_EXPRESSION,
    }
}
