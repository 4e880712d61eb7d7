//! `C(x, y=1)`: attributes by position and by name.
//!
//! ```text
//! C(x, y=1)     LOAD_NAME C; LOAD_CONST ('y',); MATCH_CLASS 1; COPY 1; LOAD_CONST None; IS_OP 1; …; UNPACK_SEQUENCE 2
//! ```

use super::Matching;
use crate::codegen::Generator;
use crate::codegen::expression::first_repeated;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::{Name, count};
use crate::tree::{CompareOp, Context, ExprId, List, PatternId};

/// The parts of [`crate::tree::PatternKind::Class`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub(super) class: ExprId,
    pub(super) patterns: List<PatternId>,
    pub(super) keyword_names: List<Name>,
    pub(super) keyword_patterns: List<PatternId>,
}

impl Generator<'_, '_> {
    /// `compile.c: compiler_pattern_class`, 3.13.
    pub(super) fn class_pattern(
        &mut self,
        parts: Parts,
        matching: &mut Matching,
        at: Location,
    ) -> Result<()> {
        let tree = self.tree;
        self.check_keywords(parts)?;
        self.expression(parts.class)?;
        let constants = &mut self.context.constants;
        let names: Vec<_> =
            tree[parts.keyword_names].iter().map(|&name| constants.str(name)).collect();
        let names = constants.tuple(names);
        self.emit_const(names, at);
        self.emit(Op::MATCH_CLASS, count(parts.patterns.len()), at);
        matching.on_top += 1;
        self.fail_if_none(matching, at);
        let items = [&tree[parts.patterns], &tree[parts.keyword_patterns]].concat();
        self.emit(Op::UNPACK_SEQUENCE, count(items.len()), at);
        // The tuple's items replace it.
        matching.on_top += count(items.len());
        matching.on_top -= 1;
        for item in items {
            matching.on_top -= 1;
            if tree[item].is_wildcard() {
                let at = self.pattern_carried_or(matching, at);
                self.emit(Op::POP_TOP, 0, at);
            } else {
                self.subpattern(item, matching)?;
            }
        }
        Ok(())
    }

    /// Fails if the result of the match is `None`. The value stays on the stack.
    pub(super) fn fail_if_none(&mut self, matching: &mut Matching, at: Location) {
        self.emit(Op::COPY, 1, at);
        self.emit_const(ConstId::NONE, at);
        self.emit_compare(CompareOp::IsNot, at);
        self.fail(Op::POP_JUMP_IF_FALSE, matching, at);
    }

    /// `compile.c: validate_kwd_attrs`, 3.13.
    fn check_keywords(&self, parts: Parts) -> Result<()> {
        let tree = self.tree;
        let names = &tree[parts.keyword_names];
        let patterns = &tree[parts.keyword_patterns];
        let repeated = first_repeated(names.len(), |at| Some(names[at]));
        for (index, (&name, &pattern)) in names.iter().zip(patterns).enumerate() {
            self.check_name(name, Context::Store, tree[pattern].location)?;
            if let Some((_, again)) = repeated.filter(|(first, _)| *first == index) {
                let name = self.context.names.text(name);
                let message = format!("attribute name repeated in class pattern: {name}");
                return self.error(tree[patterns[again]].location, message);
            }
        }
        Ok(())
    }
}
