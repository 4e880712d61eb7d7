//! Random programs that are valid Python, or nearly so: the interpreter decides.
//!
//! One [`Program`] is a few statements, nested at random, in a layout at random.

mod expression;
mod pattern;
mod statement;

use super::layout::Layout;
use super::random::Random;

/// Writes one program.
pub(super) fn program(seed: u64) -> String {
    let mut random = Random::new(seed);
    let statements = 1 + random.below(4);
    let mut program = Program { out: Layout::new(&mut random), inside: Inside::default() };
    for _ in 0..statements {
        program.statement(3);
    }
    program.out.finish()
}

/// A program being written.
struct Program<'r> {
    out: Layout<'r>,
    inside: Inside,
}

/// What the statement that is written stands in.
#[derive(Clone, Copy, Debug, Default)]
struct Inside {
    function: bool,
    coroutine: bool,
    looped: bool,
}

const NAMES: &[&str] =
    &["a", "b", "c", "x", "y", "spam", "__priv", "é", "match", "case", "type", "_"];

impl Program<'_> {
    fn chance(&mut self, percent: usize) -> bool {
        self.out.random.percent(percent)
    }

    fn choose(&mut self, end: usize) -> usize {
        self.out.random.below(end)
    }

    fn name(&mut self) {
        let name = *self.out.random.pick(NAMES);
        self.out.token(name);
    }

    /// `write`, between parentheses now and then.
    fn maybe_parenthesised(&mut self, percent: usize, write: impl FnOnce(&mut Self)) {
        if self.chance(percent) {
            self.out.token("(");
            write(self);
            self.out.token(")");
        } else {
            write(self);
        }
    }

    /// From `least` to `most` of what `write` writes, with commas, and perhaps one at the end.
    fn list(&mut self, least: usize, most: usize, mut write: impl FnMut(&mut Self)) {
        let count = least + self.choose(most - least + 1);
        for number in 0..count {
            if number > 0 {
                self.out.token(",");
            }
            write(self);
        }
        if count > 0 && self.chance(15) {
            self.out.token(",");
        }
    }
}
