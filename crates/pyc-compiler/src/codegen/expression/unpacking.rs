//! Assigns to several targets at once: `a, *b, c = value`.
//!
//! ```text
//! a, b = v       UNPACK_SEQUENCE 2; STORE_NAME a; STORE_NAME b
//! a, *b, c = v   UNPACK_EX 1 before, 1 after; STORE_NAME a; STORE_NAME b; STORE_NAME c
//! ```

use super::super::Generator;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::count;
use crate::tree::{ExprId, List};

impl Generator<'_, '_> {
    /// Binds targets to the items of the value on the stack (`compile.c: assignment_helper`, 3.13).
    pub(super) fn unpack_into(&mut self, at: Location, targets: List<ExprId>) -> Result<()> {
        let tree = self.tree;
        let mut stars = (0..targets.len()).filter(|&at| self.starred(tree[targets][at]).is_some());
        match (stars.next(), stars.next()) {
            (None, _) => self.emit(Op::UNPACK_SEQUENCE, count(targets.len()), at),
            (Some(before), second) => {
                let argument = self.unpack_argument(at, before, targets.len() - before - 1)?;
                self.emit(Op::UNPACK_EX, argument, at);
                if second.is_some() {
                    return self.error(at, "multiple starred expressions in assignment");
                }
            }
        }
        for &target in &tree[targets] {
            self.expression(self.starred(target).unwrap_or(target))?;
        }
        Ok(())
    }

    /// `UNPACK_EX`'s argument: the number of targets before the starred one, and shifted by 8 bits,
    /// the number of those after it.
    pub(in super::super) fn unpack_argument(
        &self,
        at: Location,
        before: usize,
        after: usize,
    ) -> Result<u32> {
        const MOST_BEFORE: usize = 0xff;
        const MOST_AFTER: usize = (i32::MAX >> 8) as usize;
        if before > MOST_BEFORE || after >= MOST_AFTER {
            return self.error(at, "too many expressions in star-unpacking assignment");
        }
        Ok(count(before + (after << 8)))
    }
}
