//! `[x, 1, *_]`: the length is checked first, then the items are matched.
//!
//! ```text
//! [x, y]      MATCH_SEQUENCE; …; GET_LEN; LOAD_CONST 2; COMPARE_OP ==; …; UNPACK_SEQUENCE 2; …
//! [x, *_]     …; GET_LEN; LOAD_CONST 1; COMPARE_OP >=; …; COPY 1; LOAD_CONST 0; BINARY_SUBSCR; …; POP_TOP
//! ```

use super::Matching;
use crate::codegen::Generator;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::count;
use crate::tree::{BinaryOp, CompareOp, List, PatternId, PatternKind};

impl Generator<'_, '_> {
    /// `compile.c: compiler_pattern_sequence`, 3.13.
    pub(super) fn sequence_pattern(
        &mut self,
        patterns: List<PatternId>,
        matching: &mut Matching,
        at: Location,
    ) -> Result<()> {
        let tree = self.tree;
        let items = &tree[patterns];
        let is_star = |id: &&PatternId| matches!(tree[**id].kind, PatternKind::Star(_));
        if items.iter().filter(is_star).count() > 1 {
            return self.error(at, "multiple starred names in sequence pattern");
        }
        let star = items.iter().position(|id| is_star(&id));
        let is_wildcard = |id: &PatternId| {
            matches!(tree[*id].kind, PatternKind::Star(None)) || tree[*id].is_wildcard()
        };
        // The subject must stay on top while its type and length are checked.
        matching.on_top += 1;
        self.emit(Op::MATCH_SEQUENCE, 0, at);
        self.fail(Op::POP_JUMP_IF_FALSE, matching, at);
        match star {
            None => self.check_length(CompareOp::Equal, items.len(), matching, at),
            Some(_) if items.len() > 1 => {
                self.check_length(CompareOp::GreaterEqual, items.len() - 1, matching, at);
            }
            Some(_) => {}
        }
        // What follows consumes it.
        matching.on_top -= 1;
        match star {
            _ if items.iter().all(is_wildcard) => {
                self.emit(Op::POP_TOP, 0, at);
                Ok(())
            }
            Some(star) if is_wildcard(&items[star]) => self.subscripts(items, star, matching, at),
            _ => self.unpack_items(items, star, matching, at),
        }
    }

    /// Fails unless the subject has the right length.
    pub(super) fn check_length(
        &mut self,
        op: CompareOp,
        length: usize,
        matching: &mut Matching,
        at: Location,
    ) {
        self.emit(Op::GET_LEN, 0, at);
        let length = self.context.constants.int(count(length).into());
        self.emit_const(length, at);
        self.emit_compare(op, at);
        self.fail(Op::POP_JUMP_IF_FALSE, matching, at);
    }

    /// Unpacks all items (`compile.c: pattern_helper_sequence_unpack`, 3.13).
    fn unpack_items(
        &mut self,
        items: &[PatternId],
        star: Option<usize>,
        matching: &mut Matching,
        at: Location,
    ) -> Result<()> {
        match star {
            None => self.emit(Op::UNPACK_SEQUENCE, count(items.len()), at),
            Some(before) => {
                let after = items.len() - before - 1;
                // The lowest byte of `UNPACK_EX`'s argument is the number of items before the star.
                if before > 0xff || after >= 0x7f_ffff {
                    let message = "too many expressions in star-unpacking sequence pattern";
                    return self.error(at, message);
                }
                self.emit(Op::UNPACK_EX, count(before | after << 8), at);
            }
        }
        matching.on_top += count(items.len());
        for &item in items {
            matching.on_top -= 1;
            self.subpattern(item, matching)?;
        }
        Ok(())
    }

    /// Reads single items, since the value of `*_` isn't needed (`compile.c:
    /// pattern_helper_sequence_subscr`, 3.13).
    fn subscripts(
        &mut self,
        items: &[PatternId],
        star: usize,
        matching: &mut Matching,
        at: Location,
    ) -> Result<()> {
        matching.on_top += 1;
        for (index, &item) in items.iter().enumerate() {
            if index == star || self.tree[item].is_wildcard() {
                continue;
            }
            let at = self.pattern_carried_or(matching, at);
            self.emit(Op::COPY, 1, at);
            if index < star {
                let index = self.context.constants.int(count(index).into());
                self.emit_const(index, at);
            } else {
                // The subject may not support negative indices.
                self.emit(Op::GET_LEN, 0, at);
                let from_end = self.context.constants.int(count(items.len() - index).into());
                self.emit_const(from_end, at);
                self.emit(Op::BINARY_OP, BinaryOp::Subtract as u32, at);
            }
            let (subscript, which) = self.idioms.subscript;
            self.emit(subscript, which, at);
            self.subpattern(item, matching)?;
        }
        matching.on_top -= 1;
        let at = self.pattern_carried_or(matching, at);
        self.emit(Op::POP_TOP, 0, at);
        Ok(())
    }
}
