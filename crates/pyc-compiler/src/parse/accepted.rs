//! Which statements the parser had accepted when it refused the source.
//!
//! ```text
//! class C:          the module: nothing was accepted before `class`
//!     a = 1         ┐ the class: these two were
//!     b = 2         ┘
//!     c = = 3
//! ```
//!
//! They needn't be read again to find the error.

use super::token::Unequal;

/// What the parser knows about a source that it refused.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    pub(super) accepted: Vec<Accepted>,
    /// The offset of the token at which it stopped. What comes before is valid as far as it is
    /// complete.
    pub(super) stop: u32,
    /// How `!=` is written where it stopped.
    pub(super) unequal: Unequal,
    pub(super) depth: Depth,
}

/// How deep the rules of CPython's parser are nested for a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Depth {
    /// So little that it can't reach its limit.
    Shallow,
    #[default]
    Unknown,
}

/// The statements of a block, as far as they are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    /// The offset of the first statement.
    pub(super) start: u32,
    /// The offset of the first statement that wasn't accepted; `None` if the block is complete.
    pub(super) end: Option<u32>,
}

/// The blocks around the token being parsed, and complete blocks of the statements around it,
/// ordered by their starts.
#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<Accepted>);

impl Blocks {
    /// Adds a block, and returns its number.
    pub(super) fn open(&mut self, start: u32) -> usize {
        self.0.push(Accepted { start, end: Some(start) });
        self.0.len() - 1
    }

    /// All statements of the block `number` before the offset `end` are valid.
    #[inline]
    pub(super) fn accept(&mut self, number: usize, end: u32) {
        self.0.truncate(number + 1);
        self.0[number].end = Some(end);
    }

    /// The line of statements that ends at the offset `end` is valid, too. What follows it isn't
    /// even a token.
    #[cold]
    pub(super) fn accept_line(&mut self, end: u32) {
        if let Some(Accepted { end: Some(last), .. }) = self.0.last_mut() {
            *last = end + 1;
        }
    }

    pub(super) fn close(&mut self, number: usize) {
        self.0.truncate(number + 1);
        self.0[number].end = None;
    }

    pub(super) fn list(self) -> Vec<Accepted> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_accepted_statements_are_dropped() {
        let mut blocks = Blocks::default();
        let module = blocks.open(0);
        let of_if = blocks.open(10);
        blocks.accept(of_if, 20);
        blocks.close(of_if);
        let of_else = blocks.open(30);
        blocks.accept(of_else, 40);
        let open = Accepted { start: 30, end: Some(40) };
        let expected =
            [Accepted { start: 0, end: Some(0) }, Accepted { start: 10, end: None }, open];
        assert_eq!(blocks.0, expected);
        blocks.accept(module, 50);
        assert_eq!(blocks.list(), [Accepted { start: 0, end: Some(50) }]);
    }
}
