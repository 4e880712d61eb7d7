//! Finds what is wrong with a source that the parser refused, with CPython's message.
//!
//! ```text
//! tokens ─▶ by the grammar alone ─▶ by the grammar and its rules for faults ─▶ the first fault that one tells
//!                └─▶ how far they were looked at ─────────────────────────────▶ or "invalid syntax" there
//! ```
//!
//! CPython parses twice (`pegen.c: _PyPegen_run_parser`, 3.13). Which of several errors it reports
//! depends on the order of the grammar's alternatives, on memoised results, and on which tokens
//! were read. So this module works in the same way, by CPython's grammar in our own notation
//! (`notation.rs`). It builds no tree, only what messages need (`node.rs`).

mod judge;
mod literal;
mod node;
mod notation;
mod recognise;
#[cfg(test)]
mod tests;
mod words;

use notation::{Grammar, RuleId};
use recognise::{Pass, Recogniser, STACK, Stop};
use words::Wrong;

use super::token::{Token, Unequal};
use super::tokens::{Item, Tokens};
use crate::error::{self, ErrorKind, Fault};
use crate::location::Line;
use crate::name::count;
use crate::options::Mode;
use crate::stack;

/// The error in a source. `None` if there is none: then the parser was wrong to refuse it.
///
/// Statements of the module that end before the offset `from` are valid. At that offset, `!=` is
/// written as `unequal`.
#[cold]
pub(super) fn diagnose(
    tokens: &Tokens<'_>,
    mode: Mode,
    from: u32,
    unequal: Unequal,
) -> Option<Fault> {
    stack::with(STACK, || Ok(find(tokens, mode, from, unequal))).unwrap_or_else(Some)
}

/// An error in an expression of an f-string.
struct Faulty {
    fault: Fault,
    /// Whether it is the tokenizer's, which knows nothing about the f-string.
    is_of_tokenizer: bool,
}

/// The error in tokens that should match a rule of the grammar.
fn find_by(tokens: &Tokens<'_>, grammar: &'static Grammar, start: RuleId) -> Option<Faulty> {
    let mut recogniser = Recogniser::new(grammar, tokens);
    let last = match recogniser.run(start, Pass::Right, 0) {
        Ok(Some(_)) => return None,
        Ok(None) => recogniser.fill.checked_sub(1)?,
        Err(Stop) => return stopped_in_field(recogniser),
    };
    if let Err(Stop) = recogniser.run(start, Pass::Wrong, 0) {
        return stopped_in_field(recogniser);
    }
    let location = recogniser.location(node::Value::token(last));
    let fault = Fault::syntax(location, Wrong::InvalidSyntax.words("", Line::NONE));
    Some(in_field(&recogniser, fault))
}

/// The error at which reading an expression stopped.
fn stopped_in_field(mut recogniser: Recogniser<'_>) -> Option<Faulty> {
    if let Some(fault) = recogniser.fault.take() {
        return Some(in_field(&recogniser, fault));
    }
    let is_of_tokenizer = recogniser.tokens.is_raised();
    Some(Faulty { fault: recogniser.tokens.fault()?, is_of_tokenizer })
}

/// In an expression, too, an error of the tokenizer has precedence even if it comes later.
fn in_field(recogniser: &Recogniser<'_>, fault: Fault) -> Faulty {
    let last = recogniser.item(recogniser.fill.saturating_sub(1));
    match last.and_then(|last| recogniser.tokens.fault_over(last.at.line)) {
        Some(fault) => Faulty { fault, is_of_tokenizer: recogniser.tokens.is_raised() },
        None => Faulty { fault, is_of_tokenizer: false },
    }
}

fn find(tokens: &Tokens<'_>, mode: Mode, from: u32, unequal: Unequal) -> Option<Fault> {
    let (grammar, start) = start_rule(mode)?;
    let mut recogniser = Recogniser::new(grammar, tokens);
    recogniser.unequal = unequal;
    let last = match recogniser.run(start, Pass::Right, first_token(tokens, from)) {
        Ok(Some(_)) if mode == Mode::Interactive => return more_than_one(&recogniser),
        Ok(Some(_)) => return None,
        Ok(None) => recogniser.fill.checked_sub(1)?,
        Err(Stop) => return stopped(recogniser),
    };
    let first = match recogniser.unequal {
        Unequal::Exclamation => first_odd(tokens, from),
        // What was valid before the import is invalid now.
        Unequal::Diamond => 0,
    };
    if let Err(Stop) = recogniser.run(start, Pass::Wrong, first) {
        return stopped(recogniser);
    }
    let item = recogniser.item(last)?;
    let layout = match item.token {
        Token::Indent => Some(Wrong::UnexpectedIndent),
        Token::Dedent => Some(Wrong::UnexpectedUnindent),
        _ => None,
    };
    if let Some(wrong) = layout {
        let location = recogniser.at_token(recogniser.fill - 1);
        return Some(Fault::new(ErrorKind::Indentation, location, wrong.words("", Line::NONE)));
    }
    let location = recogniser.location(node::Value::token(last));
    let fault = Fault::syntax(location, Wrong::InvalidSyntax.words("", Line::NONE));
    preferring_tokens(&recogniser, fault)
}

