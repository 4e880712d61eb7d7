//! The patterns of `match`.
//!
//! `case {"x": x, **rest}` is a mapping of one key, one pattern and the rest's name.

use ruff_python_ast::{self as ast, Pattern, Singleton};
use ruff_text_size::Ranged;

use super::walk::Lowering;
use crate::constant::ConstId;
use crate::error::Result;
use crate::tree::{self, Case, List, PatternId, PatternKind};

impl Lowering<'_, '_, '_> {
    pub(super) fn case(&mut self, node: &ast::MatchCase) -> Result<Case> {
        let pattern = self.pattern(&node.pattern)?;
        let guard = self.optional(node.guard.as_deref())?;
        Ok(Case { pattern, guard, body: self.body(&node.body)? })
    }

    fn pattern(&mut self, node: &Pattern) -> Result<PatternId> {
        self.deeper(node.start(), |this| this.any_pattern(node))
    }

    fn any_pattern(&mut self, node: &Pattern) -> Result<PatternId> {
        let start = self.start(node);
        let kind = match node {
            Pattern::MatchValue(node) => PatternKind::Value(self.expr(&node.value)?),
            Pattern::MatchSingleton(node) => PatternKind::Singleton(match node.value {
                Singleton::None => ConstId::NONE,
                Singleton::True => ConstId::TRUE,
                Singleton::False => ConstId::FALSE,
            }),
            Pattern::MatchSequence(node) => PatternKind::Sequence(self.patterns(&node.patterns)?),
            Pattern::MatchMapping(node) => {
                // Keys and patterns alternate in the source; the cursor goes back for the patterns.
                let keys = self.list(&node.keys, Self::expr)?;
                let patterns = self.patterns(&node.patterns)?;
                let rest = node.rest.as_ref().map(|name| self.name(&name.id));
                PatternKind::Mapping { keys, patterns, rest }
            }
            Pattern::MatchClass(node) => {
                let class = self.expr(&node.cls)?;
                let patterns = self.patterns(&node.arguments.patterns)?;
                let keywords = &node.arguments.keywords;
                let keyword_names =
                    self.list(keywords, |this, keyword| Ok(this.name(&keyword.attr.id)))?;
                let keyword_patterns =
                    self.list(keywords, |this, keyword| this.pattern(&keyword.pattern))?;
                PatternKind::Class { class, patterns, keyword_names, keyword_patterns }
            }
            Pattern::MatchStar(node) => {
                PatternKind::Star(node.name.as_ref().map(|name| self.name(&name.id)))
            }
            Pattern::MatchAs(node) => {
                let pattern =
                    node.pattern.as_ref().map(|pattern| self.pattern(pattern)).transpose()?;
                let name = node.name.as_ref().map(|name| self.name(&name.id));
                PatternKind::As { pattern, name }
            }
            Pattern::MatchOr(node) => PatternKind::Or(self.patterns(&node.patterns)?),
        };
        let location = self.until(start, node.end());
        Ok(self.tree.push_pattern(tree::Pattern { kind, location }))
    }

    fn patterns(&mut self, nodes: &[Pattern]) -> Result<List<PatternId>> {
        self.list(nodes, Self::pattern)
    }
}
