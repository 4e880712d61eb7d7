//! Prints cases and patterns with the names of `ast`.
//!
//! `cases match_case` above `pattern MatchAs 2:7-2:8 name='x'`.

use super::Printer;
use crate::tree::{Case, List, PatternId, PatternKind};

impl Printer<'_, '_> {
    pub(super) fn case(&mut self, case: Case) {
        self.node("cases", "match_case", None);
        self.inside(|this| {
            this.pattern("pattern", case.pattern);
            this.optional("guard", case.guard);
            this.body("body", case.body);
        });
    }

    fn pattern(&mut self, field: &str, id: PatternId) {
        let pattern = self.tree[id];
        let class = match pattern.kind {
            PatternKind::Value(_) => "MatchValue",
            PatternKind::Singleton(_) => "MatchSingleton",
            PatternKind::Sequence(_) => "MatchSequence",
            PatternKind::Mapping { .. } => "MatchMapping",
            PatternKind::Class { .. } => "MatchClass",
            PatternKind::Star(_) => "MatchStar",
            PatternKind::As { .. } => "MatchAs",
            PatternKind::Or(_) => "MatchOr",
        };
        self.node(field, class, Some(pattern.location));
        match pattern.kind {
            PatternKind::Singleton(value) => self.constant(value),
            PatternKind::Mapping { rest, .. } => self.optional_name("rest", rest),
            PatternKind::Class { keyword_names, .. } => self.names("kwd_attrs", keyword_names),
            PatternKind::Star(name) | PatternKind::As { name, .. } => {
                self.optional_name("name", name);
            }
            _ => {}
        }
        self.inside(|this| match pattern.kind {
            PatternKind::Value(value) => this.expr("value", value),
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => {
                this.patterns("patterns", patterns);
            }
            PatternKind::Mapping { keys, patterns, .. } => {
                this.exprs("keys", keys);
                this.patterns("patterns", patterns);
            }
            PatternKind::Class { class, patterns, keyword_patterns, .. } => {
                this.expr("cls", class);
                this.patterns("patterns", patterns);
                this.patterns("kwd_patterns", keyword_patterns);
            }
            PatternKind::As { pattern: Some(pattern), .. } => this.pattern("pattern", pattern),
            PatternKind::Singleton(_) | PatternKind::Star(_) | PatternKind::As { .. } => {}
        });
    }

    fn patterns(&mut self, field: &str, patterns: List<PatternId>) {
        let tree = self.tree;
        tree[patterns].iter().for_each(|&id| self.pattern(field, id));
    }
}
