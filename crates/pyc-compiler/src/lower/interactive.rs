//! What mode `single` takes: simple statements on one line, or one compound statement that is complete.
//!
//! | source | |
//! |---|---|
//! | `x; y` | two statements |
//! | `x\ny` | refused |
//! | `if x: y\n` | complete; without the line end more could follow |

use ruff_python_ast::Stmt;
use ruff_python_ast::token::TokenKind;
use ruff_text_size::{Ranged, TextRange};

use super::walk::Lowering;
use crate::error::Result;
use crate::tree::Body;

impl Lowering<'_, '_, '_> {
    /// The only statements of an interactive source (`python.gram: statement_newline`, 3.13).
    pub(super) fn interactive(&mut self, nodes: &[Stmt]) -> Result<Body> {
        let [first, .., last] = nodes else {
            return match nodes {
                [only] if self.is_complete(only) => self.body(nodes),
                [only] => self.error(TextRange::empty(only.end()), "invalid syntax"),
                _ => self.error(TextRange::empty(0.into()), "invalid syntax"),
            };
        };
        let between = TextRange::new(first.start(), last.start());
        let mut tokens = self.tokens.iter();
        if tokens.any(|one| one.kind() == TokenKind::Newline && between.contains(one.start())) {
            let message = "multiple statements found while compiling a single statement";
            return self.error(first.range(), message);
        }
        self.body(nodes)
    }

    /// Whether a compound statement ends in the source: with the line of a suite that is on its header's line, or with
    /// its block, behind which only whole lines may be.
    fn is_complete(&self, node: &Stmt) -> bool {
        let compound = matches!(
            node,
            Stmt::FunctionDef(_)
                | Stmt::ClassDef(_)
                | Stmt::For(_)
                | Stmt::While(_)
                | Stmt::If(_)
                | Stmt::With(_)
                | Stmt::Match(_)
                | Stmt::Try(_)
        );
        let rest = &self.text[node.end().to_usize()..];
        let last = self
            .tokens
            .iter()
            .rev()
            .find(|token| !token.kind().is_trivia() && token.kind() != TokenKind::EndOfFile);
        let in_block = last.is_some_and(|token| token.kind() == TokenKind::Dedent);
        match (compound, in_block) {
            (false, _) => true,
            (true, false) => rest.contains('\n'),
            (true, true) => !rest.contains('\n') || rest.ends_with('\n'),
        }
    }
}
