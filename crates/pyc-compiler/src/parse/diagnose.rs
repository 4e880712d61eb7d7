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

mod depth;
mod judge;
mod literal;
mod node;
mod notation;
mod recognise;
mod skip;
#[cfg(test)]
mod tests;
mod words;

use depth::{TooDeep, on_any_stack};
use notation::{Grammar, RuleId};
use recognise::{Pass, Recogniser, Stop};
use skip::Skips;
use words::Wrong;

use super::accepted::{Depth, Refusal};
use super::token::{Token, Unequal};
use super::tokens::Tokens;
use crate::error::{self, ErrorKind, Fault};
use crate::location::Line;
use crate::options::Mode;

/// The error in a source. `None` if there is none: then the parser was wrong to refuse it.
///
/// Statements that the parser has accepted aren't read again.
#[cold]
pub(super) fn diagnose(tokens: &Tokens<'_>, mode: Mode, refusal: &Refusal) -> Option<Fault> {
    on_any_stack(|most| find(tokens, mode, refusal, most)).unwrap_or_else(Some)
}

/// An error in an expression of an f-string.
struct Faulty {
    fault: Fault,
    /// Whether it isn't the parser's, which knows about the f-string, but the tokenizer's or that
    /// of a field in this one.
    is_foreign: bool,
}

/// The error in tokens that should match a rule of the grammar. `indent` is the column in which
/// CPython's parser of the field starts.
fn find_by(
    tokens: &Tokens<'_>,
    grammar: &'static Grammar,
    start: RuleId,
    indent: i32,
    most: u32,
) -> Result<Option<Faulty>, TooDeep> {
    let mut recogniser = Recogniser::new(grammar, tokens, Depth::Unknown, most);
    recogniser.indent = indent;
    let last = match recogniser.run(start, Pass::Right) {
        Ok(Some(_)) => return Ok(None),
        Ok(None) => recogniser.fill.checked_sub(1),
        Err(Stop) => return stopped_in_field(recogniser),
    };
    let Some(last) = last else { return Ok(None) };
    if let Err(Stop) = recogniser.run(start, Pass::Wrong) {
        return stopped_in_field(recogniser);
    }
    let location = recogniser.location(node::Value::token(last));
    let fault = Fault::syntax(location, Wrong::InvalidSyntax.words("", Line::NONE));
    Ok(Some(in_field(&recogniser, fault)))
}

/// The error at which reading an expression stopped.
fn stopped_in_field(mut recogniser: Recogniser<'_>) -> Result<Option<Faulty>, TooDeep> {
    recogniser.check_depth()?;
    if let Some(fault) = recogniser.fault.take() {
        return Ok(Some(in_field(&recogniser, fault)));
    }
    let is_foreign = recogniser.tokens.is_raised();
    let fault = recogniser.tokens.fault();
    Ok(fault.map(|fault| {
        let fault = if is_foreign { fault } else { recogniser.without_indent(fault) };
        Faulty { fault, is_foreign }
    }))
}

/// In an expression, too, an error of the tokenizer has precedence even if it comes later.
fn in_field(recogniser: &Recogniser<'_>, fault: Fault) -> Faulty {
    let last = recogniser.item(recogniser.fill.saturating_sub(1));
    match last.and_then(|last| recogniser.tokens.fault_over(last.at.line)) {
        Some(fault) => Faulty { fault, is_foreign: recogniser.tokens.is_raised() },
        None => Faulty { is_foreign: fault.text.is_some(), fault },
    }
}

fn find(
    tokens: &Tokens<'_>,
    mode: Mode,
    refusal: &Refusal,
    most: u32,
) -> Result<Option<Fault>, TooDeep> {
    let Some((grammar, start)) = start_rule(mode) else { return Ok(None) };
    let mut recogniser = Recogniser::new(grammar, tokens, refusal.depth, most);
    recogniser.unequal = refusal.unequal;
    recogniser.skips = skips(tokens, refusal);
    let last = match recogniser.run(start, Pass::Right) {
        Ok(Some(_)) if mode == Mode::Interactive => return Ok(more_than_one(&recogniser)),
        Ok(Some(_)) => return Ok(None),
        Ok(None) => recogniser.fill.checked_sub(1),
        Err(Stop) => return stopped(recogniser),
    };
    if recogniser.unequal == Unequal::Diamond {
        // What was valid before the import is invalid now.
        recogniser.skips = Skips::default();
    }
    if let Err(Stop) = recogniser.run(start, Pass::Wrong) {
        return stopped(recogniser);
    }
    Ok(last.and_then(|last| generic(&recogniser, last)))
}

/// The error if no rule for errors applies: at the last token that was read.
fn generic(recogniser: &Recogniser<'_>, last: u32) -> Option<Fault> {
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
    let location = recogniser.without_half(last, recogniser.location(node::Value::token(last)));
    let fault = Fault::syntax(location, Wrong::InvalidSyntax.words("", Line::NONE));
    preferring_tokens(recogniser, fault)
}

/// The statements that needn't be read.
fn skips(tokens: &Tokens<'_>, refusal: &Refusal) -> Skips {
    match (refusal.depth, refusal.unequal) {
        // A valid statement could exceed the limit.
        (Depth::Unknown, _) => Skips::default(),
        (Depth::Shallow, Unequal::Exclamation) => Skips::new(tokens, refusal),
        // It is known for the module's statements alone where the import is.
        (Depth::Shallow, Unequal::Diamond) => Skips::of_module(tokens, refusal),
    }
}

/// Refuses sources that are nested more deeply than CPython's parser supports.
#[cold]
pub(super) fn check_depth(tokens: &Tokens<'_>, mode: Mode) -> error::Result<()> {
    let Some((grammar, start)) = start_rule(mode) else { return Ok(()) };
    let too_deep = on_any_stack(|most| {
        let mut recogniser = Recogniser::new(grammar, tokens, Depth::Unknown, most);
        let Err(Stop) = recogniser.run(start, Pass::Right) else { return Ok(None) };
        recogniser.check_depth()?;
        Ok(recogniser.fault.filter(|fault| fault.kind == ErrorKind::Memory))
    })?;
    too_deep.map_or(Ok(()), Err)
}

/// Whether the tokens are a valid source.
pub(super) fn takes(tokens: &Tokens<'_>, mode: Mode) -> bool {
    let Some((grammar, start)) = start_rule(mode) else { return false };
    let takes = on_any_stack(|most| {
        let mut recogniser = Recogniser::new(grammar, tokens, Depth::Unknown, most);
        let is_right = matches!(recogniser.run(start, Pass::Right), Ok(Some(_)));
        recogniser.check_depth()?;
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
fn stopped(mut recogniser: Recogniser<'_>) -> Result<Option<Fault>, TooDeep> {
    recogniser.check_depth()?;
    Ok(match recogniser.fault.take() {
        Some(fault) if is_final(&fault) => Some(fault),
        Some(fault) => preferring_tokens(&recogniser, fault),
        None => recogniser.tokens.fault(),
    })
}

/// Whether CPython reads no more tokens, since it isn't a `SyntaxError`.
fn is_final(fault: &Fault) -> bool {
    matches!(fault.kind, ErrorKind::Memory | ErrorKind::Value | ErrorKind::Undecodable)
}

/// Returns the given error, or an error of the tokenizer, which has precedence even if it comes
/// later.
fn preferring_tokens(recogniser: &Recogniser<'_>, fault: Fault) -> Option<Fault> {
    let last = recogniser.item(recogniser.fill.saturating_sub(1))?;
    recogniser.tokens.fault_over(last.at.line).or(Some(fault))
}
