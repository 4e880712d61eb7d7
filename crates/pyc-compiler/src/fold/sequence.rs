//! Strings, bytes and tuples: `"a" + "b"`, `(0,) * 3`, `"abc"[1]`.
//!
//! | operation | folded up to |
//! |---|---|
//! | `+` | any length |
//! | `str`, `bytes` times `int` | 4096 characters |
//! | `tuple` times `int` | 256 items, 1024 with those of nested tuples |
//!
//! A sequence is measured in characters, which its UTF-8 has to be counted for.

use super::integer::Integer;
use crate::constant::{ConstId, Constant};
use crate::context::Context;
use crate::name::Name;

const MAX_COLLECTION_SIZE: usize = 256;
const MAX_STR_SIZE: usize = 4096;
const MAX_TOTAL_ITEMS: usize = 1024;

/// `left + right`
pub(super) fn concatenate(
    context: &mut Context<'_>,
    left: &Constant,
    right: &Constant,
) -> Option<Constant> {
    match (left, right) {
        (Constant::Str(left), Constant::Str(right)) => {
            let names = &mut context.names;
            let text = [names.bytes(*left), names.bytes(*right)].concat();
            Some(Constant::Str(names.intern(&text)))
        }
        (Constant::Bytes(left), Constant::Bytes(right)) => {
            Some(Constant::Bytes([&**left, right].concat().into()))
        }
        (Constant::Tuple(left), Constant::Tuple(right)) => {
            Some(Constant::Tuple([&**left, right].concat().into()))
        }
        _ => None,
    }
}

/// `sequence * times` (`ast_opt.c: safe_multiply`, 3.13).
pub(super) fn repeat(
    context: &mut Context<'_>,
    sequence: &Constant,
    times: &Integer,
) -> Option<Constant> {
    let times = times.to_i64();
    let within = |size: usize, limit: usize| -> Option<usize> {
        if size == 0 {
            // Whatever the number is, it has to be an index.
            return times.map(|_| 0);
        }
        let times = usize::try_from(times?).ok()?;
        (times <= limit / size).then_some(times)
    };
    match sequence {
        Constant::Str(text) => {
            let bytes = context.names.bytes(*text);
            let times = within(characters(bytes).count(), MAX_STR_SIZE)?;
            let text = bytes.repeat(times);
            Some(Constant::Str(context.names.intern(&text)))
        }
        Constant::Bytes(bytes) => {
            let times = within(bytes.len(), MAX_STR_SIZE)?;
            Some(Constant::Bytes(bytes.repeat(times).into()))
        }
        Constant::Tuple(items) => {
            let times = within(items.len(), MAX_COLLECTION_SIZE)?;
            if let Some(limit) = MAX_TOTAL_ITEMS.checked_div(times) {
                check_complexity(context, items, limit)?;
            }
            Some(Constant::Tuple(items.repeat(times).into()))
        }
        _ => None,
    }
}

/// How much of the limit is left after all items, nested ones too.
fn check_complexity(context: &Context<'_>, items: &[ConstId], limit: usize) -> Option<usize> {
    let limit = limit.checked_sub(items.len())?;
    items.iter().try_fold(limit, |limit, &item| match &context.constants[item] {
        Constant::Tuple(items) => check_complexity(context, items, limit),
        _ => Some(limit),
    })
}

/// `sequence[index]`
pub(super) fn item(
    context: &mut Context<'_>,
    sequence: &Constant,
    index: &Integer,
) -> Option<Constant> {
    let index = index.to_i64()?;
    let place = |len: usize| -> Option<usize> {
        let len = i64::try_from(len).ok()?;
        let index = if index < 0 { index + len } else { index };
        usize::try_from(index).ok()
    };
    match sequence {
        Constant::Str(text) => {
            let bytes = context.names.bytes(*text);
            let at = place(characters(bytes).count())?;
            let character = characters(bytes).nth(at)?.to_vec();
            Some(Constant::Str(context.names.intern(&character)))
        }
        Constant::Bytes(bytes) => {
            let byte = bytes.get(place(bytes.len())?)?;
            Some(Constant::Int(i64::from(*byte).into()))
        }
        Constant::Tuple(items) => {
            let item = *items.get(place(items.len())?)?;
            Some(context.constants[item].clone())
        }
        _ => None,
    }
}

/// The parts of UTF-8 that are a character each, surrogates included.
fn characters(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.chunk_by(|_, &next| next & 0xC0 == 0x80)
}

/// Whether it is a sequence or set without items, which counts as false.
pub(super) fn is_empty(constant: &Constant) -> bool {
    match constant {
        Constant::Str(text) => *text == Name::EMPTY,
        Constant::Bytes(bytes) => bytes.is_empty(),
        Constant::Tuple(items) | Constant::FrozenSet(items) => items.is_empty(),
        _ => false,
    }
}
