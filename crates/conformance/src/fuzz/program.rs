//! Random programs that are valid Python, or nearly so; the interpreter decides.
//!
//! A [`Program`] is a few randomly nested statements in a random layout.

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

/// A program under construction.
struct Program<'r> {
    out: Layout<'r>,
    inside: Inside,
}

/// The context of the statement that is being written.
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

    /// Writes with `write`, sometimes in parentheses.
    fn maybe_parenthesised(&mut self, percent: usize, write: impl FnOnce(&mut Self)) {
        if self.chance(percent) {
            self.out.token("(");
            write(self);
            self.out.token(")");
        } else {
            write(self);
        }
    }

    /// Writes a list of `least` to `most` items, with an optional trailing comma.
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
