//! Expressions: names are read, and bound where they are targets.

use super::Walk;
use crate::error::{Fault, Result};
use crate::location::Location;
use crate::name::Name;
use crate::scope::{ScopeKind, Uses};
use crate::target::Feature;
use crate::tree::{ComprehensionKind, Context, ExprId, ExprKind, Keyword, List};

impl Walk<'_> {
    #[inline(always)]
    pub(super) fn expressions(&mut self, list: List<ExprId>) -> Result<()> {
        let tree = self.tree;
        for &id in &tree[list] {
            self.expression(id)?;
        }
        Ok(())
    }

    pub(super) fn optional(&mut self, id: Option<ExprId>) -> Result<()> {
        id.map_or(Ok(()), |id| self.expression(id))
    }

    #[inline(always)]
    pub(super) fn keywords(&mut self, list: List<Keyword>) -> Result<()> {
        let tree = self.tree;
        for keyword in &tree[list] {
            self.expression(keyword.value)?;
        }
        Ok(())
    }

    /// `symtable_visit_expr`
    pub(super) fn expression(&mut self, id: ExprId) -> Result<()> {
        let at = self.tree[id].location;
        self.one_deeper(at, |this| this.parts(id, at))
    }

    #[inline]
    fn parts(&mut self, id: ExprId, at: Location) -> Result<()> {
        let tree = self.tree;
        match tree[id].kind {
            ExprKind::Name { name, context } => self.name(name, context, at),
            ExprKind::Constant { .. } => Ok(()),
            ExprKind::Attribute { value, name, context } => {
                match context {
                    Context::Store if name == Name::DEBUG => {
                        self.forbid_debug("cannot assign to __debug__", at)?;
                    }
                    Context::Delete if name == Name::DEBUG => {
                        self.forbid_debug("cannot delete __debug__", at)?;
                    }
                    _ => {}
                }
                self.expression(value)
            }
            ExprKind::Starred { value, .. } => self.expression(value),
            ExprKind::Call { function, arguments, keywords } => {
                self.expression(function)?;
                self.expressions(arguments)?;
                self.keywords(keywords)
            }
            ExprKind::Subscript { value, index, .. } => {
                self.expression(value)?;
                self.expression(index)
            }
            ExprKind::Binary { left, right, .. } => {
                self.expression(left)?;
                self.expression(right)
            }
            ExprKind::Unary { operand, .. } => self.expression(operand),
            ExprKind::Compare { left, rest } => {
                self.expression(left)?;
                tree[rest].iter().try_for_each(|step| self.expression(step.right))
            }
            ExprKind::BoolOp { values: list, .. }
            | ExprKind::Joined { values: list }
            | ExprKind::Template { values: list }
            | ExprKind::Set { elements: list }
            | ExprKind::List { elements: list, .. }
            | ExprKind::Tuple { elements: list, .. } => self.expressions(list),
            ExprKind::Dict { items } => {
                // All keys, then all values: in CPython's tree they are two lists.
                tree[items].iter().try_for_each(|item| self.optional(item.key))?;
                tree[items].iter().try_for_each(|item| self.expression(item.value))
            }
            ExprKind::Conditional { test, body, orelse } => {
                self.expression(test)?;
                self.expression(body)?;
                self.expression(orelse)
            }
            ExprKind::Slice { lower, upper, step } => {
                self.optional(lower)?;
                self.optional(upper)?;
                self.optional(step)
            }
            ExprKind::Formatted { value, spec, .. }
            | ExprKind::Interpolation { value, spec, .. } => {
                self.expression(value)?;
                self.optional(spec)
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda, at),
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension, at),
            ExprKind::Named { target, value } => {
                self.refuse_in_annotation("named expression", at)?;
                self.named(target, value, at)
            }
            ExprKind::Yield { value } => {
                self.refuse_in_annotation("yield expression", at)?;
                self.optional(value)?;
                self.yields(at)
            }
            ExprKind::YieldFrom { value } => {
                self.refuse_in_annotation("yield expression", at)?;
                self.expression(value)?;
                self.yields(at)
            }
            ExprKind::Await { value } => {
                self.refuse_in_annotation("await expression", at)?;
                self.check_await(at)?;
                self.expression(value)?;
                self.facts().coroutine = true;
                Ok(())
            }
        }
    }

    /// Refuses `await` outside of a coroutine, unless the code generator does so later
    /// (`symtable.c: symtable_visit_expr`, 3.14).
    fn check_await(&mut self, at: Location) -> Result<()> {
        if !self.target.has(Feature::CoroutinesCheckedInTables) {
            return Ok(());
        }
        let message = if !self.scope().is_function_like() {
            "'await' outside function"
        } else if !self.is_in_coroutine() && self.scope().comprehension.is_none() {
            "'await' outside async function"
        } else {
            return Ok(());
        };
        Err(Fault::syntax(at, message))
    }

    fn name(&mut self, name: Name, context: Context, at: Location) -> Result<()> {
        if self.frame().unevaluated {
            return Ok(());
        }
        let load = context == Context::Load;
        if name == Name::DEBUG && context == Context::Delete {
            self.forbid_debug("cannot delete __debug__", at)?;
        }
        self.note_here(name, if load { Uses::USE } else { Uses::LOCAL }, at)?;
        // `super()` without arguments finds its class in `__class__`.
        if load && name == Name::SUPER && self.scope().is_function_like() {
            self.note(Name::CLASS, Uses::USE, at)?;
        }
        Ok(())
    }

    fn yields(&mut self, at: Location) -> Result<()> {
        self.facts().generator = true;
        let message = match self.scope().comprehension {
            None => return Ok(()),
            Some(ComprehensionKind::List) => "'yield' inside list comprehension",
            Some(ComprehensionKind::Set) => "'yield' inside set comprehension",
            Some(ComprehensionKind::Dict) => "'yield' inside dict comprehension",
            Some(ComprehensionKind::Generator) => "'yield' inside generator expression",
        };
        Err(Fault::syntax(at, message))
    }

    /// `symtable_raise_if_annotation_block`
    fn refuse_in_annotation(&mut self, what: &str, at: Location) -> Result<()> {
        let place = match self.scope().kind {
            ScopeKind::Function | ScopeKind::Class | ScopeKind::Module => return Ok(()),
            ScopeKind::Annotation => "an annotation",
            ScopeKind::TypeVariable => self.frame().purpose,
            ScopeKind::TypeAlias => "a type alias",
            ScopeKind::TypeParameters => "the definition of a generic",
        };
        Err(Fault::syntax(at, format!("{what} cannot be used within {place}")))
    }
}