/// Refuses sources that are nested more deeply than CPython's parser supports.
#[cold]
pub(super) fn check_depth(tokens: &Tokens<'_>, mode: Mode) -> error::Result<()> {
    let Some((grammar, start)) = start_rule(mode) else { return Ok(()) };
    stack::with(STACK, || {
        let mut recogniser = Recogniser::new(grammar, tokens);
        let outcome = recogniser.run(start, Pass::Right, 0);
        match (outcome, recogniser.fault) {
            (Err(Stop), Some(fault)) if fault.kind == ErrorKind::Memory => Err(fault),
            _ => Ok(()),
        }
    })
}

/// Whether the tokens are a valid source.
pub(super) fn takes(tokens: &Tokens<'_>, mode: Mode) -> bool {
    let Some((grammar, start)) = start_rule(mode) else { return false };
    let takes = stack::with(STACK, || {
        let mut recogniser = Recogniser::new(grammar, tokens);
        let is_right = matches!(recogniser.run(start, Pass::Right, 0), Ok(Some(_)));
        Ok(is_right && (mode != Mode::Interactive || more_than_one(&recogniser).is_none()))
    });
    takes.unwrap_or(false)
}

/// The grammar, and its rule for a whole text.
fn start_rule(mode: Mode) -> Option<(&'static Grammar, RuleId)> {
    let grammar = Grammar::get()?;
    let name = match mode {
        Mode::Module => "file",
        Mode::Interactive => "interactive",
        Mode::Expression => "evaluated",
    };
    Some((grammar, grammar.named(name)?))
}

/// The first token from an offset on.
fn first_token(tokens: &Tokens<'_>, from: u32) -> u32 {
    let first = tokens.list.partition_point(|item| item.start < from);
    // The dedent that ends a statement is located where the next statement begins.
    let dedents = tokens.list[first..].iter().take_while(|item| item.token == Token::Dedent);
    count(first + dedents.count())
}

/// The token from which on errors are searched for: the first from `from` on, or token 0 if errors
/// could be found even in the valid statements before it. CPython's error rules take `match(x)` for
/// the first line of a statement, `print -1` for a statement of Python 2, and `elif` for a part of
/// the `if … else` before it.
fn first_odd(tokens: &Tokens<'_>, from: u32) -> u32 {
    let right = &tokens.list[..first_token(tokens, from) as usize];
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
            Some("print" | "exec") => {
                before != Some(Token::Dot) && near(index + 1) != Some(Token::LeftParenthesis)
            }
            _ => false,
        }
    };
    let goes_on = tokens.list.get(right.len()).is_some_and(|item| item.token == Token::Elif);
    if goes_on || right.iter().enumerate().rev().any(is_odd) { 0 } else { count(right.len()) }
}

/// The error if a statement is followed by more (`pegen.c: bad_single_statement`, 3.13).
fn more_than_one(recogniser: &Recogniser<'_>) -> Option<Fault> {
    let last = recogniser.fill.checked_sub(1)?;
    let rest = recogniser.tokens.text.get(recogniser.item(last)?.end as usize..)?;
    let is_blank = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '\x0c']);
        line.is_empty() || line.starts_with('#')
    };
    let words = Wrong::MoreThanOne.words("", Line::NONE);
    (!rest.lines().all(is_blank)).then(|| Fault::syntax(recogniser.at_token(last), words))
}

/// The error at which reading stopped.
fn stopped(mut recogniser: Recogniser<'_>) -> Option<Fault> {
    match recogniser.fault.take() {
        Some(fault) if matches!(fault.kind, ErrorKind::Memory | ErrorKind::Value) => Some(fault),
        Some(fault) => preferring_tokens(&recogniser, fault),
        None => recogniser.tokens.fault(),
    }
}

/// Returns the given error, or an error of the tokenizer, which has precedence even if it comes
/// later.
fn preferring_tokens(recogniser: &Recogniser<'_>, fault: Fault) -> Option<Fault> {
    let last = recogniser.item(recogniser.fill.saturating_sub(1))?;
    recogniser.tokens.fault_over(last.at.line).or(Some(fault))
}
