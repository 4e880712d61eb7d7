//! Patterns: captures bind names.

use super::Walk;
use crate::error::Result;
use crate::location::Location;
use crate::name::Name;
use crate::scope::Uses;
use crate::tree::{List, PatternId, PatternKind};

impl Walk<'_> {
    /// `symtable_visit_pattern`
    pub(super) fn pattern(&mut self, id: PatternId) -> Result<()> {
        let tree = self.tree;
        let at = tree[id].location;
        match tree[id].kind {
            PatternKind::Value(value) => self.expression(value),
            PatternKind::Singleton(_) => Ok(()),
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => self.patterns(patterns),
            PatternKind::Star(name) => self.capture(name, at),
            PatternKind::Mapping { keys, patterns, rest } => {
                self.expressions(keys)?;
                self.patterns(patterns)?;
                self.capture(rest, at)
            }
            PatternKind::Class { class, patterns, keyword_patterns, .. } => {
                self.expression(class)?;
                self.patterns(patterns)?;
                self.patterns(keyword_patterns)
            }
            PatternKind::As { pattern, name } => {
                if let Some(pattern) = pattern {
                    self.pattern(pattern)?;
                }
                self.capture(name, at)
            }
        }
    }

    fn patterns(&mut self, list: List<PatternId>) -> Result<()> {
        let tree = self.tree;
        tree[list].iter().try_for_each(|&id| self.pattern(id))
    }

    fn capture(&mut self, name: Option<Name>, at: Location) -> Result<()> {
        name.map_or(Ok(()), |name| self.note(name, Uses::LOCAL, at))
    }
}
