//! Statements and elements that the diagnosing parser doesn't read, since the parser has accepted
//! them.
//!
//! `if x: …` with a hundred valid statements before the invalid one is read as if they weren't
//! there, and so is `[1, 2, 3, … 4 5]` with a hundred valid elements. Literals at the beginning of
//! a dict aren't read anywhere: `(x = {'a': 1, 'b': 2, …})` is wrong before the dict.

use std::collections::HashMap;

use super::recognise::Pass;
use crate::name::count;
use crate::parse::accepted::{Accepted, Refusal};
use crate::parse::lexer::StringKind;
use crate::parse::token::Token;
use crate::parse::tokens::{Item, Tokens};

#[derive(Debug, Default)]
pub(super) struct Skips {
    /// Statements of blocks, ordered by their starts.
    statements: Vec<Skip>,
    /// Elements of the brackets that are open where the parser stopped, from the outermost one.
    elements: Vec<Option<Skip>>,
    /// Whether literals are skipped, too.
    literals: Literals,
}

/// What is known about the literals at the beginning of dicts.
#[derive(Debug, Default)]
enum Literals {
    /// All are read.
    #[default]
    Read,
    /// By the first token in a brace: the first token of the last of them.
    Skipped(HashMap<u32, Option<u32>>),
}

/// Consecutive statements of a block, or elements in brackets.
#[derive(Clone, Copy, Debug)]
struct Skip {
    first: u32,
    /// The token after them.
    next: u32,
    /// Whether a search for errors could find one in them.
    is_odd: bool,
}

impl Skips {
    pub(super) fn new(tokens: &Tokens<'_>, refusal: &Refusal) -> Self {
        let blocks = refusal.accepted.iter();
        let statements = blocks.filter_map(|block| Skip::of_block(tokens, *block)).collect();
        let literals = Literals::Skipped(HashMap::new());
        Self { statements, elements: elements(tokens, refusal.stop), literals }
    }

    /// The same for the module's statements alone.
    pub(super) fn of_module(tokens: &Tokens<'_>, refusal: &Refusal) -> Self {
        let module = refusal.accepted.first();
        let skip = module.and_then(|module| Skip::of_block(tokens, *module));
        Self { statements: skip.into_iter().collect(), ..Self::default() }
    }

    /// The token that is read after `first`, if statements are skipped there.
    pub(super) fn after(&self, first: u32, pass: Pass) -> Option<u32> {
        let found = self.statements.binary_search_by_key(&first, |skip| skip.first).ok()?;
        self.statements[found].in_pass(pass)
    }

    /// The element that is read next where elements begin at `mark`, if some are skipped.
    pub(super) fn next_element(
        &mut self,
        mark: u32,
        tokens: &Tokens<'_>,
        pass: Pass,
    ) -> Option<u32> {
        let before = tokens.list.get((mark as usize).checked_sub(1)?)?;
        let next = self.element_after(mark, before, pass);
        next.or_else(|| self.literal_after(mark, before, tokens))
    }

    /// The last element before the one in which the parser stopped, if `mark` is an element before
    /// it. `before` is the token in front of `mark`.
    #[inline]
    fn element_after(&self, mark: u32, before: &Item, pass: Pass) -> Option<u32> {
        let bracket = (before.level as usize).checked_sub(1)?;
        let skip = self.elements.get(bracket).copied().flatten()?;
        let is_element = matches!(
            before.token,
            Token::Comma | Token::LeftParenthesis | Token::LeftBracket | Token::LeftBrace
        );
        let is_before = is_element && (skip.first..skip.next).contains(&mark);
        if is_before { skip.in_pass(pass) } else { None }
    }
}

impl Skips {
    /// The last of the literals at the beginning of a dict, if `mark` is the first token in it.
    /// `before` is the token in front of `mark`.
    ///
    /// Nothing else is skipped: elements of a list may turn out to be targets, and those of a set
    /// may be an invalid pattern.
    fn literal_after(&mut self, mark: u32, before: &Item, tokens: &Tokens<'_>) -> Option<u32> {
        let Literals::Skipped(known) = &mut self.literals else { return None };
        if before.token != Token::LeftBrace {
            return None;
        }
        *known.entry(mark).or_insert_with(|| {
            let (mut next, mut last) = (mark as usize, None);
            while let Some(end) = pair(tokens, next) {
                if token(tokens, end) != Some(Token::Comma) {
                    break;
                }
                last = Some(next);
                next = end + 1;
            }
            last.filter(|last| *last > mark as usize).map(count)
        })
    }
}

