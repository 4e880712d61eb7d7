//! Statements that the diagnosing parser doesn't read, since the parser has accepted them.
//!
//! `if x: …` with a hundred valid statements before the invalid one is read as if they weren't
//! there.

use super::recognise::Pass;
use crate::name::count;
use crate::parse::accepted::Accepted;
use crate::parse::token::Token;
use crate::parse::tokens::{Item, Tokens};

/// Ranges of tokens, ordered by their starts.
#[derive(Debug, Default)]
pub(super) struct Skips(Vec<Skip>);

/// Consecutive statements of a block.
#[derive(Clone, Copy, Debug)]
struct Skip {
    first: u32,
    /// The token after them.
    next: u32,
    /// Whether a search for errors could find one in them.
    is_odd: bool,
}

impl Skips {
    pub(super) fn new(tokens: &Tokens<'_>, accepted: &[Accepted]) -> Self {
        Self(accepted.iter().filter_map(|block| Skip::new(tokens, *block)).collect())
    }

    /// The same for the module's statements alone.
    pub(super) fn of_module(tokens: &Tokens<'_>, accepted: &[Accepted]) -> Self {
        Self::new(tokens, &accepted[..accepted.len().min(1)])
    }

    /// The token that is read after `first`, if statements are skipped there.
    pub(super) fn after(&self, first: u32, pass: Pass) -> Option<u32> {
        let found = self.0.binary_search_by_key(&first, |skip| skip.first).ok()?;
        let skip = self.0[found];
        (pass == Pass::Right || !skip.is_odd).then_some(skip.next)
    }
}

impl Skip {
    fn new(tokens: &Tokens<'_>, accepted: Accepted) -> Option<Self> {
        let list = &tokens.list;
        let begin = list.partition_point(|item| item.start < accepted.start);
        let first = begin + layout(&list[begin..], Token::Indent);
        let next = match accepted.end {
            Some(end) => {
                let end = list.partition_point(|item| item.start < end);
                // The dedent that ends a statement is located where the next statement begins.
                end + layout(&list[end..], Token::Dedent)
            }
            None => first + dedent(&list[first..])?,
        };
        let is_odd = next > first && is_odd(tokens, first, next);
        (next > first).then(|| Self { first: count(first), next: count(next), is_odd })
    }
}

/// The number of tokens of this kind at the start.
fn layout(list: &[Item], token: Token) -> usize {
    list.iter().take_while(|item| item.token == token).count()
}

/// Where the block ends at whose first statement the list begins.
fn dedent(list: &[Item]) -> Option<usize> {
    let mut open = 1_u32;
    list.iter().position(|item| {
        match item.token {
            Token::Indent => open += 1,
            Token::Dedent => open -= 1,
            _ => {}
        }
        open == 0
    })
}

/// Whether errors could be found in valid statements, the tokens from `first` to before `next`.
/// CPython's error rules take `match(x)` for the first line of a statement, `print -1` for a
/// statement of Python 2, `elif` for a part of the `if … else` before it, and the default in `type
/// X[T = int] = …` for a comparison.
fn is_odd(tokens: &Tokens<'_>, first: usize, next: usize) -> bool {
    let right = &tokens.list[..next];
    let near = |index: usize| right.get(index).map(|item| item.token);
    let begins_expression = |index: usize| near(index).is_some_and(Token::begins_expression);
    // The tokens are visited from the last to the first. So a line's end, which tells whether a
    // block follows, is seen before the line's first word.
    let mut has_block = false;
    let is_odd = |(index, item): (usize, &Item)| {
        let before = index.checked_sub(1).and_then(near);
        if item.token == Token::Newline {
            has_block = before == Some(Token::Colon);
        }
        if item.token != Token::Name || !begins_expression(index + 1) {
            return false;
        }
        match tokens.text.get(item.start as usize..item.end as usize) {
            Some("match") => {
                let within = |token: Token| !token.is_layout() && token != Token::Colon;
                !has_block && !before.is_some_and(within)
            }
            Some("type") => {
                let within = |token: Token| {
                    !token.is_layout() && !matches!(token, Token::Colon | Token::Semicolon)
                };
                near(index + 1) == Some(Token::Name) && !before.is_some_and(within)
            }
            Some("print" | "exec") => {
                before != Some(Token::Dot) && near(index + 1) != Some(Token::LeftParenthesis)
            }
            _ => false,
        }
    };
    let goes_on = tokens.list.get(next).is_some_and(|item| item.token == Token::Elif);
    goes_on || right.iter().enumerate().skip(first).rev().any(is_odd)
}