/// The end of the pair of literals at a token.
fn pair(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let is_key = !matches!(
        token(tokens, at)?,
        Token::LeftParenthesis | Token::LeftBracket | Token::LeftBrace | Token::Name
    );
    let end = literal(tokens, at).filter(|_| is_key)?;
    let is_pair = token(tokens, end) == Some(Token::Colon);
    if is_pair { literal(tokens, end + 1) } else { None }
}

/// The end of the literal at a token.
fn literal(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    match token(tokens, at)? {
        Token::LeftParenthesis | Token::LeftBracket => elements_of(tokens, at + 1, literal),
        Token::LeftBrace => elements_of(tokens, at + 1, pair),
        Token::Name | Token::None | Token::True | Token::False => Some(at + 1),
        Token::Minus if token(tokens, at + 1) == Some(Token::Number) => literal(tokens, at + 1),
        Token::Number => tokens.content_fault(count(at)).is_none().then_some(at + 1),
        Token::String => {
            let (string, content) = tokens.literal(count(at))?;
            // A concatenation may be invalid.
            let is_alone = token(tokens, at + 1) != Some(Token::String);
            let is_plain = string.kind != StringKind::Joined && is_alone;
            (is_plain && tokens.literal_words(string, content).is_none()).then_some(at + 1)
        }
        _ => None,
    }
}

/// The end of the bracket whose elements begin at a token.
fn elements_of(
    tokens: &Tokens<'_>,
    mut at: usize,
    element: fn(&Tokens<'_>, usize) -> Option<usize>,
) -> Option<usize> {
    let closes = |at: usize| {
        let closing = [Token::RightParenthesis, Token::RightBracket, Token::RightBrace];
        token(tokens, at).is_some_and(|token| closing.contains(&token))
    };
    while !closes(at) {
        at = element(tokens, at)?;
        match token(tokens, at)? {
            Token::Comma => at += 1,
            _ if closes(at) => {}
            _ => return None,
        }
    }
    Some(at + 1)
}

fn token(tokens: &Tokens<'_>, at: usize) -> Option<Token> {
    tokens.list.get(at).map(|item| item.token)
}

impl Skip {
    /// The token after it, if it is skipped in this pass.
    fn in_pass(self, pass: Pass) -> Option<u32> {
        (pass == Pass::Right || !self.is_odd).then_some(self.next)
    }

    fn of_block(tokens: &Tokens<'_>, accepted: Accepted) -> Option<Self> {
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
        // The line end that CPython adds to an interactive text may be an error in a block.
        let mut end = list[..next].iter().rev().take_while(|item| item.token.is_layout());
        if next <= first || end.any(|item| item.end_of_text) {
            return None;
        }
        let is_odd = is_odd(tokens, first, next);
        Some(Self { first: count(first), next: count(next), is_odd })
    }

    /// The elements of the bracket `open`, up to the last complete one, which isn't skipped. The
    /// token before `end` is in an incomplete one.
    ///
    /// `None` if commas between them could separate something else than expressions, or if an
    /// element isn't valid wherever an expression is.
    fn of_elements(tokens: &Tokens<'_>, open: usize, end: usize, level: u32) -> Option<Self> {
        let is_separator = |item: &Item| item.level == level && item.token == Token::Comma;
        let last = open + tokens.list[open..end].iter().rposition(is_separator)?;
        let next = open + tokens.list[open..last].iter().rposition(is_separator)? + 1;
        let first = open + 1;
        let is_braced = tokens.list[open].token == Token::LeftBrace;
        let is_special = |item: &Item| match item.token {
            Token::As => true,
            Token::For | Token::Async | Token::Lambda | Token::Equal | Token::Star => {
                item.level == level
            }
            Token::Colon | Token::DoubleStar => item.level == level && !is_braced,
            _ => false,
        };
        if tokens.list[first..end].iter().any(is_special) {
            return None;
        }
        // In a pattern, nothing can follow `**rest`.
        if tokens.list[next].token == Token::DoubleStar {
            return None;
        }
        let is_odd = is_odd(tokens, first, next);
        Some(Self { first: count(first), next: count(next), is_odd })
    }
}

/// What can be skipped in each bracket that is open at the offset `stop`.
fn elements(tokens: &Tokens<'_>, stop: u32) -> Vec<Option<Skip>> {
    let list = &tokens.list[..tokens.list.partition_point(|item| item.start < stop)];
    let mut found = Vec::new();
    let open = list.last().map_or(0, |last| last.level);
    // The tokens are visited from the last to the first, so brackets from the innermost one.
    let (mut end, mut level) = (list.len(), open);
    while level > 0 {
        let outside = |item: &Item| item.level < level;
        let first = list[..end].iter().rposition(outside).map_or(0, |outside| outside + 1);
        found.push(Skip::of_elements(tokens, first, end, level));
        (end, level) = (first, level - 1);
    }
    found.reverse();
    found
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
